"""One row of results of other agencies: what a cell of their software means here.

Plain Python. Cells are untrusted. Whatever they hold, a row comes out with values or
with the list of what is wrong in it; nothing is raised.
"""

from .dossier_import_file import last_part
from .dossier_import_row import (
    BadCell,
    Problem,
    moment_text,
    read_cells,
    read_choice,
    read_code,
    read_files,
    read_line,
    read_moment,
    read_text,
)
from .import_layout import Layout
from .search_text import normalise

#: Column -> heading of the template and further headings that are understood.
COLUMNS = {
    "code": ("Mã hồ sơ bên ngoài", "mã hồ sơ", "mã bên ngoài", "mã hồ sơ liên thông"),
    "system": ("Phần mềm", "hệ thống", "phần mềm bên ngoài"),
    "part": ("Mã hồ sơ một cửa", "mã hồ sơ tại một cửa", "mã một cửa"),
    "state": ("Trạng thái", "trạng thái hồ sơ", "tình trạng"),
    "ended_at": ("Ngày có kết quả", "ngày kết thúc xử lý", "ngày kết thúc"),
    "number": ("Số kết quả", "số giấy tờ kết quả", "số thẻ", "số quyết định"),
    "note": ("Ghi chú", "lý do", "nội dung"),
    "files": ("Tệp", "tệp đính kèm", "tập tin"),
}
HEADINGS = {name: wordings[0] for name, wordings in COLUMNS.items()}
#: Status of the national portal (TrangThaiHoSo) -> what it means for a part here.
STATES = {
    "2": ("progress", "Được tiếp nhận"),
    "3": ("refused", "Không được tiếp nhận"),
    "4": ("progress", "Đang xử lý"),
    "5": ("progress", "Yêu cầu bổ sung giấy tờ"),
    "6": ("progress", "Yêu cầu thực hiện nghĩa vụ tài chính"),
    "8": ("refused", "Dừng xử lý"),
    "9": ("granted", "Đã xử lý xong"),
    "10": ("granted", "Đã trả kết quả"),
}
_WORDS = {
    **{normalise(words): number for number, (_key, words) in STATES.items()},
    "bo sung": "5",
    "yeu cau bo sung": "5",
    "cho bo sung": "5",
    "nghia vu tai chinh": "6",
    "tu choi": "8",
    "tu choi giai quyet": "8",
    "tu choi tiep nhan": "3",
    "khong giai quyet": "8",
    "hoan thanh": "9",
    "da co ket qua": "9",
    "da xu ly": "9",
    "da cap": "9",
    "da tra": "10",
}
#: Characters of the number of a result.
MAX_NUMBER = 64

_JSON = {
    "MaHoSo": "code",
    "HeThong": "system",
    "MaHoSoMotCua": "part",
    "TrangThaiHoSo": "state",
    "NgayKetThucXuLy": "ended_at",
    "SoKetQua": "number",
    "GhiChu": "note",
}


def outcome(number):
    """Return what a status means: ``progress``, ``granted`` or ``refused``."""
    return STATES[number][0]


def _read_number(value):
    text = read_line(value)
    if len(text) > MAX_NUMBER:
        raise BadCell("too_long", str(MAX_NUMBER))
    return text


_READERS = {
    "code": read_code,
    "system": read_line,
    "part": read_line,
    "state": read_choice("state", STATES, _WORDS),
    "ended_at": read_moment,
    "number": _read_number,
    "note": read_text,
    "files": read_files,
}


def read_row(number, cells):
    """Return the :class:`~.dossier_import_row.Row` of the cells of one result."""
    return read_cells(number, cells, _READERS, _contradictions)


def _contradictions(row):
    """Return what the cells of a row say against each other."""
    values, problems = row.values, []

    def complain(key, column, text=""):
        problems.append(Problem(key, column, text, STATES[values["state"]][1]))

    kind = outcome(values["state"])
    if kind == "progress":
        for name in ("ended_at", "number", "files"):
            if values[name]:
                text = values[name]
                complain(
                    "no_result_yet",
                    name,
                    moment_text(text) if name == "ended_at" else str(text),
                )
    elif not values["ended_at"]:
        complain("end_missing", "ended_at")
    if kind == "refused" and not values["note"]:
        complain("reason_missing", "note")
    return problems


def _json_cells(record):
    """Return the cells of a record as DongBoHoSoMC gives it, with the code here."""
    cells = {
        name: record[key]
        for key, name in _JSON.items()
        if record.get(key) is not None
        and not isinstance(record[key], bool | dict | list)
    }
    results = record.get("DanhSachGiayToKetQua")
    results = [
        entry
        for entry in (results if isinstance(results, list) else ())
        if isinstance(entry, dict)
    ]
    numbers = [
        str(number) for entry in results if (number := entry.get("MaGiayToKetQua"))
    ]
    if numbers:
        cells.setdefault("number", ", ".join(numbers))
    files = (last_part(entry.get("DuongDanTepTinKetQua")) for entry in results)
    cells["files"] = [name for name in files if name]
    return cells


LAYOUT = Layout(
    title="Kết quả",
    columns=COLUMNS,
    required=("code", "state"),
    identity=("system", "code"),
    codes={"state": STATES},
    read_row=read_row,
    json_cells=_json_cells,
    max_rows=5000,
    wide=("note",),
    example={
        "code": "Ví dụ (xóa dòng này)",
        "system": "Phần mềm bảo hiểm xã hội",
        "part": "H50.21-261102-0007",
        "state": "9",
        "ended_at": "04/11/2026 09:00",
        "number": "TE1450000012345",
        "files": "the-bhyt.pdf",
    },
    hints=(
        "Ngày: dd/mm/yyyy hoặc dd/mm/yyyy HH:MM (giờ Việt Nam).",
        "Mã hồ sơ một cửa: mã hồ sơ thành phần ở đây; cần khi chưa nhập mã bên ngoài.",
        "Phần mềm: cần khi hai phần mềm dùng cùng một mã.",
        "Tệp: tên các tệp trong tập tin nén .zip, cách nhau bằng dấu chấm phẩy.",
        "Từ chối, dừng xử lý (3, 8): ghi lý do ở cột Ghi chú.",
    ),
)
