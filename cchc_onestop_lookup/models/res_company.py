from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    cchc_lookup_limit = fields.Integer(
        "Look-ups per Person and Day",
        default=200,
        help="Beyond this number a person's look-ups of a day are refused and logged; "
        "0: no limit",
    )

    @api.model
    def _cchc_settings(self):
        return super()._cchc_settings() | {"cchc_lookup_limit"}
