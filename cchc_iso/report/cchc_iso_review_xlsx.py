from odoo import models

COLUMNS = ("Đầu vào", "Nội dung", "Kết quả", "Nguồn", "Thời điểm", "Nhận xét")
WIDTHS = (10, 52, 26, 46, 14, 60)
DECISIONS = ("STT", "Quyết định", "Loại", "Người thực hiện", "Thời hạn", "Số hành động")


class ReviewXlsx(models.AbstractModel):
    """Report of the management review (BM-HT04.02) as a spreadsheet."""

    _name = "report.cchc_iso.review_xlsx"
    _description = "Management Review Report (Excel)"
    _inherit = "report.report_xlsx.abstract"

    def get_workbook_options(self):
        # a name that begins with "=" is a name, not a formula
        return {"strings_to_formulas": False, "strings_to_urls": False}

    def generate_xlsx_report(self, workbook, data, objs):
        objs.check_access("read")
        papers = self.env["report.cchc_iso.report_review"]
        head = workbook.add_format(
            {"bold": True, "border": 1, "text_wrap": True, "align": "center"}
        )
        body = workbook.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        title = workbook.add_format({"bold": True, "font_size": 14})
        for index, review in enumerate(objs, 1):
            sheet = workbook.add_worksheet(f"BM-HT04.02 {index}")
            values = papers._get_sheet(review)
            for column, width in enumerate(WIDTHS):
                sheet.set_column(column, column, width)
            sheet.write_string(0, 0, "BÁO CÁO XEM XÉT CỦA LÃNH ĐẠO", title)
            sheet.write_string(1, 0, f"{values['agency'].name} - {review.name}")
            sheet.write_string(2, 0, f"Kỳ xem xét: {values['period']}")
            line = self._write_rows(sheet, 4, COLUMNS, self._inputs(values), head, body)
            self._write_rows(
                sheet, line + 1, DECISIONS, self._decisions(values), head, body
            )

    def _inputs(self, values):
        for row in values["inputs"]:
            figures = row["figures"] or [
                {"name": "", "value": "", "source": "", "as_of": "", "detail": []}
            ]
            for number, figure in enumerate(figures):
                yield (
                    f"{row['key']})",
                    "\n- ".join(
                        [f"{row['name']}: {figure['name']}", *figure["detail"]]
                    ),
                    figure["value"],
                    figure["source"],
                    figure["as_of"],
                    "" if number else row["assessment"],
                )

    def _decisions(self, values):
        for number, row in enumerate(values["decisions"], 1):
            yield (
                str(number),
                row["name"],
                row["output"],
                row["who"],
                row["until"],
                row["action"],
            )

    def _write_rows(self, sheet, line, columns, rows, head, body):
        for column, text in enumerate(columns):
            sheet.write_string(line, column, text, head)
        for row in rows:
            line += 1
            for column, text in enumerate(row):
                sheet.write_string(line, column, text or "", body)
        return line + 1
