from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.guard import is_unlocked
from .cchc_evaluation import LEVELS


class CchcEvaluationAnswer(models.Model):
    """Answer to one criterion of a slip; empty where the citizen said nothing."""

    _name = "cchc.evaluation.answer"
    _description = "Answer of an Evaluation"
    _order = "evaluation_id, sequence, id"

    evaluation_id = fields.Many2one(
        "cchc.evaluation", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="evaluation_id.company_id", store=True, index=True
    )
    criterion_id = fields.Many2one(
        "cchc.evaluation.criterion", required=True, ondelete="restrict"
    )
    sequence = fields.Integer(related="criterion_id.sequence", store=True)
    level = fields.Selection(LEVELS, "Answer")

    _criterion_uniq = models.Constraint(
        "UNIQUE (evaluation_id, criterion_id)",
        "The slip answers this criterion already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        answers = super().create(vals_list)
        now = self.env.cr.now()
        if not is_unlocked(self.env) and any(
            evaluation.create_date < now for evaluation in answers.evaluation_id
        ):
            answers._refuse()
        return answers

    def write(self, vals):
        if not is_unlocked(self.env):
            self._refuse()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self._refuse()

    def _refuse(self):
        raise UserError(
            self.env._(
                "The answers of a slip are entered with it and not changed later."
            )
        )
