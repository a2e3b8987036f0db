from odoo import fields, models


class SurveyQuestionAnswer(models.Model):
    """An answer of a questionnaire that gives a share of the points."""

    _inherit = "survey.question.answer"

    cchc_counts = fields.Boolean("Counts for the Index")
    cchc_share = fields.Float("Share of the Points (%)", digits=(16, 4))

    _cchc_share = models.Constraint(
        "CHECK (cchc_share IS NULL OR cchc_share BETWEEN 0 AND 100)",
        "The share of an answer lies between 0 and 100 %.",
    )
