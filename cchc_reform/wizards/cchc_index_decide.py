from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.guard import unlocked


class CchcIndexDecide(models.TransientModel):
    """Asks what a step of an assessment needs: a reason, points, a document."""

    _name = "cchc.index.decide"
    _description = "Step of an Assessment"

    assessment_id = fields.Many2one("cchc.index.assessment", required=True)
    what = fields.Selection(
        [
            ("return", "Send Back"),
            ("survey", "Result of the Survey"),
            ("extra", "Bonus or Deduction"),
            ("publish", "Publish the Result"),
        ],
        required=True,
    )
    reason = fields.Char()
    score = fields.Float("Points", digits=(16, 4))
    maximum = fields.Float(
        "Out of",
        digits=(16, 4),
        compute="_compute_maximum",
        store=True,
        readonly=False,
    )
    answers = fields.Integer("Number of Answers")
    source = fields.Char(
        "Document",
        help="Number and date of the paper that gives the result",
    )
    number = fields.Char("Decision No.")
    date = fields.Date("Decision Date")
    rank = fields.Integer()
    rank_count = fields.Integer("Of")
    class_name = fields.Char("Class")

    @api.depends("assessment_id")
    def _compute_maximum(self):
        for record in self:
            record.maximum = record.assessment_id.set_id.survey_weight or 100

    def action_apply(self):
        """Carry the step out."""
        self.ensure_one()
        return getattr(self, f"_apply_{self.what}")()

    def _apply_return(self):
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why the self-score is sent back."))
        return self.assessment_id.with_context(
            cchc_reason=self.reason.strip()
        ).action_return()

    def _apply_survey(self):
        if not (self.source or "").strip():
            raise UserError(
                self.env._("Name the document that gives the result of the survey.")
            )
        self.assessment_id._set_survey(
            self.score, self.maximum, self.answers, self.source.strip()
        )
        return True

    def _apply_extra(self):
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why points are added or taken away."))
        with self.assessment_id._changing_results(self.reason.strip()) as free:
            free.write({"extra": self.score, "extra_reason": self.reason.strip()})
        return True

    def _apply_publish(self):
        record = self.assessment_id
        record._check_person("superior")
        record._check_state("appraised_2")
        if not record.is_own:
            raise UserError(
                self.env._("“%s” is published with its round.", record.name)
            )
        if not (self.number and self.date):
            raise UserError(
                self.env._("Enter number and date of the decision that publishes it.")
            )
        free = unlocked(record.sudo())
        free.write(
            {
                "rank": self.rank,
                "rank_count": self.rank_count,
                "class_name": self.class_name or free._class_by_points().name,
            }
        )
        free._publish(self.number, self.date)
        return True
