from odoo import fields, models


class CchcProcedureAmend(models.TransientModel):
    """Asks from which day and by which decision a procedure is amended."""

    _name = "cchc.procedure.amend"
    _description = "Amend a Procedure"

    version_id = fields.Many2one("cchc.procedure.version", required=True)
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    decision_id = fields.Many2one("cchc.publication.decision")
    company_id = fields.Many2one(
        "res.company",
        "Only for the Agency",
        help="Empty: same scope as the amended version",
    )

    def action_amend(self):
        """Make the draft and open it."""
        self.ensure_one()
        self.version_id.check_access("write")
        draft = self.version_id._amend(
            self.valid_from, self.decision_id, self.company_id
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": draft._name,
            "res_id": draft.id,
            "view_mode": "form",
        }
