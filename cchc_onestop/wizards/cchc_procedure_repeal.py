from odoo import Command, fields, models


class CchcProcedureRepeal(models.TransientModel):
    """Asks from which day and by which decision procedures are repealed."""

    _name = "cchc.procedure.repeal"
    _description = "Repeal Procedures"

    procedure_ids = fields.Many2many(
        "cchc.procedure",
        required=True,
        default=lambda self: self._default_procedure_ids(),
    )
    repealed_from = fields.Date(
        "From", required=True, default=fields.Date.context_today
    )
    decision_id = fields.Many2one("cchc.publication.decision")

    replaced_by_id = fields.Many2one(
        "cchc.procedure",
        "Replaced by",
        help="Who looks for the repealed procedures is led to this one",
    )

    def _default_procedure_ids(self):
        if self.env.context.get("active_model") != "cchc.procedure":
            return []
        return [Command.set(self.env.context.get("active_ids", []))]

    def action_repeal(self):
        """Refuse new dossiers from the day; running ones keep their rules."""
        self.ensure_one()
        self.procedure_ids.write(
            {
                "repealed_from": self.repealed_from,
                "repeal_decision_id": self.decision_id.id,
                "replaced_by_id": self.replaced_by_id.id,
            }
        )
        return {"type": "ir.actions.act_window_close"}
