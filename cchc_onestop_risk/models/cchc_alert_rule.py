from odoo import api, fields, models

KIND = ("risk", "At risk of being late")


class CchcAlertRule(models.Model):
    """Rules on the chance to be late: told from a chance on, not from a moment."""

    _inherit = "cchc.alert.rule"

    kind = fields.Selection(selection_add=[KIND], ondelete={"risk": "cascade"})
    risk_percent = fields.Float(
        string="Chance to Be Late (%)",
        default=60.0,
        help="Told when the estimated chance reaches this share",
    )

    _risk_percent_valid = models.Constraint(
        "CHECK (risk_percent > 0 AND risk_percent <= 100)",
        "The chance to be late lies between 0 and 100 %.",
    )

    @api.depends("kind", "risk_percent")
    def _compute_timing(self):
        own = self.filtered(lambda rule: rule.kind == "risk")
        result = super(CchcAlertRule, self - own)._compute_timing()
        for rule in own:
            rule.timing = self.env._(
                "at a chance of %s %% to be late", f"{rule.risk_percent:g}"
            )
        return result
