from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CchcEvaluationCriterion(models.Model):
    """What citizens evaluate (NĐ 61/2018/NĐ-CP Đ.31); provinces design their slips."""

    _name = "cchc.evaluation.criterion"
    _description = "Criterion of Evaluation"
    _order = "sequence, id"

    code = fields.Char(required=True, help="Letter of the decree")
    name = fields.Char("Question", required=True)
    sequence = fields.Integer(default=10)
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    valid_to = fields.Date()
    legal_basis = fields.Char()
    active = fields.Boolean(default=True)

    @api.constrains("valid_from", "valid_to")
    def _check_days(self):
        for criterion in self:
            if criterion.valid_to and criterion.valid_to < criterion.valid_from:
                raise ValidationError(
                    self.env._("%s ends before it begins.", criterion.name)
                )

    @api.model
    def _on(self, day):
        """Return the criteria of the slip of a day."""
        return self.search(
            [
                ("valid_from", "<=", day),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">=", day),
            ]
        )
