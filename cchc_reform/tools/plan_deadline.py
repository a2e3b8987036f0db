"""Deadlines as plans write them: “Quý II”, “30/6/2026”, “Thường xuyên trong năm”.

Plain Python; what is read is untrusted text.
"""

import calendar
import re
from datetime import date, datetime
from typing import NamedTuple

from odoo.addons.cchc_onestop.tools.search_text import normalise

_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_REGULAR = re.compile(
    r"thuong xuyen|lien tuc|hang thang|hang tuan|hang ngay|dinh ky|theo ke hoach"
    r"|\d+ thang ?/ ?lan|lan ?/ ?(thang|nam|tuan)"
    r"|khi co yeu cau|theo yeu cau|theo quy dinh|khi phat sinh"
)
_EACH_QUARTER = re.compile(
    r"hang quy|moi quy|cuoi quy|dinh ky (hang )?quy|theo quy\b(?! dinh)"
)
_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})(?!\d)")
_DAY_WORDS = re.compile(
    r"(?:ngay )?(?<!\d)(\d{1,2}) thang (\d{1,2})(?: nam (\d{4}))?(?!\d)"
)
_MONTH_YEAR = re.compile(r"(?<![\d/])(?:t|thang )?\s*(\d{1,2})\s*[/.-]\s*(\d{4})(?!\d)")
_DAY_MONTH = re.compile(r"(?<![\d/])(\d{1,2})\s*/\s*(\d{1,2})(?![\d/])")
_MONTH = re.compile(r"(?:\bthang |\bt)\s*((?:\d{1,2}(?:\s*(?:,|;|va|-)\s*)?)+)")
_QUARTER = re.compile(
    r"\bquy ((?:(?:iv|i{1,3}|[1-4])\b(?:\s*(?:,|;|va|-)\s*(?:quy )?)?)+)"
)
_YEARS = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


class Deadline(NamedTuple):
    """When a task is to be done.

    :param kind: ``fixed``, ``quarterly``, ``yearly`` or ``regular``
    :param day: of a fixed one
    """

    kind: str
    day: date | None = None


def read_deadline(value, year):
    """Return the :class:`Deadline` that a cell says, or ``None`` when it says none.

    :param value: text or date of a cell
    :param int year: year of the plan, for days and months without one
    """
    if isinstance(value, datetime):
        return Deadline("fixed", value.date())
    if isinstance(value, date):
        return Deadline("fixed", value)
    text = normalise(value).replace("hang nam", "nam").strip(" .;,")
    if not text:
        return None
    days = _read_days(text, year)
    if days:
        # a day that the calendar does not have is none, whatever else stands there
        return Deadline("fixed", max(days)) if all(days) else None
    return (
        _read_repeated(text)
        or _read_month(text, year)
        or _read_quarter(text, year)
        or _read_year(text, year)
    )


def _read_days(text, year):
    return [
        _date(int(y), int(m), int(d))
        for d, m, y in (*_DAY.findall(text), *_with_year(text, year))
    ]


def _with_year(text, year):
    for day, month, own in _DAY_WORDS.findall(text):
        yield day, month, own or year
    if not _DAY.search(text) and not _MONTH_YEAR.search(text):
        for day, month in _DAY_MONTH.findall(text):
            yield day, month, year


def _read_repeated(text):
    if _EACH_QUARTER.search(text):
        return Deadline("quarterly")
    return Deadline("regular") if _REGULAR.search(text) else None


def _read_month(text, year):
    ends = [
        _month_end(int(own), int(month)) for month, own in _MONTH_YEAR.findall(text)
    ]
    years = _YEARS.findall(text)
    if not ends:
        for months in _MONTH.findall(text):
            own = int(years[-1]) if years else year
            ends += [_month_end(own, int(n)) for n in re.findall(r"\d{1,2}", months)]
    ends = [end for end in ends if end]
    if not ends:
        return None
    if {end.month for end in ends} >= {3, 6, 9, 12}:
        return Deadline("quarterly")
    return Deadline("fixed", max(ends))


def _read_quarter(text, year):
    years = _YEARS.findall(text)
    quarters = [
        _QUARTERS[word]
        for part in _QUARTER.findall(text)
        for word in re.findall(r"iv|i{1,3}|[1-4]", part)
    ]
    if not quarters:
        return None
    if set(quarters) == {1, 2, 3, 4}:
        return Deadline("quarterly")
    end = _month_end(int(years[-1]) if years else year, 3 * max(quarters))
    return Deadline("fixed", end)


def _read_year(text, year):
    years = [int(found) for found in _YEARS.findall(text)]
    last = max(years, default=year)
    if "6 thang dau nam" in text or "nua dau nam" in text:
        return Deadline("fixed", date(last, 6, 30))
    if years and last != year:
        return Deadline("fixed", date(last, 12, 31))
    if years or re.search(r"\bnam\b|6 thang cuoi nam", text):
        return Deadline("yearly")
    return None


def _date(year, month, day):
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_end(year, month):
    if not 1 <= month <= 12 or not 1900 <= year <= 2200:
        return None
    return date(year, month, calendar.monthrange(year, month)[1])
