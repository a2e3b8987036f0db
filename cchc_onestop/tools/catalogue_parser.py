"""Reading published lists of procedures: pure Python, no ORM, hostile input.

Two shapes are understood: the spreadsheet of a provincial list (NĐ 63/2010 Đ.13) and
the JSON of the national service ``LayThuTuc``. Both become :class:`Item` objects, one
per row or record, with plain values or the reason why the row cannot be used; a file
that cannot be read at all raises :class:`CatalogueError`.
"""

import json
import re
import unicodedata
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
        :func:`merge_sheet`)
    :ivar change: "new", "amended" or "repealed" when the source says so
    :ivar source: the cells of the row, for the error file
    """

    number: int
    identity: dict = field(default_factory=dict)
    content: dict | None = None
    facts: dict | None = None
    change: str = ""
    error: CatalogueError | None = None
    source: list = field(default_factory=list)


# --- Times

_UNITS = (
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
_UNIT_WORDS = "|".join(word for word, _unit in _UNITS)
_NUMBER = r"\d+(?:[.,]\d+)?"
_TIME = re.compile(
    rf"(?:({_NUMBER})\s*(?:-|–|den)\s*)?({_NUMBER})\s*(?:\([^)]*\)\s*)?({_UNIT_WORDS})\b"
)
_CLOCK = re.compile(r"\b(?:sau|truoc|luc)\s+\d{1,2}\s*(?:gio|h)\b(?!\s*lam viec)")
_CASE = re.compile(r"^[-+*•\s]*(?=(?:truong hop|neu|doi voi)\b)")
_SAME_DAY = re.compile(
    r"\b(trong ngay|ngay trong ngay|trong buoi|ngay lap tuc|ngay sau khi|giai quyet ngay|"
    r"ngay khi|15h)\b"
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
        return make_limit(max(amounts), dict(_UNITS)[found.group(3)], text)
    if _SAME_DAY.search(plain):
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
_FREE = re.compile(
    r"\b(khong thu|mien phi|mien le phi|mien thu|khong mat phi|khong co phi|free)\b|"
    r"^(khong|khong co|mien)\b"
)
_SET_ELSEWHERE = re.compile(
    r"hdnd|hoi dong nhan dan|theo quy dinh|theo nghi quyet|chua quy dinh|theo muc"
)
_SCALES = {"trieu": 1_000_000, "nghin": 1_000, "ngan": 1_000}


def _money(match):
    figure = re.sub(r"[.,](?=\d{3})", "", match["figure"]).replace(",", ".")
    return float(figure) * _SCALES.get(match["scale"], 1)


def _fee(text, amount, stated=True, unit=""):
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
        return [_fee("", 0.0, stated=False)]
    fees = []
    for part in re.split(r"[;\n]+", text):
        part = " ".join(part.split())
        if part:
            _read_fee_part(part, fees)
    return fees or [_fee(text, 0.0, stated=False)]


def _read_fee_part(part, fees):
    """Add what one clause says to ``fees``; a tier or cap changes the last one."""
    plain = normalise(part)
    tier = re.search(r"tu (?:trang|ban|to) thu (\d+|ba)\b", plain)
    amounts = list(_AMOUNT.finditer(plain))
    if not amounts:
        stated = bool(_FREE.search(plain)) and not _SET_ELSEWHERE.search(plain)
        if re.fullmatch(r"0+(?:[.,]0+)?", plain):
            stated = True
        fees.append(_fee(part, 0.0, stated=stated))
        return
    position = 0
    if not (fees and fees[-1]["amount"] and (tier or plain.startswith("toi da"))):
        first = amounts[0]
        unit = first["unit"] or ""
        amount = _money(first)
        stated = bool(amount) or not _SET_ELSEWHERE.search(plain)
        fees.append(_fee(part, amount, stated, _original_unit(part, unit)))
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


def _match_word(text, words):
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
    return _match_word(text, _ONLINE_WORDS)


def parse_level(text):
    """Return commune, province, ministry or other ("" for an empty cell)."""
    if not normalise(text):
        return ""
    return _match_word(text, _LEVEL_WORDS) or "other"


def parse_change(text):
    """Return repealed, amended or new as the remark says, or an empty text."""
    return _match_word(text, _CHANGE_WORDS)


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


# --- LayThuTuc JSON

_KENH = {"1": "counter", "2": "online", "3": "post", "4": "kiosk"}
_JSON_UNITS = _UNITS
_SUBTYPES = (
    ("giay phep", "licence"),
    ("giay chung nhan", "certificate"),
    ("quyet dinh", "decision"),
    ("trich luc", "extract"),
    ("ban sao", "copy"),
    ("tu choi", "refusal"),
    ("van ban", "reply"),
    ("thong bao", "reply"),
)


def load_json(data):
    """Return the records in the JSON bytes ``data``.

    :raise CatalogueError: when the bytes are no JSON list of records
    """
    if len(data) > MAX_BYTES:
        raise CatalogueError("too_big", size=MAX_BYTES // 1024 // 1024)
    try:
        loaded = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise CatalogueError("json", text=str(error)[:200]) from error
    if isinstance(loaded, dict):
        lowered = {str(key).lower(): value for key, value in loaded.items()}
        if "matthc" in lowered:
            loaded = [loaded]
        else:
            lists = [lowered.get(key) for key in ("data", "result", "items")]
            loaded = next((rows for rows in lists if isinstance(rows, list)), None)
    if not isinstance(loaded, list) or not loaded:
        raise CatalogueError("json_empty")
    if len(loaded) > MAX_ROWS:
        raise CatalogueError("too_many", count=MAX_ROWS)
    return loaded


def _refuse_constant(name):
    raise ValueError(f"{name} is not a JSON number")


def parse_json(data):
    """Return the :class:`Item` list in the ``LayThuTuc`` JSON bytes ``data``."""
    items = []
    for number, record in enumerate(load_json(data), 1):
        item = Item(number)
        try:
            _read_record(record, item)
        except CatalogueError as error:
            item.error = error
        item.source = [
            str(item.identity.get("code") or ""),
            str(item.identity.get("name") or ""),
        ]
        items.append(item)
    return mark_duplicates(items)


def _keys(record, what):
    """Return ``record`` with upper-case keys.

    :raise CatalogueError: when it is not an object
    """
    if not isinstance(record, dict):
        raise CatalogueError("json_object", text=what)
    return {str(key).upper(): value for key, value in record.items()}


def _rows(record, key):
    """Return the list under ``key``, None when the key is absent.

    A single object, which some senders put where a list belongs, is a list of one.
    """
    if key not in record:
        return None
    rows = record[key]
    if rows in (None, ""):
        return []
    if isinstance(rows, dict):
        rows = [rows]
    if not isinstance(rows, list):
        raise CatalogueError("json_list", text=key)
    return [_keys(row, key) for row in rows]


def _text(record, key):
    """Return the text under ``key``, without surrounding space."""
    value = record.get(key)
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, dict | list):
        raise CatalogueError("json_text", text=key)
    return unicodedata.normalize("NFC", str(value)).strip()[:MAX_TEXT]


def _count(record, key):
    """Return the whole number under ``key``, 0 when absent."""
    text = _text(record, key)
    if not text:
        return 0
    number = parse_number(text)
    if number != int(number) or number > 1000:
        raise CatalogueError("number", text=text)
    return int(number)


def _flag(record, key):
    return normalise(_text(record, key)) in ("1", "true", "co", "x") or (
        record.get(key) is True
    )


def _read_record(record, item):
    record = _keys(record, "TTHC")
    item.identity = {
        "name": " ".join(_text(record, "TENTTHC").split()),
        "code": _text(record, "MATTHC"),
    }
    item.identity["code"] = check_code(item.identity["code"])
    if not item.identity["name"]:
        raise CatalogueError("name_missing")
    sector = (_rows(record, "LINHVUCTHUCHIEN") or [{}])[0]
    item.identity.update(
        sector=_text(sector, "TENLINHVUC"),
        sector_code=_text(sector, "MALINHVUC"),
        level=parse_level(_text(record, "CAPTHUCHIEN")),
        keywords=_text(record, "TUKHOA"),
    )
    if not item.identity["sector"]:
        raise CatalogueError("sector_missing")
    if "NGAYHIEULUC" in record:
        item.identity["valid_from"] = parse_date(_text(record, "NGAYHIEULUC"))
    if "PHIDIAGIOI" in record:
        item.identity["non_territorial"] = _flag(record, "PHIDIAGIOI")
    if "LIENTHONG" in record:
        item.identity["interlinked"] = _flag(record, "LIENTHONG")
    item.change = "repealed" if _text(record, "TRANGTHAI") in ("0", "2") else ""
    item.content = _read_content(record, item.identity["name"])


def _read_content(record, name):
    content = {"name": name}
    for key, field_name in (
        ("YEUCAU", "conditions"),
        ("MOTADOITUONGTHUCHIEN", "subject_note"),
        ("COQUANCOTHAMQUYEN", "agency_competent"),
        ("COQUANDUOCUYQUYEN", "agency_authorised"),
        ("COQUANPHOIHOP", "agency_coordinating"),
        ("DIACHITIEPNHAN", "reception_address"),
        ("LOAITHUTUC", "procedure_kind"),
        ("MACOQUANCONGBO", "publishing_agency_code"),
        ("LYDOMOTPHAN", "online_reason"),
        ("MOTASOBO", "set_note"),
        ("VIDEO", "video_url"),
        ("THOIHANLUUTRU", "retention"),
        ("GHICHU", "note"),
    ):
        if key in record:
            content[field_name] = _text(record, key)
    if "MUCDODVC" in record:
        content["online_level"] = parse_online_level(_text(record, "MUCDODVC"))
    if "SOBO" in record:
        content["set_count"] = _count(record, "SOBO")
    if "KHONGCANGIAYTIEPNHAN" in record:
        content["skip_receipt_allowed"] = _flag(record, "KHONGCANGIAYTIEPNHAN")
    agencies = _rows(record, "COQUANTHUCHIEN")
    if agencies is not None:
        content["agency_performing"] = "; ".join(
            filter(None, (_text(row, "TENDONVI") for row in agencies))
        )
    subjects = _rows(record, "DOITUONGTHUCHIEN")
    if subjects is not None:
        content["subjects"] = list(
            dict.fromkeys(filter(None, (_text(row, "TENDOITUONG") for row in subjects)))
        )
    content.update(_read_cases(record))
    content.update(_read_channels(record))
    content.update(_read_documents(record))
    content.update(_read_results(record))
    bases = _rows(record, "CANCUPHAPLY")
    if bases is not None:
        content["legal_bases"] = _read_legal_bases(bases)
    return content


def _read_legal_bases(rows):
    bases = {}
    for row in rows:
        number = _text(row, "SOVANBAN") or _text(row, "TENVANBAN")[:200]
        if number:
            bases[number] = {
                "number": number,
                "title": _text(row, "TENVANBAN"),
                "issuer": _text(row, "COQUANBANHANH"),
            }
    return list(bases.values())


def _read_cases(record):
    rows = _rows(record, "TRINHTUTHUCHIEN")
    if rows is None:
        return {}
    lines = []
    for row in rows:
        case = _text(row, "TRUONGHOP")
        if case:
            lines.append(case)
        lines += [
            _text(step, "TENTRINHTU")
            for step in _rows(row, "TRINHTU") or []
            if _text(step, "TENTRINHTU")
        ]
    return {"steps_text": "\n".join(lines)}


def _read_channels(record):
    rows = _rows(record, "CACHTHUCTHUCHIEN")
    if rows is None:
        return {}
    channels, cases = {}, {}
    for row in rows:
        kenh = _text(row, "KENH")
        name = _KENH.get(kenh) or (parse_channels(kenh) or [""])[0]
        if not name:
            raise CatalogueError("channel", text=kenh)
        channel = channels.setdefault(
            name, {"channel": name, "note": _text(row, "MOTA"), "limits": []}
        )
        for time in _rows(row, "THOIGIAN") or []:
            limit = _read_limit(time)
            if limit["case"]:
                cases[limit["case"]] = {"name": limit["case"]}
            channel["limits"].append(limit)
    for channel in channels.values():
        if not channel["limits"]:
            channel["limits"] = [{**not_stated(), "case": "", "fees": []}]
    return {"channels": list(channels.values()), "cases": list(cases.values())}


def _read_limit(time):
    amount = _text(time, "THOIGIANGIAIQUYET")
    unit = normalise(_text(time, "DONVITINH"))
    text = _text(time, "MOTA")
    if amount and unit:
        key = next((key for word, key in _JSON_UNITS if unit == word), "")
        if not key and _SAME_DAY.search(unit):
            key = "same_day"
        if not key:
            raise CatalogueError("unit", text=_text(time, "DONVITINH"))
        if key == "same_day":
            limit = {"is_stated": True, "amount": 1.0, "unit": key, "text": text}
        else:
            limit = make_limit(parse_number(amount), key, text)
    elif amount:
        limit = parse_time(amount)[0]
        limit["text"] = text or amount
    else:
        limit = parse_time(text)[0] if text else not_stated()
    limit["case"] = _text(time, "TRUONGHOP")
    limit["deadline_rule"] = _text(time, "QUYTACTHOIHAN")
    limit["to_confirm"] = _flag(time, "CANXACNHAN")
    limit["fees"] = [_read_fee(row) for row in _rows(time, "PHILEPHI") or []]
    return limit


def _read_fee(row):
    text = _text(row, "MOTA")
    amount = _text(row, "SOTIEN")
    fee = _fee(text, 0.0, stated=False)
    if amount:
        try:
            figure = float(re.sub(r"[.,](?=\d{3}\b)", "", amount))
        except ValueError as error:
            raise CatalogueError("fee", text=amount[:80]) from error
        if not 0 <= figure < 10**12:
            raise CatalogueError("fee", text=amount[:80])
        plain = normalise(text)
        # zero is free only when the wording says so: else the amount is set elsewhere
        fee["is_stated"] = bool(figure) or bool(
            _FREE.search(plain) and not _SET_ELSEWHERE.search(plain)
        )
        fee["amount"] = figure
    elif text:
        fee = {**parse_fee(text)[0], "legal_text": text}
    name = _text(row, "TENPHILEPHI")
    kind = normalise(_text(row, "LOAIPHILEPHI")) or normalise(name)
    if kind:
        fee["kind"] = "charge" if "le phi" in kind else "fee"
    fee.update(
        code=_text(row, "MAPHILEPHI"),
        name=name or fee["name"],
        unit_text=_text(row, "DONVI") or fee["unit_text"],
        to_confirm=_flag(row, "CANXACNHAN"),
    )
    for key, field_name in (
        ("TUTHU", "tier_from"),
        ("SOTIENTUTHU", "tier_amount"),
        ("TOIDA", "cap_amount"),
    ):
        if key in row:
            fee[field_name] = (
                _count(row, key) if key == "TUTHU" else _money_value(row, key)
            )
    return fee


def _money_value(row, key):
    amount = _text(row, key) or "0"
    try:
        return float(amount)
    except ValueError as error:
        raise CatalogueError("fee", text=amount[:80]) from error


def _read_documents(record):
    rows = _rows(record, "THANHPHANHOSO")
    if rows is None:
        return {}
    documents = []
    for row in rows:
        case = _text(row, "TRUONGHOP")
        for part in _rows(row, "GIAYTO") or []:
            documents.append(_read_document(part, case))
    return {"documents": documents}


def _read_document(part, case):
    name = _text(part, "TENGIAYTO")
    if not name:
        raise CatalogueError("document_name", text=_text(part, "MAGIAYTO"))
    source = normalise(_text(part, "NGUON"))
    document = {
        "case": case,
        "code": _text(part, "MAGIAYTO"),
        "name": name,
        "originals": _count(part, "SOBANCHINH"),
        "copies": _count(part, "SOBANSAO"),
        "template_name": _text(part, "TENMAUDON"),
        "template_url": _text(part, "URL"),
        "to_confirm": _flag(part, "CANXACNHAN"),
        "required": not _flag(part, "KHONGBATBUOC"),
    }
    if source:
        document["source"] = (
            "database"
            if source in ("csdl", "database", "3")
            else "efile"
            if source in ("dien tu", "efile", "2")
            else "paper"
        )
    if "SOHOA" in part:
        document["digitise_required"] = _flag(part, "SOHOA")
        document["digitise_basis"] = _text(part, "CANCUSOHOA")
    if "GHICHU" in part:
        document["note"] = _text(part, "GHICHU")
    return document


def _read_results(record):
    rows = _rows(record, "KETQUATHUCHIEN")
    if rows is None:
        return {}
    return {
        "results": [
            {
                "code": _text(row, "MAKETQUA"),
                "name": _text(row, "TENKETQUA"),
                "result_type": _match_word(_text(row, "TENKETQUA"), _SUBTYPES)
                or "other",
            }
            for row in rows
            if _text(row, "TENKETQUA")
        ]
    }


# --- Merging what a file says into what is known

# What a source of this kind never tells: kept from the version in force.
_LOCAL_LIMIT = ("deadline_rule", "case")
_LOCAL_DOCUMENT = (
    "source",
    "digitise_required",
    "digitise_basis",
    "note",
    "template_name",
    "template_url",
)


def _keep(new, old, names):
    """Fill the empty ``names`` of ``new`` from ``old``."""
    for name in names:
        if not new.get(name) and old.get(name):
            new[name] = old[name]


def _same(left, right, names):
    return all(
        (left.get(name) or False) == (right.get(name) or False) for name in names
    )


def merge_json(current, incoming):
    """Return the content after ``incoming`` of LayThuTuc is laid over ``current``.

    What the source names replaces what is known; what it does not name stays, and so
    do the local marks of rows that are the same as before.
    """
    if not current:
        return incoming
    merged = {**current, **incoming}
    if "channels" in incoming:
        _keep_channel_marks(current.get("channels") or [], merged["channels"])
        _keep_known_cases(current, merged)
    if "documents" in incoming:
        known = {
            row.get("code") or row["name"]: row
            for row in current.get("documents") or []
        }
        for row in merged["documents"]:
            old = known.get(row.get("code") or row["name"])
            if old:
                _keep(row, old, _LOCAL_DOCUMENT)
                if _same(row, old, ("name", "originals", "copies")):
                    row["to_confirm"] = bool(old.get("to_confirm"))
    return merged


def _keep_channel_marks(old_channels, new_channels):
    old_by_name = {row["channel"]: row for row in old_channels}
    for channel in new_channels:
        old = old_by_name.get(channel["channel"])
        if not old:
            continue
        _keep(channel, old, ("note",))
        for limit, before in zip(
            channel["limits"], old.get("limits") or [], strict=False
        ):
            if not _same(limit, before, ("is_stated", "amount", "unit")):
                continue
            _keep(limit, before, _LOCAL_LIMIT)
            limit["to_confirm"] = bool(before.get("to_confirm"))
            for fee, fee_before in zip(
                limit.get("fees") or [], before.get("fees") or [], strict=False
            ):
                if _same(fee, fee_before, ("is_stated", "amount", "legal_text")):
                    _keep(fee, fee_before, ("tier_from", "tier_amount", "cap_amount"))
                    fee["to_confirm"] = bool(fee_before.get("to_confirm"))


def _keep_known_cases(current, merged):
    """Keep the known cases that rows of the merged content still name."""
    named = {
        limit.get("case")
        for channel in merged["channels"]
        for limit in channel["limits"]
    } | {row.get("case") for row in merged.get("documents") or []}
    known = [row for row in current.get("cases") or [] if row["name"] in named]
    names = {row["name"] for row in known}
    missing = [case for case in named if case and case not in names]
    merged["cases"] = known + [{"name": case} for case in sorted(missing)]


def merge_sheet(current, facts):
    """Return the content after the main ``facts`` of a sheet row.

    A provincial list tells much less than the national service: only what differs
    from the version in force changes, the rest of its content stays.
    """
    content = {key: value for key, value in (current or {}).items()}
    content["name"] = facts["name"]
    for name in ("online_level", "reception_address"):
        if facts.get(name):
            content[name] = facts[name]
    content["channels"] = _merge_sheet_channels(content.get("channels") or [], facts)
    if facts.get("legal_bases"):
        known = {row["number"]: row for row in content.get("legal_bases") or []}
        content["legal_bases"] = [
            known.get(row["number"], row) for row in facts["legal_bases"]
        ]
    _keep_known_cases(current or {}, content)
    return content


def _merge_sheet_channels(channels, facts):
    wanted = facts.get("channels") or [row["channel"] for row in channels]
    known = {row["channel"]: row for row in channels}
    model = channels[0] if channels else {"limits": []}
    merged = []
    for name in wanted or ["counter"]:
        row = known.get(name) or {**model, "channel": name, "note": ""}
        limits = row.get("limits") or []
        if facts.get("limits") and not _same_limits(limits, facts["limits"]):
            fees = limits[0].get("fees") if limits else []
            limits = [{**limit, "fees": fees or []} for limit in facts["limits"]]
        if facts.get("fees"):
            limits = [_with_fees(limit, facts["fees"]) for limit in limits]
        merged.append({**row, "limits": limits or [{**not_stated(), "fees": []}]})
    return merged


def _same_limits(known, facts):
    if len(known) < len(facts):
        return False
    if len(facts) > 1 and len(known) != len(facts):
        return False
    return all(
        bool(limit.get("is_stated")) == bool(fact["is_stated"])
        and (
            not fact["is_stated"]
            or (limit.get("unit") == fact["unit"])
            and (limit.get("amount") == fact["amount"] or fact["unit"] == "same_day")
        )
        for limit, fact in zip(known, facts, strict=False)
    )


def _with_fees(limit, fees):
    known = limit.get("fees") or []
    names = ("is_stated", "amount")
    same = len(known) == len(fees) and all(
        _same(old, new, names) for old, new in zip(known, fees, strict=True)
    )
    return limit if same else {**limit, "fees": [dict(fee) for fee in fees]}


def clear_marks(content):
    """Take the mark "to be confirmed" off every row of ``content``."""
    for channel in content.get("channels") or []:
        for limit in channel.get("limits") or []:
            limit["to_confirm"] = False
            for fee in limit.get("fees") or []:
                fee["to_confirm"] = False
    for document in content.get("documents") or []:
        document["to_confirm"] = False
    return content
