from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CchcIsoRiskLevel(models.Model):
    """Level of a risk by its score, likelihood × consequence; offices set their own."""

    _name = "cchc.iso.risk.level"
    _description = "Level of Risk"
    _order = "score_from, id"

    name = fields.Char(required=True, translate=True)
    score_from = fields.Integer("Score from", required=True, aggregator=None)
    score_to = fields.Integer("Score to", required=True, aggregator=None)
    color = fields.Integer(help="Colour of the level on the map")
    needs_treatment = fields.Boolean(
        help="A risk of this level is not simply accepted: it needs an action"
    )
    active = fields.Boolean(default=True)

    _scores_in_order = models.Constraint(
        "CHECK (score_from <= score_to AND score_from > 0)",
        "The scores of a level go from a smaller to a larger number.",
    )

    @api.constrains("score_from", "score_to", "active")
    def _check_overlap(self):
        levels = self.search([], limit=100)
        for level in self.filtered("active"):
            for other in levels - level:
                if (
                    level.score_from <= other.score_to
                    and other.score_from <= level.score_to
                ):
                    raise ValidationError(
                        self.env._(
                            "The levels “%(one)s” and “%(other)s” share scores: every "
                            "score belongs to one level.",
                            one=level.name,
                            other=other.name,
                        )
                    )

    @api.model
    def _of_score(self, score):
        """Return the level of a score."""
        level = self.search(
            [("score_from", "<=", score), ("score_to", ">=", score)], limit=1
        )
        if not level:
            raise ValidationError(
                self.env._(
                    "No level of risk holds the score %s: complete the levels.", score
                )
            )
        return level
