from odoo import models
from odoo.tools import format_date

from .cchc_posting_xlsx import TEXT_OPTIONS

COLUMNS = ("STT", "Mã TTHC", "Tên thủ tục hành chính", "Có hiệu lực từ")


class CchcCatalogueCountXlsx(models.AbstractModel):
    """Procedures in force on a day, per field: the figures and what they count."""

    _name = "report.cchc_onestop.catalogue_count_xlsx"
    _description = "Procedures in Force (Excel)"
    _inherit = "report.report_xlsx.abstract"

    def get_workbook_options(self):
        return {"constant_memory": True, **TEXT_OPTIONS}

    def generate_xlsx_report(self, workbook, data, objs):
        bold = workbook.add_format({"bold": True, "border": 1})
        body = workbook.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        for index, wizard in enumerate(objs, 1):
            suffix = f" {index}" if index > 1 else ""
            day = format_date(self.env, wizard.date, date_format="dd/MM/yyyy")
            rows = wizard._stat().search(wizard._domain())
            groups = rows.grouped("sector_id")
            self._write_figures(
                workbook.add_worksheet(f"Theo lĩnh vực{suffix}"),
                day,
                groups,
                bold,
                body,
            )
            self._write_procedures(
                workbook.add_worksheet(f"Danh mục{suffix}"), groups, bold, body
            )

    def _write_figures(self, sheet, day, groups, bold, body):
        sheet.set_column(1, 1, 60)
        sheet.set_column(2, 2, 14)
        sheet.write_string(0, 1, f"Thủ tục hành chính còn hiệu lực ngày {day}", bold)
        for column, title in enumerate(("STT", "Lĩnh vực", "Số TTHC")):
            sheet.write_string(1, column, title, bold)
        for line, (sector, rows) in enumerate(groups.items(), 1):
            sheet.write_number(line + 1, 0, line, body)
            sheet.write_string(line + 1, 1, sector.name, body)
            sheet.write_number(line + 1, 2, len(rows), body)
        last = len(groups) + 2
        sheet.write_string(last, 1, f"Tổng số ({len(groups)} lĩnh vực)", bold)
        sheet.write_number(last, 2, sum(map(len, groups.values())), bold)

    def _write_procedures(self, sheet, groups, bold, body):
        sheet.set_column(1, 1, 12)
        sheet.set_column(2, 2, 80)
        sheet.set_column(3, 3, 16)
        for column, title in enumerate(COLUMNS):
            sheet.write_string(0, column, title, bold)
        line = 1
        for sector, rows in groups.items():
            sheet.write_string(line, 1, sector.name, bold)
            line += 1
            for number, row in enumerate(rows, 1):
                since = format_date(
                    self.env, row.in_force_since, date_format="dd/MM/yyyy"
                )
                sheet.write_number(line, 0, number, body)
                cells = (row.procedure_id.code, row.procedure_id.name, since)
                for column, text in enumerate(cells, 1):
                    sheet.write_string(line, column, text or "", body)
                line += 1
