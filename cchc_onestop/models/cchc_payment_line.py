from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import fee, guard
from .cchc_procedure_fee import FEE_KINDS

_OPEN_IN_DRAFT = frozenset({"payment_id", "fee_id"})


class CchcPaymentLine(models.Model):
    """One fee of one dossier in a payment; cancelled and refunded by itself."""

    _name = "cchc.payment.line"
    _description = "Payment Line"
    _order = "payment_id, id"

    payment_id = fields.Many2one(
        "cchc.payment", required=True, index=True, ondelete="cascade"
    )
    fee_id = fields.Many2one(
        "cchc.dossier.fee", required=True, index=True, ondelete="restrict"
    )
    dossier_id = fields.Many2one(
        related="fee_id.dossier_id", store=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="payment_id.company_id", store=True)
    payer_id = fields.Many2one(related="payment_id.payer_id")
    paid_on = fields.Date(related="payment_id.paid_on", store=True)
    cashier_id = fields.Many2one(related="payment_id.cashier_id", store=True)
    method = fields.Selection(related="payment_id.method", store=True)
    procedure_id = fields.Many2one(related="dossier_id.procedure_id")
    name = fields.Char(related="fee_id.name", store=True, string="Name of the Fee")
    kind = fields.Selection(
        FEE_KINDS, compute="_compute_from_fee", store=True, precompute=True
    )
    budget = fields.Char(compute="_compute_from_fee", store=True, precompute=True)
    worked_out = fields.Char(compute="_compute_from_fee", store=True, precompute=True)
    legal_text = fields.Char(related="fee_id.legal_text")
    amount = fields.Monetary(compute="_compute_from_fee", store=True, precompute=True)
    refunded_amount = fields.Monetary(string="Refunded", readonly=True, copy=False)
    currency_id = fields.Many2one(related="payment_id.currency_id")
    state = fields.Selection(
        [
            ("draft", "To Collect"),
            ("paid", "Paid"),
            ("cancelled", "Cancelled"),
            ("refunded", "Refunded"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    reason = fields.Char(readonly=True, copy=False)
    reversed_at = fields.Datetime(string="Taken Back", readonly=True, copy=False)
    reversed_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    _paid_once = models.UniqueIndex(
        "(fee_id) WHERE state = 'paid'",
        "This fee has been paid already: it cannot be paid twice.",
    )
    _once_in_payment = models.UniqueIndex(
        "(payment_id, fee_id)", "The fee stands on the payment already."
    )

    @api.depends("fee_id")
    def _compute_from_fee(self):
        """Take over what is owed when the line is made; it stays as it was then."""
        for line in self:
            if line.state != "draft":
                continue
            owed = line.fee_id
            line.kind = owed.kind or "charge"
            line.budget = owed.rule_id.sudo().budget or "commune"
            line.worked_out = owed._official_explanation()
            line.amount = owed.outstanding

    @api.depends("name", "dossier_id", "amount")
    def _compute_display_name(self):
        for line in self:
            line.display_name = (
                f"{line.dossier_id.display_name} · {line.name} · "
                f"{fee.dong(fee.whole(line.amount))} đ"
            )

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        if not guard.is_unlocked(self.env):
            # The screen sends back what it shows; it is worked out anew all the same.
            vals_list = [
                {name: vals[name] for name in vals if name in _OPEN_IN_DRAFT}
                for vals in vals_list
            ]
        lines = super().create(vals_list)
        lines._check_draft()
        return lines

    def write(self, vals):
        if not guard.is_unlocked(self.env):
            self._check_draft()
            vals = {name: vals[name] for name in vals if name in _OPEN_IN_DRAFT}
        result = super().write(vals)
        if "payment_id" in vals:
            self._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        self._check_draft()

    def _check_draft(self):
        if guard.is_unlocked(self.env):
            return
        if any(
            line.state != "draft" or line.payment_id.state != "draft" for line in self
        ):
            raise UserError(
                self.env._(
                    "A payment that was made is not changed: cancel or refund its "
                    "lines."
                )
            )

    def _check_owed(self):
        """Refuse lines that somebody paid meanwhile or whose amount has changed."""
        self.fee_id.invalidate_recordset(
            ["paid_amount", "waived_amount", "due_amount"], flush=False
        )
        for line in self:
            owed = line.fee_id.outstanding
            if not owed:
                raise UserError(
                    self.env._(
                        "“%(fee)s” of %(dossier)s has been paid or is no longer owed: "
                        "take it off the list.",
                        fee=line.name,
                        dossier=line.dossier_id.display_name,
                    )
                )
            if fee.whole(owed) != fee.whole(line.amount):
                raise UserError(
                    self.env._(
                        "“%(fee)s” of %(dossier)s now costs %(now)s đ, not %(then)s "
                        "đ: take it off the list and add it again.",
                        fee=line.name,
                        dossier=line.dossier_id.display_name,
                        now=fee.dong(fee.whole(owed)),
                        then=fee.dong(fee.whole(line.amount)),
                    )
                )

    def _lock_for_payment(self):
        """Lock the dossiers, whose ledgers get a line, and then their fees."""
        self.dossier_id._lock()
        self.fee_id._lock_for_payment()

    def _log(self, kind, amounts, receipts, reason=""):
        """Write one line into the ledger of each dossier of these payment lines.

        :param kind: ``pay``, ``pay_cancel`` or ``refund``
        :param amounts: what was paid or taken back on each line
        :param receipts: receipts that were issued for it or fell with it
        """
        amount_of = dict(zip(self, amounts, strict=True))
        entries = []
        for dossier, lines in self.grouped("dossier_id").items():
            amount = fee.whole(sum(amount_of[line] for line in lines))
            codes = receipts.filtered(
                lambda receipt, lines=lines: receipt.line_ids.payment_line_id & lines
            ).mapped("code")
            facts = self.env._(
                "%(amount)s đ, receipt %(receipts)s",
                amount=fee.dong(amount),
                receipts=", ".join(codes),
            )
            entries.append(
                {
                    "dossier": dossier,
                    "kind": kind,
                    "from_state": dossier.state,
                    "content": f"{facts}: {reason}" if reason else facts,
                    "data": {
                        "payment": lines.payment_id.name,
                        "amount": amount,
                        "fees": [[line.fee_id.id, line.name] for line in lines],
                        "receipts": codes,
                    },
                }
            )
        self.env["cchc.dossier.event"].append(entries)

    def _receipt_line_vals(self, amount):
        """Return the values of this fee's line on a receipt over ``amount``."""
        self.ensure_one()
        return {
            "payment_line_id": self.id,
            "name": self.name,
            "kind": self.kind,
            "dossier_code": self.dossier_id.name,
            "worked_out": self.worked_out,
            "amount": amount,
        }
