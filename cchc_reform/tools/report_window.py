"""Windows of periodic reports: plain arithmetic of days, no ORM.

A window is not a calendar quarter: that of the first quarter runs from 15 December of
the year before to 14 March (CV 581/BNV-CCHC). Windows of different kinds overlap and
leave gaps, so each kind has its own days.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple


class Window(NamedTuple):
    """Data of a report, both days included, and the day until which it is sent."""

    date_from: date
    date_to: date
    due: date


@dataclass(frozen=True)
class DayRule:
    """A day of every year, or of every month.

    :param day: day of the month; in a shorter month its last day
    :param month: month of the year; of a monthly rule the months away from the month
        of the report, 0 for the same one
    :param year: years away from the year of the report, -1 for the one before
    :raises ValueError: when there is no such day
    """

    day: int
    month: int
    year: int = 0

    def __post_init__(self):
        if not 1 <= self.day <= 31:
            raise ValueError(f"there is no day {self.day}")

    def in_year(self, year):
        """Return the day of the report of a year."""
        if not 1 <= self.month <= 12:
            raise ValueError(f"there is no month {self.month}")
        return clamped(year + self.year, self.month, self.day)

    def in_month(self, year, month):
        """Return the day of the report of a month."""
        years, month = divmod(month - 1 + self.month, 12)
        return clamped(year + self.year + years, month + 1, self.day)


@dataclass(frozen=True)
class WindowRule:
    """When a report's data begin and end and when it is due.

    :param monthly: one report a month, else one a year
    """

    first: DayRule
    last: DayRule
    due: DayRule
    monthly: bool = False

    def window(self, year, month=None):
        """Return the window of a year, or of a month of it.

        :raises ValueError: when it ends before it begins
        """
        if self.monthly:
            days = [rule.in_month(year, month) for rule in self._rules]
        else:
            days = [rule.in_year(year) for rule in self._rules]
        found = Window(*days)
        if found.date_to < found.date_from:
            raise ValueError(f"it would end on {found.date_to}, before its start")
        return found

    @property
    def _rules(self):
        return self.first, self.last, self.due

    def windows(self, year):
        """Return the windows of a year in order."""
        if self.monthly:
            return [self.window(year, month) for month in range(1, 13)]
        return [self.window(year)]

    def containing(self, day):
        """Return the last window in which a day lies, ``None`` when there is none."""
        found = [
            window
            for year in range(day.year - 1, day.year + 2)
            for window in self.windows(year)
            if window.date_from <= day <= window.date_to
        ]
        return found[-1] if found else None


def clamped(year, month, day):
    """Return a day of a month, its last one when the month is shorter."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def before(date_from, date_to):
    """Return the days of the stretch as long as these that ends the day before them.

    Whole months go back as months: before 15/12-14/3 lie 15/9-14/12.
    """
    end = date_from - timedelta(days=1)
    after = date_to + timedelta(days=1)
    months = 12 * (after.year - date_from.year) + after.month - date_from.month
    if months and after.day == date_from.day:
        return shifted(date_from, -months), end
    return end - (date_to - date_from), end


def year_before(date_from, date_to):
    """Return the same days of the year before."""
    return shifted(date_from, -12), shifted(
        date_to + timedelta(days=1), -12
    ) - timedelta(days=1)


def shifted(day, months):
    """Return the day some months away, the last one of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    return clamped(day.year + years, month + 1, day.day)
