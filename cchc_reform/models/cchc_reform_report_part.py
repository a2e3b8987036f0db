from odoo import api, fields, models


class CchcReformReportPart(models.AbstractModel):
    """Row of a report: it changes only while the report is a draft, for everybody."""

    _name = "cchc.reform.report.part"
    _description = "Part of a Report"

    report_id = fields.Many2one(
        "cchc.reform.report", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="report_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.report_id._cchc_check_open()
        return parts

    def write(self, vals):
        self.report_id._cchc_check_open()
        result = super().write(vals)
        if "report_id" in vals:
            self.report_id._cchc_check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_from_drafts_only(self):
        self.report_id._cchc_check_open()
