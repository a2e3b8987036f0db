from odoo import fields, models


class CchcTimeReductionRepeal(models.TransientModel):
    """Asks from which day and by which decision a time reduction is repealed."""

    _name = "cchc.time.reduction.repeal"
    _description = "Repeal a Time Reduction"

    reduction_id = fields.Many2one("cchc.time.reduction", required=True)
    repealed_from = fields.Date(
        "From", required=True, default=fields.Date.context_today
    )
    decision_id = fields.Many2one("cchc.publication.decision")

    def action_repeal(self):
        """Restore the times before; running dossiers keep theirs."""
        self.ensure_one()
        self.reduction_id._repeal(self.repealed_from, self.decision_id)
        return {"type": "ir.actions.act_window_close"}
