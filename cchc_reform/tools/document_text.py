"""What a text says of an official document: type, number, symbol, day, issuer, subject.

Plain Python. The ways of writing are those of offices: ``156/KH-UBND``, ``19-QĐ/ĐU``
of party bodies, days as dd/mm/yyyy with or without zeros, in words or in brackets.
"""

import re
from datetime import date, timedelta
from typing import NamedTuple

from odoo.addons.cchc_onestop.tools.search_text import normalise

#: Reports are signed at most so many days before the end of what they tell: a commune
#: hands in its report of a quarter before the window of its superior closes.
EARLY_DAYS = 30

_SYMBOL = r"(?:\d{4}/)?[^\W\d_]+\d*(?:\s?[-/&.]\s?[^\W\d_]+\d*)*"
_REFERENCE = re.compile(
    rf"(?<![\w/.])(?P<number>\d{{1,6}}[a-zA-Z]?)\s?(?P<mark>[-/])\s?(?P<symbol>{_SYMBOL})"
)
_DAY = re.compile(r"(?<!\d)(\d{1,2})\s?[/.\-]\s?(\d{1,2})\s?[/.\-]\s?(\d{4})(?!\d)")
_DAY_IN_WORDS = re.compile(
    r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE
)
#: Symbols of party bodies put the type before the slash: QĐ/ĐU, ĐA/TU, NQ/TW.
_PARTY = re.compile(r"[^\W\d_]+/")
_SUBJECT = re.compile(
    r"(?:^|[\s,;:])(?P<lead>về\s+việc|v/v|về|ban\s+hành|phê\s+duyệt|quy\s+định|"
    r"công\s+bố|kiện\s+toàn|thành\s+lập|hướng\s+dẫn|triển\s+khai|giao|công\s+nhận|"
    r"bổ\s+nhiệm|khen\s+thưởng|sửa\s+đổi|thực\s+hiện|tăng\s+cường|khắc\s+phục|nâng\s+cao)(?=\s)",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"^(?:về\s+việc|v/v|về)[\s:]+", re.IGNORECASE)
_OF = re.compile(r"(?:^|\s)của\s+", re.IGNORECASE)
_EDGES = " \t\n,;:.–-()[]“”\"'"
_YEAR = re.compile(r"\bnam (\d{4})\b")
_QUARTER = re.compile(r"\bquy (iii|ii|iv|i|[1-4])\b")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_QUARTER_DAYS = {
    1: ((-1, 12, 15), (0, 3, 14)),
    2: ((0, 3, 15), (0, 6, 14)),
    3: ((0, 6, 15), (0, 9, 14)),
    4: ((0, 9, 15), (0, 12, 14)),
}
#: Words for bodies that offices shorten.
_SHORT = (
    (re.compile(r"\bubnd\b"), "uy ban nhan dan"),
    (re.compile(r"\bhdnd\b"), "hoi dong nhan dan"),
    (re.compile(r"\bubmttq\b"), "uy ban mat tran to quoc"),
    (re.compile(r"\bmttq\b"), "mat tran to quoc"),
    (re.compile(r"\bvp\b"), "van phong"),
    (re.compile(r"\btx\b\.?"), "thi xa"),
    (re.compile(r"\btp\b\.?"), "thanh pho"),
    (re.compile(r"\b(viet nam|vn)$"), "viet nam"),
)


class Reference(NamedTuple):
    """Number and symbol of a document."""

    number: str
    symbol: str


class Document(NamedTuple):
    """What a piece of text says of one document; empty where it says nothing.

    ``type_key`` is the short name of the type as symbols bear it: KH, QĐ, BC …
    """

    number: str = ""
    symbol: str = ""
    day: date | None = None
    type_key: str = ""
    issuer: str = ""
    subject: str = ""


def write_reference(number, symbol):
    """Return ``156/KH-UBND``, or ``19-QĐ/ĐU`` for a symbol of a party body."""
    mark = "-" if _PARTY.match(symbol or "") else "/"
    return mark.join(filter(None, [number or "", symbol or ""]))


def read_reference(text):
    """Return the :class:`Reference` that a text holds, ``None`` without one."""
    match = _REFERENCE.search(text or "")
    if not match:
        return None
    return Reference(match["number"], re.sub(r"\s", "", match["symbol"]))


def read_day(text):
    """Return the first possible day of a text, ``None`` without one."""
    found = [
        (match.start(), match)
        for pattern in (_DAY, _DAY_IN_WORDS)
        for match in pattern.finditer(text or "")
    ]
    for _start, match in sorted(found, key=lambda pair: pair[0]):
        day, month, year = map(int, match.groups())
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return None


def body_key(name):
    """Return the name of a body made comparable: UBND is Ủy ban nhân dân."""
    key = normalise(name)
    for pattern, words in _SHORT:
        key = pattern.sub(words, key)
    return key.strip(_EDGES)


def split_documents(text):
    """Return the pieces of a text that name one document each.

    A line, or what stands between semicolons, that names none goes on with the one
    before.
    """
    pieces = []
    for piece in re.split(r"[\n;]+", text or ""):
        piece = piece.strip()
        if not piece:
            continue
        if pieces and not _REFERENCE.search(piece):
            pieces[-1] = f"{pieces[-1]} {piece}"
        else:
            pieces.append(piece)
    return pieces


def read_document(text, types):
    """Return what a text says of one document.

    :param text: e.g. “Kế hoạch số 156/KH-UBND ngày 5/7/2023 của UBND thị xã về …”
    :param dict types: short name -> full name of the types of documents
    """
    text = " ".join((text or "").split())
    match = _REFERENCE.search(text)
    number = symbol = ""
    before, rest = "", text
    if match:
        number, symbol = match["number"], re.sub(r"\s", "", match["symbol"])
        before, rest = text[: match.start()], text[match.end() :]
    day = read_day(rest) or read_day(before)
    issuer, subject = _read_issuer(_without_day(rest))
    key = _type_in_words(before, types) or _type_in_symbol(symbol, types)
    return Document(number, symbol, day, key, issuer, subject)


def _without_day(text):
    text = re.sub(r"\(?\s*(?:ngày\s+)?" + _DAY.pattern + r"\s*\)?", " ", text, count=1)
    return _DAY_IN_WORDS.sub(" ", text, count=1)


def _read_issuer(text):
    """Return ``(issuer, subject)`` of what stands after number and day."""
    text = text.strip(_EDGES)
    of = _OF.match(text)
    if of:
        text = text[of.end() :]
        lead = _SUBJECT.search(text)
        issuer = text[: lead.start()] if lead else text
        subject = text[lead.start() :] if lead else ""
        if not lead and "," in issuer:
            issuer, _comma, subject = issuer.partition(",")
    else:
        issuer, subject = "", text
    subject = _ABOUT.sub("", subject.strip(_EDGES)).strip(_EDGES)
    return issuer.strip(_EDGES), subject


def _type_in_words(before, types):
    """Return the type that stands before the number: “Kế hoạch số”."""
    words = re.sub(r"\bso\b[ .:]*$", "", normalise(before)).strip(_EDGES)
    names = sorted(types.items(), key=lambda item: -len(item[1]))
    for key, name in names:
        if words.endswith(normalise(name)):
            return key
    return ""


def _type_in_symbol(symbol, types):
    """Return the type that a symbol bears: KH-UBND, QĐ/ĐU, 2025/NĐ-CP."""
    parts = [part for part in re.split(r"[-/&.]", symbol) if not part.isdigit()]
    keys = {key.upper(): key for key in types}
    for part in parts[:1]:
        if part.upper() in keys:
            return keys[part.upper()]
    # UBND-VP, SNV-CCHC: letters bear the office that drafted them, no type.
    return "CV" if symbol and "CV" in types else ""


def reported_period(subject, is_report=False):
    """Return ``(first, last day)`` of what a document looks back on, or ``None``.

    A report tells of a quarter, half a year or a year (windows of CV 581/BNV-CCHC: the
    year runs from 15/12 to 14/12); a remedy of lost points rests on an index that is
    known only when its calendar year is over.

    :param bool is_report: the document is of the type report
    """
    words = normalise(subject)
    year = _YEAR.search(words)
    if not year:
        return None
    year = int(year[1])
    if "bi tru diem" in words or "khac phuc" in words:
        return date(year, 1, 1), date(year, 12, 31)
    if not is_report and not words.startswith("bao cao"):
        return None
    quarter = _QUARTER.search(words)
    if quarter:
        number = _ROMAN.get(quarter[1]) or int(quarter[1])
        first, last = _QUARTER_DAYS[number]
    elif "6 thang cuoi" in words or "sau thang cuoi" in words:
        first, last = (0, 6, 15), (0, 12, 14)
    elif "6 thang" in words or "sau thang" in words:
        first, last = (-1, 12, 15), (0, 6, 14)
    elif "9 thang" in words or "chin thang" in words:
        first, last = (-1, 12, 15), (0, 9, 14)
    elif re.search(r"\bthang \d{1,2}\b", words):
        return None
    else:
        first, last = (-1, 12, 15), (0, 12, 14)
    return tuple(
        date(year + offset, month, day) for offset, month, day in (first, last)
    )


def is_too_early(day, last):
    """Whether a document of ``day`` cannot tell of what lasted until ``last``."""
    return day < last - timedelta(days=EARLY_DAYS)


def same_day_next_year(day):
    """Return the day a year later: what was probably meant."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
