from odoo import fields, models


class CchcIsoSampleCancel(models.TransientModel):
    """Why a drawn sample is set aside; it stays to be seen with this reason."""

    _name = "cchc.iso.sample.cancel"
    _description = "Set a Sample Aside"

    sample_id = fields.Many2one("cchc.iso.sample", required=True, readonly=True)
    reason = fields.Char(required=True)

    def action_apply(self):
        self.ensure_one()
        self.sample_id._cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
