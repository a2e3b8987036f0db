from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Source of a slip: the column that says whether a form serves it.
CHANNELS = {
    "counter": "for_counter",
    "device": "for_device",
    "online": "for_online",
    "phone": "for_phone",
}


class CchcEvaluationForm(models.Model):
    """Layout of the slip on which citizens evaluate: whom it asks, and what.

    NĐ 61/2018/NĐ-CP Đ.29, Đ.31 name criteria and channels; each province designs its
    own slips, so the shipped ones are defaults to be confirmed.
    """

    _name = "cchc.evaluation.form"
    _description = "Form of Evaluation"
    _order = "code, company_id, valid_from desc, id desc"

    code = fields.Char("Form No.", required=True, help="01, 02, 03 …")
    name = fields.Char(required=True)
    title = fields.Char(
        "Printed Title", required=True, default="PHIẾU ĐÁNH GIÁ VIỆC GIẢI QUYẾT TTHC"
    )
    intro = fields.Text(
        "Introduction", help="What the citizen reads above the questions"
    )
    thanks = fields.Char(
        default="Cảm ơn Ông/Bà đã đánh giá.", help="Read after sending"
    )
    audience = fields.Selection(
        [
            ("citizen", "Citizens"),
            ("organisation", "Organisations and businesses"),
            ("all", "Everybody"),
        ],
        required=True,
        default="all",
    )
    for_counter = fields.Boolean("Paper at the Desk")
    for_device = fields.Boolean("Kiosk")
    for_online = fields.Boolean("Link or QR Code")
    for_phone = fields.Boolean("Telephone, Inquiry")
    company_id = fields.Many2one(
        "res.company", "Agency", index=True, help="Empty: every agency"
    )
    line_ids = fields.One2many(
        "cchc.evaluation.form.line", "form_id", "Questions", copy=True
    )
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    valid_to = fields.Date()
    legal_basis = fields.Char()
    to_confirm = fields.Boolean(
        "To Be Confirmed", help="A default that the province has to confirm"
    )
    active = fields.Boolean(default=True)

    @api.depends("code", "name")
    def _compute_display_name(self):
        for form in self:
            form.display_name = f"{form.code} – {form.name}"

    @api.constrains("valid_from", "valid_to")
    def _check_days(self):
        for form in self:
            if form.valid_to and form.valid_to < form.valid_from:
                raise ValidationError(
                    self.env._("%s ends before it begins.", form.display_name)
                )

    @api.constrains("line_ids")
    def _check_lines(self):
        for form in self:
            if not form.line_ids:
                raise ValidationError(
                    self.env._("%s asks nothing: add a question.", form.display_name)
                )

    @api.model
    def _for(self, source, company, day):
        """Return the form of a source on a day: that of the agency, else the shared."""
        forms = self.sudo().search(
            [
                (CHANNELS[source], "=", True),
                ("company_id", "in", (company.id, False)),
                ("valid_from", "<=", day),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">=", day),
            ]
        )
        own = forms.filtered("company_id") or forms
        return own.sorted(lambda form: (form.valid_from, form.id))[-1:]

    def action_print(self):
        """Print the empty slip, to lie at the desk."""
        return self.env.ref(
            "cchc_onestop_voice.report_evaluation_form_action"
        ).report_action(self)
