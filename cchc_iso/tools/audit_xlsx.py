"""Papers of the internal audit as spreadsheets (no ORM here).

A sheet is the plain value of ``cchc.iso.audit.sheet``. Texts are written as text:
none of them is ever a formula.
"""

import io

import xlsxwriter


def write(sheet, created):
    """Return the workbook of a sheet.

    :param created: naive UTC moment that stands in the properties of the file
    """
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        target,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    workbook.set_properties({"title": sheet["title"], "created": created})
    page = workbook.add_worksheet(sheet["code"])
    SheetWriter(workbook, page, sheet).fill()
    workbook.close()
    return target.getvalue()


class SheetWriter:
    """Writes one sheet as rows of a worksheet."""

    def __init__(self, workbook, page, sheet):
        self.page, self.sheet, self.line = page, sheet, 0
        tables = [block for block in sheet["blocks"] if block["kind"] == "table"]
        widest = max(tables, key=lambda t: len(t["columns"]), default=None)
        columns = widest["columns"] if widest else [{"width": 30}, {"width": 70}]
        self.count = len(columns)
        for index, column in enumerate(columns):
            page.set_column(index, index, max(4, column["width"] * 1.3))
        base = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
        self.formats = {
            name: workbook.add_format({**base, **options})
            for name, options in {
                "plain": {"text_wrap": True},
                "bold": {"bold": True, "text_wrap": True},
                "title": {"bold": True, "font_size": 14, "align": "center"},
                "center": {"align": "center"},
                "italic": {"italic": True, "align": "right"},
                "head": {
                    "bold": True,
                    "border": 1,
                    "text_wrap": True,
                    "align": "center",
                    "valign": "vcenter",
                },
                "group": {"bold": True, "border": 1, "italic": True},
                "cell": {"border": 1, "text_wrap": True},
                "cell_center": {"border": 1, "text_wrap": True, "align": "center"},
            }.items()
        }
        page.set_paper(9)
        if sheet["landscape"]:
            page.set_landscape()
        page.fit_to_pages(1, 0)
        page.set_footer(f"&L{sheet['form_code']}&RTrang &P/&N")

    def fill(self):
        """Write the whole sheet."""
        sheet = self.sheet
        self._span(sheet["agency"].upper(), "bold")
        if sheet["number"]:
            self._span(f"Số: {sheet['number']}", "plain")
        place = f"{sheet['place']}, " if sheet["place"] else ""
        self._span(f"{place}{sheet['date']}", "italic")
        self._span(sheet["title"].upper(), "title")
        if sheet["subtitle"]:
            self._span(sheet["subtitle"], "center")
        self.line += 1
        for block in sheet["blocks"]:
            getattr(self, f"_write_{block['kind']}")(block)
        self.line += 1
        width = max(1, self.count // max(1, len(sheet["signers"])))
        for index, signer in enumerate(sheet["signers"]):
            column = min(index * width, self.count - 1)
            self.page.write_string(
                self.line, column, signer["title"], self.formats["bold"]
            )
            self.page.write_string(
                self.line + 4, column, signer["name"], self.formats["bold"]
            )

    def _span(self, value, style):
        if self.count > 1:
            self.page.merge_range(
                self.line, 0, self.line, self.count - 1, "", self.formats[style]
            )
        self.page.write_string(self.line, 0, value, self.formats[style])
        self.line += 1

    def _write_text(self, block):
        label = f"{block['label']}: " if block["label"] else ""
        value = f"{label}{block['text']}".strip()
        self.page.set_row(self.line, 16 * (1 + len(value) // 110 + value.count("\n")))
        self._span(value, "plain")

    def _write_heading(self, block):
        self._span(block["text"], "bold")

    def _write_note(self, block):
        self._span(block["text"], "plain")

    def _write_pairs(self, block):
        for row in block["rows"]:
            self.page.write_string(self.line, 0, row["label"], self.formats["head"])
            self.page.write_string(self.line, 1, row["text"], self.formats["cell"])
            self.line += 1

    def _write_table(self, block):
        columns = block["columns"]
        if any(column["above"] for column in columns):
            self._write_above(columns)
        for index, column in enumerate(columns):
            self.page.write_string(
                self.line, index, column["title"], self.formats["head"]
            )
        self.line += 1
        for row in block["rows"]:
            if row["title"]:
                self._span(row["title"], "group")
                continue
            for index, (cell, column) in enumerate(
                zip(row["cells"], columns, strict=True)
            ):
                style = "cell_center" if column["align"] == "center" else "cell"
                self.page.write_string(self.line, index, cell, self.formats[style])
            self.line += 1
        self.line += 1

    def _write_above(self, columns):
        """Write the titles that stand above several columns."""
        start = 0
        while start < len(columns):
            end = start
            title = columns[start]["above"]
            while end + 1 < len(columns) and columns[end + 1]["above"] == title:
                end += 1
            if title and end > start:
                self.page.merge_range(
                    self.line, start, self.line, end, title, self.formats["head"]
                )
            else:
                for index in range(start, end + 1):
                    self.page.write_string(
                        self.line, index, title, self.formats["head"]
                    )
            start = end + 1
        self.line += 1
