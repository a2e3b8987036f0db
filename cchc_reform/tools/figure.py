"""Figures of reports, targets and the index: exact, with what they were counted over.

Plain Python, no ORM. A rate keeps numerator and denominator: 336 late of 31,000
received is 1.1 %, of 29,000 returned 1.2 %; without its denominator it says neither.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import NamedTuple


class Figure(NamedTuple):
    """One figure of an agency in a period.

    :param numerator: what was counted or added up
    :param denominator: what it is a share of; ``None`` for a plain count or amount
    :param as_of: moment of which it is (naive UTC), where that is not the moment of
        asking
    """

    numerator: int | Fraction
    denominator: int | Fraction | None = None
    as_of: datetime | None = None

    @property
    def share(self):
        """Exact share, ``None`` when there is nothing to share or it is no share."""
        if not self.denominator:
            return None
        return Fraction(self.numerator) / Fraction(self.denominator)

    @property
    def value(self):
        """The share of a rate, the number of a count; ``None`` when nothing is there
        to have a rate of."""
        return self.numerator if self.denominator is None else self.share


@dataclass(frozen=True)
class Scope:
    """What is asked of a source of figures.

    :param keys: metrics of this source
    :param companies: ids of the agencies, never empty
    :param date_from: first day
    :param date_to: last day, included
    :param today: day of asking; nothing is overdue before it
    :param bounds: ``((company ids, start, end), …)``: the same days in the time of
        the agencies, naive UTC, the end not included and never in the future
    """

    keys: tuple
    companies: tuple
    date_from: date
    date_to: date
    today: date
    bounds: tuple[tuple[tuple, datetime, datetime], ...] = ()

    @property
    def last_day(self):
        """The last day of the period, or today while it still runs."""
        return min(self.date_to, self.today)


def add_up(figures):
    """Return the figure of several agencies together: rates are weighted, and it is as
    old as the oldest.

    :param figures: figures of the same metric
    """
    figures = list(figures)
    denominators = [f.denominator for f in figures if f.denominator is not None]
    return Figure(
        sum(f.numerator for f in figures),
        sum(denominators) if denominators else None,
        min((f.as_of for f in figures if f.as_of), default=None),
    )


def vietnamese(number, digits=0):
    """Return a number as Vietnamese papers write it: 31.000 and 1,1.

    Halves are rounded up, as people do by hand; zeros behind the comma are left out.

    :param number: int, Fraction, Decimal or float
    :param digits: at most so many digits behind the comma
    """
    if isinstance(number, Fraction):
        exact = Decimal(number.numerator) / Decimal(number.denominator)
    else:
        exact = Decimal(str(number))
    rounded = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    whole, _point, rest = f"{rounded:,f}".partition(".")
    rest = rest.rstrip("0")
    whole = whole.replace(",", ".")
    if whole == "-0" and not rest:
        whole = "0"
    return f"{whole},{rest}" if rest else whole


_NUMBER = r"\d[\d.]*(?:,\d+)?"
_PRINTED = re.compile(rf"[-+]?{_NUMBER}%?|{_NUMBER}/{_NUMBER}|–")


def is_printed_number(cell):
    """Whether the cell of a printed table is a number, a share or its two parts."""
    return isinstance(cell, int) or bool(_PRINTED.fullmatch(str(cell)))


def percent(share, digits=1):
    """Return a share as “1,1%”; a dash where there is nothing to share."""
    return "–" if share is None else f"{vietnamese(share * 100, digits)}%"
