from odoo import fields, models


class CchcReformReportReturn(models.TransientModel):
    """Return a report to the agency that sent it, saying what is to be mended."""

    _name = "cchc.reform.report.return"
    _description = "Return a Report"

    report_id = fields.Many2one(
        "cchc.reform.report", required=True, readonly=True, ondelete="cascade"
    )
    reason = fields.Text("What Is to Be Mended", required=True)

    def action_return(self):
        """Return the report."""
        self.ensure_one()
        self.report_id._return(self.reason)
        return {"type": "ir.actions.act_window_close"}
