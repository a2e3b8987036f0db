"""What a fee or charge costs, in whole đồng (Luật Phí và lệ phí 97/2015/QH13).

Pure arithmetic: no ORM, no floats. An amount that is *not stated* (a level left to the
People's Council that nobody has entered yet) is ``None`` all the way through and never
becomes 0, because “not stated” is not “free”.
"""

import json
from dataclasses import dataclass, field
from typing import NamedTuple


class Part(NamedTuple):
    """``count`` units that cost ``amount`` đồng each."""

    count: int
    amount: int


@dataclass(frozen=True)
class Tariff:
    """How one item is charged.

    :param amount: đồng for one unit, from the first unit on
    :param tiers: ``((from unit, đồng), …)``: 1.000 đ from page 3 is ``((3, 1000),)``
    :param cap: most that one item can cost in đồng; 0: no cap
    :param factor: percent of the amount that is taken on this channel
    :param stated: whether the amount is known at all
    """

    amount: int = 0
    tiers: tuple = ()
    cap: int = 0
    factor: int = 100
    stated: bool = True

    def __post_init__(self):
        if self.amount < 0 or self.cap < 0 or self.factor < 0:
            raise ValueError("Amounts, caps and factors of a fee are not negative.")
        starts = [start for start, _amount in self.tiers]
        if starts != sorted(set(starts)) or any(start < 2 for start in starts):
            raise ValueError(
                "Tiers begin with unit 2 or later, each one after the one before."
            )
        if any(amount < 0 for _start, amount in self.tiers):
            raise ValueError("The amount of a tier is not negative.")


@dataclass(frozen=True)
class Charge:
    """What ``items`` items of some units cost, and how that was worked out.

    :param parts: the units of one item piece by piece
    :param one: cost of one item before the cap
    :param cap: the cap, when one item costs more than that
    :param gross: all items, cap and channel applied, before exemption
    :param due: what is to be paid
    """

    parts: tuple = field(default=())
    items: int = 1
    one: int = 0
    cap: int = 0
    factor: int = 100
    gross: int = 0
    exempt_percent: int = 0
    due: int = 0

    @property
    def exempted(self):
        """What the exemption takes off, in đồng."""
        return self.gross - self.due


def charge(tariff, quantity, items=1, exempt_percent=0):
    """Return the :class:`Charge` of ``items`` items of ``quantity`` units each.

    2.000 đ a page, 1.000 đ from page 3, at most 200.000 đ a copy: 5 pages are 7.000 đ,
    three such copies 21.000 đ. The cap holds for one item.

    :param int exempt_percent: 0 to 100; only one exemption applies
    :return: ``None`` when the amount is not stated
    :raises ValueError: for negative quantities or a percentage out of range
    """
    if quantity < 0 or items < 0:
        raise ValueError("The quantity of a fee cannot be negative.")
    if not 0 <= exempt_percent <= 100:
        raise ValueError("An exemption lies between 0 and 100 percent.")
    if not tariff.stated:
        return None
    parts = tuple(_parts(tariff, quantity))
    one = sum(part.count * part.amount for part in parts)
    capped = bool(tariff.cap) and one > tariff.cap
    gross = percent_of((tariff.cap if capped else one) * items, tariff.factor)
    return Charge(
        parts=parts,
        items=items,
        one=one,
        cap=tariff.cap if capped else 0,
        factor=tariff.factor,
        gross=gross,
        exempt_percent=exempt_percent,
        due=percent_of(gross, 100 - exempt_percent),
    )


def _parts(tariff, quantity):
    """Yield the units tier by tier."""
    starts = [1, *(start for start, _amount in tariff.tiers)]
    amounts = [tariff.amount, *(amount for _start, amount in tariff.tiers)]
    ends = [*starts[1:], quantity + 1]
    for start, end, amount in zip(starts, ends, amounts, strict=True):
        count = min(end, quantity + 1) - start
        if count > 0:
            yield Part(count, amount)


def percent_of(amount, percent):
    """Return ``percent`` of ``amount`` rounded to the nearest đồng, half upwards."""
    return (amount * percent + 50) // 100


def best_percent(percents):
    """Return the one percentage that applies: the most favourable, never a sum."""
    return max(percents, default=0)


def dong(amount):
    """Return an amount as it is written in Việt Nam: ``1.250.000``."""
    return f"{amount:,}".replace(",", ".")


def explain(result, unit="", item="", most="≤"):
    """Return how a :class:`Charge` was worked out, in one line.

    For example ``2 trang × 2.000 + 3 trang × 1.000``.

    :param unit: word for one unit, as the reader says it
    :param item: word for one item, when there are several
    :param most: word before the cap
    """
    if result is None:
        return ""
    pieces = [
        f"{part.count} {unit} × {dong(part.amount)}".replace("  ", " ")
        for part in result.parts
    ]
    text = " + ".join(pieces) or "0"
    if result.cap:
        text = f"{text}, {most} {dong(result.cap)}"
    if result.items != 1:
        text = f"({text}) × {result.items} {item}".rstrip()
    if result.factor != 100:
        text = f"({text}) × {result.factor}%"
    if result.exempt_percent:
        text = f"{text} − {result.exempt_percent}%"
    return text


# ---------------------------------------------------------------------------
# The tariff as a dossier keeps it
# ---------------------------------------------------------------------------
def pack(tiers=(), cap=0, factor=100):
    """Return what a fee line keeps of its tariff beside the amount, as a text.

    Empty for the plain case, so that most lines keep nothing.
    """
    facts = {}
    if tiers:
        facts["tiers"] = [list(tier) for tier in tiers]
    if cap:
        facts["cap"] = cap
    if factor != 100:
        facts["factor"] = factor
    return json.dumps(facts, sort_keys=True, separators=(",", ":")) if facts else False


def unpack(text, amount, stated=True):
    """Return the :class:`Tariff` of a fee line.

    :raises ValueError: when the text is no packed tariff
    """
    facts = json.loads(text) if text else {}
    if not isinstance(facts, dict) or facts.keys() - {"tiers", "cap", "factor"}:
        raise ValueError("The tariff of a fee line holds tiers, cap and factor.")
    return Tariff(
        amount=whole(amount),
        tiers=tuple(
            (int(start), whole(value)) for start, value in facts.get("tiers", ())
        ),
        cap=whole(facts.get("cap", 0)),
        factor=int(facts.get("factor", 100)),
        stated=bool(stated),
    )


def whole(amount):
    """Return an amount of a money column as whole đồng."""
    return round(amount or 0)
