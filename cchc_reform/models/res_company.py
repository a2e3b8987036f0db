from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    cchc_count_regular = fields.Boolean(
        "Regular Tasks Count",
        default=True,
        help="Tasks without a date of their own (thường xuyên) stand in the rate of "
        "completion, as done when they were kept up in the period",
    )
    cchc_reform_digest_day = fields.Selection(
        [
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
            ("5", "Saturday"),
            ("6", "Sunday"),
            ("off", "Never"),
        ],
        "Day of the Weekly Digest",
        default="0",
        required=True,
        help="Weekday on which leaders get the figures of reform by e-mail",
    )
    cchc_reform_digest_hour = fields.Float("Hour of the Weekly Digest", default=7.0)
    cchc_reform_digest_week = fields.Date(
        "Last Week of Digests",
        readonly=True,
        copy=False,
        help="Monday of the week in which all leaders have been served",
    )

    _cchc_reform_digest_hour_valid = models.Constraint(
        "CHECK (cchc_reform_digest_hour >= 0 AND cchc_reform_digest_hour < 24)",
        "The hour of the weekly digest lies between 0:00 and 23:59.",
    )
