"""What is declared for a criterion, typed on one line. Plain Python.

A table of forty criteria is filled in quickly when each cell takes what people say:
``có`` or ``không``, ``45/50``, ``92,5%``, ``2; 0; 1`` for counted parts, ``B`` for an
answer, ``KAD`` for a criterion that does not apply.
"""

import re
from decimal import Decimal

from odoo.addons.cchc_onestop.tools.search_text import normalise

from . import scoring

NOT_APPLICABLE = "KAD"
_NA = frozenset({"kad", "n/a", "na", "khong ap dung"})
_YES = frozenset({"co", "c", "x", "yes", "y", "dat", "1", "roi"})
_NO = frozenset({"khong", "k", "no", "n", "0", "chua", "khong dat"})
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d+)?")


class EntryError(ValueError):
    """A cell that cannot be understood.

    :param key: ``boolean``, ``ratio``, ``number``, ``items`` or ``option``
    """

    def __init__(self, key, text):
        super().__init__(f"{key}: {text}")
        self.key = key
        self.text = text


def number(text):
    """Return a number written with a comma or a point, thousands with points.

    >>> number("1.234,5"), number("92,5"), number("92.5")
    (Decimal('1234.5'), Decimal('92.5'), Decimal('92.5'))

    :raises EntryError: for anything else
    """
    text = text.strip().replace(" ", "")
    if not _NUMBER.fullmatch(text):
        raise EntryError("number", text)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}", text):
        text = text.replace(".", "")
    return Decimal(text.replace(",", "."))


def parse(rule, text, parts=(), options=()):
    """Return what a typed cell declares, as values by name.

    :param rule: rule of the criterion
    :param parts: keys of the parts that the rule counts, in their order
    :param options: pairs (key, name) of the answers
    :return: ``None`` for an empty cell; else a dict with ``na``, or with ``yes``,
        ``achieved`` and ``planned``, ``counts``, ``option``, ``points`` or ``percent``
    :raises EntryError: for what cannot be understood
    """
    text = (text or "").strip()
    if not text:
        return None
    words = normalise(text)
    if words in _NA or text.lower() in _NA:
        return {"na": True}
    if rule == scoring.BOOLEAN:
        if words in _YES | _NO:
            return {"yes": words in _YES}
        raise EntryError("boolean", text)
    if rule in scoring.OF_RATIO:
        return _ratio(text)
    if rule in scoring.OF_ITEMS:
        return {"counts": _counts(text, parts)}
    if rule == scoring.OPTIONS:
        return {"option": _option(text, options)}
    value = number(text.removesuffix("%"))
    return {"percent" if rule == scoring.SURVEY else "points": value}


def _ratio(text):
    if text.endswith("%"):
        return {"achieved": number(text[:-1]), "planned": Decimal(100)}
    achieved, slash, planned = text.partition("/")
    if not slash:
        raise EntryError("ratio", text)
    return {"achieved": number(achieved), "planned": number(planned)}


def _counts(text, parts):
    cells = [cell for cell in re.split(r"[;|]", text)]
    if len(cells) > len(parts):
        raise EntryError("items", text)
    return {
        part: number(cell) if cell.strip() else Decimal(0)
        for part, cell in zip(parts, cells, strict=False)
    }


def _option(text, options):
    wanted = normalise(text)
    for exactly in (True, False):
        found = [
            key
            for key, name in options
            if normalise(name) == wanted
            or (not exactly and normalise(name).startswith(wanted))
        ]
        if len(found) == 1:
            return found[0]
    raise EntryError("option", text)


def plain(value):
    """Return a number as it is typed: ``92,5``, ``1200``."""
    text = f"{Decimal(str(value)):.4f}".rstrip("0").rstrip(".")
    return text.replace(".", ",")
