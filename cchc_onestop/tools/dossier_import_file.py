"""Lists of dossiers or results: workbook, JSON, and the archive of their documents.

All are untrusted and may be large: rows come one after the other, nothing is unpacked
to a disk, and every limit is checked before and while reading.
"""

import io
import json
import posixpath
import re
import stat
import unicodedata
import zipfile
import zlib

import xlsxwriter
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from .catalogue_parser import CatalogueError
from .catalogue_xlsx import BROKEN, check_archive
from .dossier_import_row import CODES, COLUMNS, REQUIRED, Problem, read_row
from .import_layout import Layout
from .search_text import normalise

MAX_BYTES = 200 * 1024 * 1024
MAX_UNPACKED = 800 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 60
HEADING_ROWS = 30
#: Characters of one dossier in JSON, and of what stands before the list.
MAX_RECORD = 1024 * 1024
_CHUNK = 1024 * 1024

#: Document of a dossier, and all documents of an archive, in bytes.
MAX_FILE = 25 * 1024 * 1024
MAX_ALL_FILES = 20 * 1024**3
MAX_MEMBERS = 500_000
#: No document shrinks more than this; what claims to is made to fill the disk.
MAX_RATIO = 200
#: What a row of a template begins with that is only an example.
EXAMPLE = "vi du"
#: What the row of sums begins with that people write below a list.
_SUM = re.compile(r"tong cong\b.*|(?:tong|tong so|cong)[^a-z]*")

#: Keys of DongBoHoSoMC -> columns.
_JSON = {
    "MaHoSo": "code",
    "MaTTHC": "procedure",
    "ChuHoSo": "name",
    "LoaiDoiTuong": "kind",
    "MaDoiTuong": "identity",
    "NgaySinh": "birth_date",
    "DiaChi": "address",
    "SoDienThoai": "phone",
    "Email": "email",
    "KenhThucHien": "channel",
    "NgayTiepNhan": "received_at",
    "NgayHenTra": "due_at",
    "TrangThaiHoSo": "state",
    "NgayKetThucXuLy": "ended_at",
    "NgayTra": "returned_at",
    "DonViXuLy": "unit",
    "NguoiXuLy": "handler",
    "LyDoQuaHan": "late_reason",
    "GhiChu": "note",
}
#: Names of the list of dossiers in the object around it.
_LISTS = ("data", "danhsachhoso", "hoso", "records")


def read_file(source, is_xlsx, layout=None):
    """Yield the :class:`~.dossier_import_row.Row` of each row of a file.

    :param source: binary file, can be sought
    :param bool is_xlsx: a workbook, else JSON
    :param layout: what the list looks like; by default :data:`DOSSIERS`
    :raise CatalogueError: when the file as a whole cannot be read
    """
    source.seek(0, io.SEEK_END)
    if source.tell() > MAX_BYTES:
        raise CatalogueError("too_big", size=MAX_BYTES // 1024 // 1024)
    source.seek(0)
    layout = layout or DOSSIERS
    seen = {}
    found = False
    for number, cells in (read_xlsx if is_xlsx else read_json)(source, layout):
        found = True
        row = layout.read_row(number, cells)
        code = row.values.get("code")
        identity = tuple(row.values.get(name) for name in layout.identity)
        if code and identity in seen:
            row.problems.append(Problem("duplicate", "code", code, str(seen[identity])))
        elif code:
            seen[identity] = number
            if len(seen) > layout.max_rows:
                raise CatalogueError("too_many", count=layout.max_rows)
        yield row
    if not found:
        raise CatalogueError("no_dossiers")


# ----------------------------------------------------------------------
# Workbook
# ----------------------------------------------------------------------
def read_xlsx(source, layout):
    """Yield ``(row number, cells)`` of the first sheet with the headings."""
    check_archive(source, MAX_BYTES, MAX_UNPACKED)
    source.seek(0)
    try:
        book = load_workbook(source, read_only=True, keep_links=False)
    except (InvalidFileException, *BROKEN) as error:
        raise CatalogueError("xlsx") from error
    try:
        for sheet in book.worksheets:
            # Of what the file says of its size nothing is believed.
            sheet.reset_dimensions()
            if found := _find_headings(sheet, layout):
                yield from _sheet_rows(sheet, *found)
                return
    except BROKEN as error:
        raise CatalogueError("xlsx") from error
    finally:
        book.close()
    raise CatalogueError("template")


def _find_headings(sheet, layout):
    rows = sheet.iter_rows(max_row=HEADING_ROWS, max_col=MAX_COLUMNS, values_only=True)
    for number, row in enumerate(rows, 1):
        places = _match_headings(row, layout)
        if all(name in places for name in layout.required):
            return number, places
    return None


def _match_headings(row, layout):
    places = {}
    for index, value in enumerate(row):
        if isinstance(value, str):
            heading = normalise(value.split("(")[0].strip(" *:\n"))
            name = layout.by_heading.get(heading)
            if name:
                places.setdefault(name, index)
    return places


def _sheet_rows(sheet, heading_row, places):
    rows = sheet.iter_rows(
        min_row=heading_row + 1, max_col=MAX_COLUMNS, values_only=True
    )
    columns = tuple(places.items())
    for number, row in enumerate(rows, heading_row + 1):
        width = len(row)
        cells = {
            name: row[index]
            for name, index in columns
            if index < width and row[index] is not None
        }
        if not any(value != "" for value in cells.values()):
            continue
        if normalise(cells.get("code", "")).startswith(EXAMPLE):
            continue
        first = next(value for value in row if value not in (None, ""))
        if _SUM.fullmatch(normalise(first)):
            continue
        yield number, cells


def write_template(stream, layout=None):
    """Write the workbook to fill in: headings, an example, a sheet of the codes."""
    layout = layout or DOSSIERS
    with xlsxwriter.Workbook(stream, {"strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#DDEBF7", "text_wrap": True})
        grey = book.add_format({"italic": True, "font_color": "#808080"})
        sheet = book.add_worksheet(layout.title)
        for index, (name, heading) in enumerate(layout.headings.items()):
            mark = " *" if name in layout.required else ""
            sheet.write_string(0, index, heading + mark, bold)
            sheet.write_string(1, index, layout.example.get(name, ""), grey)
            sheet.set_column(index, index, 30 if name in layout.wide else 20)
        sheet.freeze_panes(1, 1)
        codes = book.add_worksheet("Mã")
        line = 0
        for name, entries in layout.codes.items():
            codes.write_string(line, 0, layout.headings[name], bold)
            for number, (_key, words) in entries.items():
                line += 1
                codes.write_string(line, 0, number)
                codes.write_string(line, 1, words)
            line += 2
        for text in layout.hints:
            codes.write_string(line, 0, text)
            line += 1
        codes.set_column(1, 1, 50)


_EXAMPLE_ROW = {
    "code": "Ví dụ (xóa dòng này)",
    "procedure": "1.001193",
    "name": "Nguyễn Thị Hoa",
    "kind": "1",
    "identity": "045190000123",
    "birth_date": "08/03/1990",
    "address": "Thôn Trường Xuân",
    "phone": "0912345678",
    "channel": "1",
    "received_at": "02/11/2026 08:15",
    "due_at": "05/11/2026 17:00",
    "state": "10",
    "ended_at": "04/11/2026 09:00",
    "returned_at": "04/11/2026 10:00",
    "unit": "Văn phòng",
    "handler": "Trần Văn Nam",
    "fee": "8000",
    "files": "to-khai.pdf; ket-qua.pdf",
}
_HINTS = (
    "Ngày: dd/mm/yyyy hoặc dd/mm/yyyy HH:MM (giờ Việt Nam).",
    "Tệp: tên các tệp trong tập tin nén .zip, cách nhau bằng dấu chấm phẩy.",
    "Hồ sơ chưa hoặc không được tiếp nhận (1, 3) không chuyển sang.",
)


class ErrorSheet:
    """A workbook of the rows to be corrected, ready to be imported again.

    Cells are texts: one that begins with = + - @ stays what it was.
    """

    def __init__(self, stream, reason_title, layout=None):
        headings = (layout or DOSSIERS).headings
        self._book = xlsxwriter.Workbook(
            stream,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
            },
        )
        self._sheet = self._book.add_worksheet()
        bold = self._book.add_format({"bold": True})
        self._sheet.set_column(len(headings), len(headings), 80)
        for index, heading in enumerate((*headings.values(), reason_title)):
            self._sheet.write_string(0, index, heading, bold)
        self._line = 0

    def add(self, source, reason):
        """Write the cells of a row and what is wrong with it."""
        self._line += 1
        for index, text in enumerate((*source, reason)):
            if text:
                self._sheet.write_string(self._line, index, text[:32767])

    def close(self):
        """Finish the workbook."""
        self._book.close()


# ----------------------------------------------------------------------
# JSON
# ----------------------------------------------------------------------
def read_json(source, layout):
    """Yield ``(number of the record, cells)`` of a list in the DongBoHoSoMC shape.

    One record is in memory at a time.
    """
    for number, record in enumerate(_records(source), 1):
        if not isinstance(record, dict):
            raise CatalogueError("json_record", text=str(number))
        yield number, layout.json_cells(record)


def _records(source):
    reader = _JsonReader(source)
    try:
        yield from reader.records()
    except UnicodeDecodeError as error:
        raise CatalogueError("json", text="UTF-8") from error
    except RecursionError as error:
        raise CatalogueError("json", text="…[[[[…") from error


class _JsonReader:
    """Reads a long list record by record from a window of the text."""

    def __init__(self, source):
        self._text = io.TextIOWrapper(source, encoding="utf-8-sig", newline="")
        self._decoder = json.JSONDecoder(parse_constant=_refuse_constant)
        self._window, self._at, self._end = "", 0, False

    def records(self):
        try:
            yield from self._records()
        finally:
            # The file belongs to who gave it.
            self._text.detach()

    def _records(self):
        if self._peek() == "{":
            self._enter_object()
        if self._peek() != "[":
            raise CatalogueError("json_no_dossiers")
        self._at += 1
        if self._peek() == "]":
            return
        while True:
            yield self._value()
            mark = self._peek()
            self._at += 1
            if mark == "]":
                return
            if mark != ",":
                raise CatalogueError("json", text=mark or "…")

    def _enter_object(self):
        """Go to the list of dossiers in the object around it."""
        self._at += 1
        while self._peek() == '"':
            key = self._value()
            if self._peek() != ":":
                raise CatalogueError("json", text=str(key)[:40])
            self._at += 1
            if self._peek() == "[" and key.casefold() in _LISTS:
                return
            self._value()
            if self._peek() != ",":
                break
            self._at += 1
        raise CatalogueError("json_no_dossiers")

    def _more(self):
        chunk = self._text.read(_CHUNK)
        self._end = not chunk
        self._window = self._window[self._at :] + chunk
        self._at = 0

    def _peek(self):
        """Return the next character that is not blank, "" at the end."""
        while True:
            while self._at < len(self._window):
                char = self._window[self._at]
                if char not in " \t\r\n":
                    return char
                self._at += 1
            if self._end:
                return ""
            self._more()

    def _value(self):
        self._peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._window, self._at)
                # A number at the edge of the window may go on beyond it.
                if end < len(self._window) or self._end:
                    self._at = end
                    return value
            except ValueError as error:
                if self._end or len(self._window) - self._at > MAX_RECORD:
                    raise CatalogueError("json", text=str(error)[:120]) from error
            if self._end:
                continue
            if len(self._window) - self._at > MAX_RECORD + _CHUNK:
                raise CatalogueError("json", text="> 1 MB")
            self._more()


def _refuse_constant(name):
    raise ValueError(name)


def _json_cells(record):
    cells = {}
    for key, name in _JSON.items():
        value = record.get(key)
        if value is None or isinstance(value, bool | dict | list):
            continue
        cells[name] = value
    fees = record.get("DanhSachLePhi")
    if isinstance(fees, list) and fees:
        cells["fee"] = _sum_fees(fees)
    files = [
        last_part(entry.get(key))
        for group, keys in (
            ("TaiLieuNop", ("TenTepDinhKem", "DuongDanTaiTepTin")),
            ("DanhSachGiayToKetQua", ("DuongDanTepTinKetQua",)),
        )
        for entry in _entries(record.get(group))
        if str(entry.get("IsDeleted")).casefold() not in ("true", "1")
        for key in [next((key for key in keys if entry.get(key)), keys[0])]
    ]
    cells["files"] = [name for name in files if name]
    return cells


def _entries(value):
    return (
        [entry for entry in value or () if isinstance(entry, dict)]
        if isinstance(value, list)
        else []
    )


def _sum_fees(fees):
    total = 0
    for entry in _entries(fees):
        amount = entry.get("Gia")
        if amount in (None, ""):
            continue
        if isinstance(amount, float) and amount.is_integer():
            amount = int(amount)
        if isinstance(amount, str) and amount.isascii() and amount.isdigit():
            amount = int(amount[:16])
        if not isinstance(amount, int) or isinstance(amount, bool) or amount < 0:
            return str(amount)[:80]
        total += amount
    return total


def last_part(value):
    """Return the name of a file in a path or address."""
    return posixpath.basename(str(value or "").replace("\\", "/").split("?")[0])


#: The list of old dossiers of other software.
DOSSIERS = Layout(
    title="Hồ sơ",
    columns=COLUMNS,
    required=REQUIRED,
    identity=("code",),
    codes=CODES,
    read_row=read_row,
    json_cells=_json_cells,
    max_rows=MAX_ROWS,
    example=_EXAMPLE_ROW,
    hints=_HINTS,
    wide=("address", "note"),
)


# ----------------------------------------------------------------------
# Documents
# ----------------------------------------------------------------------
class Documents:
    """The archive of documents beside the list; nothing of it is written anywhere.

    :param source: binary file of a zip archive
    :raise CatalogueError: when it is none, or made to do harm
    """

    def __init__(self, source):
        try:
            self._archive = zipfile.ZipFile(source)
        except (zipfile.BadZipFile, OSError, ValueError, EOFError) as error:
            raise CatalogueError("zip") from error
        self._members, self._names = {}, {}
        members = self._archive.infolist()
        total = sum(member.file_size for member in members)
        if len(members) > MAX_MEMBERS or total > MAX_ALL_FILES:
            raise CatalogueError("zip_bomb")
        for member in members:
            self._add(member)

    def _add(self, member):
        name = unicodedata.normalize("NFC", member.filename).replace("\\", "/")
        parts = name.split("/")
        if name.startswith("/") or ":" in parts[0] or ".." in parts or "\0" in name:
            raise CatalogueError("zip_slip", text=name[:80])
        if stat.S_ISLNK(member.external_attr >> 16):
            raise CatalogueError("zip_slip", text=name[:80])
        if member.is_dir():
            return
        if member.flag_bits & 1:
            raise CatalogueError("zip_encrypted", text=name[:80])
        if member.file_size > MAX_RATIO * max(member.compress_size, 4096):
            raise CatalogueError("zip_bomb")
        self._members[name.casefold()] = member
        self._names.setdefault(parts[-1].casefold(), []).append(member)

    def check(self, name):
        """Return the key of what is wrong with a document, or ``None``."""
        member, problem = self._find(name)
        if problem:
            return problem
        if member.file_size > MAX_FILE:
            return "file_too_big"
        return None

    def content(self, name):
        """Return the bytes of a document.

        :raise CatalogueError: when it is not there, too big or damaged
        """
        member, problem = self._find(name)
        if problem:
            raise CatalogueError(problem, text=name)
        try:
            with self._archive.open(member) as part:
                content = part.read(MAX_FILE + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            NotImplementedError,
            RuntimeError,
            EOFError,
            OSError,
        ) as error:
            raise CatalogueError("file_broken", text=name) from error
        if len(content) > MAX_FILE:
            raise CatalogueError("file_too_big", text=name)
        return content

    def _find(self, name):
        wanted = unicodedata.normalize("NFC", name).replace("\\", "/").casefold()
        if wanted in self._members:
            return self._members[wanted], None
        alike = self._names.get(wanted, ())
        if len(alike) == 1:
            return alike[0], None
        return None, "file_double" if alike else "file_missing"

    def close(self):
        """Close the archive."""
        self._archive.close()
