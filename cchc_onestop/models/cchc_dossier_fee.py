from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import fee, guard
from .cchc_fee_rule import COLLECT_AT, ON_RETURN, UNITS
from .cchc_procedure_fee import FEE_KINDS

#: What the amount of a line follows from.
_ASSESSED = frozenset(
    {"is_stated", "amount", "quantity", "items", "tariff", "exemption_percent"}
)
#: Columns that only a payment writes.
_PAYMENT_ONLY = frozenset({"due_amount", "paid_amount", "waived_amount"})
#: Words of the units on receipts, the same in every interface language.
OFFICIAL_UNITS = {
    "case": "trường hợp",
    "page": "trang",
    "copy": "bản",
    "dossier": "hồ sơ",
    "person": "người",
}
LINE_STATES = [
    ("not_stated", "Not stated"),
    ("free", "Free"),
    ("exempt", "Exempt"),
    ("due", "Payment Due"),
    ("partly", "Partly Paid"),
    ("paid", "Paid"),
    ("refunded", "Refunded"),
]


class CchcDossierFee(models.Model):
    """A fee or charge (phí, lệ phí) of a dossier with its legal text verbatim.

    “Not stated” is not “free”: when the People's Council sets the level and it has not
    been entered yet, ``is_stated`` is off and the receipt says so.

    Amounts are plain numbers in the currency of the agency, shown as money: a monetary
    column would read agency and currency for every line of every dossier received. The
    line keeps the tariff it was assessed by; a rule that changes later changes nothing.
    """

    _name = "cchc.dossier.fee"
    _description = "Dossier Fee"
    _inherit = ["cchc.dossier.row"]
    _order = "dossier_id, id"
    _log_access = False

    fee_id = fields.Many2one("cchc.procedure.fee", ondelete="restrict")
    rule_id = fields.Many2one("cchc.fee.rule", ondelete="restrict", readonly=True)
    name = fields.Char(required=True)
    kind = fields.Selection(FEE_KINDS)
    unit = fields.Selection(UNITS, string="Per")
    is_stated = fields.Boolean(string="Amount Stated", default=True)
    amount = fields.Float(digits=(16, 2))
    tariff = fields.Char(
        readonly=True, help="Tiers, cap and share of the channel as they were assessed"
    )
    quantity = fields.Integer(default=1)
    items = fields.Integer(
        string="Copies", default=1, help="How many copies of so many pages each"
    )
    exemption_id = fields.Many2one("cchc.fee.exemption", ondelete="restrict")
    exemption_percent = fields.Integer(string="Reduction (%)", readonly=True)
    exemption_evidence = fields.Char(
        string="Evidence", help="Paper or look-up that proves the exemption"
    )
    collect_at = fields.Selection(COLLECT_AT, string="When Collected")
    on_return = fields.Selection(ON_RETURN, string="Unpaid at the Return")
    subtotal = fields.Float(digits=(16, 2), compute="_compute_assessment")
    gross = fields.Float(
        string="Before Exemption", digits=(16, 2), compute="_compute_assessment"
    )
    explanation = fields.Char(string="Worked Out", compute="_compute_assessment")
    due_amount = fields.Float(
        digits=(16, 2),
        readonly=True,
        copy=False,
        help="What is to be paid, as it was worked out last; for searches",
    )
    paid_amount = fields.Float(string="Paid", digits=(16, 2), readonly=True, copy=False)
    waived_amount = fields.Float(
        digits=(16, 2),
        readonly=True,
        copy=False,
        help="Given back and no longer owed",
    )
    outstanding = fields.Float(digits=(16, 2), compute="_compute_state")
    state = fields.Selection(LINE_STATES, compute="_compute_state")
    collector_id = fields.Many2one(
        "res.company", string="Collecting Body", compute="_compute_collector_id"
    )
    legal_text = fields.Char()
    currency_id = fields.Many2one(related="dossier_id.currency_id")

    _quantity_positive = models.Constraint(
        "CHECK (quantity >= 0)", "The quantity of a fee cannot be negative."
    )
    _items_positive = models.Constraint(
        "CHECK (items >= 0)", "The number of copies cannot be negative."
    )
    _due_idx = models.Index(
        "(dossier_id) WHERE is_stated IS TRUE "
        "AND due_amount > COALESCE(paid_amount, 0) + COALESCE(waived_amount, 0)"
    )

    # ------------------------------------------------------------------
    # Assessment
    # ------------------------------------------------------------------
    def _charge(self):
        """Return what the line costs (:class:`~..tools.fee.Charge`), or None."""
        self.ensure_one()
        return self._charge_of(
            {name: self[name] for name in _ASSESSED}, self._fields["items"].string
        )

    @api.model
    def _charge_of(self, vals, label=""):
        """Return what a line with these values costs, or None when not stated."""
        try:
            return fee.charge(
                fee.unpack(
                    vals.get("tariff"), vals.get("amount"), vals.get("is_stated", True)
                ),
                vals.get("quantity", 1),
                vals.get("items", 1),
                vals.get("exemption_percent") or 0,
            )
        except ValueError as error:
            raise UserError(
                self.env._(
                    "The fee “%(fee)s” cannot be worked out: %(why)s",
                    fee=vals.get("name") or label,
                    why=error,
                )
            ) from error

    @api.depends(*_ASSESSED, "unit")
    def _compute_assessment(self):
        for line in self:
            result = line._charge()
            line.subtotal = result.due if result else 0
            line.gross = result.gross if result else 0
            line.explanation = (
                fee.explain(
                    result,
                    self._unit_word(line.unit),
                    self._unit_word("copy"),
                    self.env._("at most"),
                )
                if result
                else self.env._("not stated")
            )

    def _official_explanation(self):
        """Return how the line was worked out, in the words of a receipt."""
        self.ensure_one()
        return fee.explain(
            self._charge(),
            OFFICIAL_UNITS.get(self.unit, ""),
            OFFICIAL_UNITS["copy"],
            "tối đa",
        )

    @api.model
    def _unit_word(self, unit):
        """Return the word for one unit in the reader's language."""
        words = dict(self._fields["unit"]._description_selection(self.env))
        return words.get(unit, "")

    @api.depends(*_ASSESSED, "paid_amount", "waived_amount")
    def _compute_state(self):
        for line in self:
            result = line._charge()
            owed = (result.due if result else 0) - line.waived_amount
            line.outstanding = max(owed - line.paid_amount, 0)
            line.state = line._state_of(result)

    def _state_of(self, result):
        """Return the financial state of a line that costs ``result``."""
        if self.outstanding:
            return "partly" if self.paid_amount else "due"
        if self.paid_amount:
            return "paid"
        if self.exemption_percent == 100:
            return "exempt"
        if result is None:
            return "not_stated"
        return "refunded" if self.waived_amount else "free"

    @api.depends("rule_id", "dossier_id.company_id")
    def _compute_collector_id(self):
        for line in self:
            line.collector_id = (
                line.rule_id.sudo().collector_id or line.dossier_id.company_id
            )

    @api.onchange("amount")
    def _onchange_amount(self):
        """An amount that is entered is stated."""
        if self.amount and not self.is_stated:
            self.is_stated = True

    @api.onchange("exemption_id")
    def _onchange_exemption_id(self):
        self.exemption_percent = self.exemption_id.percent

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model
    def _complete_rows(self, vals_list):
        """Work out what each line costs, and the reduction of its exemption."""
        self._check_payment_only(name for vals in vals_list for name in vals)
        return [self._complete(vals) for vals in vals_list]

    @api.model
    def _complete(self, vals):
        if vals.get("exemption_id"):
            exemption = self.env["cchc.fee.exemption"].browse(vals["exemption_id"])
            vals = {**vals, "exemption_percent": exemption.sudo().percent}
        elif "exemption_id" in vals or vals.get("exemption_percent"):
            vals = {**vals, "exemption_percent": 0}
        result = self._charge_of(vals)
        return {**vals, "due_amount": result.due if result else 0}

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._complete_rows(vals_list))

    def write(self, vals):
        unlocked = guard.is_unlocked(self.env)
        self._check_payment_only(vals)
        if not unlocked and vals.keys() - {"collect_at", "on_return"}:
            self._check_unpaid()
        if "exemption_id" in vals and not unlocked:
            exemption = self.env["cchc.fee.exemption"].browse(
                vals["exemption_id"] or ()
            )
            vals = {**vals, "exemption_percent": exemption.sudo().percent}
        elif "exemption_percent" in vals and not unlocked:
            vals = {**vals}
            del vals["exemption_percent"]
        result = super().write(vals)
        if vals.keys() & _ASSESSED:
            for line in self:
                charged = line._charge()
                super(CchcDossierFee, line).write(
                    {"due_amount": charged.due if charged else 0}
                )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unpaid(self):
        self._check_unpaid()

    def _check_payment_only(self, names):
        if not guard.is_unlocked(self.env) and _PAYMENT_ONLY & set(names):
            raise UserError(
                self.env._("What was paid is written by payments, not by hand.")
            )

    def _check_unpaid(self):
        paid = self.filtered(lambda line: line.paid_amount or line.waived_amount)[:1]
        if paid:
            raise UserError(
                self.env._(
                    "“%(fee)s” of %(dossier)s has been paid and cannot be changed: "
                    "cancel or refund its line of the payment first.",
                    fee=paid.name,
                    dossier=paid.dossier_id.display_name,
                )
            )

    # ------------------------------------------------------------------
    # For payments and searches
    # ------------------------------------------------------------------
    def _lock_for_payment(self):
        """Lock the lines, so that no two payments settle one of them."""
        self.flush_recordset()
        self.env.cr.execute(
            "SELECT id FROM cchc_dossier_fee WHERE id = ANY(%s) ORDER BY id "
            "FOR NO KEY UPDATE",
            (self.ids,),
            log_exceptions=False,  # no error: the request is repeated
        )

    def _of_one_body(self):
        """Return, of the fees of interlinked groups that several bodies collect, those
        of this agency; its receipt holds nothing of the others."""
        own = self.filtered(lambda line: line.collector_id == self.env.company)
        groups = own and all(line.dossier_id.bundle_type_id for line in self)
        return own if groups else self

    def _payment_vals(self):
        """Return the values of the payment line of this fee."""
        self.ensure_one()
        return {"fee_id": self.id}

    @api.model
    def _financial_state_sql(self):
        """Return the SQL of the financial state of the dossier ``fee.dossier_id``,
        an aggregate over its lines (see :meth:`cchc.dossier._compute_fee_state`)."""
        return SQL(
            """
            CASE
            WHEN bool_or(is_stated AND due_amount
                         > COALESCE(paid_amount, 0) + COALESCE(waived_amount, 0))
            THEN CASE WHEN sum(COALESCE(paid_amount, 0)) > 0
                      THEN 'partly' ELSE 'due' END
            WHEN bool_or(is_stated IS NOT TRUE
                         AND COALESCE(exemption_percent, 0) < 100) THEN 'not_stated'
            WHEN sum(COALESCE(paid_amount, 0)) > 0 THEN 'paid'
            WHEN sum(COALESCE(waived_amount, 0)) > 0 THEN 'refunded'
            WHEN bool_or(exemption_percent = 100) THEN 'exempt'
            ELSE 'none' END
            """
        )
