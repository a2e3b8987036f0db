from odoo import fields, models


class CchcIsoReviewFigure(models.Model):
    """A figure of a review, as it was when it was measured.

    Source, what was asked and the moment are kept, so that the same question can be put
    again; measuring again never changes a row, it adds one beside it.
    """

    _name = "cchc.iso.review.figure"
    _description = "Figure of a Management Review"
    _inherit = ["cchc.guarded.mixin"]
    _order = "input_id, sequence, code, version desc, id"
    _guarded_kept = True

    input_id = fields.Many2one(
        "cchc.iso.review.input", required=True, index=True, ondelete="restrict"
    )
    review_id = fields.Many2one(
        "mgmtsystem.review", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="input_id.company_id", store=True, index=True)
    key = fields.Selection(related="input_id.key", store=True, string="Of Input")
    sequence = fields.Integer()
    code = fields.Char(required=True)
    name = fields.Char("Figure", required=True)
    value = fields.Char(help="As it is written")
    numerator = fields.Float(digits=(20, 0))
    denominator = fields.Float(digits=(20, 0))
    detail = fields.Text(help="The rows behind the figure, as they were")
    source = fields.Char(required=True)
    parameters = fields.Text(help="What was asked, to ask it again")
    as_of = fields.Datetime("As of", required=True)
    measured_by_id = fields.Many2one("res.users", "Measured by")
    version = fields.Integer(default=1, aggregator=None)
    is_current = fields.Boolean("In Force", default=True)
    replaces_id = fields.Many2one(
        "cchc.iso.review.figure", "Differs from", ondelete="restrict"
    )
    value_before = fields.Char("Before", related="replaces_id.value")

    _current_uniq = models.UniqueIndex(
        "(input_id, code) WHERE is_current", "Only one row of a figure is in force."
    )
