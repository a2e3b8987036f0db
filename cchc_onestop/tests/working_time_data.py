"""Calendars for the tests of the deadline engine, without the ORM."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from ..tools.working_time import CalendarSnapshot

TZ = ZoneInfo("Asia/Ho_Chi_Minh")


def hour(hours, minutes=0):
    return hours * 3600 + minutes * 60


OFFICE_DAY = ((hour(7, 30), hour(11, 30)), (hour(13, 30), hour(17)))
OFFICE_WEEK = (OFFICE_DAY,) * 5 + ((), ())
HOLIDAYS_2026 = {
    date(2026, 1, 1): "Tết Dương lịch",
    date(2026, 1, 2): "Nghỉ hoán đổi",
    date(2026, 2, 16): "Tết Nguyên đán",
    date(2026, 2, 17): "Tết Nguyên đán",
    date(2026, 2, 18): "Tết Nguyên đán",
    date(2026, 2, 19): "Tết Nguyên đán",
    date(2026, 2, 20): "Tết Nguyên đán",
    date(2026, 4, 27): "Giỗ Tổ Hùng Vương",
    date(2026, 4, 30): "Ngày Chiến thắng",
    date(2026, 5, 1): "Ngày Quốc tế Lao động",
    date(2026, 8, 31): "Nghỉ hoán đổi",
    date(2026, 9, 1): "Quốc khánh",
    date(2026, 9, 2): "Quốc khánh",
    date(2026, 11, 24): "Ngày Văn hóa Việt Nam",
}
MAKE_UP_2026 = {
    date(2026, 1, 10): ("Làm bù", OFFICE_DAY),
    date(2026, 8, 22): ("Làm bù", OFFICE_DAY),
}


def office(**values):
    """Giờ hành chính with the days off of 2026."""
    return CalendarSnapshot(
        **{
            "tz": "Asia/Ho_Chi_Minh",
            "week": OFFICE_WEEK,
            "days_off": HOLIDAYS_2026,
            "special_days": MAKE_UP_2026,
            **values,
        }
    )


def at(text, tz=TZ):
    """Aware moment from ``23-11-2026 09:15``."""
    return datetime.strptime(text, "%d-%m-%Y %H:%M").replace(tzinfo=tz)
