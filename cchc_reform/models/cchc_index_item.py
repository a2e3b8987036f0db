from odoo import fields, models


class CchcIndexItem(models.Model):
    """Part that a criterion counts: so many points for one of it."""

    _name = "cchc.index.item"
    _description = "Part Counted by a Criterion"
    _inherit = ["cchc.frozen.mixin"]
    _order = "criterion_id, sequence, id"
    _frozen_owner = "set_id"
    # what the system measures is no part of the decision that issued the set
    _frozen_free = frozenset({"metric_id"})

    criterion_id = fields.Many2one(
        "cchc.index.criterion", required=True, ondelete="cascade", index=True
    )
    set_id = fields.Many2one(
        related="criterion_id.set_id", store=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("Part", required=True)
    points = fields.Float("Points for One", digits=(16, 4), required=True)
    metric_id = fields.Many2one(
        "cchc.reform.metric", "Measured by", ondelete="restrict"
    )
    limit = fields.Float(
        "Counted at Most", digits=(16, 4), help="0: without a limit of its own"
    )

    _bounds = models.Constraint(
        'CHECK (points >= 0 AND "limit" >= 0)', "Points and limits are not negative."
    )

    def _touch_plans(self):
        """Sets of criteria take no part in reception."""
