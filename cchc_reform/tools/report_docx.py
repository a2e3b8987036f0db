"""A report as a Word file in the layout of official papers (NĐ 30/2020/NĐ-CP), no ORM.

A4, margins 20/20/30/15 mm, Times New Roman 14, page numbers in the middle of the head
from the second page on; wide annexes stand on landscape pages with their head repeated.
"""

import io

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from .figure import is_printed_number, vietnamese

FONT = "Times New Roman"
_CENTER = WD_ALIGN_PARAGRAPH.CENTER
#: Top, bottom, left and right margin of an upright page in millimetres.
_MARGINS = (20, 20, 30, 15)


def make(sheet):
    """Return the bytes of a Word file.

    :param dict sheet: the texts of the paper, as the printed one has them
    """
    document = Document()
    _styles(document)
    _page(document.sections[0])
    _page_number(document.sections[0])
    _letterhead(document, sheet)
    _paragraph(document, "BÁO CÁO", bold=True, align=_CENTER, before=14)
    title = _paragraph(document, sheet["title"], bold=True, align=_CENTER)
    title.paragraph_format.keep_with_next = True
    _rule(document, 60)
    for line in sheet["opening"]:
        _body(document, line)
    for section in sheet["sections"]:
        heading = section["heading"]
        found = _body(
            document, heading.upper() if section["is_part"] else heading, bold=True
        )
        found.paragraph_format.keep_with_next = True
        for line in section["lines"]:
            _body(document, line)
    _body(document, sheet["closing"])
    _signature(document, sheet)
    for annex in sheet["annexes"]:
        _annex(document, sheet, annex)
    document.core_properties.title = sheet["title"]
    document.core_properties.author = sheet["agency_name"]
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _styles(document):
    style = document.styles["Normal"]
    style.font.name = FONT
    style.font.size = Pt(14)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:eastAsia", "w:cs", "w:hAnsi"):
        fonts.set(qn(name), FONT)
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.space_before = Pt(0)


def _page(section, wide=False):
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    width, height = (297, 210) if wide else (210, 297)
    section.page_width, section.page_height = Mm(width), Mm(height)
    top, bottom, left, right = (20, 15, 20, 15) if wide else _MARGINS
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.header_distance = Mm(10)


def _page_number(section):
    """Number pages in the middle of the head, the first one excepted."""
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = _CENTER
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        if kind:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = text
        run._r.append(element)


def _number_from_one(section):
    """Count the pages of an annex on their own, as NĐ 30/2020/NĐ-CP has it."""
    properties = section._sectPr
    # A section begins as a copy of the one before it.
    for copied in properties.findall(qn("w:pgNumType")):
        properties.remove(copied)
    element = OxmlElement("w:pgNumType")
    element.set(qn("w:start"), "1")
    properties.find(qn("w:pgMar")).addnext(element)


def _paragraph(holder, text, bold=False, italic=False, align=None, size=None, **space):
    paragraph = holder.add_paragraph()
    return _write(paragraph, text, bold, italic, align, size, **space)


def _write(
    paragraph, text, bold=False, italic=False, align=None, size=None, before=0, after=0
):
    run = paragraph.add_run(text)
    run.bold, run.italic = bold, italic
    if size:
        run.font.size = Pt(size)
    if align is not None:
        paragraph.alignment = align
    paragraph.paragraph_format.space_before = Pt(before)
    paragraph.paragraph_format.space_after = Pt(after)
    return paragraph


def _body(document, text, bold=False):
    paragraph = _paragraph(
        document, text, bold=bold, align=WD_ALIGN_PARAGRAPH.JUSTIFY, after=6
    )
    paragraph.paragraph_format.first_line_indent = Mm(12.7)
    paragraph.paragraph_format.line_spacing = 1.15
    return paragraph


def _columns(document, *widths):
    table = document.add_table(rows=1, cols=len(widths))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, cell, width in zip(
        table.columns, table.rows[0].cells, widths, strict=True
    ):
        # Word reads the width of the cell, LibreOffice that of the column.
        column.width = cell.width = Mm(width)
    return table.rows[0].cells


def _in_cell(cell, *texts):
    """Write paragraphs into a cell: ``(text, options)``."""
    paragraph = cell.paragraphs[0]
    for text, options in texts:
        _write(paragraph, text, align=_CENTER, **options)
        paragraph = cell.add_paragraph()
    paragraph._p.getparent().remove(paragraph._p)


def _rule(holder, margin):
    """Draw the rule below a heading.

    :param margin: millimetres left out on both sides
    """
    paragraph = holder.add_paragraph()
    paragraph.alignment = _CENTER
    margin = Mm(margin)
    paragraph.paragraph_format.left_indent = margin
    paragraph.paragraph_format.right_indent = margin
    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)
    run = paragraph.add_run()
    run.font.size = Pt(4)
    return paragraph


def _letterhead(document, sheet):
    left, right = _columns(document, 66, 104)
    agency = [(sheet["agency_name"].upper(), {"bold": True, "size": 13})]
    if sheet["superior"]:
        agency.insert(0, (sheet["superior"].upper(), {"size": 13}))
    _in_cell(left, *agency)
    _rule(left, 20)
    _paragraph(left, f"Số: {sheet['number'] or '……/BC-UBND'}", align=_CENTER, size=13)
    _in_cell(
        right,
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", {"bold": True, "size": 12}),
        ("Độc lập - Tự do - Hạnh phúc", {"bold": True, "size": 13}),
    )
    _rule(right, 24)
    _paragraph(right, sheet["place_and_date"], italic=True, align=_CENTER, size=13)


def _signature(document, sheet):
    _paragraph(document, "", size=6)
    left, right = _columns(document, 75, 95)
    _write(left.paragraphs[0], "Nơi nhận:", bold=True, italic=True, size=12)
    for position, line in enumerate(sheet["recipients"], start=1):
        end = "." if position == len(sheet["recipients"]) else ";"
        _paragraph(left, f"- {line}{end}", size=11)
    lines = [(line.upper(), {"bold": True}) for line in sheet["signer"]["lines"]]
    _in_cell(right, *lines)
    _paragraph(right, sheet["signer"]["name"], bold=True, align=_CENTER, before=70)


def _annex(document, sheet, annex):
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _page(section, wide=annex["wide"])
    section.different_first_page_header_footer = False
    _number_from_one(section)
    _paragraph(document, annex["title"], bold=True, align=_CENTER)
    _paragraph(document, annex["name"].upper(), bold=True, align=_CENTER)
    _paragraph(
        document,
        f"(Kèm theo Báo cáo số {sheet['number'] or '……'} của {sheet['agency_name']})",
        italic=True,
        align=_CENTER,
        size=12,
        after=8,
    )
    head, rows = annex["head"], annex["rows"]
    table = document.add_table(rows=1 + len(rows), cols=len(head), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    grid = table._tbl.tblGrid.gridCol_lst
    for column, width in zip(grid, annex["widths"], strict=True):
        column.w = Mm(width)
    _repeat(table.rows[0])
    # Cells of a row are looked up once: of a long table each look-up walks it all.
    for element, values in zip(table._tbl.tr_lst, [head, *rows], strict=True):
        bold = values is head or (annex["total"] and values is rows[-1])
        _row(element, values, annex["widths"], bold, center=values is head)
    if annex["note"]:
        _paragraph(document, f"Ghi chú: {annex['note']}", italic=True, size=11)


def _row(element, values, widths, bold, center=False):
    cells = element.tc_lst
    if len(values) == 1:
        first = cells[0]
        for cell in cells[1:]:
            element.remove(cell)
        first.grid_span = len(widths)
        cells, widths, bold = [first], [sum(widths)], True
    for position, (cell, value, width) in enumerate(
        zip(cells, values, widths, strict=True)
    ):
        cell.width = Mm(width)
        paragraph = cell.p_lst[0]
        number = is_printed_number(value)
        text = vietnamese(value) if isinstance(value, int) else str(value)
        middle = center or (position == 0 and len(values) > 1)
        alignment = "center" if middle else "right" if number else "left"
        properties = paragraph.get_or_add_pPr()
        properties.jc_val = getattr(WD_ALIGN_PARAGRAPH, alignment.upper())
        run = paragraph.add_r()
        run.text = text
        run_properties = run.get_or_add_rPr()
        run_properties.sz_val = Pt(11)
        if bold:
            run_properties.append(OxmlElement("w:b"))


def _repeat(row):
    """Repeat a row at the head of each page."""
    properties = row._tr.get_or_add_trPr()
    element = OxmlElement("w:tblHeader")
    element.set(qn("w:val"), "true")
    properties.append(element)
