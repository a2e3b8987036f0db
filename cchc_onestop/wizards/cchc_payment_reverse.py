from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import fee, guard, replay


class CchcPaymentReverse(models.TransientModel):
    """Cancels or refunds lines of a payment, each by itself, with the reason.

    Cancelling says that the money was not taken rightly; it is possible until the day
    is closed, and the receipt falls with it (the lines left get a new one). Refunding
    gives money back, at any time: an adjusting receipt with a negative amount stands
    in the till of the day on which it is given back.
    """

    _name = "cchc.payment.reverse"
    _description = "Cancel or Refund"

    payment_id = fields.Many2one("cchc.payment", required=True, ondelete="cascade")
    paid_line_ids = fields.Many2many(
        "cchc.payment.line", compute="_compute_paid_line_ids"
    )
    line_ids = fields.Many2many(
        "cchc.payment.line",
        string="Lines",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    mode = fields.Selection(
        [("cancel", "Cancel (wrongly collected)"), ("refund", "Refund")],
        required=True,
        default="refund",
    )
    amount = fields.Monetary(
        string="Amount to Refund",
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="Less than the fee only when one line is refunded",
    )
    currency_id = fields.Many2one(related="payment_id.currency_id")
    still_owed = fields.Boolean(
        compute="_compute_still_owed",
        store=True,
        readonly=False,
        help="Ticked: the fee has to be paid again",
    )
    reason = fields.Char(required=True)

    @api.depends("payment_id")
    def _compute_paid_line_ids(self):
        for wizard in self:
            wizard.paid_line_ids = wizard.payment_id.line_ids.filtered(
                lambda line: line.state == "paid"
            )

    @api.depends("payment_id")
    def _compute_line_ids(self):
        for wizard in self:
            lines = wizard.paid_line_ids
            wizard.line_ids = lines if len(lines) == 1 else False

    @api.depends("line_ids")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = sum(
                line.amount - line.refunded_amount for line in wizard.line_ids
            )

    @api.depends("mode")
    def _compute_still_owed(self):
        for wizard in self:
            wizard.still_owed = wizard.mode == "cancel"

    def action_confirm(self):
        """Cancel or refund the chosen lines.

        :raises UserError: with one sentence that says what is in the way
        """
        self.ensure_one()
        payment = self.payment_id
        payment._check_cashier()
        payment.check_access("write")
        lines = self.line_ids
        if not lines:
            raise UserError(self.env._("Choose the lines to cancel or refund."))
        if not (self.reason or "").strip():
            raise UserError(
                self.env._(
                    "Give a reason: it is kept with the payment and told to "
                    "the tax office."
                )
            )
        lines._lock_for_payment()
        lines.invalidate_recordset(["state", "refunded_amount"])
        if lines.payment_id != payment or any(line.state != "paid" for line in lines):
            raise UserError(
                self.env._("Only paid lines of this payment can be taken back.")
            )
        if self.mode == "cancel":
            self._cancel(lines)
        else:
            self._refund(lines)
        payment._settle_state()
        payment.message_post(
            body=self.env._(
                "%(what)s: %(lines)s. Reason: %(reason)s",
                what=self.env._("Cancelled")
                if self.mode == "cancel"
                else self.env._("Refunded"),
                lines=", ".join(
                    f"{line.dossier_id.name} {line.name}" for line in lines
                ),
                reason=self.reason,
            )
        )
        return {"type": "ir.actions.act_window_close"}

    def _mark(self, lines, state, amounts):
        """Write down what was taken back, on the lines and on the fees."""
        now = replay.now(self.env)
        for line, amount in zip(lines, amounts, strict=True):
            full = fee.whole(line.refunded_amount + amount) == fee.whole(line.amount)
            guard.unlocked(line.sudo()).write(
                {
                    "state": state if full else "paid",
                    "refunded_amount": line.refunded_amount
                    + (amount if state == "refunded" else 0),
                    "reason": self.reason,
                    "reversed_at": now,
                    "reversed_by_id": self.env.uid,
                }
            )
            owed = line.fee_id.sudo()
            guard.unlocked(owed).write(
                {
                    "paid_amount": owed.paid_amount - amount,
                    "waived_amount": owed.waived_amount
                    + (0 if self.still_owed else amount),
                }
            )

    def _cancel(self, lines):
        if any(lines.mapped("refunded_amount")):
            raise UserError(
                self.env._("A line that was partly refunded cannot be cancelled.")
            )
        payment = self.payment_id
        now = replay.now(self.env)
        standing = payment.receipt_ids.filtered(
            lambda receipt: (
                receipt.state == "issued" and receipt.line_ids.payment_line_id & lines
            )
        )
        closing = self.env["cchc.cash.closing"]._till(payment.company_id, now)
        for receipt in standing:
            receipt._check_own_till()
            left = receipt.line_ids.payment_line_id - lines
            receipt._cancel(self.reason, "replaced" if left else "cancelled")
            if left:
                self.env["cchc.receipt"].issue(
                    payment,
                    [(left, [line.amount for line in left])],
                    closing,
                    now,
                    nature="replacement",
                    related_id=receipt.id,
                    reason=self.reason,
                )
        amounts = lines.mapped("amount")
        self._mark(lines, "cancelled", amounts)
        lines._log("pay_cancel", amounts, standing, self.reason)

    def _refund(self, lines):
        payment = self.payment_id
        left = [fee.whole(line.amount - line.refunded_amount) for line in lines]
        amount = fee.whole(self.amount)
        if len(lines) == 1 and 0 < amount <= left[0]:
            left = [amount]
        elif amount != sum(left):
            raise UserError(
                self.env._(
                    "Between 1 and %s đ can be refunded; a part only of one line at a "
                    "time.",
                    fee.dong(sum(left)),
                )
            )
        now = replay.now(self.env)
        closing = self.env["cchc.cash.closing"]._till(payment.company_id, now)
        back = dict(zip(lines, left, strict=True))
        issued = self.env["cchc.receipt"]
        for receipt in payment.receipt_ids.filtered(
            lambda receipt: (
                receipt.state in ("issued", "adjusted")
                and receipt.nature != "adjustment"
            )
        ):
            own = receipt.line_ids.payment_line_id & lines
            if not own:
                continue
            issued |= issued.issue(
                payment,
                [(own, [-back[line] for line in own])],
                closing,
                now,
                nature="adjustment",
                related_id=receipt.id,
                reason=self.reason,
            )
            guard.unlocked(receipt.sudo()).write({"state": "adjusted"})
        self._mark(lines, "refunded", left)
        lines._log("refund", left, issued, self.reason)
