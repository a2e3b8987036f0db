from odoo import fields, models


class CchcEvaluationReason(models.Model):
    """Why somebody is not satisfied; offices word their own."""

    _name = "cchc.evaluation.reason"
    _description = "Reason of Dissatisfaction"
    _order = "sequence, id"

    name = fields.Char(required=True, help="As the citizen reads it")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
