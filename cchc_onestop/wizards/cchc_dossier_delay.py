from odoo import fields, models


class CchcDossierDelay(models.TransientModel):
    """Asks why dossiers are late and what is done about it."""

    _name = "cchc.dossier.delay"
    _description = "Reason of Delay"

    dossier_ids = fields.Many2many("cchc.dossier", required=True, readonly=True)
    reason_id = fields.Many2one(
        "cchc.reason", required=True, domain=[("kind", "=", "late")]
    )
    content = fields.Char(string="Details")
    remedy = fields.Char(help="Printed in II.07a beside the causes")

    def action_confirm(self):
        """State the reason for all chosen dossiers, in one transaction."""
        self.ensure_one()
        return self.dossier_ids.action_explain_late(
            self.reason_id, self.content, self.remedy
        )
