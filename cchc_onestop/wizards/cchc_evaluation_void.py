from odoo import fields, models


class CchcEvaluationVoid(models.TransientModel):
    """Why slips that were entered wrongly are taken out of every count."""

    _name = "cchc.evaluation.void"
    _description = "Void Evaluations"

    evaluation_ids = fields.Many2many("cchc.evaluation", required=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.ensure_one()
        self.evaluation_ids._void(self.reason)
        return {"type": "ir.actions.act_window_close"}
