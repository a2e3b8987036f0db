from odoo import fields, models


class CchcIndexBand(models.Model):
    """Threshold of a ratio: from which share on how many points are given."""

    _name = "cchc.index.band"
    _description = "Threshold of a Criterion"
    _inherit = ["cchc.frozen.mixin"]
    _order = "criterion_id, start desc, id"
    _frozen_owner = "set_id"
    _rec_name = "start"

    criterion_id = fields.Many2one(
        "cchc.index.criterion", required=True, ondelete="cascade", index=True
    )
    set_id = fields.Many2one(
        related="criterion_id.set_id", store=True, ondelete="cascade"
    )
    start = fields.Float(
        "From (%)", digits=(16, 4), required=True, help="Lowest ratio, in percent"
    )
    kind = fields.Selection(
        [("ratio", "Ratio × Maximum"), ("share", "Share of the Maximum")],
        "Points",
        required=True,
        default="ratio",
    )
    share = fields.Float("Share (%)", digits=(16, 4), default=100)

    _bounds = models.Constraint(
        "CHECK (start BETWEEN 0 AND 100 AND share BETWEEN 0 AND 100)",
        "Thresholds and shares lie between 0 and 100 %.",
    )

    def _touch_plans(self):
        """Sets of criteria take no part in reception."""
