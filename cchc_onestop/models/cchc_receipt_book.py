from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import receipt_symbol
from .cchc_receipt_rule import FORMS


class CchcReceiptBook(models.Model):
    """Receipts of one symbol of an agency in one year; their numbers have no hole.

    The number starts at 1 on 1 January or with the first receipt of the year and ends
    on 31 December (TT 91/2026/TT-BTC).
    """

    _name = "cchc.receipt.book"
    _description = "Receipt Book"
    _order = "year desc, company_id, sequence, id"
    _rec_name = "symbol"

    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        string="Collecting Body",
        required=True,
        default=lambda self: self.env.company,
    )
    year = fields.Integer(
        required=True, default=lambda self: fields.Date.context_today(self).year
    )
    form = fields.Selection(FORMS, required=True, default="electronic")
    title = fields.Char(
        string="Name of the Receipt",
        required=True,
        default="Biên lai thu phí, lệ phí",
    )
    template_symbol = fields.Char(
        required=True,
        compute="_compute_template_symbol",
        store=True,
        readonly=False,
        precompute=True,
        help="EBL01: no printed face value; EBL02: printed face value; a paper receipt "
        "has the code of its form, e.g. 01BLP0-001",
    )
    symbol = fields.Char(
        required=True, help="Two digits of the year, T and two letters, e.g. 26TAB"
    )
    split_kinds = fields.Boolean(
        string="Fees and Charges Apart",
        help="Fees (phí) and charges (lệ phí) never stand on one receipt",
    )
    registered_on = fields.Date(
        string="Registered with the Tax Office",
        help="Day on which the tax office accepted the use of these receipts",
    )
    receipt_ids = fields.One2many(
        "cchc.receipt", "book_id", string="Receipts", readonly=True
    )
    receipt_count = fields.Integer(compute="_compute_receipt_count")
    active = fields.Boolean(default=True)

    _symbol_uniq = models.UniqueIndex(
        "(company_id, year, template_symbol, symbol)",
        "This book of receipts exists already.",
    )

    @api.depends("form", "year")
    def _compute_template_symbol(self):
        """Propose the first template symbol of the rule; an entered one stays."""
        for book in self:
            rule = self.env["cchc.receipt.rule"]._in_year(book.form, book.year)
            allowed = (rule.template_symbols or "").split()
            if allowed and book.template_symbol not in allowed:
                book.template_symbol = allowed[0]
            else:
                book.template_symbol = book.template_symbol

    @api.depends("symbol", "template_symbol")
    def _compute_display_name(self):
        for book in self:
            book.display_name = f"{book.template_symbol or ''} {book.symbol or ''}"

    def _compute_receipt_count(self):
        counts = dict(
            self.env["cchc.receipt"]._read_group(
                [("book_id", "in", self.ids)], ["book_id"], ["__count"]
            )
        )
        for book in self:
            book.receipt_count = counts.get(book, 0)

    @api.constrains("symbol", "template_symbol", "year", "form")
    def _check_symbol(self):
        for book in self:
            rule = self.env["cchc.receipt.rule"]._in_year(book.form, book.year)
            allowed = (rule.template_symbols or "").split()
            if allowed and book.template_symbol not in allowed:
                raise ValidationError(
                    self.env._(
                        "The template symbol “%(symbol)s” is not allowed: use one of "
                        "%(allowed)s.",
                        symbol=book.template_symbol,
                        allowed=", ".join(allowed),
                    )
                )
            problem = rule.symbol_pattern and receipt_symbol.problem(
                book.symbol, book.year, rule.symbol_pattern, rule.letters or ""
            )
            if problem:
                raise ValidationError(book._symbol_sentence(problem, rule))

    def _symbol_sentence(self, problem, rule):
        """Return what is wrong with the symbol in one sentence."""
        sentences = {
            "form": self.env._(
                "The symbol “%(symbol)s” is not right: it is written like %(example)s.",
                symbol=self.symbol,
                example=rule._example(self.year),
            ),
            "letter": self.env._(
                "The symbol “%(symbol)s” has a letter that is not allowed: only "
                "%(letters)s are.",
                symbol=self.symbol,
                letters=" ".join(rule.letters or ""),
            ),
            "year": self.env._(
                "The symbol “%(symbol)s” is not of the year %(year)s.",
                symbol=self.symbol,
                year=self.year,
            ),
        }
        return sentences[problem]

    def write(self, vals):
        fixed = {
            "company_id",
            "year",
            "form",
            "template_symbol",
            "symbol",
        } & vals.keys()
        if fixed and any(book.sudo().receipt_ids for book in self):
            raise UserError(
                self.env._(
                    "Receipts of this book have been issued: its symbols stay. Open "
                    "another book."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        if any(book.sudo().receipt_ids for book in self):
            raise UserError(
                self.env._("A book with issued receipts cannot be deleted.")
            )

    @api.model
    def _for(self, company, day):
        """Return the book in which ``company`` issues receipts on ``day``.

        :raises UserError: when there is none, or its receipts may not be issued
        """
        book = self.sudo().search(
            [("company_id", "=", company.id), ("year", "=", day.year)], limit=1
        )
        if not book:
            raise UserError(
                self.env._(
                    "%(agency)s has no receipt book of %(year)s: open one under Fees / "
                    "Configuration.",
                    agency=company.sudo().name,
                    year=day.year,
                )
            )
        return book

    def _take_numbers(self, day, count):
        """Give the next numbers of the book, without hole and without double.

        :return: list of ``(number, number as printed)``
        """
        self.ensure_one()
        rule = self.env["cchc.receipt.rule"]._for(self.form, day)
        try:
            printed = self.env["cchc.number"].take(
                f"receipt/{self.company_id.id}/{self.template_symbol}/{self.symbol}",
                str(day.year),
                lambda number: receipt_symbol.render(number, rule.digits),
                count,
            )
        except ValueError as error:
            raise UserError(
                self.env._("The book %s is full: open another one.", self.display_name)
            ) from error
        return [(int(text), text) for text in printed]

    def action_next_year(self):
        """Open the books of the following year with the same letters."""
        for book in self:
            rule = self.env["cchc.receipt.rule"]._in_year(book.form, book.year)
            symbol = receipt_symbol.next_year(
                book.symbol, book.year, rule.symbol_pattern or ""
            )
            book.copy({"year": book.year + 1, "symbol": symbol, "registered_on": False})
        return True

    def action_view_receipts(self):
        """Open the receipts of this book."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_receipt_action"
        )
        action["domain"] = [("book_id", "in", self.ids)]
        action["context"] = {}
        return action
