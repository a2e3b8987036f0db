from odoo import api, fields, models

KINDS = [
    ("self", "Self-score"),
    ("appraised_1", "First Appraisal"),
    ("appraised_2", "Second Appraisal"),
    ("survey", "Survey"),
    ("extra", "Bonus or Deduction"),
]


class CchcIndexScoreLog(models.Model):
    """Change of a score: from what to what, who, when, why. Kept for ever.

    Written by the transaction that changes a score, whatever way it came; nobody
    writes, changes or deletes a row.
    """

    _name = "cchc.index.score.log"
    _description = "Change of a Score"
    _inherit = ["cchc.guarded.mixin"]
    _order = "id desc"
    _rec_name = "code"
    _guarded_kept = True

    assessment_id = fields.Many2one(
        "cchc.index.assessment", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        related="assessment_id.company_id", store=True, index=True
    )
    superior_id = fields.Many2one(related="assessment_id.superior_id", store=True)
    line_id = fields.Many2one(
        "cchc.index.assessment.line", ondelete="restrict", index="btree_not_null"
    )
    code = fields.Char("No.")
    name = fields.Char("Criterion")
    kind = fields.Selection(KINDS, "Score", required=True)
    score_before = fields.Char(
        "Before", help="Points before; N/A: did not apply; –: none yet"
    )
    score_after = fields.Char("After", help="Points afterwards")
    before_text = fields.Char("Points Before", compute="_compute_texts")
    after_text = fields.Char("Points After", compute="_compute_texts")
    state = fields.Char("State of the Assessment")
    user_id = fields.Many2one("res.users", "By", required=True)
    at = fields.Datetime("When", required=True)
    reason = fields.Char()

    @api.depends("score_before", "score_after")
    @api.depends_context("lang")
    def _compute_texts(self):
        comma = self.env.lang == "vi_VN"
        for row in self:
            for name in ("before", "after"):
                text = row[f"score_{name}"] or ""
                row[f"{name}_text"] = text.replace(".", ",") if comma else text

    @api.model
    def _guarded_sentence(self):
        return self.env._("Changes of scores are noted by the system and stay.")
