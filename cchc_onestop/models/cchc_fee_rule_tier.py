from odoo import fields, models


class CchcFeeRuleTier(models.Model):
    """From this unit on another amount applies (1.000 đ from page 3)."""

    _name = "cchc.fee.rule.tier"
    _description = "Tier of a Fee"
    _order = "rule_id, from_unit"

    rule_id = fields.Many2one(
        "cchc.fee.rule", required=True, index=True, ondelete="cascade"
    )
    from_unit = fields.Integer(required=True, default=2)
    amount = fields.Monetary(required=True)
    currency_id = fields.Many2one(related="rule_id.currency_id")

    _from_uniq = models.UniqueIndex(
        "(rule_id, from_unit)", "Two tiers of a fee begin with the same unit."
    )
    _values = models.Constraint(
        "CHECK (from_unit >= 2 AND amount >= 0)",
        "A tier begins with unit 2 or later and its amount is not negative.",
    )
