from odoo import fields, models

from .cchc_dossier import CHANNELS


class CchcFeeRuleChannel(models.Model):
    """What a fee costs on another channel: a share of it, or an amount of its own.

    Provinces take 0 đ or half of a fee for dossiers submitted online.
    """

    _name = "cchc.fee.rule.channel"
    _description = "Fee by Channel"
    _order = "rule_id, channel"

    rule_id = fields.Many2one(
        "cchc.fee.rule", required=True, index=True, ondelete="cascade"
    )
    channel = fields.Selection(CHANNELS, required=True, default="online")
    method = fields.Selection(
        [("factor", "Share of the fee"), ("amount", "Amount of its own")],
        required=True,
        default="factor",
    )
    factor = fields.Integer(string="Share (%)", default=100)
    amount = fields.Monetary()
    currency_id = fields.Many2one(related="rule_id.currency_id")

    _channel_uniq = models.UniqueIndex(
        "(rule_id, channel)", "The channel stands twice in the fee rule."
    )
    _values = models.Constraint(
        "CHECK (factor >= 0 AND amount >= 0)",
        "Shares and amounts of a fee cannot be negative.",
    )
