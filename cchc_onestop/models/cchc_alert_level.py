from odoo import api, fields, models

RECEIVERS = [
    ("handler", "Handler"),
    ("department_head", "Head of department"),
    ("leader", "Leader who signs"),
    ("manager", "Head of the agency"),
    ("desk", "Desk"),
    ("user", "A certain person"),
]


class CchcAlertLevel(models.Model):
    """One step of the climb of an alert: who is told, and after which delay."""

    _name = "cchc.alert.level"
    _description = "Alert Level"
    _order = "rule_id, level, id"

    rule_id = fields.Many2one(
        "cchc.alert.rule", required=True, ondelete="cascade", index=True
    )
    level = fields.Integer(
        required=True,
        default=1,
        help="Level 1 is told first; lines of one level are told together",
    )
    delay = fields.Float(
        string="After (working hours)",
        help="Working hours after the alert of level 1 would be given",
    )
    receiver = fields.Selection(RECEIVERS, required=True, default="handler")
    user_id = fields.Many2one(
        "res.users", string="Person", domain="[('share', '=', False)]"
    )

    _delay_not_negative = models.Constraint(
        "CHECK (delay >= 0)", "The delay of an alert level cannot be negative."
    )
    _level_positive = models.Constraint(
        "CHECK (level > 0)", "The first level of an alert is level 1."
    )
    _person_named = models.Constraint(
        "CHECK (receiver != 'user' OR user_id IS NOT NULL)",
        "Name the person who is told.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        levels = super().create(vals_list)
        levels.rule_id._changed()
        return levels

    def write(self, vals):
        result = super().write(vals)
        self.rule_id._changed()
        return result

    def unlink(self):
        rules = self.rule_id
        result = super().unlink()
        rules._changed()
        return result
