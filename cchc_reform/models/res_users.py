from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    cchc_reform_digest = fields.Boolean(
        "Weekly Digest of Reform",
        default=True,
        help="Leaders get the figures of administrative reform once a week by e-mail",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["cchc_reform_digest"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + ["cchc_reform_digest"]
