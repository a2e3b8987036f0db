from odoo import api, fields, models

RECOVERIES = [
    ("recovered", "Recovered"),
    ("partly", "Partly Recovered"),
    ("not", "Not Recovered"),
    ("dropped", "Not Scored Any More"),
]


class CchcReformTaskIndex(models.Model):
    """A task of a remedy plan: which points were lost, why, and what became of them."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.reform.task"  # pylint: disable=consider-merging-classes-inherited

    assessment_line_id = fields.Many2one(
        "cchc.index.assessment.line",
        "Deducted Criterion",
        ondelete="restrict",
        index="btree_not_null",
        copy=False,
    )
    criterion_text = fields.Char(
        "Criterion That Lost Points", compute="_compute_criterion_text"
    )
    lost_maximum = fields.Float(
        "Maximum", related="assessment_line_id.maximum", digits=(16, 4)
    )
    lost_score = fields.Float(
        "Reached", related="assessment_line_id.final_score", digits=(16, 4)
    )
    lost_points = fields.Float(
        "Lost", related="assessment_line_id.lost", digits=(16, 4)
    )
    lost_cause = fields.Text("Cause")
    recovery = fields.Selection(
        RECOVERIES, "Next Year's Score", compute="_compute_recovery"
    )

    @api.depends("assessment_line_id")
    def _compute_criterion_text(self):
        for task in self:
            criterion = task.assessment_line_id.sudo().criterion_id
            task.criterion_text = criterion.display_name if criterion else False

    @api.depends("assessment_line_id")
    def _compute_recovery(self):
        for task in self:
            line = task.assessment_line_id.sudo()
            task.recovery = line._recovery() if line else False
