from odoo import fields, models


class CchcReformFindingRemedy(models.TransientModel):
    """Report that a weakness is remedied."""

    _name = "cchc.reform.finding.remedy"
    _description = "Report a Remedy"

    finding_id = fields.Many2one("cchc.reform.inspection.finding", required=True)
    weakness = fields.Char(related="finding_id.weakness")
    recommendation = fields.Text(related="finding_id.recommendation")
    date_due = fields.Date(related="finding_id.date_due")
    result = fields.Text("What Was Done", required=True)
    day = fields.Date(
        "Remedied on",
        required=True,
        default=lambda self: fields.Date.context_today(self),
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Evidence")

    def action_report(self):
        self.ensure_one()
        return self.finding_id.report_remedy(self.result, self.day, self.attachment_ids)
