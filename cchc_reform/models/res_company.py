from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    cchc_count_regular = fields.Boolean(
        "Regular Tasks Count",
        default=True,
        help="Tasks without a date of their own (thường xuyên) stand in the rate of "
        "completion, as done when they were kept up in the period",
    )
