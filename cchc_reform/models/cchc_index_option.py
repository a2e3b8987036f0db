from odoo import fields, models


class CchcIndexOption(models.Model):
    """Answer to choose: gives a share of the maximum (A 100 %, B 60 % …)."""

    _name = "cchc.index.option"
    _description = "Answer of a Criterion"
    _inherit = ["cchc.frozen.mixin"]
    _order = "criterion_id, sequence, id"
    _frozen_owner = "set_id"

    criterion_id = fields.Many2one(
        "cchc.index.criterion", required=True, ondelete="cascade", index=True
    )
    set_id = fields.Many2one(
        related="criterion_id.set_id", store=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("Answer", required=True)
    share = fields.Float("Share (%)", digits=(16, 4), required=True)

    _bounds = models.Constraint(
        "CHECK (share BETWEEN 0 AND 100)", "A share lies between 0 and 100 %."
    )

    def _touch_plans(self):
        """Sets of criteria take no part in reception."""
