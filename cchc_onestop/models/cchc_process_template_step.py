from odoo import fields, models

from .cchc_process_step import ROLES


class CchcProcessTemplateStep(models.Model):
    """Step of a process template with its share of the time."""

    _name = "cchc.process.template.step"
    _description = "Step of a Process Template"
    _order = "template_id, sequence, id"

    template_id = fields.Many2one(
        "cchc.process.template", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    role = fields.Selection(ROLES, required=True, default="handle")
    weight = fields.Float(
        "Share", default=1.0, help="Share of the committed time, relative to the others"
    )
    content = fields.Text("Work to Do")
    output = fields.Char("Product or Form")

    _weight_positive = models.Constraint(
        "CHECK (weight >= 0)", "The share of a step cannot be negative."
    )
