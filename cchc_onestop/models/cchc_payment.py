from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import fee, guard, replay
from ..tools.amount_words import amount_words

METHODS = [
    ("cash", "Cash"),
    ("transfer", "Bank transfer"),
    ("online", "Online payment"),
    ("postal", "Through the postal company"),
]
#: Columns that stay open to the cashier while the payment is a draft.
_OPEN_IN_DRAFT = frozenset(
    {
        "company_id",
        "payer_id",
        "payer_name",
        "method",
        "online_platform",
        "reference",
        "note",
        "line_ids",
        "scan",
    }
)


class CchcPayment(models.Model):
    """One payment of the fees of several dossiers (NĐ 61/2018/NĐ-CP Đ.22).

    One payer, one collecting body; each line is a fee of one dossier and can be
    cancelled or refunded by itself. Receipts are issued in the same transaction.
    """

    _name = "cchc.payment"
    _description = "Payment of Fees"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _mail_post_access = "read"
    _rec_names_search = ["name", "payer_name", "reference"]

    name = fields.Char(
        string="Payment Code", readonly=True, copy=False, index="trigram"
    )
    company_id = fields.Many2one(
        "res.company",
        string="Collecting Body",
        required=True,
        default=lambda self: self.env.company,
    )
    payer_id = fields.Many2one("res.partner")
    payer_name = fields.Char(index="trigram")
    state = fields.Selection(
        [
            ("draft", "To Collect"),
            ("paid", "Paid"),
            ("partly", "Partly Refunded"),
            ("refunded", "Refunded"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        group_expand=True,
    )
    method = fields.Selection(METHODS, required=True, default="cash", tracking=True)
    online_platform = fields.Selection(
        [("1", "National payment platform"), ("2", "Local gateway")],
        default="1",
        help="DuocThanhToanTrucTuyen of the national portal: counted by QĐ 766/QĐ-TTg",
    )
    reference = fields.Char(
        string="Transaction Code",
        copy=False,
        help="Code of the bank, the payment platform or the post",
    )
    line_ids = fields.One2many("cchc.payment.line", "payment_id", string="Fees")
    dossier_count = fields.Integer(compute="_compute_totals", store=True)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env["cchc.procedure.fee"]._default_currency(),
    )
    amount_total = fields.Monetary(
        string="Total", compute="_compute_totals", store=True
    )
    amount_back = fields.Monetary(
        string="Given Back", compute="_compute_totals", store=True
    )
    amount_net = fields.Monetary(
        string="Collected", compute="_compute_totals", store=True
    )
    amount_words = fields.Char(string="In Words", compute="_compute_amount_words")
    paid_at = fields.Datetime(string="Paid on", readonly=True, copy=False)
    paid_on = fields.Date(string="Day of Payment", readonly=True, copy=False)
    cashier_id = fields.Many2one(
        "res.users", string="Collected by", readonly=True, copy=False
    )
    receipt_ids = fields.One2many(
        "cchc.receipt", "payment_id", string="Receipts", readonly=True
    )
    receipt_count = fields.Integer(compute="_compute_receipt_count")
    scan = fields.Char(
        string="Scan a Dossier",
        compute="_compute_scan",
        inverse="_inverse_scan",
        help="Scan the QR code of the receipt, or type the code of a dossier",
    )
    note = fields.Char()

    _paid_idx = models.Index("(company_id, paid_on) WHERE paid_on IS NOT NULL")

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("line_ids.amount", "line_ids.refunded_amount", "line_ids.state")
    def _compute_totals(self):
        for payment in self:
            lines = payment.line_ids
            counted = lines.filtered(lambda line: line.state != "cancelled")
            payment.amount_total = sum(lines.mapped("amount"))
            payment.amount_net = sum(counted.mapped("amount")) - sum(
                counted.mapped("refunded_amount")
            )
            payment.amount_back = payment.amount_total - payment.amount_net
            payment.dossier_count = len(lines.dossier_id)

    @api.depends("amount_net", "company_id")
    def _compute_amount_words(self):
        for payment in self:
            payment.amount_words = amount_words(
                fee.whole(payment.amount_net),
                payment.company_id.sudo().cchc_zero_word or "lẻ",
            )

    def _compute_receipt_count(self):
        counts = dict(
            self.env["cchc.receipt"]._read_group(
                [("payment_id", "in", self.ids)], ["payment_id"], ["__count"]
            )
        )
        for payment in self:
            payment.receipt_count = counts.get(payment, 0)

    def _compute_scan(self):
        self.scan = False

    def _inverse_scan(self):
        """The text is read by the onchange; it is never stored."""

    # ------------------------------------------------------------------
    # Making a payment
    # ------------------------------------------------------------------
    @api.model
    def default_get(self, names):
        """Fill in the fees of the dossiers named in the context."""
        values = super().default_get(names)
        dossiers = self.env["cchc.dossier"].browse(
            self.env.context.get("cchc_dossier_ids") or ()
        )
        if dossiers.exists():
            values.update(self._vals_for(dossiers))
        return values

    @api.model
    def _vals_for(self, dossiers):
        """Return the values of a payment of all that these dossiers owe.

        :raises UserError: when the fees belong to several collecting bodies
        """
        lines = dossiers._payable_fees()._of_one_body()
        bodies = lines.collector_id
        if len(bodies) > 1:
            raise UserError(
                self.env._(
                    "Fees of %s cannot be collected in one payment: a payment has one "
                    "collecting body.",
                    ", ".join(bodies.sudo().mapped("name")),
                )
            )
        payer = self._common_payer(dossiers)
        return {
            **({"company_id": bodies.id} if bodies else {}),
            "payer_id": payer.id,
            "payer_name": payer.name or dossiers[:1].applicant_name,
            "line_ids": [Command.create(line._payment_vals()) for line in lines],
        }

    @api.model
    def _common_payer(self, dossiers):
        """Return who submitted or owns all of the dossiers, if there is one."""
        persons = None
        for dossier in dossiers:
            own = dossier.partner_id | dossier.submitter_id
            persons = own if persons is None else persons & own
        submitters = dossiers.submitter_id & (persons or dossiers.submitter_id)
        return (submitters or persons or self.env["res.partner"])[:1]

    @api.private
    @api.model
    def prepare(self, dossiers, payer=None, **values):
        """Return draft payments of all that the dossiers (and their children) owe.

        One payment for each collecting body. For interlinked groups and interfaces.

        :param payer: ``res.partner`` who pays; by default who submitted or owns all
        :param values: further columns, e.g. ``method`` and ``reference``
        """
        dossiers = dossiers._with_children()
        lines = dossiers._payable_fees()
        payer = payer or self._common_payer(dossiers)
        return self.create(
            [
                {
                    "company_id": body.id,
                    "payer_id": payer.id,
                    "payer_name": payer.name or own.dossier_id[:1].applicant_name,
                    "line_ids": [Command.create(line._payment_vals()) for line in own],
                    **values,
                }
                for body, own in lines.grouped("collector_id").items()
            ]
        )

    @api.onchange("scan")
    def _onchange_scan(self):
        text, self.scan = (self.scan or "").strip(), False
        if not text:
            return None
        code = self._read_code(text)
        dossier = self.env["cchc.dossier"].search([("name", "=", code)], limit=1)
        problem = self._scan_problem(code, dossier)
        if problem:
            return {"warning": {"title": self.env._("Not added"), "message": problem}}
        lines = dossier._payable_fees()
        known = self.line_ids.fee_id._origin
        for line in lines - known:
            self.line_ids = [Command.create(line._payment_vals())]
        if not self.payer_id:
            self.payer_id = dossier.submitter_id or dossier.partner_id
            self.payer_name = self.payer_id.name or dossier.applicant_name
        self.company_id = lines.collector_id[:1] or self.company_id
        return None

    @api.model
    def _read_code(self, text):
        """Return the dossier code in a scanned text (see the QR code of form 01)."""
        for line in text.splitlines():
            label, _colon, value = line.partition(":")
            if label.strip() in ("Mã hồ sơ", "MaHoSo") and value.strip():
                return value.strip()
        return text.split()[0]

    def _scan_problem(self, code, dossier):
        """Return why a scanned dossier cannot be added, or False."""
        if not dossier:
            return self.env._("No dossier has the code %s.", code)
        lines = dossier._payable_fees()
        if not lines:
            return self.env._("%s owes nothing.", code)
        if not lines - self.line_ids.fee_id._origin:
            return self.env._("%s is on the list already.", code)
        if self.line_ids and lines.collector_id != self.company_id:
            return self.env._(
                "The fees of %(code)s go to %(body)s: make another payment.",
                code=code,
                body=", ".join(lines.collector_id.sudo().mapped("name")),
            )
        return False

    @api.onchange("payer_id")
    def _onchange_payer_id(self):
        if self.payer_id:
            self.payer_name = self.payer_id.name

    @api.model_create_multi
    def create(self, vals_list):
        if not guard.is_unlocked(self.env):
            for vals in vals_list:
                self._check_open(
                    {name for name, value in vals.items() if value}
                    - {"currency_id"}
                    - ({"state"} if vals.get("state") == "draft" else set())
                )
        payments = super().create(vals_list)
        for payment in payments:
            # Stands on the slip before anything is paid, so it is no legal number.
            guard.unlocked(payment).write({"name": f"TT{payment.id:08d}"})
        return payments

    def write(self, vals):
        if not guard.is_unlocked(self.env):
            self._check_open(
                {
                    name
                    for name in vals
                    if not name.startswith(("message_", "activity_"))
                }
            )
            if any(payment.state != "draft" for payment in self) and (
                vals.keys() & (_OPEN_IN_DRAFT - {"note", "reference", "scan"})
            ):
                raise UserError(
                    self.env._(
                        "A payment that was made is not changed: cancel or refund its "
                        "lines."
                    )
                )
        return super().write(vals)

    def _check_open(self, names):
        closed = names - _OPEN_IN_DRAFT
        if closed:
            raise UserError(
                self.env._(
                    "%s of a payment cannot be written directly: use Collect, Cancel "
                    "or Refund.",
                    ", ".join(
                        self.env["ir.model.fields"]
                        ._get(self._name, name)
                        .field_description
                        or name
                        for name in sorted(closed)
                    ),
                )
            )

    @api.autovacuum
    def _gc_empty_drafts(self):
        """Delete drafts of yesterday and before that nothing was ever added to.

        The browser saves a new payment when its page is closed.
        """
        self.search(
            [
                ("state", "=", "draft"),
                ("line_ids", "=", False),
                ("create_date", "<", fields.Datetime.now() - timedelta(days=1)),
            ]
        ).unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        if any(payment.state != "draft" for payment in self):
            raise UserError(
                self.env._("Only a payment that was not made can be deleted.")
            )

    # ------------------------------------------------------------------
    # Collecting
    # ------------------------------------------------------------------
    def action_pay(self):
        """Collect the money: lines paid, receipts issued, all in one transaction.

        Collecting twice changes nothing the second time.

        :raises UserError: with one sentence that says what keeps it from being paid
        """
        self._check_cashier()
        self.check_access("write")
        for payment in self.filtered(lambda payment: payment.state == "draft"):
            payment._pay()
        return True

    def action_pay_and_print(self):
        """Collect the money and print the receipts."""
        self.action_pay()
        return self.receipt_ids.filtered(
            lambda receipt: receipt.state == "issued"
        ).action_print()

    @api.model
    def _check_cashier(self):
        if not self.env.su and not self.env.user.has_group(
            "cchc_onestop.group_cashier"
        ):
            raise AccessError(
                self.env._(
                    "Only a cashier collects and returns money: ask the manager for "
                    "the role."
                )
            )

    def _pay(self):
        self.ensure_one()
        self._check_payable()
        self.line_ids._lock_for_payment()
        self.line_ids._check_owed()
        now = replay.now(self.env)
        closing = self.env["cchc.cash.closing"]._till(self.company_id, now)
        guard.unlocked(self.line_ids.sudo()).write({"state": "paid"})
        for line in self.line_ids:
            guard.unlocked(line.fee_id.sudo()).write(
                {"paid_amount": line.fee_id.paid_amount + line.amount}
            )
        guard.unlocked(self.sudo()).write(
            {
                "state": "paid",
                "paid_at": now,
                "paid_on": self.company_id.sudo()._cchc_local_date(now),
                "cashier_id": self.env.uid,
            }
        )
        groups = [
            (lines, [line.amount for line in lines]) for lines in self._receipt_groups()
        ]
        receipts = self.env["cchc.receipt"].issue(self, groups, closing, now)
        self.invalidate_recordset(["receipt_ids", "receipt_count"])
        self.line_ids._log("pay", self.line_ids.mapped("amount"), receipts)
        self.line_ids.dossier_id._resume_when_paid(self)

    def _check_payable(self):
        """Refuse a payment that lacks what its receipt must state."""
        if not self.line_ids:
            raise UserError(
                self.env._("There is nothing to collect: add the fees of a dossier.")
            )
        if not (self.payer_name or "").strip():
            raise UserError(self.env._("Enter who pays: the receipt names the payer."))
        bodies = self.line_ids.fee_id.collector_id
        if bodies != self.company_id:
            raise UserError(
                self.env._(
                    "These fees go to %(bodies)s, not to %(agency)s: a payment has "
                    "one collecting body.",
                    bodies=", ".join(bodies.sudo().mapped("name")),
                    agency=self.company_id.name,
                )
            )
        if self.method != "cash" and not (self.reference or "").strip():
            raise UserError(
                self.env._(
                    "Enter the transaction code: it proves a payment that is not in "
                    "cash."
                )
            )
        self._check_payer()

    def _check_payer(self):
        """Refuse a payer who neither submitted nor owns one of the dossiers."""
        for dossier in self.line_ids.dossier_id:
            persons = dossier.partner_id | dossier.submitter_id
            if self.payer_id and persons and self.payer_id not in persons:
                raise UserError(
                    self.env._(
                        "%(payer)s neither submitted nor owns %(dossier)s: take it "
                        "off the list, or enter the payer as its submitter.",
                        payer=self.payer_id.name,
                        dossier=dossier.display_name,
                    )
                )
            if not self.payer_id and len(self.line_ids.dossier_id.partner_id) > 1:
                raise UserError(
                    self.env._(
                        "These dossiers have different owners: choose the person who "
                        "pays for all of them."
                    )
                )

    def _receipt_groups(self, lines=None):
        """Return the lines of each receipt: budgets never mix, kinds where the book
        keeps them apart."""
        lines = self.line_ids if lines is None else lines
        day = self.company_id.sudo()._cchc_local_date(replay.now(self.env))
        book = self.env["cchc.receipt.book"]._for(self.company_id, day)
        return list(
            lines.sorted("id")
            .grouped(
                lambda line: (
                    line.budget or "commune",
                    line.kind if book.split_kinds else "",
                )
            )
            .values()
        )

    # ------------------------------------------------------------------
    # Taking back
    # ------------------------------------------------------------------
    def action_reverse(self):
        """Ask which lines are cancelled or refunded, and why."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel or Refund"),
            "res_model": "cchc.payment.reverse",
            "view_mode": "form",
            "target": "new",
            "context": {"default_payment_id": self.id},
        }

    def _settle_state(self):
        """Set the state that follows from the lines."""
        for payment in self:
            states = set(payment.line_ids.mapped("state"))
            back = any(payment.line_ids.mapped("refunded_amount"))
            if states == {"cancelled"}:
                state = "cancelled"
            elif "paid" not in states:
                state = "refunded"
            else:
                state = "partly" if back else "paid"
            guard.unlocked(payment.sudo()).write({"state": state})

    # ------------------------------------------------------------------
    # Papers and links
    # ------------------------------------------------------------------
    def action_print_slip(self):
        """Print the payment slip, with the code for paying by transfer."""
        return self.env.ref("cchc_onestop.report_payment_slip_action").report_action(
            self, config=False
        )

    def action_print_receipts(self):
        """Print the receipts in force."""
        return self.receipt_ids.filtered(
            lambda receipt: receipt.state in ("issued", "adjusted")
        ).action_print()

    def action_view_receipts(self):
        """Open the receipts of these payments, cancelled ones included."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_receipt_action"
        )
        action["domain"] = [("payment_id", "in", self.ids)]
        action["context"] = {}
        return action

    def action_view_dossiers(self):
        """Open the dossiers that this payment settles."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_dossier_action"
        )
        action["domain"] = [("id", "in", self.line_ids.dossier_id.ids)]
        action["context"] = {}
        return action

    def _payment_qr_text(self):
        """Hook: return the text of the QR code for paying by transfer, or False.

        ``cchc_onestop_vietqr`` makes it with Odoo's own EMV QR code (VietQR).
        """
        return False

    def _transfer_text(self):
        """Return what the payer writes on the transfer."""
        self.ensure_one()
        return f"{self.name} {self.payer_name or ''}".strip()
