from odoo import models

from ..tools.figure import is_printed_number
from ..tools.sheet_page import row_height, set_page, sheet_name


class CchcReformReportXlsx(models.AbstractModel):
    """Figures and annexes of reports as a workbook, a sheet each."""

    _name = "report.cchc_reform.report_xlsx"
    _description = "Reform Report (Excel)"
    _inherit = "report.report_xlsx.abstract"

    def get_workbook_options(self):
        return {"strings_to_formulas": False, "strings_to_urls": False}

    def generate_xlsx_report(self, workbook, data, objs):
        formats = self._formats(workbook)
        names = set()
        papers = self.env["report.cchc_reform.report_reform_report"]
        for report in objs.with_context(lang="vi_VN"):
            paper = papers._get_sheet(report)
            for annex in paper["annexes"] or [_empty()]:
                sheet = workbook.add_worksheet(sheet_name(annex["name"], names))
                self._write(sheet, paper, annex, formats)

    def _formats(self, workbook):
        font = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
        grid = {**font, "border": 1, "text_wrap": True}
        bold = {"bold": True}
        return {
            "plain": workbook.add_format(font),
            "bold": workbook.add_format({**font, **bold}),
            "title": workbook.add_format(
                {**font, **bold, "align": "center", "text_wrap": True, "font_size": 13}
            ),
            "note": workbook.add_format({**font, "italic": True, "text_wrap": True}),
            "head": workbook.add_format({**grid, **bold, "align": "center"}),
            "text": workbook.add_format(grid),
            "printed": workbook.add_format({**grid, "align": "right"}),
            "number": workbook.add_format({**grid, "num_format": "#,##0"}),
            "text_total": workbook.add_format({**grid, **bold}),
            "printed_total": workbook.add_format({**grid, **bold, "align": "right"}),
            "number_total": workbook.add_format(
                {**grid, **bold, "num_format": "#,##0"}
            ),
            "group": workbook.add_format({**grid, **bold, "bg_color": "#F2F2F2"}),
        }

    def _write(self, sheet, paper, annex, formats):
        head = annex["head"]
        last = max(1, len(head) - 1)
        widths = [max(5, size / 2) for size in annex["widths"]]
        for column, size in enumerate(widths):
            sheet.set_column(column, column, size)
        sheet.write_string(0, 0, paper["agency_name"], formats["bold"])
        number = f"Báo cáo số {paper['number'] or '……'}; {paper['place_and_date']}"
        sheet.write_string(1, 0, number, formats["plain"])
        title = f"{annex['title']}\n{annex['name']}\n({paper['title']})"
        sheet.set_row(2, 54)
        sheet.merge_range(2, 0, 2, last, title, formats["title"])
        line = 4
        sheet.set_row(line, row_height(head, widths))
        for column, text in enumerate(head):
            sheet.write_string(line, column, text, formats["head"])
        set_page(sheet, line, wide=annex["wide"])
        sheet.freeze_panes(line + 1, min(2, last))
        for position, row in enumerate(annex["rows"], start=1):
            line += 1
            if len(row) > 1:
                sheet.set_row(line, row_height(row, widths))
            total = annex["total"] and position == len(annex["rows"])
            self._write_row(sheet, line, row, last, formats, total)
        if annex["note"]:
            sheet.set_row(line + 2, 34)
            sheet.merge_range(
                line + 2,
                0,
                line + 2,
                last,
                f"Ghi chú: {annex['note']}",
                formats["note"],
            )

    def _write_row(self, sheet, line, row, last, formats, total):
        if len(row) == 1:
            sheet.merge_range(line, 0, line, last, row[0], formats["group"])
            return
        end = "_total" if total else ""
        for column, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(line, column, cell, formats[f"number{end}"])
            else:
                kind = "printed" if column and is_printed_number(cell) else "text"
                sheet.write_string(line, column, str(cell), formats[f"{kind}{end}"])


def _empty():
    return {
        "title": "",
        "name": "Số liệu",
        "head": ["TT", "Chỉ tiêu"],
        "widths": [10, 100],
        "rows": [],
        "wide": False,
        "total": False,
        "note": "Chưa tổng hợp số liệu.",
    }
