from odoo import fields, models

from ..tools.scoring import exact


class CchcIndexAssessmentLineRemedy(models.Model):
    """A deducted line and the task that wins its points back."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.index.assessment.line"  # pylint: disable=consider-merging-classes-inherited

    remedy_task_ids = fields.One2many(
        "cchc.reform.task", "assessment_line_id", "Remedy Tasks"
    )

    def _remedy_vals(self, number, areas):
        """Return the values of the task that wins the points of a line back."""
        self.ensure_one()
        area = areas.get(self.area_id.area_key)
        comment = self.comment_2 or self.comment_1
        return {
            "sequence": 10 * number,
            "assessment_line_id": self.id,
            "name": self.env._("Remedy: %s", self.name),
            "area_id": area.id if area else False,
            "lost_cause": comment or False,
            "deadline_type": "regular",
        }

    def _recovery(self):
        """Return how the next year did on this criterion.

        :return: ``recovered`` (nothing lost any more), ``partly`` (less lost),
            ``not`` or ``False`` when the next year is not scored yet
        """
        self.ensure_one()
        after = self.sudo().search(
            [
                ("previous_line_id", "=", self.id),
                ("year", ">", self.year),
                ("is_filled", "=", True),
            ],
            order="year, id desc",
            limit=1,
        )
        if not after:
            return False
        if not after.lost:
            return "recovered"
        share = exact(after.final_score) / exact(after.maximum)
        before = exact(self.final_score) / exact(self.maximum)
        return "partly" if share > before else "not"
