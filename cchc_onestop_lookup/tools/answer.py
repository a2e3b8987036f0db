"""Reading what a register answered (plain Python): values, days and comparisons.

A register answers JSON as the platforms name it (service 037: ``SoDinhDanh``,
``HoVaTen.Ten``, ``NgayThangNamSinh`` …). Paths go down by dots; several paths joined by
``+`` make one text, as family, middle and given name do; of paths parted by ``|`` the
first that holds something counts, as a year of birth where the day is unknown.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone

#: Kinds of values, each compared in its own way.
TEXT, NAME, DAY, SEX, NUMBER, ADDRESS = (
    "text",
    "name",
    "day",
    "sex",
    "number",
    "address",
)

SAME, DIFFERS, MISSING_HERE, MISSING_THERE = (
    "same",
    "differs",
    "missing_here",
    "missing_there",
)

_SEXES = {"1": "male", "nam": "male", "2": "female", "nữ": "female", "nu": "female"}
_NAME_KEYS = ("Ho", "ChuDem", "Ten")
_ADDRESS_KEYS = ("ChiTiet", "MaPhuongXa", "MaQuanHuyen", "MaTinhThanh", "QuocGia")
#: What is left of a birthday that is not known whole.
_MONTH_OR_YEAR = re.compile(r"((0?[1-9]|1[0-2])/)?[12]\d{3}")
#: Clocks of the registers (UTC+7, no summer time).
_HERE = timezone(timedelta(hours=7))


def value_at(answer, path):
    """Return the text at ``path`` of an answer; empty when there is none.

    A name is an object whose parts follow each other; those of an address are joined
    from the detail outwards.
    """
    for choice in path.split("|"):
        texts = [_text(_walk(answer, part.strip())) for part in choice.split("+")]
        if found := " ".join(text for text in texts if text):
            return found
    return ""


def _walk(node, path):
    for key in path.split("."):
        if not isinstance(node, dict):
            return None
        node = node.get(key)
    return node


def _text(node):
    if node is None or isinstance(node, bool):
        return ""
    if isinstance(node, dict):
        if any(key in node for key in _NAME_KEYS):
            names = [_text(node.get(key)) for key in _NAME_KEYS]
            return " ".join(name for name in names if name)
        keys = [key for key in _ADDRESS_KEYS if key in node] or list(node)
        return ", ".join(text for text in (_text(node[key]) for key in keys) if text)
    if isinstance(node, list):
        return ", ".join(text for text in map(_text, node) if text)
    return " ".join(str(node).split())


def parse_day(text):
    """Return the day of ``yyyyMMdd``, ``yyyy-MM-dd`` or ``dd/MM/yyyy``; else ``None``.

    A year alone is no day: registers answer it for people whose birthday is unknown.
    """
    for pattern in ("%Y%m%d", "%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text.strip(), pattern).date()
        except ValueError:
            continue
    return None


def could_be_day(text):
    """Return whether a person typed nothing, a day, or a month or year of one."""
    text = text.strip()
    return not text or bool(parse_day(text) or _MONTH_OR_YEAR.fullmatch(text))


def parse_moment(text):
    """Return ``yyyyMMddHHmmss`` by Vietnamese clocks as naive UTC; else ``None``."""
    try:
        local = datetime.strptime((text or "").strip(), "%Y%m%d%H%M%S")
    except ValueError:
        return None
    try:
        moment = local.replace(tzinfo=_HERE).astimezone(timezone.utc)
    except OverflowError:
        return None
    return moment.replace(tzinfo=None)


def canonical(kind, text):
    """Return the form in which two values of a kind are compared; empty for nothing."""
    text = " ".join(unicodedata.normalize("NFC", str(text or "")).split())
    if not text:
        return ""
    if kind == DAY:
        day = parse_day(text)
        return day.isoformat() if day else text
    if kind == SEX:
        return _SEXES.get(text.casefold(), text.casefold())
    if kind == NUMBER:
        return re.sub(r"\W", "", text).upper()
    if kind == ADDRESS:
        return " ".join(re.sub(r"[^\w\s]", " ", text.casefold()).split())
    return text.casefold()


def compare(kind, ours, theirs):
    """Say how our value stands to that of the register.

    ``same``; ``differs``; ``missing_here`` (we hold nothing) and ``missing_there`` (the
    register holds nothing, as for a spouse whose marriage was never entered). Where
    neither holds anything there is nothing to say. A register that knows only the year
    of birth agrees with each day of that year.
    """
    here, there = canonical(kind, ours), canonical(kind, theirs)
    if here == there:
        return SAME if here else ""
    if not here:
        return MISSING_HERE
    if not there:
        return MISSING_THERE
    if kind == DAY and re.fullmatch(r"\d{4}", there) and here.startswith(f"{there}-"):
        return SAME
    return DIFFERS


def mask(number):
    """Return an identity number of which only the first and last three digits show."""
    number = (number or "").strip()
    if len(number) <= 6:
        return "*" * len(number)
    return f"{number[:3]}{'*' * (len(number) - 6)}{number[-3:]}"


def show(kind, text):
    """Return a value as people write it: days as ``dd/mm/yyyy``."""
    day = parse_day(text) if kind == DAY and text else None
    return f"{day:%d/%m/%Y}" if isinstance(day, date) else text
