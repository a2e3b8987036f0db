from odoo import api, fields, models

ROLES = [
    ("receive", "Receive"),
    ("assign", "Assign"),
    ("handle", "Handle"),
    ("coordinate", "Consult and Coordinate"),
    ("review", "Review"),
    ("sign", "Sign"),
    ("clerk", "Number and Seal"),
    ("return", "Return the Result"),
]
STEP_UNITS = [("working_hour", "Working Hours"), ("working_day", "Working Days")]


class CchcProcessStep(models.Model):
    """Step of an internal process: who does what in how much time (TT 01/2018 Đ.8)."""

    _name = "cchc.process.step"
    _description = "Step of a Process"
    _inherit = ["cchc.frozen.mixin"]
    _order = "process_id, sequence, id"
    _frozen_owner = "process_id"

    process_id = fields.Many2one(
        "cchc.process", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="process_id.company_id", store=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    role = fields.Selection(ROLES, required=True, default="handle")
    department_id = fields.Many2one(
        "hr.department",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    user_ids = fields.Many2many(
        "res.users",
        "cchc_process_step_user_rel",
        "step_id",
        "user_id",
        "Candidates",
        help="Who may take the step; empty: anybody of the department with the role",
    )
    planned_amount = fields.Float("Planned Time", digits=(16, 2))
    planned_unit = fields.Selection(
        STEP_UNITS, "Unit", required=True, default="working_hour"
    )
    planned_hours = fields.Float(
        compute="_compute_planned_hours", help="Planned time in working hours"
    )
    content = fields.Text("Work to Do")
    output = fields.Char("Product or Form")
    condition = fields.Text("Branching Condition")

    _planned_positive = models.Constraint(
        "CHECK (planned_amount >= 0)", "The planned time of a step cannot be negative."
    )

    @api.depends("planned_amount", "planned_unit", "process_id.day_hours")
    def _compute_planned_hours(self):
        for step in self:
            factor = 1.0
            if step.planned_unit == "working_day":
                factor = step.process_id.day_hours
            step.planned_hours = step.planned_amount * factor
