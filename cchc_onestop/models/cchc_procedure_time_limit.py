from odoo import api, fields, models
from odoo.tools import formatLang

from ..tools.term import Term

UNITS = [
    ("working_hour", "Working Hours"),
    ("working_day", "Working Days"),
    ("calendar_day", "Days"),
    ("month", "Months"),
    ("same_day", "Within the Day"),
]


class CchcProcedureTimeLimit(models.Model):
    """Statutory time of settlement (thời hạn giải quyết) of one channel and case."""

    _name = "cchc.procedure.time.limit"
    _description = "Time Limit of a Procedure"
    _inherit = ["cchc.frozen.mixin"]
    _order = "channel_id, sequence, id"
    _frozen_owner = "version_id"

    channel_id = fields.Many2one(
        "cchc.procedure.channel", required=True, index=True, ondelete="cascade"
    )
    version_id = fields.Many2one(
        related="channel_id.version_id", store=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    case_id = fields.Many2one(
        "cchc.procedure.case",
        domain="[('version_id', '=', version_id)]",
        ondelete="restrict",
        index="btree_not_null",
    )
    is_stated = fields.Boolean(
        "Time Stated",
        default=True,
        help="Unticked: the published procedure states no time, which is not the same "
        "as no time",
    )
    amount = fields.Float(digits=(16, 2), default=1.0)
    unit = fields.Selection(UNITS, required=True, default="working_day")
    text = fields.Char("Published Wording")
    deadline_rule = fields.Char(
        help="Code of the deadline rule that counts this time; empty: the rule of the "
        "unit",
    )
    to_confirm = fields.Boolean(
        "To Be Confirmed", help="From general knowledge, not from a published decision"
    )
    fee_ids = fields.One2many("cchc.procedure.fee", "time_limit_id", "Fees")
    fee_summary = fields.Char("Fees in Short", compute="_compute_fee_summary")

    _amount_positive = models.Constraint(
        "CHECK (NOT is_stated OR unit = 'same_day' OR amount > 0)",
        "A stated time limit must be more than zero.",
    )

    @api.depends("amount", "unit", "is_stated", "case_id.name")
    def _compute_display_name(self):
        for limit in self:
            name = limit._format_term(limit._get_term())
            if limit.case_id:
                name = f"{name} ({limit.case_id.name})"
            limit.display_name = name

    @api.depends("fee_ids.display_name")
    def _compute_fee_summary(self):
        for limit in self:
            limit.fee_summary = "; ".join(
                fee.display_name for fee in limit.fee_ids if fee.display_name
            )

    def _get_term(self):
        """Return the limit as a :class:`Term`, or None when no time is stated."""
        if not self or not self.is_stated:
            return None
        return Term(self.amount, self.unit, self.deadline_rule)

    @api.model
    def _format_term(self, term):
        """Return ``term`` in words, e.g. "3 working days"."""
        if not term:
            return self.env._("not stated")
        if term.unit == "same_day":
            return self.env._("within the day")
        if term.amount == 1:
            texts = {
                "working_hour": self.env._("1 working hour"),
                "working_day": self.env._("1 working day"),
                "calendar_day": self.env._("1 day"),
                "month": self.env._("1 month"),
            }
            return texts[term.unit]
        if term.amount == int(term.amount):
            amount = str(int(term.amount))
        else:
            amount = formatLang(self.env, term.amount, digits=2).rstrip("0")
        texts = {
            "working_hour": self.env._("%s working hours", amount),
            "working_day": self.env._("%s working days", amount),
            "calendar_day": self.env._("%s days", amount),
            "month": self.env._("%s months", amount),
        }
        return texts[term.unit]
