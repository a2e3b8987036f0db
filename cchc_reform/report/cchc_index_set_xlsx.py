from odoo import models

from ..tools import criterion_row
from ..tools.sheet_page import row_height, set_page

_WIDTHS = (9, 60, 11, 18, 46, 36)


class IndexSetXlsx(models.AbstractModel):
    """A set of criteria in the layout in which it is imported."""

    _name = "report.cchc_reform.index_set_xlsx"
    _description = "Set of Criteria (Excel)"
    _inherit = "report.report_xlsx.abstract"

    def get_workbook_options(self):
        # a name that begins with "=" is a name, not a formula
        return {"strings_to_formulas": False, "strings_to_urls": False}

    def generate_xlsx_report(self, workbook, data, objs):
        objs.check_access("read")
        head = workbook.add_format(
            {"bold": True, "border": 1, "text_wrap": True, "align": "center"}
        )
        plain = {"border": 1, "text_wrap": True, "valign": "top"}
        styles = {
            False: (workbook.add_format(plain), workbook.add_format(plain)),
            True: (workbook.add_format({**plain, "bold": True}),) * 2,
        }
        for number, record in enumerate(objs, 1):
            sheet = workbook.add_worksheet(f"Bộ tiêu chí {number}")
            for column, width in enumerate(_WIDTHS):
                sheet.set_column(column, column, width)
            for column, name in enumerate(criterion_row.HEADINGS.values()):
                sheet.write_string(0, column, name, head)
            nodes = record.criterion_ids.sorted("path")
            for line, node in enumerate(nodes, 1):
                text, _style = styles[not node.is_leaf]
                sheet.write_string(line, 0, node.code, text)
                sheet.write_string(line, 1, node.name, text)
                sheet.write_number(line, 2, node.maximum, text)
                rule = node.rule if node.is_leaf else criterion_row.SUM
                words = criterion_row.RULES[criterion_row.NUMBERS[rule]][1]
                cells = (words, node._parameters_text(), node.evidence_hint or "")
                for column, value in enumerate(cells, 3):
                    sheet.write_string(line, column, value, text)
                height = row_height((node.name, *cells), (_WIDTHS[1], *_WIDTHS[3:]))
                sheet.set_row(line, height)
            set_page(sheet, 0)
            sheet.freeze_panes(1, 2)
