from odoo import fields, models


class CchcIndexPreview(models.Model):
    """How the self-score of the running year stood on a day; written once a week."""

    _name = "cchc.index.preview"
    _description = "Preview of an Index"
    _inherit = ["cchc.guarded.mixin"]
    _order = "day desc, id desc"
    _rec_name = "day"

    assessment_id = fields.Many2one(
        "cchc.index.assessment", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="assessment_id.company_id", store=True)
    year = fields.Integer(related="assessment_id.year", store=True, aggregator=None)
    day = fields.Date(required=True)
    self_total = fields.Float("Self-scored", digits=(16, 4), aggregator="avg")
    forecast = fields.Float(
        "Forecast of the Year",
        digits=(16, 4),
        aggregator="avg",
        help="What is not scored yet taken as in the year before",
    )
    filled_count = fields.Integer("Criteria Scored", aggregator="avg")

    _day_uniq = models.Constraint(
        "UNIQUE (assessment_id, day)", "The preview of this day is there already."
    )
