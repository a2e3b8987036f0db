from odoo import models
from odoo.tools import format_date

COLUMNS = (
    "STT",
    "Mã TTHC",
    "Tên thủ tục hành chính",
    "Lĩnh vực",
    "Việc phải làm",
    "Hạn",
    "Nơi niêm yết",
    "Người thực hiện",
    "Ngày thực hiện",
)
WIDTHS = (6, 12, 60, 24, 16, 12, 26, 22, 14)
CHANGE_NAMES = {
    "new": "Mới ban hành",
    "amended": "Sửa đổi, bổ sung",
    "replaced": "Được thay thế",
    "repealed": "Bị bãi bỏ",
}
ACTION_NAMES = {"post": "Niêm yết", "remove": "Gỡ bỏ"}
TEXT_OPTIONS = {
    # a name that begins with "=" is a name, not a formula
    "strings_to_formulas": False,
    "strings_to_urls": False,
}


class CchcPublicationDecision(models.Model):
    _inherit = "cchc.publication.decision"

    def _get_posting_groups(self):
        """Return the posting list of the agency in use: ``[(heading, postings)]``."""
        self.ensure_one()
        postings = self.env["cchc.posting"].search(
            [
                ("decision_id", "=", self.id),
                ("company_id", "=", self.env.company.id),
            ],
            order="change, sector_id, id",
        )
        groups = postings.grouped("change")
        return [
            (title, groups[change])
            for change, title in CHANGE_NAMES.items()
            if change in groups
        ]


class CchcPosting(models.Model):
    _inherit = "cchc.posting"

    def _get_cells(self):
        """Return the cells of a row of the printed list, without its number."""
        self.ensure_one()
        company = self.company_id
        done = company._cchc_local_date(self.done_at) if self.done_at else False
        return [
            self.procedure_id.code or "",
            self.procedure_id.name or "",
            self.sector_id.name or "",
            ACTION_NAMES[self.action],
            format_date(self.env, self.due_on, date_format="dd/MM/yyyy"),
            self.place or "",
            self.done_by_id.name or "",
            format_date(self.env, done, date_format="dd/MM/yyyy") if done else "",
        ]


class CchcPostingXlsx(models.AbstractModel):
    """What a desk posts anew or takes down after a decision, as a spreadsheet."""

    _name = "report.cchc_onestop.posting_xlsx"
    _description = "Posting List (Excel)"
    _inherit = "report.report_xlsx.abstract"

    def get_workbook_options(self):
        return {"constant_memory": True, **TEXT_OPTIONS}

    def generate_xlsx_report(self, workbook, data, objs):
        head = workbook.add_format(
            {"bold": True, "border": 1, "text_wrap": True, "align": "center"}
        )
        bold = workbook.add_format({"bold": True, "border": 1})
        body = workbook.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        for index, decision in enumerate(objs, 1):
            sheet = workbook.add_worksheet(
                f"Niêm yết {index}" if index > 1 else "Niêm yết"
            )
            for column, width in enumerate(WIDTHS):
                sheet.set_column(column, column, width)
            sheet.write_string(0, 0, f"Quyết định {decision.display_name}")
            sheet.write_string(1, 0, self.env.company.name)
            for column, title in enumerate(COLUMNS):
                sheet.write_string(2, column, title, head)
            line, number = 3, 0
            for title, postings in decision._get_posting_groups():
                sheet.write_string(line, 0, "", bold)
                sheet.write_string(line, 1, f"{title} ({len(postings)})", bold)
                line += 1
                for posting in postings:
                    number += 1
                    sheet.write_number(line, 0, number, body)
                    for column, text in enumerate(posting._get_cells(), 1):
                        sheet.write_string(line, column, text, body)
                    line += 1
