from odoo import fields, models

from ..tools.scoring import ZERO, exact


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
        # a comment that gives points back is no cause
        lowered = self.appraised_score < self.self_score
        comment = lowered and (self.comment_2 or self.comment_1)
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
            ``not``, ``dropped`` (the set of the next year has no such criterion) or
            ``False`` when the next year is not scored yet
        """
        self.ensure_one()
        assessment = self.sudo().assessment_id
        after = assessment.search(
            [
                ("company_id", "=", assessment.company_id.id),
                ("year", ">", self.year),
            ],
            order="year, id desc",
            limit=1,
        )
        lines = self.sudo().next_line_ids & after.line_ids
        if after and not lines:
            return "dropped"
        # a split criterion is judged by its parts together
        if not lines or not all(lines.mapped("is_filled")):
            return False
        if not any(lines.mapped("lost")):
            return "recovered"
        points = sum((exact(line.final_score) for line in lines), ZERO)
        maximum = sum((exact(line.maximum) for line in lines), ZERO)
        before = exact(self.final_score) / exact(self.maximum)
        return "partly" if points / maximum > before else "not"
