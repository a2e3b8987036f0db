"""Reading the JSON of the national service ``LayThuTuc`` (untrusted input).

Keys beside those of the service, which the shipped catalogue and other one-stop
software may give: NGAYHIEULUC, PHIDIAGIOI, LIENTHONG, MUCDODVC, LYDOMOTPHAN, SOBO,
KHONGCANGIAYTIEPNHAN; THAYTHE (codes that this procedure replaces) and THAYTHEBANG
(code of the one that replaces it); TRUONGHOP and QUYTACTHOIHAN of a time; TUTHU,
SOTIENTUTHU and TOIDA of a fee; NGUON, SOBANCHINH, SOBANSAO, KHONGBATBUOC and SOHOA
of a part; and CANXACNHAN, which marks a row "to be confirmed".
"""

import json
import re
import unicodedata

from .catalogue_parser import (
    FREE,
    MAX_BYTES,
    MAX_ROWS,
    MAX_TEXT,
    SAME_DAY,
    SET_ELSEWHERE,
    UNITS,
    CatalogueError,
    Item,
    check_code,
    make_fee,
    make_limit,
    mark_duplicates,
    match_word,
    not_stated,
    parse_channels,
    parse_date,
    parse_fee,
    parse_level,
    parse_number,
    parse_online_level,
    parse_time,
)
from .search_text import normalise

_KENH = {"1": "counter", "2": "online", "3": "post", "4": "kiosk"}
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
    item.replaces = [
        check_code(code)
        for code in re.split(r"[;,\s]+", _text(record, "THAYTHE"))
        if code
    ]
    if replaced_by := _text(record, "THAYTHEBANG"):
        item.replaced_by = check_code(replaced_by)
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
        key = next((key for word, key in UNITS if unit == word), "")
        if not key and SAME_DAY.search(unit):
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
    fee = make_fee(text, 0.0, stated=False)
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
            FREE.search(plain) and not SET_ELSEWHERE.search(plain)
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
                "result_type": match_word(_text(row, "TENKETQUA"), _SUBTYPES)
                or "other",
            }
            for row in rows
            if _text(row, "TENKETQUA")
        ]
    }
