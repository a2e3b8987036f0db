from odoo import fields, models


class CchcReason(models.Model):
    """Reasons that lie with the applicant."""

    _inherit = "cchc.reason"

    by_applicant = fields.Boolean(
        "Caused by the Applicant",
        help="A supplement asked for this reason is no contact that counts against the "
        "officer (TT 01/2018/TT-VPCP Đ.14)",
    )
