from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.scoring import ZERO, exact, rounded


class CchcIndexAssessmentSurvey(models.Model):
    """What surveys score."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.index.assessment"  # pylint: disable=consider-merging-classes-inherited

    survey_ids = fields.One2many("cchc.index.survey", "assessment_id", "Surveys")

    def _take_survey(self, criterion):
        """Score with the weighted result of the surveys of a criterion.

        :param criterion: empty for the survey beside the criteria
        """
        self.ensure_one()
        rows = self.survey_ids.filtered(
            lambda row: row.criterion_id == criterion and row.answer_count
        )
        weights = sum((exact(row.weight) for row in rows), ZERO)
        if not weights:
            return
        percent = rounded(
            sum((exact(row.percent) * exact(row.weight) for row in rows), ZERO)
            / weights,
            4,
        )
        answers = sum(rows.mapped("answer_count"))
        if criterion:
            line = self.line_ids.filtered(lambda row: row.criterion_id == criterion)
            vals = {"percent": float(percent)}
            if not line.evidence_note:
                vals["evidence_note"] = self.env._("Survey: %s answers", answers)
            line.write(vals)
            return
        maximum = self.set_id.survey_weight
        if not maximum:
            raise UserError(
                self.env._(
                    "“%s” has no weight for a survey: choose the criterion that the "
                    "survey scores.",
                    self.set_id.display_name,
                )
            )
        self._set_survey(
            float(rounded(percent / 100 * exact(maximum), 4)),
            maximum,
            answers,
            self.env._("Survey: %s answers", answers),
        )
