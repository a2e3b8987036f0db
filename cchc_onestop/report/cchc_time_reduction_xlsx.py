from odoo import models

from ..tools.reduction import percent
from .cchc_posting_xlsx import TEXT_OPTIONS

COLUMNS = (
    "STT",
    "Tên TTHC",
    "Thời gian theo quy định",
    "Thời gian cắt giảm",
    "Thời gian sau cắt giảm",
    "Tỷ lệ %",
    "Ghi chú",
)
WIDTHS = (6, 60, 20, 20, 20, 10, 24)


class CchcTimeReduction(models.Model):
    _inherit = "cchc.time.reduction"

    def _get_print_groups(self):
        """Return the groups of the printed table, with Roman numbers."""
        return [
            {
                "number": roman(index),
                "name": sector.name,
                "rate": percent(rate),
                "rows": [line._get_cells() for line in lines],
            }
            for index, (sector, rate, lines) in enumerate(self._get_table(), 1)
        ]

    def _get_total_text(self):
        """Return the last row of the table in words."""
        self.ensure_one()
        return (
            f"Tổng số: {self.procedure_count} thủ tục hành chính, "
            f"{self.sector_count} lĩnh vực"
        )


class CchcTimeReductionXlsx(models.AbstractModel):
    """The table of a decision on shortened times, grouped by field.

    In the words of the official table, so that the file can be imported again.
    """

    _name = "report.cchc_onestop.time_reduction_xlsx"
    _description = "Time Reduction (Excel)"
    _inherit = "report.report_xlsx.abstract"

    def get_workbook_options(self):
        return {"constant_memory": True, **TEXT_OPTIONS}

    def generate_xlsx_report(self, workbook, data, objs):
        formats = {
            "head": workbook.add_format(
                {"bold": True, "border": 1, "text_wrap": True, "align": "center"}
            ),
            "bold": workbook.add_format({"bold": True, "border": 1}),
            "body": workbook.add_format(
                {"border": 1, "text_wrap": True, "valign": "top"}
            ),
        }
        for index, reduction in enumerate(objs, 1):
            title = "Cắt giảm" if index == 1 else f"Cắt giảm {index}"
            self._write_sheet(workbook.add_worksheet(title), reduction, formats)

    def _write_sheet(self, sheet, reduction, formats):
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        sheet.write_string(0, 1, f"Quyết định {reduction.display_name}")
        for column, title in enumerate(COLUMNS):
            sheet.write_string(1, column, title, formats["head"])
        line, number = 2, 0
        for index, (sector, rate, lines) in enumerate(reduction._get_table(), 1):
            self._write_title(
                sheet, line, roman(index), f"Lĩnh vực {sector.name}", rate, formats
            )
            line += 1
            for row in lines:
                number += 1
                sheet.write_number(line, 0, number, formats["body"])
                for column, text in enumerate(row._get_cells(), 1):
                    sheet.write_string(line, column, text, formats["body"])
                line += 1
        _rates, whole = reduction._get_rates()
        self._write_title(sheet, line, "", reduction._get_total_text(), whole, formats)

    def _write_title(self, sheet, line, number, text, rate, formats):
        for column, cell in enumerate((number, text, "", "", "", percent(rate), "")):
            sheet.write_string(line, column, cell, formats["bold"])


def roman(number):
    """Return ``number`` (1 to 3999) as a Roman numeral."""
    text = ""
    for value, letters in (
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        count, number = divmod(number, value)
        text += letters * count
    return text
