"""Arithmetic of decisions that shorten times of settlement (pure Python, exact)."""

from fractions import Fraction

from .term import CALENDAR_DAY, MONTH, WORKING_DAY, WORKING_HOUR

# A month is thirty days where times in different units are weighed against each other.
_MONTH_DAYS = 30
_GRAINS = (Fraction(1), Fraction(1, 2), Fraction(1, 4), Fraction(1, 100))


def exact(amount):
    """Return ``amount``, a time with at most two decimals, as a Fraction."""
    return Fraction(str(round(amount, 2)))


def rate(statutory, committed):
    """Return (statutory - committed) / statutory as a Fraction; 0 without a time."""
    whole = exact(statutory)
    return (whole - exact(committed)) / whole if whole else Fraction(0)


def working_days(amount, unit, day_hours=8.0, week_days=5):
    """Return a time in working days, to add up times in different units.

    A day counts ``week_days``/7 of a working day. Times in one unit keep their exact
    ratio, so this never changes the rate of a single procedure.

    :raise ValueError: for a unit that cannot be shortened, such as within the day
    """
    amount = exact(amount)
    if unit == WORKING_HOUR:
        return amount / exact(day_hours)
    if unit == WORKING_DAY:
        return amount
    if unit == CALENDAR_DAY:
        return amount * week_days / 7
    if unit == MONTH:
        return amount * _MONTH_DAYS * week_days / 7
    raise ValueError(f"no time to shorten: {unit!r}")


def total_rate(times):
    """Return the rate of several procedures: what is cut of the sum of their times.

    :param times: pairs (statutory, committed) of Fractions in the same unit
    """
    times = list(times)
    whole = sum((statutory for statutory, _committed in times), Fraction(0))
    left = sum((committed for _statutory, committed in times), Fraction(0))
    return (whole - left) / whole if whole else Fraction(0)


def percent(fraction):
    """Return ``fraction`` in percent with one decimal, halves up: 1/3 is ``33,3``."""
    tenths = (fraction * 2000 + 1) // 2
    sign = "-" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10},{abs(tenths) % 10}"


def scale_steps(hours, limit):
    """Return step times shortened in proportion so that they add up to ``limit``.

    In whole hours where that is possible, else in halves, quarters or, last, hundredths
    of an hour. No step that takes time vanishes and none becomes longer.

    :param hours: planned hours of the steps, more than ``limit`` in sum
    """
    parts = [exact(hour) for hour in hours]
    positive = [part for part in parts if part]
    target = exact(limit)
    grain = next(
        (
            grain
            for grain in _GRAINS
            if target % grain == 0
            and target // grain >= len(positive)
            and min(positive) >= grain
        ),
        _GRAINS[-1],
    )
    units = int(target // grain)
    wanted = [part * units / sum(positive) for part in parts]
    given = [
        max(1, int(want)) if part else 0
        for want, part in zip(wanted, parts, strict=True)
    ]
    # what rounding left goes where most is missing; what the least share of one unit
    # took too much comes off the longest
    while sum(given) < units:
        short = [
            want - have if (have + 1) * grain <= part else -units
            for want, have, part in zip(wanted, given, parts, strict=True)
        ]
        given[short.index(max(short))] += 1
    while sum(given) > units and max(given) > 1:
        given[given.index(max(given))] -= 1
    return [float(count * grain) for count in given]
