"""Arithmetic of the indices: exact fractions, rounded once at the end (plain Python).

What is not known is ``None`` all the way through and never counts as zero.
"""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import NamedTuple

#: Kinds of formula.
SHARE, TARGET, FACTOR = "share", "target", "factor"
#: What a figure over nothing is worth.
UNKNOWN, ZERO, FULL = "unknown", "zero", "full"


class Formula(NamedTuple):
    """How a share becomes points.

    :param kind: ``share``: maximum × share; ``target``: the maximum is reached at the
        target; ``factor``: factor × share. Never more than the maximum
    :param maximum: most points
    :param target: share (0 to 1) at which the maximum is reached
    :param factor: points for a share of 1
    :param empty: worth of a figure over nothing
    """

    kind: str
    maximum: Fraction
    target: Fraction = Fraction(1)
    factor: Fraction = Fraction(0)
    empty: str = UNKNOWN

    @property
    def slope(self):
        """Points for a share of 1, were there no maximum."""
        if self.kind == FACTOR:
            return self.factor
        if self.kind == TARGET:
            return self.maximum / self.target
        return self.maximum


def exact(number):
    """Return what a person typed as an exact fraction: ``0.8`` is four fifths."""
    return Fraction(str(number))


def points(formula, numerator, denominator):
    """Return the exact points of a figure; ``None`` when it is not known."""
    if numerator is None or denominator is None:
        return None
    if not denominator:
        worth = {UNKNOWN: None, ZERO: Fraction(0), FULL: formula.maximum}
        return worth[formula.empty]
    share = Fraction(max(numerator, 0), denominator)
    return min(formula.maximum, formula.slope * share)


def unit(formula, numerator, denominator):
    """Return what one more in the numerator brings now; zero beyond the maximum."""
    if numerator is None or not denominator:
        return Fraction(0)
    now = points(formula, numerator, denominator)
    after = points(formula, min(numerator + 1, denominator), denominator)
    return after - now


def rounded(value, digits=2):
    """Return a fraction with so many decimals, half up; ``None`` stays ``None``."""
    if value is None:
        return None
    number = Decimal(value.numerator) / Decimal(value.denominator)
    return number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def mean(total, number):
    """Return Σ points / number of dossiers with one decimal; ``None`` over nothing."""
    return rounded(Fraction(total, number), 1) if number else None


def band(value, bands):
    """Return the name of the band of a value.

    :param bands: pairs (least value, name)
    """
    reached = [(Fraction(str(start)), name) for start, name in bands]
    reached = [row for row in reached if value is not None and row[0] <= value]
    return max(reached)[1] if reached else None


def forecast(history, end, most):
    """Return the value on the day ``end`` when the trend of ``history`` goes on.

    The line of least squares through the points, between 0 and ``most``.

    :param history: pairs (day, value)
    :return: fraction, or ``None`` with fewer than two days
    """
    if len({day for day, _value in history}) < 2:
        return None
    first = min(day for day, _value in history)
    dots = [((day - first).days, Fraction(value)) for day, value in history]
    middle_x = Fraction(sum(x for x, _y in dots), len(dots))
    middle_y = sum(y for _x, y in dots) / len(dots)
    slope = sum((x - middle_x) * (y - middle_y) for x, y in dots) / sum(
        (x - middle_x) ** 2 for x, _y in dots
    )
    at_end = middle_y + slope * ((end - first).days - middle_x)
    return min(max(at_end, Fraction(0)), Fraction(most))


# ----------------------------------------------------------------------
# Indices of a body
# ----------------------------------------------------------------------
def desk(received, settled, least):
    """Return the points for settling at the desk (index 5), shares in percent.

    :param received: share received and returned at the desk
    :param settled: share settled at the desk; ``None`` when it is not known
    :param least: share that must be settled at the desk
    """
    if received is None:
        return None
    if received < 100:
        return 0
    if settled is None:
        return None
    return 2 if settled >= least else 1


def answers(total, in_time, dragging, least):
    """Return the points for answering petitions (index 8).

    :param dragging: petitions that are overdue and still unanswered
    :param least: share in percent that must be answered in time for one point
    """
    if not total:
        return 2
    if dragging:
        return 0
    if in_time == total:
        return 2
    return 1 if Fraction(100 * in_time, total) >= least else 0


def online(procedures, eligible, dossiers, received, late, least):
    """Return the points for online services (index 9).

    :param procedures: procedures offered online, of ``eligible``
    :param dossiers: dossiers sent online, of ``received``
    :param late: online dossiers that were late
    :param least: shares in percent: procedures, dossiers for one point, for two
    """
    if not eligible or not received:
        return None
    if late:
        return 0
    offered, one, two = least
    share = Fraction(100 * dossiers, received)
    if share >= two and Fraction(100 * procedures, eligible) >= offered:
        return 2
    # The middle row of the circular names the dossiers only.
    return 1 if share >= one else 0
