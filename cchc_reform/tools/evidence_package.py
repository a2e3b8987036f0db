"""The evidence of an assessment as one archive with its index. Plain Python.

A folder per criterion, an index to be read in any browser and in a spreadsheet, and
the checksums of all files in the form that ``sha256sum -c`` checks.
"""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from html import escape

import xlsxwriter

from odoo.addons.cchc_onestop.tools.file_name import MAX_BYTES, clean, shorten, unique

from .sheet_page import row_height, set_page

#: Rows of the index that have no file.
NO_FILE = "(không có tệp)"
_STYLE = (
    "body{font-family:'Times New Roman',serif;margin:2em}"
    "table{border-collapse:collapse;width:100%}"
    "td,th{border:1px solid #444;padding:.3em .5em;vertical-align:top;text-align:left}"
    "th{background:#eee}code{font-size:.75em;word-break:break-all}"
)
HEADINGS = (
    "STT",
    "Tiêu chí",
    "Điểm",
    "Văn bản",
    "Tệp",
    "SHA-256",
)
#: Widths of their columns in the spreadsheet, in characters.
_WIDTHS = (9, 40, 9, 45, 36, 34)


@dataclass(frozen=True)
class Proof:
    """A file, or a document without one, that proves a criterion.

    :param code: number of the criterion
    :param criterion: its words
    :param points: its points as text
    :param document: number, date and abstract of the document
    :param name: name of the file, empty without one
    :param content: its bytes
    """

    code: str
    criterion: str
    points: str
    document: str
    name: str = ""
    content: bytes = b""


def pack(title, proofs, step=None):
    """Return the archive of proofs.

    :param title: heading of the index
    :param proofs: iterable of :class:`Proof`, in the order of the criteria
    :param step: called with (done,) after each file
    """
    stream = io.BytesIO()
    rows, sums, taken = [], [], set()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, proof in enumerate(proofs, 1):
            path, digest = "", ""
            if proof.name:
                path = _path(proof, taken)
                archive.writestr(path, proof.content)
                digest = hashlib.sha256(proof.content).hexdigest()
                sums.append(f"{digest}  {path}\n")
            rows.append((proof, path, digest))
            if step:
                step(number)
        archive.writestr("muc-luc.html", _html(title, rows))
        archive.writestr("muc-luc.xlsx", _xlsx(title, rows))
        archive.writestr("SHA256SUMS", "".join(sums))
    return stream.getvalue()


def _path(proof, taken):
    """Return a path that every disk accepts, one for each file."""
    folder = clean(proof.code) or "khac"
    stem, dot, extension = clean(proof.name).rpartition(".")
    suffix = f".{extension}" if dot else ""
    stem = stem if dot else extension
    limit = MAX_BYTES - len(suffix.encode())
    name = f"{shorten(stem, limit) or 'tep'}{suffix}"
    path = unique(f"{folder}/{name}", taken)
    taken.add(path)
    return path


def _html(title, rows):
    cells = []
    for proof, path, digest in rows:
        link = (
            f'<a href="{escape(path, quote=True)}">{escape(path)}</a>'
            if path
            else NO_FILE
        )
        cells.append(
            f"<tr><td>{escape(proof.code)}</td><td>{escape(proof.criterion)}</td>"
            f"<td>{escape(proof.points)}</td><td>{escape(proof.document)}</td>"
            f"<td>{link}</td><td><code>{digest}</code></td></tr>"
        )
    heads = "".join(f"<th>{name}</th>" for name in HEADINGS)
    return (
        '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(title)}</h1><table><tr>{heads}</tr>{''.join(cells)}</table>"
        "</body></html>"
    )


def _xlsx(title, rows):
    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        font = {"font_name": "Times New Roman", "font_size": 11}
        grid = {**font, "border": 1, "text_wrap": True}
        bold = book.add_format({**grid, "bold": True, "align": "center"})
        plain = book.add_format({**grid, "valign": "top"})
        sheet = book.add_worksheet("Mục lục")
        sheet.write_string(0, 0, title, book.add_format({**font, "bold": True}))
        for column, (name, width) in enumerate(zip(HEADINGS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, name, bold)
        for line, (proof, path, digest) in enumerate(rows, 3):
            texts = (
                proof.code,
                proof.criterion,
                proof.points,
                proof.document,
                path or NO_FILE,
                digest,
            )
            sheet.set_row(line, row_height(texts, _WIDTHS))
            for column, text in enumerate(texts):
                sheet.write_string(line, column, text, plain)
        set_page(sheet, 2)
        sheet.freeze_panes(3, 2)
    return stream.getvalue()
