from odoo import api, fields, models
from odoo.tools import formatLang

from ..tools import fee

FEE_KINDS = [("fee", "Fee"), ("charge", "Charge"), ("other", "Other")]


class CchcProcedureFee(models.Model):
    """Fee or charge (phí, lệ phí) of a procedure, with its legal wording.

    "Not stated" is not "free": most fees of a commune are set by the provincial
    People's Council, and the portal shows them as an empty or zero amount.
    """

    _name = "cchc.procedure.fee"
    _description = "Fee of a Procedure"
    _inherit = ["cchc.frozen.mixin"]
    _order = "time_limit_id, sequence, id"
    _frozen_owner = "version_id"

    time_limit_id = fields.Many2one(
        "cchc.procedure.time.limit", required=True, index=True, ondelete="cascade"
    )
    version_id = fields.Many2one(
        related="time_limit_id.channel_id.version_id",
        store=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    code = fields.Char(help="Code of the fee type in the national list")
    name = fields.Char(required=True)
    kind = fields.Selection(
        FEE_KINDS,
        required=True,
        default="charge",
        help="Fee (phí) pays for a service, charge (lệ phí) is fixed by law",
    )
    is_stated = fields.Boolean(
        "Amount Stated",
        default=True,
        help="Unticked: the amount is set elsewhere (People's Council), not free",
    )
    amount = fields.Monetary(help="Amount of one unit; 0 and stated means free")
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self._default_currency(), required=True
    )
    unit_text = fields.Char("Per", help="Copy, page, dossier, case ...")
    tier_from = fields.Integer(
        "Reduced from Unit",
        help="From this unit on the reduced amount applies; 0: none",
    )
    tier_amount = fields.Monetary("Reduced Amount")
    cap_amount = fields.Monetary("Cap", help="Most that one item can cost; 0: no cap")
    legal_text = fields.Text(
        "Verbatim Text", help="The fee exactly as the published procedure words it"
    )
    to_confirm = fields.Boolean(
        "To Be Confirmed", help="From general knowledge, not from a published decision"
    )

    _amounts_positive = models.Constraint(
        "CHECK (amount >= 0 AND tier_amount >= 0 AND cap_amount >= 0 "
        "AND tier_from >= 0)",
        "Amounts of a fee cannot be negative.",
    )

    @api.model
    def _default_currency(self):
        vnd = self.env.ref("base.VND", raise_if_not_found=False)
        return vnd or self.env.company.currency_id

    @api.depends("name", "is_stated", "amount", "currency_id", "unit_text")
    def _compute_display_name(self):
        for line in self:
            if not line.is_stated:
                line.display_name = self.env._("%s: not stated", line.name)
            elif not line.amount:
                line.display_name = self.env._("%s: free", line.name)
            else:
                amount = formatLang(
                    self.env, line.amount, currency_obj=line.currency_id
                )
                unit = f"/{line.unit_text}" if line.unit_text else ""
                line.display_name = f"{line.name}: {amount}{unit}"

    def _is_charged(self):
        """Return whether somebody has to pay: “not stated” is not “free”."""
        self.ensure_one()
        return not self.is_stated or bool(self.amount)

    def _tariff(self):
        """Return the :class:`~..tools.fee.Tariff` as it was published."""
        self.ensure_one()
        amount = self.tier_amount if self.tier_from == 1 else self.amount
        return fee.Tariff(
            amount=fee.whole(amount),
            tiers=((self.tier_from, fee.whole(self.tier_amount)),)
            if self.tier_from > 1
            else (),
            cap=fee.whole(self.cap_amount),
            stated=self.is_stated,
        )

    def _total_for(self, quantity=1):
        """Return what ``quantity`` units of one item cost, or None if not stated.

        2.000 đ a page, 1.000 đ from page 3, at most 200.000 đ: 5 pages are 7.000 đ.
        """
        result = fee.charge(self._tariff(), quantity)
        return result and result.due

    def _line_vals(self):
        """Return the values of a dossier's fee line as published."""
        self.ensure_one()
        tariff = self._tariff()
        return {
            "fee_id": self.id,
            "name": self.name,
            "kind": self.kind,
            "is_stated": self.is_stated,
            "amount": self.amount,
            "tariff": fee.pack(tariff.tiers, tariff.cap),
            "legal_text": self.legal_text,
        }
