from odoo import api, fields, models
from odoo.exceptions import UserError


class CchcFormEdition(models.Model):
    """Edition of a statutory form, in force between two dates.

    The forms of TT 01/2018/TT-VPCP were replaced by those of TT 03/2025/TT-VPCP
    Phụ lục I and will be replaced again: which layout a paper gets is decided by the
    date of the paper, and what was issued keeps its edition.
    """

    _name = "cchc.form.edition"
    _description = "Edition of a Statutory Form"
    _order = "code, valid_from desc, id desc"
    _rec_names_search = ["code", "name", "edition"]

    code = fields.Char(required=True, help="Number of the form, 01 to 07")
    name = fields.Char(string="Title", required=True)
    edition = fields.Char(required=True, help="Year of the circular")
    legal_basis = fields.Char()
    company_id = fields.Many2one(
        "res.company",
        string="Agency",
        help="Empty: for every agency without an edition of its own",
    )
    valid_from = fields.Date(required=True)
    valid_to = fields.Date()
    report_id = fields.Many2one(
        "ir.actions.report",
        string="Layout",
        ondelete="restrict",
        domain="[('cchc_engine', '=', 'weasyprint')]",
    )
    number_pattern = fields.Char(
        required=True,
        default="{seq:2}/TTPVHCC",
        help="Number and symbol; the count starts at 1 each year. Tokens: {seq:2}, "
        "{yy}, {yyyy}, {MM}, {dd}, {unit}",
    )
    copies = fields.Integer(
        string="Copies (liên)",
        default=1,
        required=True,
        help="How many copies one printing holds: 2 for the receipt, one kept by the "
        "desk and one for the applicant",
    )
    active = fields.Boolean(default=True)

    _dates = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "The last day of validity lies before the first.",
    )
    _copies_positive = models.Constraint(
        "CHECK (copies BETWEEN 1 AND 9)", "A form has between 1 and 9 copies."
    )

    @api.depends("code", "name", "edition")
    def _compute_display_name(self):
        for edition in self:
            edition.display_name = (
                f"{edition.code}/{edition.edition} {edition.name or ''}"
            )

    @api.model
    def _office_lang(self):
        """Language of what leaves the office: Vietnamese wherever it is installed."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        return "vi_VN" if "vi_VN" in installed else self.env.lang

    @api.model
    def _for(self, code, company, day):
        """Edition of form ``code`` that an agency uses on ``day``.

        :raises UserError: no edition is in force, or it has no layout
        """
        edition = self.sudo().search(
            [
                ("code", "=", code),
                ("company_id", "in", [company.id, False]),
                ("valid_from", "<=", day),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">=", day),
            ],
            order="company_id NULLS LAST, valid_from desc, id desc",
            limit=1,
        )
        if not edition:
            raise UserError(
                self.env._(
                    "No edition of form %(code)s is in force on %(day)s: ask an "
                    "administrator to add one under Configuration.",
                    code=code,
                    day=fields.Date.to_string(day),
                )
            )
        if not edition.report_id:
            raise UserError(
                self.env._(
                    "Form %(form)s has no printed layout: ask an administrator to "
                    "choose one under Configuration.",
                    form=edition.display_name,
                )
            )
        return edition
