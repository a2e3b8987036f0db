"""Periods of report: pure arithmetic of days, no ORM.

A rule cuts every year into periods of equal months that begin on a chosen day: the
calendar quarter on 1 January, the reporting quarter on 15 December of the year before
(NĐ 09/2019/NĐ-CP style). A period ends the day before the next one begins, so the
periods of a rule leave no hole and never overlap.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """One period, both days included.

    :param year: the year that the period is named after
    :param number: 1 for the first period of that year
    """

    year: int
    number: int
    start: date
    end: date


@dataclass(frozen=True)
class PeriodRule:
    """How a year is cut.

    :param months: length of a period in months, a divisor of 12
    :param day: day of the month on which periods begin; the last one of a shorter month
    :param month: month in which the first period of a year begins
    :param previous_year: the first period begins in the year before
    :raises ValueError: for a length that does not fill the year, or no such day
    """

    months: int
    day: int = 1
    month: int = 1
    previous_year: bool = False

    def __post_init__(self):
        if self.months < 1 or 12 % self.months:
            raise ValueError(f"{self.months} months do not fill a year evenly")
        if not 1 <= self.month <= 12 or not 1 <= self.day <= 31:
            raise ValueError(f"there is no day {self.day} of month {self.month}")

    @property
    def count(self):
        """Number of periods of a year."""
        return 12 // self.months

    def period(self, year, number):
        """Return the ``number``-th period (from 1) of a year."""
        if not 1 <= number <= self.count:
            raise ValueError(f"a year has {self.count} periods, not {number}")
        return Period(
            year,
            number,
            self._start(year, number - 1),
            self._start(year, number) - ONE_DAY,
        )

    def periods(self, year):
        """Return the periods of a year in order."""
        return [self.period(year, number) for number in range(1, self.count + 1)]

    def containing(self, day):
        """Return the period in which a day lies."""
        for year in (day.year, day.year + 1, day.year - 1):
            for period in self.periods(year):
                if period.start <= day <= period.end:
                    return period
        raise ValueError(f"no period holds {day}")

    def before(self, period):
        """Return the period before another one of this rule."""
        return self.containing(period.start - ONE_DAY)

    def _start(self, year, index):
        """Return the first day of the period ``index`` (from 0) of a year; the one
        after the last is the first of the next year."""
        first = (year - self.previous_year) * 12 + self.month - 1
        year, month = divmod(first + index * self.months, 12)
        return date(year, month + 1, min(self.day, monthrange(year, month + 1)[1]))
