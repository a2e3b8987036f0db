from odoo import api, fields, models


class CchcIsoReviewCompare(models.TransientModel):
    """The figures of a review beside those that come out of the data of today.

    Nothing of the review changes: who reads it sees whether the data still say what
    the meeting was shown, and where they do not.
    """

    _name = "cchc.iso.review.compare"
    _description = "Figures Then and Now"

    review_id = fields.Many2one("mgmtsystem.review", required=True, readonly=True)
    measured_at = fields.Datetime("Measured Again", readonly=True)
    line_ids = fields.One2many(
        "cchc.iso.review.compare.line", "compare_id", readonly=True
    )
    figure_count = fields.Integer("Figures", compute="_compute_counts")
    difference_count = fields.Integer("Different", compute="_compute_counts")

    @api.depends("line_ids.differs")
    def _compute_counts(self):
        for compare in self:
            compare.figure_count = len(compare.line_ids)
            compare.difference_count = len(compare.line_ids.filtered("differs"))

    @api.model
    def _of(self, review):
        """Measure the inputs of a review again, without storing a figure of it."""
        return self.create(
            {
                "review_id": review.id,
                "measured_at": fields.Datetime.now(),
                "line_ids": [
                    fields.Command.create(line)
                    for row in review.input_ids
                    for line in self._lines(row)
                ],
            }
        )

    @api.model
    def _lines(self, row):
        """Return a line per figure that is, or was, one of an input."""
        then = {figure.code: figure for figure in row.current_ids}
        now = {fact["code"]: fact for fact in row._facts()}
        for code in {**then, **now}:
            figure, fact = then.get(code), now.get(code, {})
            yield {
                "key": row.key,
                "name": figure.name if figure else fact["name"],
                "value_then": figure.value if figure else False,
                "as_of": figure.as_of if figure else False,
                "value_now": fact.get("value", False),
                "differs": (figure.value if figure else None) != fact.get("value"),
            }


class CchcIsoReviewCompareLine(models.TransientModel):
    """One figure, then and now."""

    _name = "cchc.iso.review.compare.line"
    _description = "Figure Then and Now"

    compare_id = fields.Many2one(
        "cchc.iso.review.compare", required=True, index=True, ondelete="cascade"
    )
    key = fields.Selection(
        selection=lambda self: (
            self.env["cchc.iso.review.input"]
            ._fields["key"]
            ._description_selection(self.env)
        ),
        string="Of Input",
    )
    name = fields.Char("Figure")
    value_then = fields.Char("In the Review")
    as_of = fields.Datetime("As of")
    value_now = fields.Char("Today")
    differs = fields.Boolean("Different")
