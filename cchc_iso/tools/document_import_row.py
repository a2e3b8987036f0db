"""One row of an office's list of process documents: what a cell of it means.

Plain Python. Cells are untrusted. Whatever they hold, a row comes out with values or
with the list of what is wrong in it; nothing is raised.
"""

from odoo.addons.cchc_onestop.tools.dossier_import_row import (
    BadCell,
    Problem,
    read_cells,
    read_choice,
    read_files,
    read_line,
    read_moment,
)
from odoo.addons.cchc_onestop.tools.import_layout import Layout
from odoo.addons.cchc_onestop.tools.search_text import normalise

#: Column -> heading of the template and further headings that are understood.
COLUMNS = {
    "code": ("Mã hiệu", "mã tài liệu", "ký hiệu", "mã số"),
    "name": ("Tên tài liệu", "tên quy trình", "tên"),
    "type": ("Loại tài liệu", "loại"),
    "number": ("Lần ban hành", "lần bh", "lần sửa đổi"),
    "day": ("Ngày ban hành", "ngày hiệu lực", "ngày có hiệu lực"),
    "procedure": ("Mã TTHC", "mã thủ tục", "mã thủ tục hành chính"),
    "unit": ("Bộ phận", "phòng, ban", "đơn vị", "bộ phận chủ trì"),
    "files": ("Tệp", "tệp đính kèm", "tập tin"),
}
HEADINGS = {name: wordings[0] for name, wordings in COLUMNS.items()}
#: Number in the list -> (kind of document here, words).
TYPES = {
    "1": ("policy", "Chính sách chất lượng"),
    "2": ("objectives", "Mục tiêu chất lượng"),
    "3": ("manual", "Sổ tay chất lượng"),
    "4": ("system_procedure", "Quy trình hệ thống"),
    "5": ("procedure_process", "Quy trình giải quyết TTHC"),
    "6": ("work_instruction", "Hướng dẫn công việc"),
    "7": ("form", "Biểu mẫu"),
    "8": ("external", "Tài liệu bên ngoài"),
}
_WORDS = {
    **{normalise(words): number for number, (_key, words) in TYPES.items()},
    "quy trinh tthc": "5",
    "quy trinh giai quyet thu tuc hanh chinh": "5",
    "quy trinh tac nghiep": "5",
    "quy trinh noi bo": "5",
    "huong dan": "6",
    "bieu mau": "7",
    "tai lieu ben ngoai": "8",
}
MAX_CODE = 64
#: Issues that a document can have had.
MAX_NUMBER = 999
_EXTENSIONS = (".pdf", ".doc", ".docx", ".odt")


def _read_code(value):
    text = read_line(value)
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


def _read_number(value):
    text = read_line(value)
    if not text:
        raise BadCell("missing")
    digits = text.removesuffix(".0")
    if (
        not digits.isascii()
        or not digits.isdigit()
        or not 1 <= int(digits) <= MAX_NUMBER
    ):
        raise BadCell("issue_number", str(MAX_NUMBER))
    return int(digits)


def _read_day(value):
    text = read_moment(value)
    if not text:
        raise BadCell("missing")
    return text[:10]


def _read_procedure(value):
    if isinstance(value, float):
        # 1.001193 typed as a number; the zeros at its end are gone
        value = f"{value:.6f}"
    return read_line(value).replace(" ", "")


def _read_file(value):
    names = read_files(value)
    if len(names) > 1:
        raise BadCell("many_files", "1")
    if names and not names[0].lower().endswith(_EXTENSIONS):
        raise BadCell("file_kind", ", ".join(_EXTENSIONS))
    return names


_READERS = {
    "code": _read_code,
    "name": _read_name,
    "type": read_choice("type", TYPES, _WORDS),
    "number": _read_number,
    "day": _read_day,
    "procedure": _read_procedure,
    "unit": read_line,
    "files": _read_file,
}


def read_row(number, cells):
    """Return the :class:`Row` of the cells of one document."""
    return read_cells(number, cells, _READERS, _contradictions)


def _contradictions(row):
    """Return what the cells of a row say against each other."""
    key = TYPES[row.values["type"]][0]
    if key == "procedure_process" and not row.values["procedure"]:
        return [Problem("procedure_needed", "procedure")]
    return []


def kind(number):
    """Return the kind of document that a number of the list stands for."""
    return TYPES[number][0]


def _json_cells(record):
    return {
        name: record[name]
        for name in COLUMNS
        if record.get(name) is not None and not isinstance(record[name], bool | dict)
    }


LAYOUT = Layout(
    title="Tài liệu",
    columns=COLUMNS,
    required=("code", "name", "type", "number", "day"),
    identity=("code", "number"),
    codes={"type": TYPES},
    read_row=read_row,
    json_cells=_json_cells,
    max_rows=3000,
    wide=("name",),
    example={
        "code": "Ví dụ (xóa dòng này)",
        "name": "Quy trình đăng ký khai sinh",
        "type": "5",
        "number": "02",
        "day": "15/03/2025",
        "procedure": "1.001193",
        "unit": "Văn phòng",
        "files": "QT-01.pdf",
    },
    hints=(
        "Ngày: dd/mm/yyyy.",
        "Mã TTHC: cần cho quy trình giải quyết thủ tục hành chính.",
        "Tệp: tên một tệp PDF hoặc Word trong tập tin nén .zip.",
        "Nhiều lần ban hành của một tài liệu: mỗi lần một dòng.",
    ),
)
