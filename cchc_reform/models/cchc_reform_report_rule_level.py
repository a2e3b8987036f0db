from odoo import fields, models


class CchcReformReportRuleLevel(models.Model):
    """How many days before the due day the agencies of a level send their report."""

    _name = "cchc.reform.report.rule.level"
    _description = "Earlier Due Day of a Level"
    _order = "rule_id, id"
    _rec_name = "level"

    rule_id = fields.Many2one(
        "cchc.reform.report.rule", required=True, ondelete="cascade", index=True
    )
    level = fields.Selection(
        selection=lambda self: (
            self.env["res.company"]
            ._fields["cchc_level"]
            ._description_selection(self.env)
        ),
        required=True,
        default="commune",
    )
    days = fields.Integer("Days Earlier", required=True, default=5)

    _level_uniq = models.Constraint(
        "UNIQUE (rule_id, level)", "A rule names each level once."
    )
    _days_positive = models.Constraint(
        "CHECK (days >= 0)", "Days before the due day cannot be negative."
    )
