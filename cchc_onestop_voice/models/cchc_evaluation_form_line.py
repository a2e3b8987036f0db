from odoo import api, fields, models


class CchcEvaluationFormLine(models.Model):
    """One question of a form: a criterion of the decree, in words of one's own."""

    _name = "cchc.evaluation.form.line"
    _description = "Question of a Form of Evaluation"
    _order = "form_id, sequence, id"

    form_id = fields.Many2one(
        "cchc.evaluation.form", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="form_id.company_id")
    sequence = fields.Integer(default=10)
    criterion_id = fields.Many2one(
        "cchc.evaluation.criterion", required=True, ondelete="restrict"
    )
    text = fields.Char(
        "Question", help="As the citizen reads it; empty: as the criterion"
    )
    question = fields.Char("As Asked", compute="_compute_question")
    on_kiosk = fields.Boolean(
        "On the Kiosk", help="A kiosk asks few questions, so that nobody has to wait"
    )

    _criterion_uniq = models.Constraint(
        "UNIQUE (form_id, criterion_id)", "The form asks this already."
    )

    @api.depends("text", "criterion_id.name")
    def _compute_question(self):
        for line in self:
            line.question = line.text or line.criterion_id.name
