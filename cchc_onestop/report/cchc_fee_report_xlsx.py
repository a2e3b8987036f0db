from odoo import models

_MONEY = "#,##0"


class ReportFeeListXlsx(models.AbstractModel):
    """The lists of fees as spreadsheets; a text that begins with “=” stays a text."""

    _name = "report.cchc_onestop.fee_report_xlsx"
    _description = "Lists of Fees (Excel)"
    _inherit = "report.report_xlsx.abstract"

    def get_workbook_options(self):
        return {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }

    def generate_xlsx_report(self, workbook, data, objs):
        bold = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"}
        styles = {
            "title": workbook.add_format({"bold": True, "font_size": 13}),
            "plain": workbook.add_format({}),
            "head": workbook.add_format({**bold, "align": "center"}),
            "text": workbook.add_format(
                {"border": 1, "text_wrap": True, "valign": "top"}
            ),
            "money": workbook.add_format(
                {"border": 1, "num_format": _MONEY, "valign": "top"}
            ),
            "total": workbook.add_format(bold),
            "total_money": workbook.add_format({**bold, "num_format": _MONEY}),
        }
        for report in objs:
            self._write_table(workbook, report._make_table(), styles)

    def _write_table(self, workbook, table, styles):
        sheet = workbook.add_worksheet("Danh sách")
        columns = table["columns"]
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
        agency = table["agency"]
        sheet.write_string(0, 0, agency.name, styles["plain"])
        sheet.write_string(1, 0, f"MST: {agency.vat or ''}", styles["plain"])
        sheet.write_string(2, 0, table["title"], styles["title"])
        sheet.write_string(3, 0, table["subtitle"], styles["plain"])
        line = 5
        for place, column in enumerate(columns):
            sheet.write_string(line, place, column.title, styles["head"])
        rows = [(row, "") for row in table["rows"]]
        if table["total"]:
            rows.append((table["total"], "total"))
        for row, kind in rows:
            line += 1
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                self._write_cell(sheet, line, place, column, value, kind, styles)
        for note in table["notes"]:
            line += 1
            sheet.write_string(line + 1, 0, note, styles["plain"])

    def _write_cell(self, sheet, line, place, column, value, kind, styles):
        """Write numbers as numbers and everything else as text."""
        if isinstance(value, int) and not isinstance(value, bool):
            style = styles["total_money" if kind else "money"] if column.money else None
            style = style or styles["total" if kind else "text"]
            sheet.write_number(line, place, value, style)
        else:
            sheet.write_string(line, place, value or "", styles[kind or "text"])
