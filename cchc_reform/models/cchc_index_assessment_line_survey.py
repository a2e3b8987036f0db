from odoo import models


class CchcIndexAssessmentLineSurvey(models.Model):
    """The surveys whose answers score a criterion."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.index.assessment.line"  # pylint: disable=consider-merging-classes-inherited

    def action_surveys(self):
        """List the surveys of this criterion, each with its answers."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_reform.cchc_index_survey_action"
        )
        action.update(
            domain=[
                ("assessment_id", "=", self.assessment_id.id),
                ("criterion_id", "=", self.criterion_id.id),
            ],
            context={
                "default_assessment_id": self.assessment_id.id,
                "default_criterion_id": self.criterion_id.id,
            },
        )
        return action
