"""Days as the head and the tables of Vietnamese papers write them (plain Python)."""

#: Printed where nothing is known yet, to be filled in by hand.
DOTS = "……"


def long_day(day):
    """Return “dd tháng mm năm yyyy”, which follows the word “ngày”; dots for none."""
    if not day:
        return f"{DOTS} tháng {DOTS} năm {DOTS}"
    return f"{day.day:02d} tháng {day.month:02d} năm {day.year}"


def short_day(day, nothing=""):
    """Return “dd/mm/yyyy”, or ``nothing`` without a day."""
    return f"{day:%d/%m/%Y}" if day else nothing


def place_and_date(place, day):
    """Return “Hải Trường, ngày 05 tháng 11 năm 2026” for the head of a paper."""
    return f"{place or DOTS}, ngày {long_day(day)}"
