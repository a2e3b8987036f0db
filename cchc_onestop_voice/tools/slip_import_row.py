"""One row of a list of paper slips: what a cell means (no ORM here).

Cells are untrusted. Whatever they hold, a row comes out with values or with the list of
what is wrong in it; nothing is raised.
"""

from odoo.addons.cchc_onestop.tools.dossier_import_row import (
    BadCell,
    plain,
    read_cells,
    read_choice,
    read_code,
    read_moment,
    read_text,
)
from odoo.addons.cchc_onestop.tools.import_layout import Layout
from odoo.addons.cchc_onestop.tools.search_text import normalise

#: Column -> heading of the template and further headings that are understood.
COLUMNS = {
    "code": ("Mã hồ sơ", "mã số hồ sơ", "số hồ sơ"),
    "day": ("Ngày đánh giá", "ngày", "ngày ghi phiếu"),
    "level": ("Mức độ chung", "đánh giá chung", "mức độ hài lòng", "mức độ"),
    "marks": ("Câu trả lời", "các câu trả lời", "tiêu chí", "trả lời"),
    "comment": ("Ý kiến khác", "ý kiến", "góp ý", "nội dung"),
}
HEADINGS = {name: wordings[0] for name, wordings in COLUMNS.items()}
#: What is written in the columns of levels -> (level here, official words).
LEVELS = {
    "1": ("very_satisfied", "Rất hài lòng"),
    "2": ("satisfied", "Hài lòng"),
    "3": ("dissatisfied", "Không hài lòng"),
}
_WORDS = {
    **{normalise(words): number for number, (_key, words) in LEVELS.items()},
    "chua hai long": "3",
}


def _read_code(value):
    return read_code(value).upper()


def _read_day(value):
    """Return the ISO form of a day, "" for an empty cell: that of the import."""
    return read_moment(value)[:10]


def _read_marks(value):
    """Return a figure for each question, see :data:`LEVELS`; 0 is nothing ticked."""
    marks = "".join(char for char in plain(value) if not char.isspace() and char != ",")
    if set(marks) - set("0123"):
        raise BadCell("marks")
    return marks


_READERS = {
    "code": _read_code,
    "day": _read_day,
    "level": read_choice("level", LEVELS, _WORDS),
    "marks": _read_marks,
    "comment": read_text,
}


def read_row(number, cells):
    """Return the ``Row`` of the cells of one slip."""
    return read_cells(number, cells, _READERS, lambda row: [])


def _json_cells(record):
    """Return the cells of a record of JSON: its names are the headings."""
    by_heading = LAYOUT.by_heading
    return {
        by_heading[normalise(str(key))]: value
        for key, value in record.items()
        if normalise(str(key)) in by_heading and not isinstance(value, dict | list)
    }


LAYOUT = Layout(
    title="Phiếu đánh giá",
    columns=COLUMNS,
    required=("code", "level"),
    identity=("code",),
    codes={"level": LEVELS},
    read_row=read_row,
    json_cells=_json_cells,
    max_rows=5000,
    wide=("comment",),
    example={
        "code": "Ví dụ (xóa dòng này)",
        "day": "04/11/2026",
        "level": "2",
        "marks": "122211100",
        "comment": "Cần thêm ghế chờ",
    },
    hints=(
        "Ngày: dd/mm/yyyy; để trống là ngày nhập.",
        "Câu trả lời: mỗi câu hỏi của mẫu phiếu một chữ số theo thứ tự trên phiếu: "
        "1 rất hài lòng, 2 hài lòng, 3 không hài lòng, 0 không đánh dấu. "
        "Định dạng cột là văn bản để giữ chữ số 0 ở đầu.",
        "Không ghi tên người đánh giá.",
    ),
)
