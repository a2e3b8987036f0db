from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import receipt_symbol

FORMS = [("electronic", "E-receipt"), ("paper", "Paper receipt")]


class CchcReceiptRule(models.Model):
    """Which receipts may be issued, from when to when (NĐ 254/2026/NĐ-CP).

    Paper receipts (self-printed or ordered) may be used until 31 December 2026 only.
    """

    _name = "cchc.receipt.rule"
    _description = "Receipt Rule"
    _order = "valid_from desc, id desc"

    name = fields.Char(required=True, translate=True)
    form = fields.Selection(FORMS, required=True, default="electronic")
    letters = fields.Char(
        string="Letters of the Symbol",
        default=receipt_symbol.ALPHABET,
        help="Letters allowed as the last two characters of the symbol",
    )
    digits = fields.Integer(
        string="Digits of the Number", default=receipt_symbol.MAX_DIGITS, required=True
    )
    valid_from = fields.Date(required=True)
    valid_to = fields.Date()
    legal_basis = fields.Char()
    active = fields.Boolean(default=True)

    _digits_range = models.Constraint(
        "CHECK (digits BETWEEN 1 AND 8)",
        "The number of a receipt has between one and eight digits.",
    )
    _dates = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "The last day of validity lies before the first.",
    )

    @api.model
    def _for(self, form, day):
        """Return the rule by which receipts of this form are issued on ``day``.

        :raises UserError: when such receipts may not be issued (any more)
        """
        rule = self.sudo().search(
            Domain("form", "=", form)
            & Domain("valid_from", "<=", day)
            & (Domain("valid_to", "=", False) | Domain("valid_to", ">=", day)),
            limit=1,
        )
        last = not rule and self.sudo().search(
            Domain("form", "=", form) & Domain("valid_to", "<", day),
            order="valid_to desc",
            limit=1,
        )
        if last:
            raise UserError(
                self.env._(
                    "Receipts of the kind “%(form)s” could be issued until %(last)s "
                    "only, not on %(day)s. Open a book of another kind.",
                    form=dict(self._fields["form"]._description_selection(self.env))[
                        form
                    ],
                    last=last.valid_to.strftime("%d/%m/%Y"),
                    day=day.strftime("%d/%m/%Y"),
                )
            )
        if not rule:
            raise UserError(
                self.env._(
                    "No receipt rule is valid on %s: ask an administrator to add it "
                    "under Configuration.",
                    day.strftime("%d/%m/%Y"),
                )
            )
        return rule
