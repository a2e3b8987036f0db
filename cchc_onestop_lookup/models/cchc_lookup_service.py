from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools import identity

KEY_KINDS = [
    ("personal", "Personal identification number (12 digits)"),
    ("old", "Old identity card (9 digits)"),
    ("tax", "Tax code or enterprise code"),
]


class CchcLookupService(models.Model):
    """A register that an agency may ask (dịch vụ tra cứu).

    Services are named by the platform that carries them, e.g. 037 “Tra cứu thông tin
    công dân” of the national population database. What an answer holds and what of it
    is compared with our own data are rows, since platforms change their answers.
    """

    _name = "cchc.lookup.service"
    _description = "Register to Look Up"
    _order = "sequence, code"
    _rec_names_search = ["code", "name"]

    code = fields.Char(required=True, help="Code of the service at the platform")
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    key_kind = fields.Selection(KEY_KINDS, "Asked by", required=True)
    source_name = fields.Char(
        "Source",
        required=True,
        help="Register whose data are shown, as printed on a correction request",
    )
    authority_name = fields.Char(
        "Corrected by",
        required=True,
        help="Body that corrects the data, to which the request is addressed",
    )
    fresh_days = fields.Integer(
        "Fresh for (Days)",
        default=30,
        help="An answer older than this is marked as old: ask again",
    )
    keep_days = fields.Integer(
        "Data Kept for (Days)",
        default=90,
        help="After this the data of an answer are wiped; the log of who asked stays",
    )
    legal_basis = fields.Char()
    to_confirm = fields.Boolean(
        help="From general knowledge, not yet from a text that was read"
    )
    field_ids = fields.One2many("cchc.lookup.field", "service_id", "Data")

    _code_uniq = models.UniqueIndex("(code)", "A service with this code exists.")
    _days = models.Constraint(
        "CHECK (fresh_days > 0 AND keep_days >= fresh_days)",
        "Data are kept at least as long as they count as fresh, and for a day or more.",
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for service in self:
            service.display_name = f"{service.code} – {service.name}"

    def _clean_key(self, key):
        """Return the number by which this service is asked.

        :raises UserError: with one sentence when it is no such number
        """
        self.ensure_one()
        key = "".join((key or "").split())
        if self.key_kind == "personal" and not identity.read_personal(key):
            raise UserError(
                self.env._(
                    "“%s” is no personal identification number: type its 12 digits.",
                    key,
                )
            )
        if self.key_kind == "old" and identity.check_personal(key) != ["old"]:
            raise UserError(
                self.env._("“%s” is no old identity card: type its 9 digits.", key)
            )
        if self.key_kind == "tax" and not identity.check_tax_code(key):
            raise UserError(
                self.env._(
                    "“%s” is no tax code: check its digits, the last of the first ten "
                    "is a check digit.",
                    key,
                )
            )
        return key
