from odoo import fields, models

from ..tools.catalogue_xlsx import COLUMNS, describe_fees, describe_limits

WIDTHS = (6, 14, 60, 24, 12, 30, 30, 28, 36, 44, 14, 20)
LEVEL_NAMES = {
    "ministry": "Cấp Bộ",
    "province": "Cấp Tỉnh",
    "commune": "Cấp Xã",
    "other": "Cơ quan khác",
}
CHANNEL_NAMES = {
    "counter": "Trực tiếp",
    "online": "Trực tuyến",
    "post": "Bưu chính công ích",
    "kiosk": "Ki-ốt",
}
ONLINE_NAMES = {
    "full": "Toàn trình",
    "partial": "Một phần",
    "information": "Cung cấp thông tin",
}


class CchcProcedureListXlsx(models.AbstractModel):
    """The list of procedures as a province publishes it (NĐ 63/2010 Đ.13).

    The words are those of the official list, so that the file can be published and
    imported again: importing it unchanged changes nothing.
    """

    _name = "report.cchc_onestop.procedure_list_xlsx"
    _description = "List of Procedures (Excel)"
    _inherit = "report.report_xlsx.abstract"

    def get_workbook_options(self):
        # a name that begins with "=" is a name, not a formula
        return {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        }

    def generate_xlsx_report(self, workbook, data, objs):
        sheet = workbook.add_worksheet("Danh mục TTHC")
        head = workbook.add_format(
            {"bold": True, "border": 1, "text_wrap": True, "align": "center"}
        )
        body = workbook.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(COLUMNS):
            sheet.write_string(0, column, title, head)
        for line, cells in enumerate(self._get_rows(objs), 1):
            sheet.write_number(line, 0, line, body)
            for column, text in enumerate(cells, 1):
                sheet.write_string(line, column, text, body)

    def _get_rows(self, procedures):
        today = procedures._get_catalogue_date()
        versions = procedures._versions_at(today, self.env.company)
        for procedure in procedures:
            version = versions.get(procedure, self.env["cchc.procedure.version"])
            yield self._get_row(procedure, version, today)

    def _get_row(self, procedure, version, today):
        channels = version.channel_ids
        limits = [
            {**row, "case": limit.case_id.name}
            for limit in channels[:1].time_limit_ids
            for row in limit.read(["is_stated", "amount", "unit"])
        ]
        fees = channels[:1].time_limit_ids[:1].fee_ids
        repealed = procedure.repealed_from
        return (
            procedure.code,
            version.name or procedure.name,
            procedure.sector_id.name,
            LEVEL_NAMES.get(procedure.level, ""),
            describe_limits(limits),
            version.reception_address or "",
            ", ".join(CHANNEL_NAMES[row.channel] for row in channels),
            describe_fees(fees.read(["is_stated", "amount", "legal_text"])),
            "; ".join(version.legal_basis_ids.mapped("number")),
            ONLINE_NAMES.get(version.online_level, ""),
            "Bãi bỏ" if repealed and repealed <= fields.Date.to_date(today) else "",
        )
