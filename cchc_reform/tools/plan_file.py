"""Tables of a plan that people send: Word (.docx) or Excel (.xlsx), untrusted.

Plain Python, no ORM. Cells that are merged downwards hold in each row what their first
row says (:data:`SAME`); cells merged sideways hold it in their first column only.
"""

import zipfile

from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from odoo.addons.cchc_onestop.tools.catalogue_parser import CatalogueError
from odoo.addons.cchc_onestop.tools.catalogue_xlsx import BROKEN, check_archive

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_ROWS = 5000
MAX_COLUMNS = 40
MAX_CELL = 4000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Same(str):
    """Text of a cell that is merged with the one above it."""

    __slots__ = ()


def read_tables(source):
    """Return the tables of a file: lists of rows, which are lists of cells.

    :param source: binary file, can be sought
    :raise CatalogueError: when it is no such file or too large
    """
    check_archive(source, MAX_BYTES, MAX_UNPACKED)
    source.seek(0)
    with zipfile.ZipFile(source) as archive:
        names = set(archive.namelist())
        if "word/document.xml" in names:
            return _docx_tables(archive)
    if "xl/workbook.xml" not in names:
        raise CatalogueError("plan_file")
    source.seek(0)
    return _xlsx_tables(source)


# ----------------------------------------------------------------------
# Word
# ----------------------------------------------------------------------
def _docx_tables(archive):
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, recover=False
    )
    try:
        with archive.open("word/document.xml") as part:
            root = etree.parse(part, parser).getroot()
    except (etree.XMLSyntaxError, zipfile.BadZipFile, OSError, EOFError) as error:
        raise CatalogueError("plan_file", text=str(error)[:120]) from error
    tables, count = [], 0
    for table in root.iter(f"{_W}tbl"):
        rows = []
        for row in table.iterchildren(f"{_W}tr"):
            count += 1
            if count > MAX_ROWS:
                raise CatalogueError("too_many", count=MAX_ROWS)
            rows.append(_docx_row(row, rows[-1] if rows else []))
        tables.append(rows)
    return tables


def _docx_row(row, above):
    cells = [""] * _number(row.find(f"{_W}trPr/{_W}gridBefore"), 0)
    for cell in row.iterchildren(f"{_W}tc"):
        properties = cell.find(f"{_W}tcPr")
        span, merge = 1, None
        if properties is not None:
            span = _number(properties.find(f"{_W}gridSpan"), 1)
            merge = properties.find(f"{_W}vMerge")
        goes_on = merge is not None and merge.get(f"{_W}val", "continue") == "continue"
        if goes_on and len(cells) < len(above):
            cells.append(Same(above[len(cells)]))
        else:
            cells.append(_docx_text(cell))
        cells += [""] * (span - 1)
        if len(cells) >= MAX_COLUMNS:
            break
    return cells[:MAX_COLUMNS]


def _number(element, default):
    text = "" if element is None else element.get(f"{_W}val", "")
    return min(int(text), MAX_COLUMNS) if text.isascii() and text.isdigit() else default


def _docx_text(cell):
    lines = []
    for paragraph in cell.iter(f"{_W}p"):
        parts = []
        for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br"):
            parts.append((node.text or "") if node.tag == f"{_W}t" else " ")
        lines.append("".join(parts).strip())
    return "\n".join(filter(None, lines))[:MAX_CELL]


# ----------------------------------------------------------------------
# Excel
# ----------------------------------------------------------------------
def _xlsx_tables(source):
    try:
        book = load_workbook(source, keep_links=False, data_only=True)
    except (InvalidFileException, *BROKEN) as error:
        raise CatalogueError("xlsx") from error
    tables, count = [], 0
    try:
        for sheet in book.worksheets:
            rows = [
                [_xlsx_cell(value) for value in row]
                for row in sheet.iter_rows(
                    max_row=min(sheet.max_row, MAX_ROWS + 1),
                    max_col=min(sheet.max_column, MAX_COLUMNS),
                    values_only=True,
                )
            ]
            count += len(rows)
            if count > MAX_ROWS:
                raise CatalogueError("too_many", count=MAX_ROWS)
            _fill_down(rows, sheet.merged_cells.ranges)
            tables.append(rows)
    except BROKEN as error:
        raise CatalogueError("xlsx") from error
    finally:
        book.close()
    return tables


def _xlsx_cell(value):
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()[:MAX_CELL]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _fill_down(rows, ranges):
    for area in ranges:
        column = area.min_col - 1
        if area.min_row > len(rows) or column >= len(rows[area.min_row - 1]):
            continue
        first = rows[area.min_row - 1][column]
        for line in range(area.min_row, min(area.max_row, len(rows))):
            if column < len(rows[line]):
                rows[line][column] = Same(first)
