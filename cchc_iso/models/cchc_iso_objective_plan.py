from odoo import fields, models


class CchcIsoObjectivePlan(models.Model):
    """What is done to reach an objective: one row of its plan (clause 6.2.2)."""

    _name = "cchc.iso.objective.plan"
    _description = "Plan of an Objective"
    _order = "objective_id, sequence, id"

    objective_id = fields.Many2one(
        "cchc.iso.objective", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="objective_id.company_id", store=True, index=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("What Is Done", required=True)
    resources = fields.Char("With Which Resources")
    user_id = fields.Many2one(
        "res.users", "Who", domain="[('share', '=', False)]", ondelete="restrict"
    )
    date_deadline = fields.Date("Until")
    evaluation = fields.Char("How It Is Evaluated")
    done_on = fields.Date(copy=False)
