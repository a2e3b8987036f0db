from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

_APPROVAL = frozenset({"is_approved", "approved_by_id", "approved_at"})


class CchcReformCommunication(models.Model):
    """Entry of the communications log: one activity, or the total of a period.

    It counts in the one or two units of its channel: 89 sessions and 72 hours. It
    counts from the moment it is entered; what a leader has approved stays.
    """

    _name = "cchc.reform.communication"
    _description = "Communication"
    _inherit = ["cchc.reform.entry.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    date = fields.Date(
        required=True,
        index=True,
        default=lambda self: fields.Date.context_today(self),
        help="Of a total: its last day",
    )
    date_from = fields.Date("Total since", help="Only for the total of a period")
    channel_id = fields.Many2one(
        "cchc.reform.channel", required=True, ondelete="restrict", index=True
    )
    channel_kind = fields.Selection(related="channel_id.kind", store=True)
    name = fields.Char("Title", required=True, tracking=True)
    quantity1 = fields.Float("Quantity", digits=(16, 2), default=1, tracking=True)
    unit1 = fields.Char(related="channel_id.unit1")
    quantity2 = fields.Float("Second Quantity", digits=(16, 4), tracking=True)
    unit2 = fields.Char(related="channel_id.unit2")
    is_time = fields.Boolean(related="channel_id.is_time")
    minutes = fields.Integer(
        compute="_compute_minutes", store=True, help="Of what is counted in hours"
    )
    amount = fields.Char("Quantities", compute="_compute_amount")
    plan_id = fields.Many2one(
        "cchc.reform.plan",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        default=lambda self: self.env["cchc.reform.plan"]._plan_of_the_year(
            "communication"
        ),
    )
    task_id = fields.Many2one(
        "cchc.reform.task",
        check_company=True,
        ondelete="set null",
        index="btree_not_null",
    )
    location = fields.Char("Place")
    audience = fields.Char()
    user_id = fields.Many2one(
        "res.users",
        "Carried out by",
        default=lambda self: self.env.user,
        index="btree_not_null",
    )
    url = fields.Char("Link")
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost = fields.Monetary(help="In đồng")
    note = fields.Text("Notes")
    is_approved = fields.Boolean("Approved", readonly=True, copy=False, tracking=True)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_at = fields.Datetime(readonly=True, copy=False)

    _quantities = models.Constraint(
        "CHECK (quantity1 >= 0 AND quantity2 >= 0)", "Quantities are not below zero."
    )
    _total = models.Constraint(
        "CHECK (date_from IS NULL OR date_from <= date)",
        "The total of a period cannot end before it begins.",
    )
    _date_idx = models.Index("(company_id, date, channel_id)")

    @api.depends("quantity2", "channel_id.is_time")
    def _compute_minutes(self):
        for entry in self:
            entry.minutes = (
                round(entry.quantity2 * 60) if entry.channel_id.is_time else 0
            )

    @api.depends("quantity1", "quantity2", "channel_id")
    def _compute_amount(self):
        for entry in self:
            parts = [(entry.quantity1, entry.unit1)]
            if entry.unit2:
                parts.append((entry.quantity2, entry.unit2))
            entry.amount = ", ".join(
                f"{quantity:g} {unit}".replace(".", ",")
                for quantity, unit in parts
                if quantity
            )

    @api.onchange("channel_id")
    def _onchange_channel_id(self):
        if not self.channel_id.unit2:
            self.quantity2 = 0
        if not self.name:
            # Most of a log needs no title of its own.
            self.name = self.channel_id.name

    @api.constrains("quantity1", "quantity2", "channel_id")
    def _check_quantities(self):
        for entry in self:
            channel = entry.channel_id
            if not entry.quantity1 and not entry.quantity2:
                raise ValidationError(
                    self.env._(
                        "“%(entry)s” counts nothing: enter how many %(unit)s.",
                        entry=entry.name,
                        unit=channel.unit1,
                    )
                )
            if entry.quantity2 and not channel.unit2:
                raise ValidationError(
                    self.env._(
                        "%s is counted in one unit only; empty the second quantity.",
                        channel.name,
                    )
                )

    @api.constrains("date")
    def _check_date(self):
        today = fields.Date.context_today(self)
        for entry in self:
            if entry.date > today:
                raise ValidationError(
                    self.env._(
                        "%s lies in the future: enter what was done up to today.",
                        entry.date.strftime("%d/%m/%Y"),
                    )
                )

    # --- Approval

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env):
            for vals in vals_list:
                for name in _APPROVAL:
                    vals.pop(name, None)
        return super().create(vals_list)

    def write(self, vals):
        names = {
            name for name in vals if not name.startswith(("message_", "activity_"))
        }
        if names and not is_unlocked(self.env):
            if names & _APPROVAL:
                raise AccessError(
                    self.env._("A leader approves entries, by the button.")
                )
            self._check_not_approved()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self._check_not_approved()

    def _check_not_approved(self):
        for entry in self:
            if entry.is_approved:
                raise UserError(
                    self.env._(
                        "“%s” is approved and stays; a leader can take the approval "
                        "back.",
                        entry.name,
                    )
                )

    def _decide(self, values):
        self.check_access("read")
        if not self.env.user.has_group("cchc_reform.group_leader"):
            raise AccessError(self.env._("A leader approves entries, by the button."))
        unlocked(self.sudo()).write(values)
        return True

    def action_approve(self):
        """Approve entries: they stay as they are."""
        return self.filtered(lambda entry: not entry.is_approved)._decide(
            {
                "is_approved": True,
                "approved_by_id": self.env.uid,
                "approved_at": fields.Datetime.now(),
            }
        )

    def action_withdraw_approval(self):
        """Take the approval of entries back, so that they can be corrected."""
        return self._decide(
            {"is_approved": False, "approved_by_id": False, "approved_at": False}
        )
