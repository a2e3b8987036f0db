from odoo import api, fields, models

from ..tools import scoring
from ..tools.scoring import ZERO, exact


class CchcIndexWhatIf(models.TransientModel):
    """What would raise the score most; values are tried here, nothing is scored."""

    _name = "cchc.index.what.if"
    _description = "What Would Raise the Score"
    _rec_name = "assessment_id"

    assessment_id = fields.Many2one("cchc.index.assessment", required=True)
    total_now = fields.Float("Now", digits=(16, 4), compute="_compute_totals")
    total_then = fields.Float("Then", digits=(16, 4), compute="_compute_totals")
    gain = fields.Float("More", digits=(16, 4), compute="_compute_totals")
    class_then = fields.Char(compute="_compute_totals")
    line_ids = fields.One2many("cchc.index.what.if.line", "what_if_id", "Criteria")

    @api.depends("assessment_id", "line_ids.score_then")
    def _compute_totals(self):
        for record in self:
            assessment = record.assessment_id
            tried = {
                row.line_id.id: None if row.na_then else exact(row.score_then)
                for row in record.line_ids
            }
            pairs = []
            for line in assessment._leaves():
                leaf, points = line._pair(bool(assessment.appraisal))
                pairs.append((leaf, tried.get(line.id, points)))
            now = assessment._final() or ZERO
            then = assessment._weigh(scoring.add_up(pairs)) or ZERO
            record.total_now = float(now)
            record.total_then = float(then)
            record.gain = float(then - now)
            record.class_then = assessment._class_of(then).name
