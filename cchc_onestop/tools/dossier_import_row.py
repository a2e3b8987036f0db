"""One row of old dossiers: what a cell of another software means here, plain Python.

Cells are untrusted. Whatever they hold, a row comes out with values or with the list
of what is wrong in it; nothing is raised.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from .identity import check_tax_code
from .search_text import normalise

#: Characters of one cell.
MAX_TEXT = 2000
#: Files of one dossier.
MAX_FILES = 50
MAX_FEE = 10**12
#: Years in which a dossier can have been received.
FIRST_YEAR, LAST_YEAR = 1990, 2100

#: Column -> heading of the template and further headings that are understood.
COLUMNS = {
    "code": ("Mã hồ sơ", "số hồ sơ", "mã số hồ sơ"),
    "procedure": ("Mã TTHC", "mã thủ tục", "mã thủ tục hành chính"),
    "name": ("Chủ hồ sơ", "tên chủ hồ sơ", "họ tên chủ hồ sơ", "họ và tên"),
    "kind": ("Loại đối tượng", "đối tượng"),
    "identity": ("Số định danh", "số cccd", "cccd", "cmnd", "số giấy tờ"),
    "birth_date": ("Ngày sinh",),
    "address": ("Địa chỉ",),
    "phone": ("Điện thoại", "số điện thoại"),
    "email": ("Email", "thư điện tử"),
    "channel": ("Hình thức nộp", "kênh thực hiện", "cách thức nộp"),
    "received_at": ("Ngày tiếp nhận", "ngày nhận"),
    "due_at": ("Ngày hẹn trả", "ngày hẹn trả kết quả", "hạn trả"),
    "state": ("Trạng thái", "trạng thái hồ sơ", "tình trạng"),
    "ended_at": ("Ngày kết thúc xử lý", "ngày kết thúc", "ngày hoàn thành"),
    "returned_at": ("Ngày trả", "ngày trả kết quả"),
    "unit": ("Cơ quan/đơn vị xử lý", "đơn vị xử lý", "cơ quan xử lý"),
    "handler": ("Người xử lý", "cán bộ xử lý", "công chức xử lý"),
    "late_reason": ("Lý do quá hạn", "lý do trễ hạn"),
    "fee": ("Phí", "phí, lệ phí", "lệ phí"),
    "note": ("Ghi chú",),
    "files": ("Tệp", "tệp đính kèm", "tập tin"),
}
HEADINGS = {name: wordings[0] for name, wordings in COLUMNS.items()}
#: Columns that a sheet cannot do without.
REQUIRED = ("code", "procedure", "name", "received_at", "state")

#: Status of the national portal (TrangThaiHoSo) -> state here, words beside it.
STATES = {
    "1": (None, "Mới đăng ký"),
    "2": ("accepted", "Được tiếp nhận"),
    "3": (None, "Không được tiếp nhận"),
    "4": ("processing", "Đang xử lý"),
    "5": ("supplement", "Yêu cầu bổ sung giấy tờ"),
    "6": ("finance", "Yêu cầu thực hiện nghĩa vụ tài chính"),
    "7": ("withdrawn", "Công dân yêu cầu rút hồ sơ"),
    "8": ("stopped", "Dừng xử lý"),
    "9": ("done", "Đã xử lý xong"),
    "10": ("returned", "Đã trả kết quả"),
}
ENDED = frozenset({"withdrawn", "stopped", "done", "returned"})
CHANNELS = {
    "1": ("counter", "Trực tiếp"),
    "2": ("online", "Trực tuyến"),
    "3": ("post", "Bưu chính"),
    "4": ("kiosk", "Kiosk"),
}
KINDS = {
    "1": ("citizen", "Công dân"),
    "2": ("enterprise", "Doanh nghiệp"),
    "3": ("household_business", "Hộ kinh doanh"),
    "4": ("organisation", "Tổ chức"),
    "5": ("state_body", "Cơ quan nhà nước"),
    "6": ("foreigner", "Người nước ngoài"),
}
_OTHER_WORDS = {
    "state": {
        "bo sung": "5",
        "yeu cau bo sung": "5",
        "cho bo sung": "5",
        "nghia vu tai chinh": "6",
        "rut ho so": "7",
        "da rut": "7",
        "tu choi tiep nhan": "3",
        "hoan thanh": "9",
        "da co ket qua": "9",
        "da xu ly": "9",
        "da tra": "10",
    },
    "channel": {
        "tai quay": "1",
        "nop truc tiep": "1",
        "nop truc tuyen": "2",
        "bcci": "3",
        "buu dien": "3",
        "qua buu chinh": "3",
        "buu chinh cong ich": "3",
    },
    "kind": {
        "ca nhan": "1",
        "nguoi dan": "1",
        "cong ty": "2",
        "ho kinh doanh ca the": "3",
        "co quan": "5",
    },
}
CODES = {"state": STATES, "channel": CHANNELS, "kind": KINDS}
_WORDS = {
    name: {
        **{normalise(words): number for number, (_key, words) in codes.items()},
        **_OTHER_WORDS[name],
    }
    for name, codes in CODES.items()
}

_CODE = re.compile(r"[^\W_][\w.\-/]{2,63}")
_PROCEDURE = re.compile(r"[\w.\-]{1,32}")
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
_DAY = re.compile(
    r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?"
)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_AMOUNT = re.compile(
    r"(\d{1,3}(?:[.,\s]\d{3})+|\d+)(?:[.,]0{1,2})?\s*(?:đồng|đ|vnd|vnđ)?"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ERROR_CELLS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"}
)
#: Excel counts days from here.
_EPOCH = datetime(1899, 12, 30)


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell.

    :param key: which sentence says so
    :param column: name in :data:`COLUMNS`
    :param value: what the cell holds
    :param other: what else the sentence names
    """

    key: str
    column: str
    value: str = ""
    other: str = ""


@dataclass
class Row:
    """One dossier of the file.

    ``values`` holds texts, whole numbers and lists only. Moments are those of the
    office's clock in ISO form; one without an hour is a date alone. ``source`` holds
    the cells as texts when something is wrong with one of them.
    """

    number: int
    source: list = field(default_factory=list)
    values: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)


class BadCell(Exception):
    """What a reader of cells raises; :func:`read_cells` makes a problem of it."""

    def __init__(self, key, other=""):
        super().__init__(key)
        self.key = key
        self.other = other


def read_row(number, cells):
    """Return the :class:`Row` of the cells of a dossier.

    :param int number: number of the row in the file, for people
    :param dict cells: column -> what the cell holds (text, number, date), lists of
        texts for ``files``
    """
    return read_cells(number, cells, _READERS, _contradictions)


def read_cells(number, cells, readers, contradictions):
    """Return the :class:`Row` of the cells of a row.

    :param dict readers: column -> function of a cell, which may raise
        :class:`BadCell`
    :param contradictions: function of a row without problems that returns those
        between its cells
    """
    row = Row(number)
    for name, reader in readers.items():
        value = cells.get(name)
        try:
            row.values[name] = reader(value)
        except BadCell as bad:
            row.problems.append(Problem(bad.key, name, plain(value)[:80], bad.other))
    if not row.problems:
        row.problems = contradictions(row)
    if row.problems:
        row.source = [plain(cells.get(name)) for name in readers]
    return row


def plain(value):
    """Return what a cell holds as a text, for the error sheet."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        text = value.strftime("%d/%m/%Y %H:%M:%S")
        text = text.removesuffix(" 00:00:00").removesuffix(":00")
    elif isinstance(value, date):
        text = value.strftime("%d/%m/%Y")
    elif isinstance(value, list | tuple):
        text = "; ".join(plain(part) for part in value)
    elif isinstance(value, float) and value.is_integer():
        text = str(int(value))
    else:
        text = str(value)
    return _CONTROL.sub("", text)[:MAX_TEXT]


def moment_text(value):
    """Return an ISO moment of :class:`Row` as it is written in a sheet."""
    if "T" not in value:
        return date.fromisoformat(value).strftime("%d/%m/%Y")
    return datetime.fromisoformat(value).strftime("%d/%m/%Y %H:%M:%S")


def read_text(value):
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        raise BadCell("text")
    text = unicodedata.normalize("NFC", plain(value))
    if isinstance(value, str) and len(value) > MAX_TEXT:
        raise BadCell("too_long", str(MAX_TEXT))
    text = text.strip()
    if text.startswith("="):
        raise BadCell("formula")
    if text in _ERROR_CELLS:
        raise BadCell("error_cell")
    return text


def read_line(value):
    return " ".join(read_text(value).split())


def _needed(value):
    text = read_line(value)
    if not text:
        raise BadCell("missing")
    return text


def read_code(value):
    text = _needed(value).replace(" ", "")
    if not _CODE.fullmatch(text):
        raise BadCell("code")
    return text


def _read_procedure(value):
    if isinstance(value, float):
        # 1.001193 typed as a number; the zeros at its end are gone.
        value = f"{value:.6f}"
    text = _needed(value).replace(" ", "")
    if not _PROCEDURE.fullmatch(text):
        raise BadCell("procedure")
    return text


def read_choice(name, codes, words, default=None):
    """Return the reader of a column of codes; it gives the number of the code.

    :param dict codes: number -> (key here, official words)
    :param dict words: normalised words -> number
    :param default: number that an empty cell means
    """

    def read(value):
        text = read_line(value)
        if not text and default:
            return default
        if not text:
            raise BadCell("missing")
        number = text if text in codes else words.get(normalise(text))
        if number is None:
            raise BadCell(f"unknown_{name}", choices(codes))
        return number

    return read


def choices(codes):
    """Return the codes of a column in words, for people."""
    return "; ".join(f"{number} {words}" for number, (_key, words) in codes.items())


def _read_key(name, default=None):
    """Return the reader of a column of codes that gives the key here.

    The keys themselves are understood: the error sheet holds them.
    """
    codes = CODES[name]
    read = read_choice(name, codes, _WORDS[name])

    def read_key(value):
        text = read_line(value)
        if not text and default:
            return default
        if text in {key for key, _words in codes.values()}:
            return text
        return codes[read(value)][0]

    return read_key


def _read_state(value):
    key = _read_key("state")(value)
    if key is None:
        raise BadCell("not_accepted")
    return key


def _read_identity(value):
    text = read_line(value).replace(" ", "").replace("'", "")
    if isinstance(value, int | float) and len(text) in (8, 11):
        # The zero at the front is lost in a cell of numbers.
        text = f"0{text}"
    if text.isascii() and text.isdigit() and len(text) not in (9, 10, 12, 13):
        raise BadCell("identity", str(len(text)))
    if len(text) > 32:
        raise BadCell("too_long", "32")
    return text


def identity_type(number):
    """Return the kind of an identity number that :func:`read_row` let through."""
    if number.isascii() and number.isdigit():
        if len(number) == 12:
            return "personal"
        if len(number) == 9:
            return "old"
    if check_tax_code(number):
        return "tax"
    return "passport" if re.fullmatch(r"[A-Za-z]\d{6,8}", number) else "other"


def _read_phone(value):
    text = read_line(value)
    if isinstance(value, int | float) and len(text) == 9:
        text = f"0{text}"
    if len(text) > 64:
        raise BadCell("too_long", "64")
    return text


def _read_email(value):
    text = read_line(value)
    if text and not _EMAIL.fullmatch(text):
        raise BadCell("email")
    return text


def read_fee(value):
    text = read_line(value)
    if not text:
        return 0
    if normalise(text) in ("khong", "khong thu", "mien phi"):
        return 0
    match = _AMOUNT.fullmatch(text.casefold())
    if not match:
        raise BadCell("fee")
    amount = int(re.sub(r"\D", "", match[1]))
    if amount > MAX_FEE:
        raise BadCell("fee")
    return amount


def read_files(value):
    parts = (
        value
        if isinstance(value, list | tuple)
        else re.split(r"[;\n]", read_text(value))
    )
    names = list(dict.fromkeys(filter(None, (read_line(part) for part in parts))))
    if len(names) > MAX_FILES:
        raise BadCell("many_files", str(MAX_FILES))
    return names


def read_moment(value):
    """Return the ISO form of a moment, "" for an empty cell."""
    found = _moment(value)
    if found is None:
        return ""
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadCell("date")
    if found.time() == time():
        return found.date().isoformat()
    return found.isoformat(timespec="seconds")


def _read_received(value):
    text = read_moment(value)
    if not text:
        raise BadCell("missing")
    return text


def _read_day(value):
    found = _moment(value)
    if found is None:
        return ""
    if not 1850 <= found.year <= LAST_YEAR:
        raise BadCell("date")
    return found.date().isoformat()


def _moment(value):
    if isinstance(value, datetime):
        return value.replace(tzinfo=None, microsecond=0)
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, int | float) and not isinstance(value, bool):
        if 1 <= value < 110_000:
            whole = _EPOCH + timedelta(days=value)
            return (whole + timedelta(microseconds=500_000)).replace(microsecond=0)
        if isinstance(value, float) and not value.is_integer():
            raise BadCell("date")
    text = read_line(value)
    if not text:
        return None
    day_first = _DAY.fullmatch(text)
    match = day_first or _ISO.fullmatch(text) or _DIGITS.fullmatch(text)
    if not match:
        raise BadCell("date")
    parts = [int(part) for part in match.groups(default="0")]
    if day_first:
        parts[0], parts[2] = parts[2], parts[0]
    try:
        return datetime(*parts)
    except ValueError as error:
        raise BadCell("date") from error


_READERS = {
    "code": read_code,
    "procedure": _read_procedure,
    "name": _needed,
    "kind": _read_key("kind", "citizen"),
    "identity": _read_identity,
    "birth_date": _read_day,
    "address": read_line,
    "phone": _read_phone,
    "email": _read_email,
    "channel": _read_key("channel", "counter"),
    "received_at": _read_received,
    "due_at": read_moment,
    "state": _read_state,
    "ended_at": read_moment,
    "returned_at": read_moment,
    "unit": read_line,
    "handler": read_line,
    "late_reason": read_line,
    "fee": read_fee,
    "note": read_text,
    "files": read_files,
}


def _contradictions(row):
    """Return what the cells of a row say against each other."""
    values, problems = row.values, []

    def complain(key, column, other=""):
        text = values[column]
        if column.endswith("_at") and text:
            text = moment_text(text)
        problems.append(Problem(key, column, text, other))

    ended = values["state"] in ENDED
    if not ended:
        for name in ("ended_at", "returned_at"):
            if values[name]:
                complain("open_but_ended", name)
    elif not (values["ended_at"] or values["returned_at"]):
        complain("end_missing", "ended_at", STATE_WORDS[values["state"]])
        return problems
    elif values["returned_at"] and values["state"] == "done":
        complain("done_but_returned", "returned_at")
    for name, before in (
        ("due_at", "received_at"),
        ("ended_at", "received_at"),
        ("returned_at", "received_at"),
        ("returned_at", "ended_at"),
    ):
        if values[name] and values[before] and _before(values[name], values[before]):
            complain("earlier", name, HEADINGS[before])
    return problems


#: State -> words of the national portal.
STATE_WORDS = {key: words for key, words in STATES.values() if key}


def _before(one, other):
    """Return whether ``one`` is surely earlier; a date alone may be any hour of it."""
    if "T" in one and "T" in other:
        return one < other
    return one[:10] < other[:10]
