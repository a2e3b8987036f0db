from odoo import fields, models


class CchcEvaluationPush(models.TransientModel):
    """On which of several screens the dossier is shown."""

    _name = "cchc.evaluation.push"
    _description = "On Which Screen?"

    dossier_id = fields.Many2one("cchc.dossier", required=True, readonly=True)
    company_id = fields.Many2one(related="dossier_id.company_id")
    kiosk_id = fields.Many2one(
        "cchc.evaluation.kiosk",
        "Screen",
        required=True,
        domain="[('company_id', '=', company_id)]",
    )

    def action_confirm(self):
        self.ensure_one()
        self.dossier_id._check_inviting()
        self.kiosk_id.check_access("read")
        return self.dossier_id._push_to(self.kiosk_id)
