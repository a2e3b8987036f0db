from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from ..tools import code_template

#: What the number of an entry is within, in the words of the book.
_WITHIN = {"day": " ngày {:%d/%m/%Y}", "month": " tháng {:%m/%Y}", "year": ""}


class CchcCodeTemplate(models.Model):
    """Pattern of the dossier codes of an agency, with the dates of its validity.

    Sources: TT 01/2018/TT-VPCP Đ.19 (unit, date, four digits within the day) and its
    successors; one code per dossier for its whole life, given at acceptance.
    """

    _name = "cchc.code.template"
    _description = "Dossier Code Template"
    _order = "company_id, valid_from desc, id desc"

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company",
        string="Agency",
        help="Empty: for every agency without a template of its own",
    )
    pattern = fields.Char(
        required=True,
        default="{unit}-{yy}{MM}{dd}-{seq:4}",
        help="Tokens: {unit} code of the agency, {yy} or {yyyy}, {MM}, {dd}, "
        "{seq:4} number with at least four digits",
    )
    reset = fields.Selection(
        [("day", "Every day"), ("month", "Every month"), ("year", "Every year")],
        string="Number Starts Again",
        required=True,
        default="day",
    )
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    valid_to = fields.Date()
    legal_basis = fields.Char()
    example = fields.Char(compute="_compute_example")
    active = fields.Boolean(default=True)

    _dates = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "The last day of validity lies before the first.",
    )

    @api.constrains("pattern", "reset")
    def _check_pattern(self):
        for template in self:
            try:
                code_template.check(template.pattern, template.reset)
            except code_template.TemplateError as error:
                raise ValidationError(
                    self.env._(
                        "The pattern “%(pattern)s” cannot be used. %(why)s",
                        pattern=template.pattern,
                        why=error,
                    )
                ) from error

    @api.depends("pattern", "reset", "company_id")
    @api.depends_context("company")
    def _compute_example(self):
        today = fields.Date.context_today(self)
        for template in self:
            company = template.company_id or self.env.company
            try:
                code_template.check(template.pattern or "", template.reset or "day")
            except code_template.TemplateError:
                template.example = False
            else:
                template.example = code_template.render(
                    template.pattern, company.cchc_unit_code or "…", today, 1
                )

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        self.env.registry.clear_cache()
        return templates

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache("company_id", "day")
    def _numbering(self, company_id, day):
        """Return ``(pattern, reset)`` of the codes that an agency gives on ``day``,
        ``None`` before its first template."""
        try:
            template = self._for(self.env["res.company"].sudo().browse(company_id), day)
        except UserError:
            return None
        return template.pattern, template.reset

    @api.model
    def _entry(self, company, day, code):
        """Return the number of a code in the book of its agency, in words.

        Codes are given without gap, so the number in its day, month or year is that of
        the entry. A code of other software stands for itself.
        """
        pattern, reset = self._numbering(company.id, day) or ("", "")
        parts = pattern and code_template.parse(pattern, code)
        if not parts:
            return code
        _unit, found, number = parts
        return f"{number:02d}{_WITHIN[reset].format(found)}"

    @api.model
    def _for(self, company, day):
        """Return the template of ``company`` in force on ``day``.

        :raises UserError: when there is none
        """
        template = self.sudo().search_fetch(
            [
                ("company_id", "in", [company.id, False]),
                ("valid_from", "<=", day),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">=", day),
            ],
            ["pattern", "reset"],
            order="company_id NULLS LAST, valid_from desc",
            limit=1,
        )
        if not template:
            raise UserError(
                self.env._(
                    "No dossier code template of %(agency)s is valid on %(day)s: ask "
                    "an administrator to add one under Configuration.",
                    agency=company.name,
                    day=fields.Date.to_string(day),
                )
            )
        return template

    def _series(self, company):
        """Return what makes the codes of ``company`` by this template.

        :rtype: :class:`~odoo.addons.cchc_onestop.tools.code_template.CodeSeries`
        :raises UserError: when the agency lacks the unit code that the pattern needs
        """
        self.ensure_one()
        if "{unit}" in self.pattern and not company.cchc_unit_code:
            raise UserError(
                self.env._(
                    "%(agency)s has no unit code, which the dossier code needs: enter "
                    "it on the agency's form.",
                    agency=company.name,
                )
            )
        return code_template.CodeSeries(
            company.id, company.cchc_unit_code or "", self.pattern, self.reset
        )

    @api.model
    def _next_codes(self, series, day, count):
        """Give the next ``count`` codes of a series for the date ``day``."""
        return self.env["cchc.number"].take(
            f"dossier/{series.agency_id}",
            series.period(day),
            lambda number: series.render(day, number),
            count,
        )
