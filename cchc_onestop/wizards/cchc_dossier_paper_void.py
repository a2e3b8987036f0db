from odoo import fields, models


class CchcDossierPaperVoid(models.TransientModel):
    """Asks why a paper is voided, and whether a new one takes its place."""

    _name = "cchc.dossier.paper.void"
    _description = "Void Paper"

    paper_id = fields.Many2one("cchc.dossier.paper", required=True, readonly=True)
    reason = fields.Text(required=True)
    reissue = fields.Boolean(
        string="Issue a New One",
        default=True,
        help="The new paper gets its own number and names the void one",
    )

    def action_apply(self):
        """Void the paper; open the new one when there is one."""
        self.ensure_one()
        if not self.reissue:
            self.paper_id.void(self.reason)
            return {"type": "ir.actions.act_window_close"}
        return self.paper_id.reissue(self.reason).action_print()
