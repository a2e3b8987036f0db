from odoo import fields, models


class CchcEvaluationAnswer(models.Model):
    _inherit = "cchc.evaluation.answer"

    # what answers are grouped by; as the slip holds them
    procedure_id = fields.Many2one(related="evaluation_id.procedure_id", store=True)
    sector_id = fields.Many2one(
        related="evaluation_id.sector_id", string="Field", store=True
    )
    evaluated_at = fields.Datetime(related="evaluation_id.evaluated_at", store=True)
