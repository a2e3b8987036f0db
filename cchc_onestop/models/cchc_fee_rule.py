from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import fee
from .cchc_procedure_fee import FEE_KINDS

UNITS = [
    ("case", "case"),
    ("page", "page"),
    ("copy", "copy"),
    ("dossier", "dossier"),
    ("person", "person"),
]
#: When a fee is collected; the numbers are those of the national portal (HinhThucThu).
COLLECT_AT = [
    ("1", "At reception"),
    ("2", "With the supplement"),
    ("4", "When the result is returned"),
]
ON_RETURN = [
    ("none", "Nothing is said"),
    ("warn", "Warn"),
    ("demand", "Result only against payment"),
]
#: Columns that a dossier's fee line takes over from its rule as they stand.
_TO_LINE = ("name", "kind", "unit", "is_stated", "legal_text", "collect_at")


class CchcFeeRule(models.Model):
    """What a fee or charge costs, from when to when, and by which law.

    The Ministry of Finance sets the national ones, the People's Council of a province
    those of civil status, land, building permits … The rule of the agency or of its
    province goes before the national one, and before the line of the published
    procedure that leaves the level to the People's Council.
    """

    _name = "cchc.fee.rule"
    _description = "Fee Rule"
    _inherit = ["mail.thread"]
    _order = "code, valid_from desc, id desc"

    code = fields.Char(required=True, help="Code of the fee type")
    name = fields.Char(required=True, tracking=True)
    kind = fields.Selection(FEE_KINDS, required=True, default="charge", tracking=True)
    company_id = fields.Many2one(
        "res.company",
        string="Set by",
        help="Province or agency whose level this is; empty: the whole country",
    )
    procedure_ids = fields.Many2many("cchc.procedure", string="Procedures")
    case_name = fields.Char(
        string="Only in the Case",
        help="Name of the case of the procedure, e.g. “Đăng ký không đúng hạn”; empty: "
        "in every case that is not free",
    )
    is_stated = fields.Boolean(
        "Amount Stated",
        default=True,
        tracking=True,
        help="Unticked: the level is not known yet, which is not the same as free",
    )
    unit = fields.Selection(UNITS, string="Per", required=True, default="case")
    amount = fields.Monetary(help="Amount of one unit", tracking=True)
    tier_ids = fields.One2many("cchc.fee.rule.tier", "rule_id", "Tiers", copy=True)
    cap_amount = fields.Monetary(
        "Cap", help="Most that one item (one copy) can cost; 0: no cap", tracking=True
    )
    channel_ids = fields.One2many(
        "cchc.fee.rule.channel", "rule_id", "Channels", copy=True
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env["cchc.procedure.fee"]._default_currency(),
    )
    default_quantity = fields.Integer(
        string="Units to Begin with",
        default=1,
        help="0: the desk enters the units only in the cases where the fee is taken",
    )
    general_exemptions = fields.Boolean(
        default=True,
        help="The groups of Luật Phí và lệ phí Đ.10 do not pay this fee",
    )
    exemption_ids = fields.Many2many("cchc.fee.exemption", string="Exemptions")
    collect_at = fields.Selection(
        COLLECT_AT, string="When Collected", required=True, default="1"
    )
    on_return = fields.Selection(
        ON_RETURN,
        string="Unpaid at the Return",
        required=True,
        default="warn",
        help="What happens when the result is to be returned and the fee is not paid",
    )
    collector_id = fields.Many2one(
        "res.company",
        string="Collecting Body",
        help="Empty: the agency that settles the dossier",
    )
    budget = fields.Selection(
        [
            ("commune", "Budget of the commune"),
            ("province", "Budget of the province"),
            ("central", "Central budget"),
        ],
        required=True,
        default="commune",
        help="Fees of different budgets never stand on one receipt",
    )
    share_kept = fields.Integer(
        string="Share Kept (%)",
        help="What the collecting body keeps; the rest goes to the budget",
    )
    remit_day = fields.Integer(
        string="Remitted by the Day",
        default=5,
        help="Day of the following month by which the money is paid in",
    )
    valid_from = fields.Date(
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help="By the day on which the dossier is submitted",
    )
    valid_to = fields.Date(tracking=True)
    legal_basis = fields.Char(tracking=True)
    legal_text = fields.Text(
        string="Verbatim Text", help="The fee exactly as the law words it"
    )
    to_confirm = fields.Boolean(
        "To Be Confirmed", help="From general knowledge, not from a published decision"
    )
    example = fields.Char(compute="_compute_example")
    active = fields.Boolean(default=True)

    _values = models.Constraint(
        "CHECK (amount >= 0 AND cap_amount >= 0 AND share_kept BETWEEN 0 AND 100 "
        "AND default_quantity >= 0 AND remit_day BETWEEN 1 AND 28)",
        "Amounts are not negative, the share kept lies between 0 and 100 percent and "
        "the day of remittance between 1 and 28.",
    )
    _dates = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "The last day of validity lies before the first.",
    )

    @api.depends(
        "is_stated",
        "amount",
        "unit",
        "tier_ids.from_unit",
        "tier_ids.amount",
        "cap_amount",
    )
    def _compute_example(self):
        line_model = self.env["cchc.dossier.fee"]
        for rule in self:
            tiers = rule.tier_ids
            quantity = max(tiers.mapped("from_unit"), default=0) + 2 if tiers else 1
            result = fee.charge(rule._tariff(), quantity)
            rule.example = (
                f"{fee.explain(result, line_model._unit_word(rule.unit))} = "
                f"{fee.dong(result.due)} đ"
                if result
                else self.env._("not stated")
            )

    @api.depends("name", "company_id")
    def _compute_display_name(self):
        for rule in self:
            agency = rule.sudo().company_id.name
            rule.display_name = f"{rule.name} ({agency})" if agency else rule.name

    def _tariff(self, channel=None):
        """Return the :class:`~..tools.fee.Tariff` of this rule on a channel."""
        self.ensure_one()
        special = self.channel_ids.filtered(lambda row: row.channel == channel)[:1]
        if special.method == "amount":
            return fee.Tariff(fee.whole(special.amount), stated=self.is_stated)
        return fee.Tariff(
            amount=fee.whole(self.amount),
            tiers=tuple(
                (tier.from_unit, fee.whole(tier.amount))
                for tier in self.tier_ids.sorted("from_unit")
            ),
            cap=fee.whole(self.cap_amount),
            factor=special.factor if special else 100,
            stated=self.is_stated,
        )

    @api.model
    def _for(self, procedure, case, day, company):
        """Return the rules that hold for a dossier submitted on ``day``.

        Of rules with one code that of the nearest agency holds: its own, then that of
        its province, then the national one; of those the latest.
        """
        chain = [int(part) for part in (company.parent_path or "").split("/") if part]
        found = self.sudo().search(
            Domain("procedure_ids", "in", procedure.ids)
            & Domain("company_id", "in", [False, *chain])
            & Domain("valid_from", "<=", day)
            & (Domain("valid_to", "=", False) | Domain("valid_to", ">=", day)),
        )
        found = found.filtered(
            lambda rule: not rule.case_name or rule.case_name == case.name
        )
        nearest = {}
        for rule in found.sorted(
            lambda rule: (
                chain.index(rule.company_id.id) if rule.company_id else -1,
                bool(rule.case_name),
                rule.valid_from,
                rule.id,
            )
        ):
            nearest[rule.code] = rule
        return self.sudo().browse(rule.id for rule in nearest.values())

    def _line_vals(self, channel):
        """Return the values of a dossier's fee line by this rule."""
        self.ensure_one()
        tariff = self._tariff(channel)
        return {
            **{name: self[name] for name in _TO_LINE},
            "rule_id": self.id,
            "amount": tariff.amount,
            "tariff": fee.pack(tariff.tiers, tariff.cap, tariff.factor),
            "on_return": self.on_return,
            "quantity": self.default_quantity,
        }

    @api.model
    def _merge(self, published, rules, channel):
        """Return fee line values: what was published, with the rules put in place.

        The rules of one kind (fee, charge) take the place of all published lines of
        that kind that cost something or are not stated; a published “free” stays free.

        :param published: fees (``cchc.procedure.fee``) of the channel and case
        :param rules: what :meth:`_for` found
        """
        if published and not any(line._is_charged() for line in published):
            return [line._line_vals() for line in published]
        kinds = set(rules.mapped("kind"))
        replaced = published.filtered(
            lambda line: line._is_charged() and line.kind in kinds
        )
        vals_list = [line._line_vals() for line in published - replaced]
        for rule in rules.sorted("id"):
            before = replaced.filtered(lambda line, rule=rule: line.kind == rule.kind)
            vals = rule._line_vals(channel)
            vals["legal_text"] = vals["legal_text"] or before[:1].legal_text
            vals_list.append({**vals, "fee_id": before[:1].id})
        return vals_list
