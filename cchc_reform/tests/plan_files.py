"""Word and Excel files of plans, made for the tests."""

import io
import zipfile
from xml.sax.saxutils import escape

import xlsxwriter

_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HEADING = (
    "TT",
    "Nội dung nhiệm vụ",
    "Sản phẩm",
    "Cơ quan chủ trì",
    "Cơ quan phối hợp",
    "Thời gian hoàn thành",
    "Kinh phí",
)


class Cell:
    """A cell that spans columns or goes on from the row above."""

    def __init__(self, text="", span=1, goes_on=False, begins=False):
        self.text, self.span = text, span
        self.goes_on, self.begins = goes_on, begins


def docx(*tables, head=""):
    """Return the bytes of a Word file with these tables."""
    body = "".join(_table(table) for table in tables)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/'
            'package/2006/content-types"/>',
        )
        archive.writestr(
            "word/document.xml",
            f'<?xml version="1.0" encoding="UTF-8"?>{head}<w:document {_NS}><w:body>'
            f"{body}</w:body></w:document>",
        )
    return stream.getvalue()


def _table(rows):
    return f"<w:tbl>{''.join(_row(row) for row in rows)}</w:tbl>"


def _row(row):
    return f"<w:tr>{''.join(map(_cell, row))}</w:tr>"


def _cell(cell):
    if not isinstance(cell, Cell):
        cell = Cell(cell)
    marks = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    if cell.goes_on:
        marks += "<w:vMerge/>"
    elif cell.begins:
        marks += '<w:vMerge w:val="restart"/>'
    lines = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'
        for line in cell.text.split("\n")
    )
    return f"<w:tc><w:tcPr>{marks}</w:tcPr>{lines}</w:tc>"


def xlsx(rows, merged=()):
    """Return the bytes of an Excel file; ``merged`` are (row, column, row, column)."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                if hasattr(value, "year"):
                    sheet.write_datetime(line, column, value, day)
                else:
                    sheet.write(line, column, value)
        for area in merged:
            sheet.merge_range(*area, rows[area[0]][area[1]])
    return stream.getvalue()
