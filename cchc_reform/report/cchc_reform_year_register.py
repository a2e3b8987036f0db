from odoo import api, models

from odoo.addons.cchc_onestop.tools.paper import short_day

from ..tools.sheet_page import row_height, set_page, sheet_name


class CchcReformYearRegisterPaper(models.AbstractModel):
    """Sổ, nhật ký, danh sách của một kỳ."""

    _name = "report.cchc_reform.report_year_register"
    _description = "Register of a Period (paper)"
    _inherit = "cchc.paper.report"
    _paper_model = "cchc.reform.year.register"

    @api.model
    def _get_sheet(self, doc):
        agency = doc.company_id.sudo()
        today = agency._cchc_local_date(self.env.cr.now())
        return {
            **doc._contents(),
            "agency": agency,
            "period": _period(doc),
            "place_and_date": self._get_place_and_date(agency, today),
            "writer": self.env.user.name,
        }


class CchcReformYearRegisterXlsx(models.AbstractModel):
    """The same register as a workbook: texts are texts, never formulas."""

    _name = "report.cchc_reform.year_register_xlsx"
    _description = "Register of a Period (Excel)"
    _inherit = "report.report_xlsx.abstract"

    def get_workbook_options(self):
        return {"strings_to_formulas": False, "strings_to_urls": False}

    def generate_xlsx_report(self, workbook, data, objs):
        formats = self.env["report.cchc_reform.report_xlsx"]._formats(workbook)
        names = set()
        for doc in objs:
            name = sheet_name(doc._contents()["title"].capitalize(), names)
            self._write(workbook.add_worksheet(name), doc, formats)

    def _write(self, sheet, doc, formats):
        table = doc._contents()
        last = len(table["head"]) - 1
        widths = [size / 2 for size in table["widths"]]
        for column, size in enumerate(widths):
            sheet.set_column(column, column, size)
        sheet.write_string(0, 0, doc.company_id.name, formats["bold"])
        sheet.merge_range(
            1, 0, 1, last, f"{table['title']}\n{_period(doc)}", formats["title"]
        )
        sheet.set_row(1, 40)
        sheet.set_row(3, row_height(table["head"], widths))
        for column, text in enumerate(table["head"]):
            sheet.write_string(3, column, text, formats["head"])
        set_page(sheet, 3)
        sheet.freeze_panes(4, 0)
        line = 3
        for row in table["rows"]:
            line += 1
            if len(row) == 1:
                sheet.merge_range(line, 0, line, last, row[0], formats["group"])
                continue
            sheet.set_row(line, row_height(row, widths))
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(line, column, cell, formats["number"])
                else:
                    sheet.write_string(line, column, cell, formats["text"])
        for text in table["summary"]:
            line += 2
            sheet.set_row(line, row_height([text], [sum(widths)]))
            sheet.merge_range(line, 0, line, last, text, formats["note"])


def _period(doc):
    return f"(Từ ngày {short_day(doc.date_from)} đến ngày {short_day(doc.date_to)})"
