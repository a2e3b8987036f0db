from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import fee, guard, replay, seal
from .cchc_payment import METHODS

_OPEN = frozenset({"counted_cash", "explanation"})


class CchcCashClosing(models.Model):
    """The till of one collector on one day, and its closing.

    It equals the receipts to the đồng; a difference to the counted cash has to be
    explained. Once closed nothing changes any more: its checksum covers every receipt
    of the day.
    """

    _name = "cchc.cash.closing"
    _description = "Daily Cash Closing"
    _inherit = ["mail.thread", "cchc.guarded.mixin"]
    _guarded_kept = True
    _order = "date desc, cashier_id"
    _guarded_free = _OPEN
    _mail_post_access = "read"

    company_id = fields.Many2one(
        "res.company", string="Collecting Body", required=True, readonly=True
    )
    cashier_id = fields.Many2one(
        "res.users", string="Collected by", required=True, readonly=True
    )
    date = fields.Date(required=True, readonly=True)
    state = fields.Selection(
        [("open", "Not Closed"), ("closed", "Day Closed")],
        required=True,
        readonly=True,
        default="open",
        tracking=True,
    )
    #: Rises with every receipt: who closes meanwhile has to look again.
    turn = fields.Integer(readonly=True, default=0)
    receipt_ids = fields.One2many(
        "cchc.receipt", "closing_id", string="Receipts", readonly=True
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    receipt_count = fields.Integer(compute="_compute_totals")
    cancelled_count = fields.Integer(
        string="Cancelled or Replaced", compute="_compute_totals"
    )
    first_number = fields.Char(string="From Receipt", compute="_compute_totals")
    last_number = fields.Char(string="To Receipt", compute="_compute_totals")
    total = fields.Monetary(compute="_compute_totals")
    total_cash = fields.Monetary(string="Cash", compute="_compute_totals")
    total_transfer = fields.Monetary(string="Bank Transfer", compute="_compute_totals")
    total_online = fields.Monetary(string="Online", compute="_compute_totals")
    total_postal = fields.Monetary(string="Postal", compute="_compute_totals")
    counted_cash = fields.Monetary(help="What lies in the till at the end of the day")
    difference = fields.Monetary(compute="_compute_difference")
    explanation = fields.Text(
        string="Explanation of the Difference",
        help="Why the counted cash differs from the receipts",
    )
    closed_total = fields.Monetary(string="Total at Closing", readonly=True)
    closed_at = fields.Datetime(string="Closed at", readonly=True)
    closed_by_id = fields.Many2one("res.users", string="Closed by", readonly=True)
    checksum = fields.Char(readonly=True, help="SHA-256 over the receipts of the day")
    is_mine = fields.Boolean(compute="_compute_is_mine")

    _till_uniq = models.UniqueIndex(
        "(company_id, cashier_id, date)", "The day of this collector exists already."
    )

    @api.depends("cashier_id", "date")
    def _compute_display_name(self):
        for closing in self:
            day = closing.date and closing.date.strftime("%d/%m/%Y")
            closing.display_name = f"{day or ''} {closing.cashier_id.name or ''}"

    @api.depends_context("uid")
    @api.depends("cashier_id")
    def _compute_is_mine(self):
        for closing in self:
            closing.is_mine = closing.cashier_id == self.env.user

    @api.depends("receipt_ids.collected", "receipt_ids.state", "receipt_ids.method")
    def _compute_totals(self):
        for closing in self:
            receipts = closing.receipt_ids.sorted(lambda r: (r.book_id.id, r.number))
            closing.receipt_count = len(receipts)
            closing.cancelled_count = len(
                receipts.filtered(lambda r: r.state in ("cancelled", "replaced"))
            )
            closing.first_number = receipts[:1].code
            closing.last_number = receipts[-1:].code
            closing.total = sum(receipts.mapped("collected"))
            for method, _label in METHODS:
                closing[f"total_{method}"] = sum(
                    receipts.filtered(lambda r, m=method: r.method == m).mapped(
                        "collected"
                    )
                )

    @api.depends("counted_cash", "total_cash")
    def _compute_difference(self):
        for closing in self:
            closing.difference = closing.counted_cash - closing.total_cash

    # ------------------------------------------------------------------
    # The till
    # ------------------------------------------------------------------
    @api.model
    def _till(self, company, now):
        """Return the open till of the current user today; it is made when missing.

        Its row is written by every receipt: a closing at the same moment fails and is
        tried again by Odoo with the receipt in view.

        :raises UserError: when the day was closed
        """
        day = company.sudo()._cchc_local_date(now)
        self.flush_model()
        self.env.cr.execute(
            """
            INSERT INTO cchc_cash_closing
                   (company_id, cashier_id, date, state, turn, currency_id,
                    create_uid, create_date, write_uid, write_date)
            VALUES (%(company)s, %(user)s, %(day)s, 'open', 1, %(currency)s,
                    %(user)s, %(now)s, %(user)s, %(now)s)
            ON CONFLICT (company_id, cashier_id, date)
            DO UPDATE SET turn = cchc_cash_closing.turn + 1
            RETURNING id, state
            """,
            {
                "company": company.id,
                "user": self.env.uid,
                "day": day,
                "currency": self.env["cchc.procedure.fee"]._default_currency().id,
                "now": fields.Datetime.now(),
            },
        )
        closing_id, state = self.env.cr.fetchone()
        if state == "closed":
            raise UserError(
                self.env._(
                    "Your day of %s is closed: money is taken again tomorrow, or by "
                    "another cashier today.",
                    day.strftime("%d/%m/%Y"),
                )
            )
        self.invalidate_model(["turn", "receipt_ids"], flush=False)
        return self.browse(closing_id)

    @api.model
    def action_my_day(self):
        """Open the till of the current user today."""
        self.env["cchc.payment"]._check_cashier()
        company = self.env.company
        closing = self.search(
            [
                ("company_id", "=", company.id),
                ("cashier_id", "=", self.env.uid),
                ("date", "=", company._cchc_local_date(fields.Datetime.now())),
            ]
        )
        if not closing:
            closing = self._till(company, fields.Datetime.now())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("My Day"),
            "res_model": self._name,
            "res_id": closing.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def write(self, vals):
        if not guard.is_unlocked(self.env) and not vals.keys() <= {
            name for name in vals if name.startswith(("message_", "activity_"))
        }:
            self._check_may_close()
            if any(closing.state == "closed" for closing in self):
                raise UserError(
                    self.env._("A closed day is not changed by anybody any more.")
                )
        return super().write(vals)

    def _check_may_close(self):
        """Only the collector, or a manager, closes a day."""
        if self.env.su or self.env.user.has_group("cchc_onestop.group_manager"):
            return
        for closing in self:
            if closing.cashier_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "This is the day of %s: everybody closes his own day.",
                        closing.cashier_id.sudo().name,
                    )
                )

    # ------------------------------------------------------------------
    # Closing
    # ------------------------------------------------------------------
    def action_close(self):
        """Close the day for good.

        :raises UserError: when counted cash differs without an explanation
        """
        self.env["cchc.payment"]._check_cashier()
        self.check_access("write")
        self._check_may_close()
        self.flush_recordset()
        self.env.cr.execute(
            "SELECT id FROM cchc_cash_closing WHERE id = ANY(%s) "
            "ORDER BY id FOR UPDATE",
            (self.ids,),
        )
        for closing in self.filtered(lambda closing: closing.state == "open"):
            closing._close()
        return True

    def _close(self):
        self.ensure_one()
        self.invalidate_recordset(["receipt_ids"])
        if self.difference and not (self.explanation or "").strip():
            raise UserError(
                self.env._(
                    "The counted cash (%(counted)s đ) differs from the receipts "
                    "(%(expected)s đ) by %(difference)s đ: explain the difference.",
                    counted=fee.dong(fee.whole(self.counted_cash)),
                    expected=fee.dong(fee.whole(self.total_cash)),
                    difference=fee.dong(fee.whole(self.difference)),
                )
            )
        guard.unlocked(self.sudo()).write(
            {
                "state": "closed",
                "closed_at": replay.now(self.env),
                "closed_by_id": self.env.uid,
                "closed_total": self.total,
                "checksum": self._make_checksum(),
            }
        )

    def _make_checksum(self):
        """Return the SHA-256 over the receipts of the day and their amounts."""
        self.ensure_one()
        facts = {
            "agency": self.company_id.id,
            "cashier": self.cashier_id.id,
            "date": self.date.isoformat(),
            "counted": fee.whole(self.counted_cash),
            "explanation": self.explanation or "",
            "receipts": [
                [
                    receipt.template_symbol,
                    receipt.symbol,
                    receipt.number,
                    receipt.state if receipt.state != "adjusted" else "issued",
                    receipt.method,
                    fee.whole(receipt.collected),
                ]
                for receipt in self.sudo().receipt_ids.sorted(
                    lambda r: (r.book_id.id, r.number)
                )
            ],
        }
        return seal.checksum(facts)

    def _verify(self):
        """Return the closed days whose receipts have changed since."""
        return self.filtered(
            lambda closing: (
                closing.state == "closed"
                and closing.checksum != closing._make_checksum()
            )
        )

    def action_verify(self):
        """Tell whether the day is still as it was closed."""
        broken = self._verify()
        return seal.verdict(
            not broken,
            self.env._("The receipts are those that were closed."),
            self.env._(
                "These days are no longer as they were closed: %s.",
                ", ".join(broken.mapped("display_name")),
            ),
        )

    def action_view_receipts(self):
        """Open the receipts of the day."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_receipt_action"
        )
        action["domain"] = [("closing_id", "in", self.ids)]
        action["context"] = {}
        return action

    def action_print(self):
        """Print the closing with the receipts of the day."""
        return self.env.ref("cchc_onestop.report_cash_closing_action").report_action(
            self, config=False
        )
