from odoo import fields, models


class CchcSettlementBand(models.Model):
    """From how many points on a result is called what."""

    _name = "cchc.settlement.band"
    _description = "Band of Evaluation"
    _order = "rule_id, scope, start desc"

    rule_id = fields.Many2one(
        "cchc.settlement.rule", required=True, ondelete="cascade", index=True
    )
    scope = fields.Selection(
        [
            ("officer", "Officer"),
            ("body", "Agency"),
            ("service", "Index of QĐ 766"),
        ],
        required=True,
        default="body",
    )
    start = fields.Float("From (points)", required=True, digits=(6, 2))
    name = fields.Char(required=True)

    _start_uniq = models.Constraint(
        "UNIQUE (rule_id, scope, start)", "Two bands begin at the same points."
    )
