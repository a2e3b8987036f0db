"""Reading published lists of procedures: pure Python, no ORM, hostile input.

Two shapes are understood: the spreadsheet of a provincial list (NĐ 63/2010 Đ.13; see
``catalogue_xlsx``) and the JSON of the national service ``LayThuTuc`` (see
``catalogue_json``). Both become :class:`Item` objects, one per row or record, with
plain values or the reason why the row cannot be used; a file that cannot be read at
all raises :class:`CatalogueError`. Here are the wordings both have in common.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime

from .search_text import normalise

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 20_000
MAX_TEXT = 100_000

CODE_PATTERN = re.compile(r"^\d\.\d{6}(\.[0-9A-Z]+)*$")


class CatalogueError(Exception):
    """Input that cannot be used: ``key`` names the problem, ``params`` its details.

    The wizard words the sentence, so that it can be translated.
    """

    def __init__(self, key, **params):
        super().__init__(key, params)
        self.key = key
        self.params = params


@dataclass
class Item:
    """One procedure read from a file.

    :ivar number: row of the sheet or position in the JSON, counted from 1
    :ivar identity: code, name, sector, sector_code, level, keywords
    :ivar content: values of a version, as ``cchc.procedure.version._export_data``
    :ivar facts: main facts of a sheet row, merged into what is known (see
        ``catalogue_merge.merge_sheet``)
    :ivar change: "new", "amended" or "repealed" when the source says so
    :ivar replaces: codes of the procedures that this one replaces
    :ivar replaced_by: code of the procedure that replaces this one
    :ivar source: the cells of the row, for the error file
    """

    number: int
    identity: dict = field(default_factory=dict)
    content: dict | None = None
    facts: dict | None = None
    change: str = ""
    replaces: list = field(default_factory=list)
    replaced_by: str = ""
    error: CatalogueError | None = None
    source: list = field(default_factory=list)


# --- Times

UNITS = (
    # longest wording first; all without accents
    ("ngay lam viec", "working_day"),
    ("ngay lv", "working_day"),
    ("gio lam viec", "working_hour"),
    ("gio", "working_hour"),
    ("tuan", "week"),
    ("thang", "month"),
    ("phut", "minute"),
    ("ngay", "calendar_day"),
)
_UNIT_WORDS = "|".join(word for word, _unit in UNITS)
_NUMBER = r"\d+(?:[.,]\d+)?"
_TIME = re.compile(
    rf"(?:({_NUMBER})\s*(?:-|–|den)\s*)?({_NUMBER})\s*(?:\([^)]*\)\s*)?({_UNIT_WORDS})\b"
)
_CLOCK = re.compile(r"\b(?:sau|truoc|luc)\s+\d{1,2}\s*(?:gio|h)\b(?!\s*lam viec)")
_CASE = re.compile(r"^[-+*•\s]*(?=(?:truong hop|neu|doi voi)\b)")
SAME_DAY = re.compile(
    r"\b(trong ngay|ngay trong ngay|trong buoi|ngay lap tuc|ngay sau khi|ngay khi|"
    r"giai quyet ngay|15h)\b"
)
_NOT_STATED = re.compile(
    r"^(|-|khong|khong quy dinh.*|khong xac dinh.*|chua quy dinh.*|theo .*|"
    r"thuc hien theo .*)$"
)


def parse_number(text):
    """Return ``text`` such as "03", "0,5" or "1.5" as a float.

    :raise CatalogueError: when it is no such number
    """
    try:
        number = float(str(text).strip().replace(",", "."))
    except ValueError as error:
        raise CatalogueError("number", text=str(text)) from error
    if not 0 <= number < 100_000:
        raise CatalogueError("number", text=str(text))
    return number


def parse_date(text):
    """Return the date in ``text`` (dd/mm/yyyy, yyyy-mm-dd or yyyymmdd), or None.

    :raise CatalogueError: when it is no date
    """
    text = str(text or "").strip()
    if not text:
        return None
    for pattern in ("%d/%m/%Y", "%Y-%m-%d", "%Y%m%d", "%d-%m-%Y"):
        try:
            return datetime.strptime(text[:10], pattern).date()
        except ValueError:
            continue
    raise CatalogueError("date", text=text[:80])


def make_limit(amount, unit, text=""):
    """Return a time limit in the units of the deadline engine.

    Weeks become days and minutes hours; a fraction of a day can only be meant as
    working time, so half a "ngày" is half a working day.
    """
    if unit == "week":
        amount, unit = amount * 7, "calendar_day"
    elif unit == "minute":
        amount, unit = round(amount / 60, 2), "working_hour"
    if unit == "calendar_day" and amount != int(amount):
        unit = "working_day"
    if amount <= 0:
        raise CatalogueError("time_zero", text=text)
    if unit == "month" and amount != int(amount):
        raise CatalogueError("time_fraction", text=text)
    return {"is_stated": True, "amount": amount, "unit": unit, "text": text}


def not_stated(text=""):
    """Return the limit of a procedure for which no time is published."""
    return {"is_stated": False, "amount": 0.0, "unit": "working_day", "text": text}


def _parse_time_part(text):
    """Return the limit in one clause, or None when it holds no time."""
    # "received after 15 giờ" names an hour of the clock, not a time limit
    plain = _CLOCK.sub("", normalise(text))
    found = _TIME.search(plain)
    if found:
        # of a range the law allows the longer end
        amounts = [parse_number(part) for part in found.groups()[:2] if part]
        return make_limit(max(amounts), dict(UNITS)[found.group(3)], text)
    if SAME_DAY.search(plain):
        return {"is_stated": True, "amount": 1.0, "unit": "same_day", "text": text}
    return None


def parse_time(text):
    """Return the time limits in a published wording, the general one first.

    "03 ngày làm việc; trường hợp phải xác minh: 08 ngày làm việc" gives two, the
    second with its case. No wording, or one without any figure, is "not stated".

    :raise CatalogueError: for a figure without a unit, or a time of zero
    """
    text = str(text or "").replace("\r", "").strip()[:MAX_TEXT]
    limits = []
    for part in re.split(r"[;\n]+", text):
        part = " ".join(part.split())
        if not part:
            continue
        limit = _parse_time_part(part)
        if limit is None:
            continue
        if _CASE.match(normalise(part)):
            limit["case"] = re.split(r"[:,]", part, maxsplit=1)[0].strip(" -+*•")
        # without a case of its own a further clause explains the first
        if not limits or limit.get("case"):
            limits.append(limit)
    if limits:
        return limits
    plain = normalise(text)
    if re.search(r"\d", plain) and not _NOT_STATED.match(plain):
        raise CatalogueError("time_unit", text=text[:200])
    return [not_stated(text[:500])]


# --- Fees

_AMOUNT = re.compile(
    r"(?P<figure>\d{1,3}(?:[.,]\d{3})+|\d+(?:[.,]\d{1,2})?)\s*"
    r"(?P<scale>trieu|nghin|ngan)?\s*(?:dong|vnd|vnđ|d)\b"
    r"(?:\s*/\s*(?P<unit>[a-z][a-z ]{0,30}?[a-z])(?=$|[.,;:()\d]|\s+(?:tu|toi|cho)\b))?"
)
FREE = re.compile(
    r"\b(khong thu|mien phi|mien le phi|mien thu|khong mat phi|khong co phi|free)\b|"
    r"^(khong|khong co|mien)\b"
)
SET_ELSEWHERE = re.compile(
    r"hdnd|hoi dong nhan dan|theo quy dinh|theo nghi quyet|chua quy dinh|theo muc"
)
_SCALES = {"trieu": 1_000_000, "nghin": 1_000, "ngan": 1_000}


def _money(match):
    figure = re.sub(r"[.,](?=\d{3})", "", match["figure"]).replace(",", ".")
    return float(figure) * _SCALES.get(match["scale"], 1)


def make_fee(text, amount, stated=True, unit=""):
    plain = normalise(text)
    is_fee = re.search(r"(?<!le )(?<!mien )\bphi\b", plain)
    return {
        "name": "Phí" if is_fee else "Lệ phí",
        "kind": "fee" if is_fee else "charge",
        "is_stated": stated,
        "amount": amount,
        "unit_text": unit,
        "legal_text": text,
    }


def _original_unit(text, plain_unit):
    """Return the unit as ``text`` writes it, with its accents."""
    for found in re.finditer(r"/\s*([^\d.,;:()/]{1,40})", text):
        wording = " ".join(found.group(1).split())
        if normalise(wording).startswith(plain_unit):
            return " ".join(wording.split()[: len(plain_unit.split())])
    return plain_unit


def parse_fee(text):
    """Return the fees in a published wording, the wording kept verbatim.

    "Theo nghị quyết của HĐND" or an empty cell is *not stated*; only a wording such
    as "Không", "Miễn phí" or "0 đồng" is free. A further amount "từ trang thứ 3" and
    a cap "tối đa" belong to the first one.
    """
    text = str(text or "").strip()[:MAX_TEXT]
    if not text:
        return [make_fee("", 0.0, stated=False)]
    fees = []
    for part in re.split(r"[;\n]+", text):
        part = " ".join(part.split())
        if part:
            _read_fee_part(part, fees)
    return fees or [make_fee(text, 0.0, stated=False)]


def _read_fee_part(part, fees):
    """Add what one clause says to ``fees``; a tier or cap changes the last one."""
    plain = normalise(part)
    tier = re.search(r"tu (?:trang|ban|to) thu (\d+|ba)\b", plain)
    amounts = list(_AMOUNT.finditer(plain))
    if not amounts:
        stated = bool(FREE.search(plain)) and not SET_ELSEWHERE.search(plain)
        if re.fullmatch(r"0+(?:[.,]0+)?", plain):
            stated = True
        fees.append(make_fee(part, 0.0, stated=stated))
        return
    position = 0
    if not (fees and fees[-1]["amount"] and (tier or plain.startswith("toi da"))):
        first = amounts[0]
        unit = first["unit"] or ""
        amount = _money(first)
        stated = bool(amount) or not SET_ELSEWHERE.search(plain)
        fees.append(make_fee(part, amount, stated, _original_unit(part, unit)))
        position = 1
    elif part != fees[-1]["legal_text"]:
        fees[-1]["legal_text"] += "; " + part
    for match in amounts[position:]:
        before = plain[: match.start()]
        if re.search(r"(toi da|khong qua)[^\d]*$", before):
            fees[-1]["cap_amount"] = _money(match)
        elif tier:
            first = 3 if tier[1] == "ba" else int(tier[1])
            fees[-1].update(tier_from=first, tier_amount=_money(match))


# --- Other cells

_CHANNEL_WORDS = (
    ("truc tiep", "counter"),
    ("truc tuyen", "online"),
    ("buu chinh", "post"),
    ("bcci", "post"),
    ("ki-ot", "kiosk"),
    ("kiosk", "kiosk"),
)
_ONLINE_WORDS = (
    ("toan trinh", "full"),
    ("muc do 4", "full"),
    ("mot phan", "partial"),
    ("muc do 3", "partial"),
    ("thong tin", "information"),
    ("muc do 1", "information"),
    ("muc do 2", "information"),
)
_LEVEL_WORDS = (
    ("xa", "commune"),
    ("phuong", "commune"),
    ("dac khu", "commune"),
    ("tinh", "province"),
    ("thanh pho", "province"),
    ("bo", "ministry"),
    ("trung uong", "ministry"),
)
_CHANGE_WORDS = (
    ("bai bo", "repealed"),
    ("huy bo", "repealed"),
    ("sua doi", "amended"),
    ("sua", "amended"),
    ("bo sung", "amended"),
    ("thay the", "amended"),
    ("moi", "new"),
)
_LEGAL_NUMBER = re.compile(
    r"\b\d{1,5}/\d{4}/[A-ZĐƯ0-9][\wĐƯ.\-]*|\b\d{1,5}/[A-ZĐƯ][\wĐƯ.]*-[\wĐƯ\-.]+"
)


def match_word(text, words):
    plain = f" {normalise(text)} "
    for word, value in words:
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", plain):
            return value
    return ""


def parse_channels(text):
    """Return the channels that a cell names, in the order desk, online, post, kiosk."""
    plain = normalise(text)
    named = {value for word, value in _CHANNEL_WORDS if word in plain}
    return [name for name in ("counter", "online", "post", "kiosk") if name in named]


def parse_online_level(text):
    """Return full, partial or information, or an empty text."""
    return match_word(text, _ONLINE_WORDS)


def parse_level(text):
    """Return commune, province, ministry or other ("" for an empty cell)."""
    if not normalise(text):
        return ""
    return match_word(text, _LEVEL_WORDS) or "other"


def parse_change(text):
    """Return repealed, amended or new as the remark says, or an empty text."""
    return match_word(text, _CHANGE_WORDS)


_REPLACED_BY = re.compile(
    r"\b(?:bi|duoc) thay the\b|\bthay the (?:boi|bang)\b|\bthay bang\b"
)
_CODES = re.compile(r"(?<![\d.])\d\.\d{6}(?:\.[0-9A-Za-z]+)*")


def parse_replacement(text):
    """Return ``(codes replaced by this procedure, code of the one that replaces it)``.

    "Thay thế 1.000001, 1.000002" stands with the new procedure, "được thay thế bằng
    2.000003" with the old one. A remark without a code links nothing.
    """
    plain = normalise(text)
    codes = [code.upper() for code in _CODES.findall(str(text or ""))]
    if "thay the" not in plain and "thay bang" not in plain:
        return [], ""
    if _REPLACED_BY.search(plain):
        return [], codes[0] if codes else ""
    return list(dict.fromkeys(codes)), ""


def parse_legal_bases(text):
    """Return the legal texts that a cell names, each number once.

    A clause without a number of a legal text is kept as a title of its own.
    """
    bases = {}
    for part in re.split(r"[;\n]+", str(text or "")[:MAX_TEXT]):
        part = " ".join(part.split()).strip("-–• .")
        if not part:
            continue
        numbers = _LEGAL_NUMBER.findall(part)
        if len(numbers) == 1:
            bases.setdefault(numbers[0], part)
        else:
            for number in numbers:
                bases.setdefault(number, "")
            if not numbers:
                bases.setdefault(part[:200], "")
    return [{"number": number, "title": title} for number, title in bases.items()]


def check_code(code):
    """Return ``code`` without spaces, in capitals.

    :raise CatalogueError: when it is no national code (d.dddddd with local groups)
    """
    code = "".join(str(code or "").split()).upper()
    if not code:
        raise CatalogueError("code_missing")
    if not CODE_PATTERN.match(code):
        raise CatalogueError("code_pattern", text=code[:80])
    return code


def code_key(code):
    """Return the first two groups of ``code``."""
    return ".".join(code.split(".")[:2])


def mark_duplicates(items):
    """Give every item whose procedure occurred before the error that says where."""
    seen = {}
    for item in items:
        if item.error:
            continue
        key = code_key(item.identity["code"])
        if key in seen:
            item.error = CatalogueError("duplicate", text=key, number=seen[key])
        else:
            seen[key] = item.number
    return items
