"""Reading and writing the spreadsheet of a list of procedures (untrusted files)."""

import io
import re
import unicodedata
import zipfile
from xml.parsers import expat

import xlsxwriter
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from .catalogue_parser import (
    MAX_BYTES,
    MAX_ROWS,
    MAX_TEXT,
    CatalogueError,
    Item,
    check_code,
    mark_duplicates,
    parse_change,
    parse_channels,
    parse_fee,
    parse_legal_bases,
    parse_level,
    parse_online_level,
    parse_replacement,
    parse_time,
)
from .search_text import normalise

MAX_UNPACKED = 150 * 1024 * 1024
MAX_MEMBERS = 2_000
MAX_COLUMNS = 60
HEADING_ROWS = 40

# Column -> what its heading may hold, without accents; the first match counts.
_HEADINGS = {
    "code": ("ma tthc", "ma thu tuc", "ma so tthc", "ma so thu tuc", "ma ho so tthc"),
    "name": ("ten tthc", "ten thu tuc", "thu tuc hanh chinh", "ten tthc hanh chinh"),
    "sector": ("linh vuc",),
    "level": ("cap thuc hien", "cap giai quyet", "cap"),
    "time": ("thoi han", "thoi gian giai quyet", "thoi gian"),
    "place": ("dia diem",),
    "channels": ("cach thuc",),
    "fee": ("phi",),
    "legal": ("can cu phap ly", "can cu"),
    "online": ("muc do", "dvc", "dich vu cong truc tuyen"),
    "note": ("ghi chu", "tinh trang"),
    "keywords": ("tu khoa",),
}
COLUMNS = (
    "STT",
    "Mã TTHC",
    "Tên TTHC",
    "Lĩnh vực",
    "Cấp",
    "Thời hạn",
    "Địa điểm",
    "Cách thức",
    "Phí, lệ phí",
    "Căn cứ pháp lý",
    "Mức độ DVC",
    "Ghi chú",
)
# What the reader raises on a damaged archive or part of it.
BROKEN = (
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    SyntaxError,
    OSError,
    EOFError,
)
_SECTION = re.compile(r"^(?:[ivxlcdm\d]+[.)\s]+)?(?:linh vuc:?\s+)?(?P<name>.+)$")


def parse_xlsx(data):
    """Return the :class:`Item` list of the first sheet that is a list of procedures.

    :raise CatalogueError: when the bytes are no such spreadsheet
    """
    check_archive(io.BytesIO(data))
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    except (InvalidFileException, *BROKEN) as error:
        raise CatalogueError("xlsx") from error
    try:
        for sheet in book.worksheets:
            if found := _find_headings(sheet):
                return mark_duplicates(_read_sheet(sheet, *found))
    except BROKEN as error:
        raise CatalogueError("xlsx") from error
    finally:
        book.close()
    raise CatalogueError("headings")


def check_archive(source, max_bytes=MAX_BYTES, max_unpacked=MAX_UNPACKED):
    """Refuse what is no spreadsheet or would unpack to more than a list needs."""
    source.seek(0, io.SEEK_END)
    if source.tell() > max_bytes:
        raise CatalogueError("too_big", size=max_bytes // 1024 // 1024)
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            if len(members) > MAX_MEMBERS or unpacked > max_unpacked:
                raise CatalogueError("bomb")
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    with archive.open(member) as part:
                        _check_no_doctype(part)
    # zipfile says NotImplementedError of an unknown compression and RuntimeError of an
    # encrypted member: both are files that the sender has to save again.
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise CatalogueError("xlsx") from error
    except (EOFError, expat.ExpatError, ValueError) as error:
        raise CatalogueError("xlsx") from error


class _RootSeen(Exception):
    """The document element has begun: no document type can follow."""


def _check_no_doctype(part):
    """Refuse an XML part with a document type: no spreadsheet needs entities."""
    parser = expat.ParserCreate()

    def refuse(*_args):
        raise CatalogueError("doctype")

    def stop(*_args):
        raise _RootSeen

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    try:
        while chunk := part.read(65536):
            parser.Parse(chunk, False)
    except _RootSeen:
        return


def read_table(data, headings, needed):
    """Return the rows of the first sheet with the ``needed`` columns.

    :param headings: ``{column: wordings of its heading, without accents}``
    :return: list of ``(row number, {column: text})``; rows without a name in the first
        of the ``needed`` columns, such as titles of groups, are left out
    :raise CatalogueError: when the bytes are no such spreadsheet or hold a formula
    """
    check_archive(io.BytesIO(data))
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    except (InvalidFileException, *BROKEN) as error:
        raise CatalogueError("xlsx") from error
    try:
        for sheet in book.worksheets:
            if found := _find_headings(sheet, headings, needed):
                return _read_rows(sheet, *found, needed)
    except BROKEN as error:
        raise CatalogueError("xlsx") from error
    finally:
        book.close()
    raise CatalogueError("table")


def _read_rows(sheet, heading_row, columns, needed):
    rows = []
    cells = sheet.iter_rows(min_row=heading_row + 1, max_col=MAX_COLUMNS)
    for number, row in enumerate(cells, heading_row + 1):
        if number > heading_row + MAX_ROWS:
            raise CatalogueError("too_many", count=MAX_ROWS)
        texts = {name: _cell_text(row, columns, name) for name in columns}
        if all(texts[name] for name in needed):
            rows.append((number, texts))
    if not rows:
        raise CatalogueError("empty")
    return rows


def _find_headings(sheet, headings=None, needed=("code", "name")):
    """Return ``(row number, {column name: index})``, or None."""
    rows = sheet.iter_rows(max_row=HEADING_ROWS, max_col=MAX_COLUMNS)
    for number, row in enumerate(rows, 1):
        columns = _match_headings([normalise(cell.value) for cell in row], headings)
        if all(name in columns for name in needed):
            return number, columns
    return None


def _match_headings(cells, headings=None):
    columns = {}
    for name, wordings in (headings or _HEADINGS).items():
        for wording in wordings:
            hits = [
                index
                for index, text in enumerate(cells)
                if index not in columns.values()
                and re.search(rf"(?<!\w){re.escape(wording)}(?!\w)", text)
            ]
            if hits:
                columns[name] = hits[0]
                break
    return columns


def _read_sheet(sheet, heading_row, columns):
    items = []
    section = ""
    rows = sheet.iter_rows(
        min_row=heading_row + 1,
        max_row=heading_row + MAX_ROWS + 1,
        max_col=MAX_COLUMNS,
    )
    for number, row in enumerate(rows, heading_row + 1):
        if number > heading_row + MAX_ROWS:
            raise CatalogueError("too_many", count=MAX_ROWS)
        filled = [cell for cell in row if cell.value not in (None, "")]
        if not filled:
            continue
        title = _section_title(row, filled, columns)
        if title:
            section = title
            continue
        items.append(_read_row(row, number, columns, section))
    if not items:
        raise CatalogueError("empty")
    return items


def _section_title(row, filled, columns):
    """Return the field that a row of its own names, as lists group procedures."""
    code = row[columns["code"]].value if columns["code"] < len(row) else None
    texts = [str(cell.value).strip() for cell in filled]
    if code not in (None, "") and len(texts) > 1:
        return ""
    words = [text for text in texts if not re.fullmatch(r"[\dIVXLC.]+", text)]
    if len(words) != 1 or re.match(r"^\d\.\d", words[0]):
        return ""
    plain = normalise(words[0])
    found = _SECTION.match(plain)
    if not found or ("linh vuc" not in plain and len(texts) > 2):
        return ""
    tail = len(found["name"].split())
    return " ".join(words[0].split()[-tail:]).strip(" .:").capitalize()


def _cell_text(row, columns, name):
    """Return the text of the cell in the column ``name``.

    :raise CatalogueError: for a formula, whose stored result may be out of date
    """
    index = columns.get(name)
    if index is None or index >= len(row):
        return ""
    cell = row[index]
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f" or (isinstance(value, str) and value.startswith("=")):
        raise CatalogueError("formula", text=getattr(cell, "coordinate", ""))
    if cell.data_type == "e":
        raise CatalogueError("error_cell", text=getattr(cell, "coordinate", ""))
    if isinstance(value, float) and name == "code":
        # a code typed as a number: 1.001193 survives, its zeros at the end do not
        value = f"{value:.6f}"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unicodedata.normalize("NFC", str(value)).strip()[:MAX_TEXT]


def _read_row(row, number, columns, section):
    item = Item(number, source=[_plain_text(cell.value) for cell in row])
    while item.source and not item.source[-1]:
        item.source.pop()
    try:
        name = " ".join(_cell_text(row, columns, "name").split())
        item.identity = {"name": name, "code": _cell_text(row, columns, "code")}
        item.identity["code"] = check_code(item.identity["code"])
        if not name:
            raise CatalogueError("name_missing")
        item.identity.update(
            sector=_cell_text(row, columns, "sector") or section,
            sector_code="",
            level=parse_level(_cell_text(row, columns, "level")),
            keywords=_cell_text(row, columns, "keywords"),
        )
        note = _cell_text(row, columns, "note")
        item.change = parse_change(note)
        item.replaces, item.replaced_by = parse_replacement(note)
        item.facts = _read_facts(row, columns, name)
    except CatalogueError as error:
        item.error = error
    return item


def _read_facts(row, columns, name):
    facts = {
        "name": name,
        "channels": parse_channels(_cell_text(row, columns, "channels")),
        "online_level": parse_online_level(_cell_text(row, columns, "online")),
        "reception_address": _cell_text(row, columns, "place"),
        "legal_bases": parse_legal_bases(_cell_text(row, columns, "legal")),
    }
    # an empty cell says nothing; only a wording replaces what is known
    if time := _cell_text(row, columns, "time"):
        facts["limits"] = parse_time(time)
    if fee := _cell_text(row, columns, "fee"):
        facts["fees"] = parse_fee(fee)
        facts["fee_text"] = fee
    return facts


def _plain_text(value):
    return "" if value is None else str(value)[:MAX_TEXT]


_UNIT_NAMES = {
    "working_hour": "giờ làm việc",
    "working_day": "ngày làm việc",
    "calendar_day": "ngày",
    "month": "tháng",
}


def describe_limits(limits):
    """Return time limits in the wording of a published list (see ``parse_time``)."""
    parts = []
    for limit in limits:
        if not limit["is_stated"]:
            continue
        if limit["unit"] == "same_day":
            text = "Trong ngày"
        else:
            amount = f"{limit['amount']:g}".replace(".", ",")
            if amount.isdigit() and len(amount) == 1:
                amount = f"0{amount}"
            text = f"{amount} {_UNIT_NAMES[limit['unit']]}"
        if case := limit.get("case"):
            known = normalise(case).startswith(("truong hop", "neu ", "doi voi"))
            text = f"{case if known else f'Đối với {case}'}: {text}"
        parts.append(text)
    return "; ".join(parts)


def describe_fees(fees):
    """Return fees in the wording of a published list (see ``parse_fee``)."""
    parts = []
    for fee in fees:
        text = fee["legal_text"] or ""
        if not text and fee["is_stated"]:
            amount = f"{int(fee['amount']):,}".replace(",", ".")
            text = f"{amount} đồng" if fee["amount"] else "Không thu"
        parts.append(text)
    return "; ".join(filter(None, parts))


def write_errors(rows, reason_title):
    """Return the bytes of a spreadsheet of faulty rows.

    Every cell is written as text: a cell that begins with "=" stays what it was and
    is never run as a formula.

    :param rows: list of ``(row number, cells, reason)``
    :param reason_title: heading of the column with the reasons
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    width = max((len(cells) for _number, cells, _reason in rows), default=0)
    sheet.write_string(0, 0, "#", bold)
    sheet.write_string(0, 1, reason_title, bold)
    for column, title in enumerate(COLUMNS[: max(width, 3)], 2):
        sheet.write_string(0, column, title, bold)
    for line, (number, cells, reason) in enumerate(rows, 1):
        sheet.write_string(line, 0, str(number))
        sheet.write_string(line, 1, reason)
        for column, text in enumerate(cells, 2):
            sheet.write_string(line, column, text[:32767])
    sheet.set_column(1, 1, 60)
    sheet.set_column(4, 4, 50)
    book.close()
    return stream.getvalue()
