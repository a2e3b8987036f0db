from lxml import etree

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import code_template, forms


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

    code = fields.Char(
        required=True, help="Number that the form has in its circular, 01 to 07"
    )
    form = fields.Selection(
        [(form.code, form.label) for form in forms.FORMS],
        required=True,
        compute="_compute_form",
        store=True,
        readonly=False,
        precompute=True,
        help="Which form of today's list (TT 03/2025/TT-VPCP) the edition is one of: "
        "the control slip was number 05 in 2018 and is 06 now",
    )
    wording = fields.Selection(
        [
            (forms.EDITION_2018, "TT 01/2018/TT-VPCP"),
            (forms.EDITION_2025, "TT 03/2025/TT-VPCP"),
        ],
        required=True,
        default=forms.EDITION_2025,
        help="Labels of which circular the shipped layouts print",
    )
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
    book_pattern = fields.Char(
        string="Book No. (quyển số)",
        default="01/{yyyy}",
        help="Book of the register that the receipt names; tokens: {yy}, {yyyy}, "
        "{unit}. The number of the entry is that of the dossier's code",
    )
    foot_note = fields.Text(
        string="Note at the Foot",
        help="Printed below every copy, e.g. the office hours: no layout has to be "
        "changed for it",
    )
    active = fields.Boolean(default=True)

    _dates = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_to >= valid_from)",
        "The last day of validity lies before the first.",
    )
    _copies_positive = models.Constraint(
        "CHECK (copies BETWEEN 1 AND 9)", "A form has between 1 and 9 copies."
    )

    @api.constrains("book_pattern")
    def _check_book_pattern(self):
        for edition in self:
            try:
                edition._book_number(fields.Date.today(), "")
            except KeyError as error:
                raise ValidationError(
                    self.env._(
                        "The number of the book may hold {yy}, {yyyy} and {unit}, not "
                        "{%s}.",
                        error.args[0],
                    )
                ) from error

    def _book_number(self, day, unit):
        """Return the number of the book in which a dossier of ``day`` is entered."""
        return code_template.render(self.book_pattern or "", unit, day, 1)

    @api.depends("code")
    def _compute_form(self):
        for edition in self:
            if not edition.form:
                edition.form = edition.code if edition.code in forms.FORM else False

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

        :param code: code of the form in the list of 2025
        :raises UserError: no edition is in force, or it has no layout
        """
        edition = self.sudo().search(
            [
                ("form", "=", code),
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

    # ------------------------------------------------------------------
    # An agency's own layout
    # ------------------------------------------------------------------
    def action_adjust_layout(self):
        """Give the current agency its own copy of the layout and open it.

        Views, report and edition are copied: an upgrade of the addon changes the
        shipped layout, never the copy, and other agencies keep theirs.

        :raises UserError: the person may not edit layouts, or there is none to copy
        """
        self.ensure_one()
        if not self.env.user.has_group("base.group_system"):
            raise UserError(
                self.env._(
                    "Layouts are templates of the system: ask its administrator (group "
                    "Settings) to adjust the one of %(form)s.",
                    form=self.display_name,
                )
            )
        own = self
        if not self.company_id:
            own = self.search(
                [
                    ("form", "=", self.form),
                    ("edition", "=", self.edition),
                    ("company_id", "=", self.env.company.id),
                ],
                limit=1,
            ) or self._copy_for(self.env.company)
        return own._open_layout()

    def _copy_for(self, company):
        """Copy the edition with a layout of its own for ``company``."""
        self.ensure_one()
        if not self.report_id:
            raise UserError(
                self.env._(
                    "Form %(form)s has no printed layout to copy.",
                    form=self.display_name,
                )
            )
        own = self.copy({"company_id": company.id})
        key = f"cchc_onestop.own_{self.report_id.report_name.split('.')[-1]}_{own.id}"
        body = self._copy_view(f"{self.report_id.report_name}_body", f"{key}_body", {})
        self._copy_view(
            self.report_id.report_name,
            key,
            {f"{self.report_id.report_name}_body": body.key},
        )
        own.report_id = self.report_id.copy(
            {
                "name": f"{self.report_id.name} – {company.name}",
                "report_name": key,
                "report_file": key,
                "binding_model_id": False,
            }
        )
        return own

    def _copy_view(self, name, key, renamed):
        """Copy the view ``name``, all that was changed in it included, as ``key``."""
        views = self.env["ir.ui.view"]
        arch = views._get_template_view(name)._get_combined_arch()
        for call in arch.iter("t"):
            called = call.get("t-call")
            if called in renamed:
                call.set("t-call", renamed[called])
        arch.set("t-name", key)
        return views.create(
            {
                "type": "qweb",
                "name": key,
                "key": key,
                "arch": etree.tostring(arch, encoding="unicode"),
            }
        )

    def _open_layout(self):
        """Open the body of the layout for editing."""
        name = self.report_id.report_name
        views = self.env["ir.ui.view"]
        view = views.search([("key", "=", f"{name}_body")], limit=1)
        view = view or views._get_template_view(name)
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "ir.ui.view",
            "res_id": view.id,
            "view_mode": "form",
        }
