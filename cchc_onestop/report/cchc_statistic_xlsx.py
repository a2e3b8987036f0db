from odoo import models

from ..tools.register import write_head


class CchcStatisticXlsx(models.AbstractModel):
    """The reports on settlement as workbooks in the official layout."""

    _name = "report.cchc_onestop.statistic_xlsx"
    _description = "Report on Settlement (Excel)"
    _inherit = "report.report_xlsx.abstract"

    def get_workbook_options(self):
        return {"strings_to_formulas": False, "strings_to_urls": False}

    def generate_xlsx_report(self, workbook, data, objs):
        formats = self._formats(workbook)
        for report in objs:
            name = f"{report._form_code()} {report.id}".translate(_SHEET_NAME)
            self._write(workbook.add_worksheet(name[:31]), report._sheet(), formats)

    def _formats(self, workbook):
        font = {"font_name": "Times New Roman", "valign": "vcenter"}
        grid = {**font, "border": 1, "text_wrap": True}
        return {
            "bold": workbook.add_format({**font, "bold": True}),
            "plain": workbook.add_format(font),
            "title": workbook.add_format(
                {
                    **font,
                    "bold": True,
                    "align": "center",
                    "text_wrap": True,
                    "font_size": 13,
                }
            ),
            "middle": workbook.add_format({**font, "align": "center", "bold": True}),
            "italic": workbook.add_format({**font, "italic": True, "align": "center"}),
            "note": workbook.add_format({**font, "italic": True, "text_wrap": True}),
            "head": workbook.add_format({**grid, "bold": True, "align": "center"}),
            "number": workbook.add_format({**grid, "num_format": "#,##0"}),
            "text": workbook.add_format(grid),
            "total": workbook.add_format({**grid, "bold": True}),
            "sum": workbook.add_format({**grid, "bold": True, "num_format": "#,##0"}),
        }

    def _write(self, sheet, paper, formats):
        table = paper["table"]
        width = len(table["numbers"])
        last = width - 1
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_column(0, 0, 5)
        sheet.set_column(1, 1, 34)
        sheet.set_column(2, last, 10)
        sheet.write_string(0, 0, f"Biểu số {paper['code']}", formats["bold"])
        sheet.write_string(1, 0, f"Kỳ báo cáo: {paper['period']}", formats["plain"])
        sheet.write_string(2, 0, f"({paper['range']})", formats["plain"])
        right = max(2, width - 4)
        sheet.write_string(
            0, right, f"Đơn vị báo cáo: {paper['agency']}", formats["plain"]
        )
        sheet.write_string(
            1, right, f"Đơn vị nhận báo cáo: {paper['receiver']}", formats["plain"]
        )
        sheet.set_row(3, 34)
        sheet.merge_range(3, 0, 3, last, paper["title"], formats["title"])
        sheet.write_string(4, right, f"Đơn vị tính: {paper['unit']}", formats["plain"])
        line = write_head(
            sheet,
            5,
            [tuple(path) for path in _paths(table)],
            formats["head"],
        )
        for column, number in enumerate(table["numbers"]):
            sheet.write_string(line, column, f"({number})", formats["head"])
        line += 1
        sheet.freeze_panes(line, 2)
        for index, row in enumerate(table["rows"], start=1):
            self._write_row(sheet, line, row, index, formats, table["remedies"])
            line += 1
        line = self._write_end(sheet, line + 1, paper, formats, width)

    def _write_row(self, sheet, line, row, index, formats, remedies):
        text = formats["total" if row["total"] else "text"]
        number = formats["sum" if row["total"] else "number"]
        sheet.write_string(line, 0, "" if row["total"] else str(index), text)
        sheet.write_string(line, 1, row["name"], text)
        for column, figure in enumerate(row["figures"], start=2):
            sheet.write_number(line, column, figure, number)
        if remedies:
            column = len(row["figures"]) + 2
            sheet.write_string(line, column, row["remedy"], text)
            sheet.write_string(line, column + 1, "", text)

    def _write_end(self, sheet, line, paper, formats, width):
        for index, note in enumerate(paper["notes"], start=1):
            sheet.merge_range(
                line, 0, line, width - 1, f"({index}) {note}", formats["note"]
            )
            line += 1
        day = paper["day"]
        right = max(2, width - 4)
        place = (
            f"{paper['place']}, ngày {day.day:02d} tháng {day.month:02d} năm {day.year}"
        )
        line += 1
        sheet.write_string(line, right, place, formats["italic"])
        sheet.write_string(line + 1, 1, "NGƯỜI LẬP BIỂU", formats["middle"])
        sheet.write_string(line + 1, right, "THỦ TRƯỞNG ĐƠN VỊ", formats["middle"])
        return line + 2


#: Characters that the name of a sheet may not hold.
_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\", "."))


def _paths(table):
    """Return the headings of each column from the merged head of a table."""
    paths = [[] for _number in table["numbers"]]
    for row in table["head"]:
        for label, column, across, _down in row:
            for index in range(column, column + across):
                paths[index].append(label)
    return paths
