"""Papers of the internal audit as spreadsheets (no ORM here).

A sheet is the plain value of ``cchc.iso.audit.sheet``. Texts are written as text:
none of them is ever a formula.

Tables of different columns stand under each other: the columns of the worksheet are
those of all tables laid over one another, and a cell spans as many as it needs. Rows of
joined cells do not grow by themselves in a spreadsheet, so their heights are worked
out from the texts.
"""

import io
import math

import xlsxwriter

#: Width of a page in characters: upright, across.
WIDTHS = {False: 96, True: 140}
#: Height of a line of text, in points.
LINE = 16
NATION = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
#: Share of the width that the labels of pairs take.
LABEL = 30


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


def edges(columns):
    """Return where the columns of a table begin and end, in hundredths of the page."""
    place, found = 0, [0]
    for column in columns:
        place += column["width"]
        found.append(round(place))
    found[-1] = 100
    return found


class SheetWriter:
    """Writes one sheet as rows of a worksheet."""

    def __init__(self, workbook, page, sheet):
        self.page, self.sheet, self.line = page, sheet, 0
        self.width = WIDTHS[sheet["landscape"]]
        self.edges = self._grid()
        for index, (start, end) in enumerate(
            zip(self.edges, self.edges[1:], strict=False)
        ):
            page.set_column(index, index, (end - start) * self.width / 100)
        base = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
        cell = {"border": 1, "text_wrap": True}
        self.formats = {
            name: workbook.add_format({**base, **options})
            for name, options in {
                "plain": {"text_wrap": True},
                "bold": {"bold": True, "text_wrap": True},
                "center": {"align": "center", "text_wrap": True},
                "strong": {"bold": True, "align": "center", "text_wrap": True},
                "title": {"bold": True, "font_size": 14, "align": "center"},
                "italic": {"italic": True, "align": "center", "text_wrap": True},
                "head": {**cell, "bold": True, "align": "center", "valign": "vcenter"},
                "label": {**cell, "bold": True},
                "group": {**cell, "bold": True, "italic": True},
                "cell": cell,
                "cell_center": {**cell, "align": "center"},
            }.items()
        }
        page.set_paper(9)
        if sheet["landscape"]:
            page.set_landscape()
        page.set_margins(left=0.6, right=0.4, top=0.6, bottom=0.6)
        page.fit_to_pages(1, 0)
        page.hide_gridlines(2)
        page.set_footer(f"&L{sheet['form_code']}&RTrang &P/&N")

    def _grid(self):
        """Return the edges of all tables, halves and thirds laid over one another."""
        blocks = self.sheet["blocks"]
        found = {0, 45, 100}
        for block in blocks:
            if block["kind"] == "table":
                found.update(edges(block["columns"]))
            elif block["kind"] == "pairs":
                found.add(LABEL)
        found.update(self._signer_edges())
        return sorted(found)

    def _signer_edges(self):
        """Return where the places to sign begin and end; one alone stands right."""
        places = max(2, len(self.sheet["signers"]))
        return [round(100 * place / places) for place in range(places + 1)]

    def fill(self):
        """Write the whole sheet."""
        sheet = self.sheet
        self._write_header()
        self._row([(0, 100, sheet["title"].upper(), "title")])
        for text in (sheet["subtitle"], sheet["mark"]):
            if text:
                self._row([(0, 100, text, "strong")])
        self.line += 1
        longest = max(
            (len(block["rows"]) for block in sheet["blocks"] if "rows" in block),
            default=0,
        )
        for block in sheet["blocks"]:
            start = self.line
            getattr(self, f"_write_{block['kind']}")(block)
            if block["kind"] == "table" and len(block["rows"]) == longest > 15:
                self._repeat_head(block, start)
        self._write_signers()

    def _repeat_head(self, block, start):
        """Print the head of the longest table on each of its pages."""
        rows = 2 if any(column["above"] for column in block["columns"]) else 1
        self.page.repeat_rows(start, start + rows - 1)

    def _write_header(self):
        sheet = self.sheet
        number = f"Số: {sheet['number'] or '……'}" if sheet["numbered"] else ""
        place = f"{sheet['place']}, " if sheet["place"] else ""
        left = [
            (sheet["superior"].upper(), "center"),
            (sheet["agency"].upper(), "strong"),
            (number, "center"),
        ]
        left = [line for line in left if line[0]] + [("", "center")] * 2
        right = [(line, "strong") for line in NATION]
        right.append((f"{place}{sheet['date']}", "italic"))
        for mine, theirs in zip(left[:3], right, strict=True):
            self._row([(0, 45, *mine), (45, 100, *theirs)])
        self.line += 1

    def _write_signers(self):
        signers = self.sheet["signers"]
        if not signers:
            return
        self.line += 1
        places = self._signer_edges()
        spans = list(zip(places, places[1:], strict=False))[-len(signers) :]
        for key, style in (("title", "strong"), ("", "italic"), ("name", "strong")):
            self._row(
                [
                    (
                        start,
                        end,
                        signer[key].upper()
                        if key == "title"
                        else signer.get(key, "(Ký, ghi rõ họ tên)"),
                        style,
                    )
                    for (start, end), signer in zip(spans, signers, strict=True)
                ]
            )
            if not key:
                self.line += 3

    # --- Rows

    def _row(self, cells):
        """Write one row as high as its longest text.

        :param cells: ``(start, end, text, style)``, places in hundredths
        """
        height = 1
        for start, end, text, style in cells:
            first, last = self.edges.index(start), self.edges.index(end) - 1
            shape = self.formats[style]
            if last > first:
                self.page.merge_range(self.line, first, self.line, last, "", shape)
            self.page.write_string(self.line, first, text, shape)
            height = max(height, self._lines(text, end - start, style))
        self.page.set_row(self.line, LINE * height + 2)
        self.line += 1

    def _lines(self, text, share, style):
        """Return how many lines a text takes; letters differ, so rather one more."""
        wide = style in ("title", "strong", "head", "label", "group", "bold")
        room = max(1.0, share * self.width / 100 * (0.88 if wide else 1.0) - 1)
        return sum(max(1, math.ceil(len(part) / room)) for part in text.split("\n"))

    # --- Blocks

    def _write_text(self, block):
        label = block["label"]
        if label and not label.endswith("."):
            label = f"{label}:"
        self._row([(0, 100, f"{label} {block['text']}".strip(), "plain")])

    def _write_heading(self, block):
        centered = block["text"].isupper()
        self._row([(0, 100, block["text"], "strong" if centered else "bold")])

    def _write_note(self, block):
        self._row([(0, 100, block["text"], "plain")])

    def _write_pairs(self, block):
        for row in block["rows"]:
            self._row(
                [(0, LABEL, row["label"], "label"), (LABEL, 100, row["text"], "cell")]
            )
        self.line += 1

    def _write_table(self, block):
        columns = block["columns"]
        places = edges(columns)
        spans = list(zip(places, places[1:], strict=False))
        if any(column["above"] for column in columns):
            self._write_above(columns, spans)
        else:
            self._row(
                [
                    (*span, column["title"], "head")
                    for span, column in zip(spans, columns, strict=True)
                ]
            )
        for row in block["rows"]:
            if row["title"]:
                self._row([(0, 100, row["title"], "group")])
                continue
            self._row(
                [
                    (*span, cell, "cell_center" if centered else "cell")
                    for span, cell, centered in zip(
                        spans,
                        row["cells"],
                        [column["align"] == "center" for column in columns],
                        strict=True,
                    )
                ]
            )
        self.line += 1

    def _write_above(self, columns, spans):
        """Write a head of two rows: some titles stand above several columns."""
        head = self.formats["head"]
        above, below, lines = [], [], [1]
        for span, column in zip(spans, columns, strict=True):
            title = column["above"]
            if not title:
                first, last = self.edges.index(span[0]), self.edges.index(span[1]) - 1
                self.page.merge_range(
                    self.line, first, self.line + 1, last, column["title"], head
                )
                # reaches through both rows, the upper of which is one line high
                lines.append(
                    self._lines(column["title"], span[1] - span[0], "head") - 1
                )
                continue
            below.append((*span, column["title"], "head"))
            if above and above[-1][2] == title and above[-1][1] == span[0]:
                above[-1] = (above[-1][0], span[1], title, "head")
            else:
                above.append((*span, title, "head"))
        lines += [
            self._lines(title, end - start, style) for start, end, title, style in below
        ]
        self._row(above)
        self._row(below)
        self.page.set_row(self.line - 1, LINE * max(lines) + 2)
