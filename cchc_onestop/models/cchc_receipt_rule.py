from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
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
    template_symbols = fields.Char(
        help="Template symbols that are allowed, with spaces between; the first one is "
        "that of new books. Empty: any",
    )
    symbol_pattern = fields.Char(
        help="{yy} or {yyyy} stands for the year, {letters:2} for two letters, the "
        "rest as it is. Empty: any",
    )
    letters = fields.Char(
        string="Letters of the Symbol",
        help="Letters allowed in the place of {letters}",
    )
    example = fields.Char(compute="_compute_example")
    digits = fields.Integer(string="Digits of the Number", required=True)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date()
    legal_basis = fields.Char()
    active = fields.Boolean(default=True)

    _digits_range = models.Constraint(
        "CHECK (digits BETWEEN 1 AND 9)",
        "The number of a receipt has between one and nine digits.",
    )
    _dates = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "The last day of validity lies before the first.",
    )

    @api.depends("symbol_pattern", "letters", "digits")
    def _compute_example(self):
        year = fields.Date.context_today(self).year
        for rule in self:
            rule.example = False
            if 0 < rule.digits < 10:
                try:
                    symbol = rule._example(year)
                except ValueError:
                    continue
                rule.example = f"{symbol} {receipt_symbol.render(1, rule.digits)}"

    def _example(self, year):
        """Return an example of a symbol of ``year`` by this rule."""
        self.ensure_one()
        return receipt_symbol.example(
            year, self.symbol_pattern or "", self.letters or ""
        )

    @api.constrains("symbol_pattern", "letters")
    def _check_pattern(self):
        for rule in self.filtered("symbol_pattern"):
            try:
                rule._example(2000)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "The pattern “%s” cannot be read: only {yy}, {yyyy} and "
                        "{letters:1} to {letters:9} stand in braces.",
                        rule.symbol_pattern,
                    )
                ) from error
            if "{letters" in rule.symbol_pattern and not rule.letters:
                raise ValidationError(
                    self.env._(
                        "Enter the letters that the pattern “%s” allows.",
                        rule.symbol_pattern,
                    )
                )

    @api.model
    def _in_year(self, form, year):
        """Return the latest rule for receipts of this form in ``year``, if any."""
        return self.sudo().search(
            Domain("form", "=", form)
            & Domain("valid_from", "<=", f"{year}-12-31")
            & (
                Domain("valid_to", "=", False)
                | Domain("valid_to", ">=", f"{year}-01-01")
            ),
            limit=1,
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
