from odoo import models
from odoo.tools import format_date

#: Official heads of the two lists; the same in every language.
FILES = (
    ("Số TT", 6),
    ("Hộp số", 10),
    ("Mã hồ sơ", 20),
    ("Tiêu đề hồ sơ", 60),
    ("Thời gian tài liệu", 14),
    ("Thời hạn bảo quản", 16),
    ("Số tờ", 8),
    ("Ghi chú", 24),
)
DISPOSAL = (
    ("Số TT", 6),
    ("Mã hồ sơ", 20),
    ("Tiêu đề hồ sơ", 60),
    ("Ngày kết thúc", 14),
    ("Hết thời hạn", 14),
    ("Quy định về thời hạn", 40),
    ("Lý do hủy / giữ lại", 34),
)
_OPTIONS = {
    "constant_memory": True,
    # a name that begins with "=" is a name, not a formula
    "strings_to_formulas": False,
    "strings_to_urls": False,
}


def _title(dossier):
    """Return the title of a file: what was asked for, by whom."""
    parts = (dossier.procedure_id.name, dossier.applicant_name)
    return " – ".join(part for part in parts if part)


class CchcArchiveHandover(models.Model):
    _inherit = "cchc.archive.handover"

    def _get_rows(self):
        """Return the rows of the list of files (mục lục hồ sơ)."""
        self.ensure_one()
        rows = []
        for number, line in enumerate(self.line_ids, 1):
            dossier = line.dossier_id
            ended = self.company_id._cchc_local_date(dossier.ended_at)
            rows.append(
                (
                    number,
                    line.box or "",
                    dossier.name or "",
                    _title(dossier),
                    f"{ended:%d/%m/%Y}",
                    "Vĩnh viễn"
                    if dossier.retention_permanent
                    else f"{dossier.sudo().retention_rule_id.years} năm",
                    line.sheets or "",
                    line.note or "",
                )
            )
        return rows


class CchcDisposalList(models.Model):
    _inherit = "cchc.disposal.list"

    def _get_rows(self, kept=False):
        """Return the rows of the list, those to be destroyed or those kept back."""
        self.ensure_one()
        rows = []
        lines = self.line_ids.filtered(lambda line: line.keep == kept)
        for number, line in enumerate(lines, 1):
            dossier = line.dossier_id
            ended = self.company_id._cchc_local_date(dossier.ended_at)
            until = line.retention_until
            rows.append(
                (
                    number,
                    dossier.name or "",
                    _title(dossier),
                    f"{ended:%d/%m/%Y}",
                    f"{until:%d/%m/%Y}" if until else "",
                    line.rule_text or "",
                    line.keep_reason
                    if kept
                    else line.message or "Hết thời hạn bảo quản",
                )
            )
        return rows


class CchcRetentionXlsx(models.AbstractModel):
    """What both lists share."""

    _name = "cchc.retention.xlsx"
    _description = "List of Files (Excel)"
    _inherit = "report.report_xlsx.abstract"

    def get_workbook_options(self):
        return _OPTIONS

    def _write(self, workbook, name, heads, columns, rows):
        """Write one sheet: lines above the table, its head and its rows."""
        head = workbook.add_format(
            {"bold": True, "border": 1, "text_wrap": True, "align": "center"}
        )
        body = workbook.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        sheet = workbook.add_worksheet(name)
        for column, (_name, width) in enumerate(columns):
            sheet.set_column(column, column, width)
        for line, text in enumerate(heads):
            sheet.write_string(line, 0, text)
        for column, (title, _width) in enumerate(columns):
            sheet.write_string(len(heads), column, title, head)
        for line, row in enumerate(rows, len(heads) + 1):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(line, column, value, body)
                else:
                    sheet.write_string(line, column, value or "", body)


class CchcHandoverXlsx(models.AbstractModel):
    """Mục lục hồ sơ, as a spreadsheet."""

    _name = "report.cchc_onestop_retention.handover_xlsx"
    _description = "List of Files (Excel)"
    _inherit = "cchc.retention.xlsx"

    def generate_xlsx_report(self, workbook, data, objs):
        for index, handover in enumerate(objs, 1):
            day = format_date(self.env, handover.date, date_format="dd/MM/yyyy")
            self._write(
                workbook,
                f"Mục lục {index}",
                (handover.company_id.name, f"MỤC LỤC HỒ SƠ – {handover.name} ({day})"),
                FILES,
                handover._get_rows(),
            )


class CchcDisposalXlsx(models.AbstractModel):
    """Danh mục tài liệu hết giá trị, as a spreadsheet."""

    _name = "report.cchc_onestop_retention.disposal_xlsx"
    _description = "Disposal List (Excel)"
    _inherit = "cchc.retention.xlsx"

    def generate_xlsx_report(self, workbook, data, objs):
        for index, disposal in enumerate(objs, 1):
            for name, kept in (("Hết giá trị", False), ("Giữ lại", True)):
                self._write(
                    workbook,
                    f"{name} {index}",
                    (disposal.company_id.name, disposal.name),
                    DISPOSAL,
                    disposal._get_rows(kept),
                )
