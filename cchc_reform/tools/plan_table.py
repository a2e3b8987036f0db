"""The annex of a plan read row by row: areas, tasks, their parts (plain Python).

The heading row is recognised by the names that communes use for the columns; what is
wrong with a row is named by a key, worded by ``cchc.reform.plan.import``.
"""

import re
from dataclasses import dataclass, field

from odoo.addons.cchc_onestop.tools.dossier_import_row import Problem, plain
from odoo.addons.cchc_onestop.tools.import_layout import Layout
from odoo.addons.cchc_onestop.tools.search_text import normalise

from .plan_deadline import read_deadline
from .plan_file import MAX_ROWS, Same

#: Column -> what its heading says, normalised; the first that fits counts.
_PATTERNS = (
    ("code", r"(tt|stt|so tt|so thu tu|ma so)"),
    ("budget_source", r"(nguon kinh phi|nguon von|nguon)"),
    ("budget", r"(du toan )?(kinh phi|du toan)\b.*"),
    ("coordinating", r"(.*\bphoi hop\b.*)"),
    ("lead", r"(.*\bchu tri\b.*|(co quan|don vi|bo phan) (thuc hien|phu trach))"),
    (
        "deadline",
        r"(thoi gian|thoi han|tien do|han hoan thanh|lo trinh|thoi diem)\b.*",
    ),
    ("product", r"(?:du kien )?(san pham|ket qua|dau ra)\b.*"),
    ("basis", r"(can cu|co so phap ly|van ban)\b.*"),
    ("note", r"(ghi chu)"),
    ("name", r"((ten |noi dung|nhiem vu|cong viec|hoat dong)\b.*)"),
)
_HEADINGS = tuple((name, re.compile(pattern)) for name, pattern in _PATTERNS)
#: Areas by the words that name them, the same from programme to programme.
_AREAS = (
    ("direction", r"chi dao|dieu hanh|tuyen truyen"),
    ("procedure", r"thu tuc hanh chinh|tthc"),
    ("institution", r"the che"),
    ("organisation", r"to chuc bo may|bo may hanh chinh"),
    ("civil_service", r"cong vu|doi ngu|can bo, cong chuc"),
    ("finance", r"tai chinh"),
    ("digital", r"dien tu|chinh quyen so|chinh phu so|chuyen doi so|hien dai hoa"),
)
_ROMAN = re.compile(r"[IVX]{1,5}")
_CODE = re.compile(r"(?:[IVX]{1,5}|\d{1,3}|[A-Za-zđĐ])(?:\.(?:\d{1,3}|[a-zđ]))*")
_LETTER = re.compile(r"[a-zđ]")
_BULLET = re.compile(r"^\s*[-+•*–]\s*")
_INLINE = re.compile(r"^\s*((?:[IVX]{1,5}|\d{1,2}(?:\.\d{1,2})*|[a-zđ])[.)])\s+(?=\S)")
_NUMBERS = re.compile(r"\(?\d{1,2}\)?")
_TOTAL = re.compile(r"(tong|tong cong|tong so|cong)\b.{0,20}")
_MONEY = re.compile(r"([\d.,\s]+)\s*(trieu|tr|ty|ti|nghin|ngan)?\b")
_FACTORS = {"trieu": 10**6, "tr": 10**6, "ty": 10**9, "ti": 10**9}
_FACTORS |= {"nghin": 1000, "ngan": 1000}
HEADING_ROWS = 40


@dataclass
class PlanRow:
    """One row of the annex.

    :param kind: ``area`` or ``task``
    :param above: number of the row of the task that this one is part of
    """

    number: int
    kind: str
    code: str = ""
    area: str = ""
    area_code: str = ""
    above: int | None = None
    values: dict = field(default_factory=dict)
    source: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    has_parts: bool = False


def find_columns(row, below=()):
    """Return ``{column: place}`` of a heading, which may stand in two rows."""
    places = {}
    width = max(len(row), len(below))
    cells = [*row, *[""] * (width - len(row))]
    if below:
        lower = [*below, *[""] * (width - len(below))]
        cells = [
            one if two in ("", one) or isinstance(two, Same) else f"{two}"
            for one, two in zip(cells, lower, strict=True)
        ]
    for place, cell in enumerate(cells):
        name = _column_of(cell)
        if name:
            places.setdefault(name, place)
    return places


def _column_of(cell):
    text = re.sub(r"[^a-z0-9,/ ]+", " ", normalise(cell if cell else ""))
    text = " ".join(text.split()).strip(" /,")
    if not text or len(text) > 60:
        return None
    for name, pattern in _HEADINGS:
        if pattern.fullmatch(text):
            return name
    return None


def _is_heading(places):
    return "name" in places and len(places) >= 3


def read_plan(tables, year):
    """Return the :class:`PlanRow` list of the tables of a file.

    :param tables: see :func:`~.plan_file.read_tables`
    :param int year: year of the plan
    :return: ``None`` when no table has the headings
    """
    reader = _Reader(year)
    places = None
    number = 0
    for table in tables:
        start, found = _heading_of(table)
        if found:
            places = found
            reader.factor = _factor_of(table[:start], places)
        elif places is None or (
            table and max(map(len, table)) < max(places.values()) + 1
        ):
            number += len(table)
            continue
        for index, cells in enumerate(table):
            number += 1
            if index >= start:
                reader.add(number, cells, places)
    return reader.rows if places else None


def _heading_of(table):
    """Return ``(first row below the heading, columns)`` of the best heading."""
    best = (0, {})
    for index, row in enumerate(table[:HEADING_ROWS]):
        places = find_columns(row)
        if _is_heading(places) and len(places) > len(best[1]):
            best = (index + 1, places)
        if index + 1 < len(table):
            both = find_columns(row, table[index + 1])
            if _is_heading(both) and len(both) > len(best[1]):
                best = (index + 2, both)
    return best if best[1] else (0, None)


class _Reader:
    """Takes the rows one after the other and knows where it stands."""

    def __init__(self, year):
        self.year = year
        self.rows = []
        self.factor = 1
        self.area = PlanRow(0, "area")
        self._tops = {}
        self._last_top = None
        self._seen = set()

    def add(self, number, cells, places):
        """Take the next row of the table."""
        cell = {
            name: cells[place] if place < len(cells) else ""
            for name, place in places.items()
        }
        texts = [plain(value).strip() for value in cells]
        filled = [text for text in texts if text]
        if not filled or all(_NUMBERS.fullmatch(text) for text in filled):
            return
        if _is_heading(find_columns(cells)):
            return
        code, name = self._split(cell)
        if not name and len(set(filled)) == 1:
            # a title across the table stands in its first column
            code, name = _inline(filled[0])
        if not name or _TOTAL.fullmatch(normalise(name)):
            return
        others = any(
            plain(cell.get(key, "")).strip()
            for key in ("product", "lead", "coordinating", "deadline", "budget")
        )
        if not others and self._take_area(number, code, name):
            return
        self._take_task(number, code, name, cell)

    def _split(self, cell):
        code = re.sub(r"[\s()]+", "", plain(cell.get("code", ""))).strip(".)/")
        name = plain(cell.get("name", "")).strip()
        if isinstance(cell.get("name"), Same):
            name = ""
        inline, rest = _inline(name)
        if not code:
            return inline, rest
        return code, rest if inline == code else name

    def _take_area(self, number, code, name):
        key = area_key(name)
        roman = _ROMAN.fullmatch(code)
        single = code.isdigit() or (len(code) == 1 and code.isupper()) or not code
        if not roman and not (key and single and len(name) <= 160):
            return False
        if not roman and not key:
            return False
        self.area = PlanRow(number, "area", code=code, area=key or "")
        self.area.area_code = code if roman else ""
        self.area.values = {"name": _one_line(name)}
        if not key:
            self.area.problems.append(Problem("area", "name", _one_line(name)[:80]))
        self.rows.append(self.area)
        self._tops, self._last_top = {}, None
        return True

    def _take_task(self, number, code, name, cell):
        text = _one_line(_BULLET.sub("", name))
        if not text:
            # a dash alone is a mark and no task
            return
        row = PlanRow(number, "task", code=code, area=self.area.area)
        row.area_code = self.area.area_code
        above = self._above(code, name)
        row.values = {
            "code": code,
            "name": text,
            "product": _one_line(plain(cell.get("product", ""))),
            "lead": _one_line(plain(cell.get("lead", "")), "; "),
            "coordinating": _one_line(plain(cell.get("coordinating", "")), "; "),
            "deadline": _one_line(plain(cell.get("deadline", ""))),
            "basis": _one_line(plain(cell.get("basis", ""))),
            "note": _one_line(plain(cell.get("note", ""))),
            "budget_source": _one_line(plain(cell.get("budget_source", ""))),
        }
        row.source = [
            row.values.get(key) or plain(cell.get(key, "")) for key in LAYOUT.columns
        ]
        if above is not None:
            row.above = above.number
            above.has_parts = True
        elif code or self._last_top is None or not _BULLET.match(name):
            self._last_top = row
            self._tops[code] = row
        self._read_deadline(row, cell.get("deadline", ""))
        self._read_budget(row, cell.get("budget", ""))
        self._check(row)
        self.rows.append(row)

    def _above(self, code, name):
        """Return the row of the task that a row is part of."""
        parts = code.split(".") if code else []
        if parts and _ROMAN.fullmatch(parts[0]) and len(parts) > 1:
            parts = parts[1:]
        if _LETTER.fullmatch(parts[-1]) if parts else _BULLET.match(name):
            if len(parts) > 1:
                return self._tops.get(code.rpartition(".")[0], self._last_top)
            return self._last_top
        if len(parts) > 1:
            return self._tops.get(code.rpartition(".")[0])
        return None

    def _read_deadline(self, row, value):
        found = read_deadline(value, self.year)
        row.values["deadline_type"] = found.kind if found else ""
        row.values["date_deadline"] = (
            found.day.isoformat() if found and found.day else ""
        )
        if not found and row.values["deadline"]:
            row.problems.append(Problem("deadline", "deadline", row.values["deadline"]))

    def _read_budget(self, row, value):
        amount, rest = read_money(value, self.factor)
        row.values["budget"] = 0 if isinstance(value, Same) else amount
        if rest and not row.values["budget_source"]:
            row.values["budget_source"] = rest

    def _check(self, row):
        if not self.area.number:
            row.problems.append(Problem("no_area", "name", row.values["name"][:80]))
        key = (row.area, row.area_code, row.above, normalise(row.values["name"]))
        if key in self._seen:
            row.problems.append(Problem("twice", "name", row.values["name"][:80]))
        self._seen.add(key)
        if len(row.values["name"]) > 1000:
            row.problems.append(
                Problem("too_long", "name", row.values["name"][:80], "1000")
            )


def area_key(text):
    """Return which of the seven areas a title names, or ``None``."""
    bare = normalise(text)
    for key, pattern in _AREAS:
        if re.search(pattern, bare):
            return key
    return None


def read_money(value, factor=1):
    """Return ``(đồng, rest)``: what a cell says of money, and other words in it.

    :param int factor: what the heading says a bare number is in, e.g. a million đồng
    """
    if isinstance(value, bool):
        return 0, ""
    if isinstance(value, int | float):
        return (round(value * factor), "") if 0 <= value < 10**12 else (0, "")
    text = _one_line(plain(value))
    found = _MONEY.match(normalise(text))
    if not found or not re.search(r"\d", found[1]):
        return 0, "" if normalise(text) in ("", "khong", "-", "0") else text
    digits, word = found[1].strip(), found[2]
    factor = _FACTORS.get(word, factor)
    if factor > 1:
        whole, _comma, part = digits.replace(".", ",").partition(",")
        whole, part = re.sub(r"\D", "", whole)[:9], re.sub(r"\D", "", part)[:3]
        return round(float(f"{whole or 0}.{part or 0}") * factor), ""
    return int(re.sub(r"\D", "", digits)[:15]), ""


def _factor_of(heading, places):
    """Return what a heading says that amounts are written in."""
    words = " ".join(
        normalise(row[places["budget"]])
        for row in heading
        if places.get("budget", len(row)) < len(row)
    )
    return 10**6 if "trieu" in words else 10**3 if "nghin" in words else 1


def _inline(name):
    """Return ``(number, rest)`` of a text that begins with its number."""
    found = _INLINE.match(name)
    if not found:
        return "", name
    return found[1].rstrip(".)"), name[found.end() :].strip()


def _one_line(text, between=" "):
    return between.join(part.strip() for part in text.splitlines() if part.strip())


#: The columns as the template and the sheet of rows to mend have them.
LAYOUT = Layout(
    title="Nhiệm vụ",
    columns={
        "code": ("TT",),
        "name": ("Nội dung nhiệm vụ",),
        "product": ("Sản phẩm (kết quả đầu ra)",),
        "lead": ("Cơ quan chủ trì",),
        "coordinating": ("Cơ quan phối hợp",),
        "deadline": ("Thời gian hoàn thành",),
        "budget": ("Kinh phí",),
        "basis": ("Căn cứ",),
        "note": ("Ghi chú",),
    },
    required=("name",),
    identity=("code",),
    codes={},
    read_row=None,
    json_cells=None,
    max_rows=MAX_ROWS,
    example={
        "code": "1",
        "name": "Ví dụ (xóa dòng này): Ban hành Kế hoạch tuyên truyền CCHC",
        "product": "Kế hoạch của UBND xã",
        "lead": "Phòng Văn hóa - Xã hội",
        "coordinating": "Văn phòng HĐND và UBND",
        "deadline": "Quý I",
        "budget": "5.000.000",
    },
    hints=(
        "Dòng lĩnh vực: số La Mã ở cột TT, tên lĩnh vực ở cột nội dung.",
        "Thời gian: 30/6/2026, Tháng 9, Quý II, Hằng quý, Trong năm, Thường xuyên.",
        "Nhiệm vụ thành phần: 1.1 hoặc a) dưới nhiệm vụ 1.",
    ),
    wide=("name", "product", "lead", "coordinating"),
)
