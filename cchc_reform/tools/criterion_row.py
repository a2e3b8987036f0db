"""One row of a table of criteria: what a cell of it means. Plain Python.

The columns are those of the decisions: number, criterion, maximum, way of scoring with
its parameters, evidence. Parameters are one line that people can read and write:

- thresholds: ``100%: 100%; 90%: tỷ lệ`` (from which share on: a share of the maximum,
  or the ratio times the maximum; below the last nothing);
- parts: ``Bảng điện tử = 0,25 (tối đa 1); Mạng xã hội = 0,25``;
- answers: ``A = 100%; B = 60%; C = 20%; D = 0%``;
- and with any of them ``KAD`` where the criterion may not apply, ``không có việc: tối
  đa`` (or ``0``, ``KAD``) for what a ratio of nothing gives.
"""

import re
from decimal import Decimal

from odoo.addons.cchc_onestop.tools.dossier_import_row import (
    BadCell,
    Problem,
    read_cells,
    read_choice,
    read_line,
)
from odoo.addons.cchc_onestop.tools.import_layout import Layout
from odoo.addons.cchc_onestop.tools.search_text import normalise

from . import scoring
from .entry import EntryError, number, plain

COLUMNS = {
    "code": ("STT", "mã", "mã tiêu chí", "tt"),
    "name": (
        "Tiêu chí",
        "lĩnh vực/tiêu chí/tiêu chí thành phần",
        "tiêu chí, tiêu chí thành phần",
        "tiêu chí/tiêu chí thành phần",
        "nội dung",
        "tên tiêu chí",
    ),
    "maximum": ("Điểm tối đa", "điểm chuẩn", "thang điểm"),
    "rule": ("Cách chấm", "quy tắc", "loại"),
    "parameters": ("Tham số", "cách tính điểm", "cách tính"),
    "hint": ("Tài liệu kiểm chứng", "minh chứng", "các yêu cầu và tài liệu kiểm chứng"),
}
HEADINGS = {name: wordings[0] for name, wordings in COLUMNS.items()}
SUM = "sum"
#: Number in the list -> (rule here, words).
RULES = {
    "0": (SUM, "Tổng các mục con"),
    "1": (scoring.BOOLEAN, "Có/Không"),
    "2": (scoring.RATIO, "Tỷ lệ"),
    "3": (scoring.RATIO_THRESHOLD, "Tỷ lệ có ngưỡng"),
    "4": (scoring.PER_ITEM, "Cộng theo mục"),
    "5": (scoring.OPTIONS, "Lựa chọn"),
    "6": (scoring.BONUS, "Điểm cộng"),
    "7": (scoring.PENALTY, "Điểm trừ"),
    "8": (scoring.MANUAL, "Chấm trực tiếp"),
    "9": (scoring.SURVEY, "Khảo sát"),
}
NUMBERS = {key: code for code, (key, _words) in RULES.items()}
_WORDS = {
    **{normalise(words): code for code, (_key, words) in RULES.items()},
    **{key: code for key, code in NUMBERS.items()},
    **{key.replace("_", " "): code for key, code in NUMBERS.items()},
    "tong": "0",
    "co khong": "1",
    "ty le nguong": "3",
    "dinh tinh": "8",
    "xa hoi hoc": "9",
    "dieu tra xa hoi hoc": "9",
}
EMPTY_WORDS = {"zero": "0", "full": "tối đa", "na": "KAD"}
_EMPTY = {normalise(words): key for key, words in EMPTY_WORDS.items()}
_BAND = re.compile(r"(?:≥|>=|từ)?\s*([\d.,]+)\s*%\s*[:=]\s*(.+)")
_ITEM = re.compile(r"(.+?)\s*=\s*([\d.,]+)(?:\s*\(tối đa\s*([\d.,]+)\))?")
_OPTION = re.compile(r"(.+?)\s*=\s*([\d.,]+)\s*%")
_NOTHING = re.compile(r"không có việc\s*[:=]\s*(.+)", re.IGNORECASE)
MAX_CODE = 32


def _read_code(value):
    text = read_line(value).rstrip(".")
    if not text:
        raise BadCell("missing")
    if len(text) > MAX_CODE:
        raise BadCell("too_long", str(MAX_CODE))
    return text


def _read_name(value):
    text = read_line(value)
    if not text:
        raise BadCell("missing")
    return text


def _read_maximum(value):
    if isinstance(value, int | float):
        found = Decimal(str(value))
    else:
        text = read_line(value)
        if not text:
            raise BadCell("missing")
        try:
            found = number(text)
        except EntryError as error:
            raise BadCell("points") from error
    if found < 0 or found != round(found, 4):
        raise BadCell("points")
    return str(found)


_read_rule = read_choice("rule", RULES, _WORDS, default="0")

_READERS = {
    "code": _read_code,
    "name": _read_name,
    "maximum": _read_maximum,
    "rule": _read_rule,
    "parameters": read_line,
    "hint": read_line,
}


def read_row(line, cells):
    """Return the row of the cells of one criterion."""
    cells = dict(cells)
    na = False
    if isinstance(cells.get("rule"), str) and normalise(cells["rule"]).endswith("/n/a"):
        # “ratio/N/A”: the way of scoring and that it may not apply in one cell
        cells["rule"] = cells["rule"].strip()[:-4]
        na = True
    row = read_cells(line, cells, _READERS, _contradictions)
    if na and not row.problems:
        row.values["parsed"]["na_allowed"] = True
    return row


def _contradictions(row):
    """Read the parameters, which mean something only beside the rule."""
    rule = RULES[row.values["rule"]][0]
    try:
        row.values["parsed"] = parse(rule, row.values["parameters"])
    except ValueError as error:
        return [Problem("parameters", "parameters", str(error.args[0]))]
    parsed = row.values["parsed"]
    if rule in scoring.OF_ITEMS and not parsed.get("items"):
        return [Problem("items_needed", "parameters")]
    if rule == scoring.OPTIONS and not parsed.get("options"):
        return [Problem("options_needed", "parameters")]
    return []


def parse(rule, text):
    """Return the parameters of a rule as a dict of plain texts.

    :return: ``na_allowed``, ``empty``, ``bands`` (start, kind, share), ``items``
        (name, points, limit), ``options`` (name, share)
    :raises ValueError: with the part that cannot be understood
    """
    found = {}
    for part in filter(None, (part.strip() for part in (text or "").split(";"))):
        try:
            _parse_part(rule, part, found)
        except EntryError as error:
            raise ValueError(part) from error
    return found


def _parse_part(rule, part, found):
    if normalise(part) == "kad":
        found["na_allowed"] = True
    elif match := _NOTHING.fullmatch(part):
        key = _EMPTY.get(normalise(match[1]))
        if key is None:
            raise ValueError(part)
        found["empty"] = key
    elif rule == scoring.RATIO_THRESHOLD and (match := _BAND.fullmatch(part)):
        found.setdefault("bands", []).append(_band(match))
    elif rule in scoring.OF_ITEMS and (match := _ITEM.fullmatch(part)):
        limit = str(number(match[3])) if match[3] else "0"
        found.setdefault("items", []).append([match[1], str(number(match[2])), limit])
    elif rule == scoring.OPTIONS and (match := _OPTION.fullmatch(part)):
        found.setdefault("options", []).append([match[1], str(number(match[2]))])
    else:
        raise ValueError(part)


def _band(match):
    start, gives = str(number(match[1])), match[2].strip()
    if normalise(gives) in ("ty le", "theo ty le"):
        return [start, scoring.BY_RATIO, "100"]
    if normalise(gives) == "toi da":
        return [start, scoring.BY_SHARE, "100"]
    if not gives.endswith("%"):
        raise ValueError(match[0])
    return [start, scoring.BY_SHARE, str(number(gives[:-1]))]


def write(found):
    """Return the parameters of :func:`parse` as the line that it reads."""
    parts = []
    for start, kind, share in found.get("bands", ()):
        gives = "tỷ lệ" if kind == scoring.BY_RATIO else f"{plain(share)}%"
        parts.append(f"{plain(start)}%: {gives}")
    for name, points, limit in found.get("items", ()):
        most = f" (tối đa {plain(limit)})" if Decimal(str(limit)) else ""
        parts.append(f"{name} = {plain(points)}{most}")
    parts += [f"{name} = {plain(share)}%" for name, share in found.get("options", ())]
    if found.get("empty", "zero") != "zero":
        parts.append(f"không có việc: {EMPTY_WORDS[found['empty']]}")
    if found.get("na_allowed"):
        parts.append("KAD")
    return "; ".join(parts)


def values(found):
    """Return the parameters of :func:`parse` as values of a criterion."""
    create = (0, 0)
    return {
        "na_allowed": found.get("na_allowed", False),
        "empty": found.get("empty", "zero"),
        "band_ids": [
            (*create, {"start": float(start), "kind": kind, "share": float(share)})
            for start, kind, share in found.get("bands", ())
        ],
        "item_ids": [
            (
                *create,
                {
                    "sequence": 10 * place,
                    "name": name,
                    "points": float(points),
                    "limit": float(limit),
                },
            )
            for place, (name, points, limit) in enumerate(found.get("items", ()), 1)
        ],
        "option_ids": [
            (*create, {"sequence": 10 * place, "name": name, "share": float(share)})
            for place, (name, share) in enumerate(found.get("options", ()), 1)
        ],
    }


def parent_of(code, codes):
    """Return the code of which another is a part: the longest that begins it.

    >>> parent_of("I.1.2", {"I", "I.1"}), parent_of("I.5", {"I"}), parent_of("I", ())
    ('I.1', 'I', None)
    """
    parts = code.split(".")
    for length in range(len(parts) - 1, 0, -1):
        above = ".".join(parts[:length])
        if above in codes:
            return above
    return None


LAYOUT = Layout(
    title="Bộ tiêu chí",
    columns=COLUMNS,
    required=("code", "name", "maximum"),
    identity=("code",),
    codes={"rule": RULES},
    read_row=read_row,
    json_cells=lambda record: {
        name: record[name] for name in COLUMNS if record.get(name) is not None
    },
    max_rows=1000,
    wide=("name", "parameters", "hint"),
    example={
        "code": "Ví dụ (xóa dòng này)",
        "name": "Mức độ hoàn thành kế hoạch",
        "maximum": "2",
        "rule": "3",
        "parameters": "100%: 100%; 90%: tỷ lệ",
        "hint": "Báo cáo, phụ lục",
    },
    hints=(
        "STT: I, I.1, I.1.2 …; mục con bắt đầu bằng số của mục cha.",
        "Tỷ lệ có ngưỡng: 100%: 100%; 90%: tỷ lệ (dưới ngưỡng thấp nhất: 0 điểm).",
        "Cộng theo mục, điểm cộng, điểm trừ: Bảng tin = 0,5 (tối đa 2); Website = 0,5.",
        "Lựa chọn: A = 100%; B = 60%; C = 20%; D = 0%.",
        "KAD: tiêu chí có thể không áp dụng.",
        "không có việc: tối đa (hoặc 0, KAD): điểm khi không có việc phải làm.",
    ),
)
