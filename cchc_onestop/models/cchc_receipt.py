from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import fee, guard
from ..tools.amount_words import amount_words
from .cchc_payment import METHODS
from .cchc_receipt_rule import FORMS

#: What a receipt is to the others: the words of table 01/TH-BLĐT.
NATURES = [
    ("original", "New"),
    ("adjustment", "Adjustment"),
    ("replacement", "Replacement"),
]
STATES = [
    ("issued", "Issued"),
    ("cancelled", "Cancelled"),
    ("replaced", "Replaced"),
    ("adjusted", "Adjusted"),
]


class CchcReceipt(models.Model):
    """A receipt of fees and charges (biên lai), issued once, never deleted.

    Contents by NĐ 254/2026/NĐ-CP and TT 91/2026/TT-BTC: name, symbols, number, name
    and tax code of the collecting body, the kinds of fees, amounts in figures and
    words, date, digital signature. It keeps these as they were on that day.
    """

    _name = "cchc.receipt"
    _description = "Fee Receipt"
    _inherit = ["cchc.guarded.mixin"]
    _guarded_kept = True
    _order = "issued_at desc, id desc"
    _rec_name = "code"

    code = fields.Char(
        required=True, readonly=True, help="Symbol and number, e.g. 26TAB 00000012"
    )
    book_id = fields.Many2one(
        "cchc.receipt.book", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", string="Agency", required=True, readonly=True, index=True
    )
    form = fields.Selection(FORMS, required=True, readonly=True)
    title = fields.Char(string="Name of the Receipt", required=True, readonly=True)
    template_symbol = fields.Char(required=True, readonly=True)
    symbol = fields.Char(required=True, readonly=True)
    number = fields.Integer(string="Number Given", required=True, readonly=True)
    number_text = fields.Char(string="Number", required=True, readonly=True)
    year = fields.Integer(required=True, readonly=True)
    collector_name = fields.Char(string="Collecting Body", required=True, readonly=True)
    collector_tax_code = fields.Char(string="Tax Code", readonly=True)
    payer_id = fields.Many2one("res.partner", readonly=True, ondelete="restrict")
    payer_name = fields.Char(required=True, readonly=True)
    payer_address = fields.Char(readonly=True)
    payer_identity = fields.Char(
        string="Identity or Tax Code",
        readonly=True,
        groups="cchc_onestop.group_identity",
    )
    payment_id = fields.Many2one(
        "cchc.payment", required=True, readonly=True, index=True, ondelete="restrict"
    )
    method = fields.Selection(METHODS, required=True, readonly=True)
    line_ids = fields.One2many("cchc.receipt.line", "receipt_id", readonly=True)
    total = fields.Monetary(
        required=True, readonly=True, help="Negative for money that was given back"
    )
    collected = fields.Monetary(
        readonly=True,
        help="What the receipt counts in the till: nothing when cancelled or replaced",
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    total_words = fields.Char(string="In Words", required=True, readonly=True)
    issued_at = fields.Datetime(string="Issued at", required=True, readonly=True)
    issued_on = fields.Date(string="Date", required=True, readonly=True)
    cashier_id = fields.Many2one(
        "res.users", string="Collected by", required=True, readonly=True
    )
    closing_id = fields.Many2one(
        "cchc.cash.closing",
        string="Daily Closing",
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    nature = fields.Selection(NATURES, required=True, readonly=True, default="original")
    state = fields.Selection(STATES, required=True, readonly=True, default="issued")
    related_id = fields.Many2one(
        "cchc.receipt",
        string="Concerns",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Receipt that this one replaces or adjusts",
    )
    follower_receipt_ids = fields.One2many(
        "cchc.receipt", "related_id", string="Followed by", readonly=True
    )
    reason = fields.Char(
        readonly=True, help="Why it replaces or adjusts an earlier receipt"
    )
    end_reason = fields.Char(
        readonly=True, help="Why the receipt itself was cancelled or replaced"
    )
    outbox_ids = fields.One2many("cchc.receipt.outbox", "receipt_id", readonly=True)
    sign_state = fields.Selection(
        [("unsigned", "Not signed"), ("signed", "Signed")],
        string="Digital Signature",
        required=True,
        readonly=True,
        default="unsigned",
    )

    _number_uniq = models.UniqueIndex(
        "(book_id, number)", "This receipt number has already been given."
    )
    _day_idx = models.Index("(company_id, issued_on)")

    # ------------------------------------------------------------------
    # Issuing
    # ------------------------------------------------------------------
    @api.private
    @api.model
    def issue(self, payment, groups, closing, now, **values):
        """Issue one receipt for each group of payment lines; numbers are consecutive.

        :param groups: list of ``(payment lines, amounts)``; negative amounts are
            given back
        :param closing: till (``cchc.cash.closing``) of the day and the collector
        :param values: columns that all of them share (nature, related_id, reason)
        :return: the new receipts, in order
        """
        company = payment.company_id.sudo()
        day = company._cchc_local_date(now)
        book = self.env["cchc.receipt.book"]._for(company, day)
        numbers = book._take_numbers(day, len(groups))
        vals_list = []
        for (lines, amounts), (number, text) in zip(groups, numbers, strict=True):
            total = sum(amounts)
            vals_list.append(
                {
                    **self._common_vals(payment, book, company),
                    "code": f"{book.symbol} {text}",
                    "number": number,
                    "number_text": text,
                    "year": day.year,
                    "issued_at": now,
                    "issued_on": day,
                    "total": total,
                    "collected": total,
                    "total_words": amount_words(
                        fee.whole(total), company.cchc_zero_word or "lẻ"
                    ),
                    "cashier_id": self.env.uid,
                    "closing_id": closing.id,
                    "line_ids": [
                        (0, 0, line._receipt_line_vals(amount))
                        for line, amount in zip(lines, amounts, strict=True)
                    ],
                    **values,
                }
            )
        receipts = guard.unlocked(self.sudo()).create(vals_list)
        receipts._send(
            {"adjustment": "adjust", "replacement": "replace"}.get(
                values.get("nature"), "issue"
            )
        )
        return receipts.with_env(self.env)

    @api.model
    def _common_vals(self, payment, book, company):
        """Return what all receipts of one payment state alike."""
        payer = payment.payer_id.sudo()
        return {
            "book_id": book.id,
            "company_id": company.id,
            "form": book.form,
            "title": book.title,
            "template_symbol": book.template_symbol,
            "symbol": book.symbol,
            "collector_name": company.name,
            "collector_tax_code": company.vat,
            "payer_id": payer.id,
            "payer_name": payment.payer_name or payer.name,
            "payer_address": payer._cchc_address(),
            "payer_identity": payer.vat or payer.cchc_identity,
            "payment_id": payment.id,
            "method": payment.method,
            "currency_id": payment.currency_id.id,
        }

    def _check_own_till(self):
        """Refuse to cancel what stands in the till of somebody else."""
        for receipt in self:
            if (
                receipt.cashier_id != self.env.user
                and not self.env.su
                and not self.env.user.has_group("cchc_onestop.group_manager")
            ):
                raise UserError(
                    self.env._(
                        "%(user)s issued receipt %(receipt)s: only this person or a "
                        "manager cancels it.",
                        user=receipt.cashier_id.name,
                        receipt=receipt.code,
                    )
                )

    def _cancel(self, reason, state="cancelled"):
        """Cancel receipts of a day that is still open; their numbers stay used.

        :raises UserError: when the day of one was closed
        """
        for receipt in self:
            if receipt.closing_id.sudo().state == "closed":
                raise UserError(
                    self.env._(
                        "The day of receipt %s was closed: refund the fee instead of "
                        "cancelling its receipt.",
                        receipt.code,
                    )
                )
        guard.unlocked(self.sudo()).write(
            {"state": state, "end_reason": reason, "collected": 0}
        )
        if state == "cancelled":
            self._send("cancel")

    def _send(self, kind):
        """Put a message to the provider of e-receipts into the outbox."""
        electronic = self.filtered(lambda receipt: receipt.form == "electronic")
        guard.unlocked(self.env["cchc.receipt.outbox"].sudo()).create(
            [
                {
                    "receipt_id": receipt.id,
                    "company_id": receipt.company_id.id,
                    "kind": kind,
                    "provider": receipt.company_id.sudo().cchc_receipt_provider
                    or "file",
                }
                for receipt in electronic
            ]
        )
        if electronic:
            self.env.ref("cchc_onestop.cron_receipt_outbox")._trigger()

    def _file_facts(self, kind):
        """Return what the file of this receipt says, see ``tools/receipt_file``."""
        self.ensure_one()
        receipt = self.sudo()
        related = receipt.related_id
        return {
            "LoaiThongBao": kind,
            "TBLai": receipt.title,
            "KHMSBLai": receipt.template_symbol,
            "KHBLai": receipt.symbol,
            "SBLai": receipt.number_text,
            "NLap": receipt.issued_on.strftime("%Y-%m-%d"),
            "TrangThai": receipt.nature,
            "BLaiLienQuan": {
                "KHMSBLai": related.template_symbol,
                "KHBLai": related.symbol,
                "SBLai": related.number_text,
            }
            if related
            else {},
            "LyDo": receipt.end_reason if kind == "cancel" else receipt.reason,
            "CQThu": {
                "Ten": receipt.collector_name,
                "MST": receipt.collector_tax_code,
            },
            "NNop": {
                "Ten": receipt.payer_name,
                "DChi": receipt.payer_address,
                "MSDD": receipt.payer_identity,
            },
            "HThucTToan": receipt.method,
            "DSKhoanThu": [
                {
                    "Ten": line.name,
                    "Loai": line.kind,
                    "MaHoSo": line.dossier_code,
                    "CachTinh": line.worked_out,
                    "SoTien": fee.whole(line.amount),
                }
                for line in receipt.line_ids
            ],
            "TongTien": fee.whole(receipt.total),
            "TongTienChu": receipt.total_words,
            "DVTTe": receipt.currency_id.name,
        }

    # ------------------------------------------------------------------
    # Printing
    # ------------------------------------------------------------------
    def action_print(self):
        """Print the face of the receipts (bản thể hiện)."""
        return self.env.ref("cchc_onestop.report_fee_receipt_action").report_action(
            self, config=False
        )

    def action_view_payment(self):
        """Open the payment that this receipt belongs to."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cchc.payment",
            "res_id": self.payment_id.id,
            "view_mode": "form",
        }
