from odoo import models

from odoo.addons.cchc_onestop.report.cchc_posting_xlsx import TEXT_OPTIONS

from .cchc_settlement_report import COLUMNS

WIDTHS = (8, 60, 12, 14, 14, 44)
OFFICER_HEAD = (
    "Cán bộ, công chức",
    "Số hồ sơ",
    "Chỉ số 1",
    "Chỉ số 2",
    "Chỉ số 3",
    "Chỉ số 4",
    "Chỉ số 7",
    "Tổng điểm",
    "Mức độ hoàn thành",
)


class SettlementReviewXlsx(models.AbstractModel):
    """The form and the table of officers as a workbook; texts are never formulas."""

    _name = "report.cchc_onestop_index.settlement_review_xlsx"
    _description = "Evaluation of Settlement (Excel)"
    _inherit = "report.report_xlsx.abstract"

    def get_workbook_options(self):
        return {"constant_memory": True, **TEXT_OPTIONS}

    def generate_xlsx_report(self, workbook, data, objs):
        objs.check_access("read")
        papers = self.env["report.cchc_onestop_index.report_settlement_review"]
        styles = {
            "title": workbook.add_format({"bold": True, "font_size": 13}),
            "head": workbook.add_format(
                {"bold": True, "border": 1, "text_wrap": True, "align": "center"}
            ),
            "body": workbook.add_format(
                {"border": 1, "text_wrap": True, "valign": "top"}
            ),
            "bold": workbook.add_format({"bold": True, "border": 1}),
        }
        for number, review in enumerate(objs.with_context(lang="vi_VN"), 1):
            sheet = papers._get_sheet(review)
            suffix = f" {number}" if len(objs) > 1 else ""
            self._write_form(
                workbook.add_worksheet(f"Bảng đánh giá{suffix}"), sheet, styles
            )
            self._write_officers(
                workbook.add_worksheet(f"Cán bộ, công chức{suffix}"), sheet, styles
            )

    def _write_form(self, page, sheet, styles):
        for column, width in enumerate(WIDTHS):
            page.set_column(column, column, width)
        page.write_string(0, 0, sheet["agency"].name)
        page.write_string(1, 0, sheet["title"], styles["title"])
        page.write_string(
            2, 0, f"{sheet['period']} (từ {sheet['from']} đến {sheet['to']})"
        )
        self._write_row(page, 4, COLUMNS, styles["head"])
        at = 5
        for row in sheet["rows"]:
            self._write_row(page, at, row, styles["body"])
            at += 1
        self._write_row(page, at, sheet["total"], styles["bold"])
        page.write_string(
            at + 2, 0, f"II. Mức độ hài lòng: {sheet['satisfaction']}", styles["title"]
        )
        page.write_string(at + 3, 0, f"Số phiếu: {sheet['slips']}")

    def _write_officers(self, page, sheet, styles):
        page.set_column(0, 0, 34)
        page.set_column(8, 8, 44)
        self._write_row(page, 0, OFFICER_HEAD, styles["head"])
        for at, row in enumerate(sheet["officers"], 1):
            self._write_row(page, at, row, styles["body"])

    def _write_row(self, page, at, texts, style):
        for column, text in enumerate(texts):
            page.write_string(at, column, text, style)
