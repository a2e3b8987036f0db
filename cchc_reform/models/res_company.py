from odoo import fields, models

#: Units of the two tiers, and those of the three tiers until 30/06/2025.
UNIT_TYPES = [
    ("tinh", "Tỉnh"),
    ("thanh_pho_tw", "Thành phố trực thuộc trung ương"),
    ("xa", "Xã"),
    ("phuong", "Phường"),
    ("dac_khu", "Đặc khu"),
    ("huyen", "Huyện"),
    ("quan", "Quận"),
    ("thi_xa", "Thị xã"),
    ("thanh_pho", "Thành phố thuộc tỉnh"),
    ("thi_tran", "Thị trấn"),
]
#: Weekdays as ``date.weekday`` counts them.
DIGEST_DAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
    ("off", "Never"),
]


class ResCompany(models.Model):
    _inherit = "res.company"

    cchc_count_regular = fields.Boolean(
        "Regular Tasks Count",
        default=True,
        help="Tasks without a date of their own (thường xuyên) stand in the rate of "
        "completion, as done when they were kept up in the period",
    )
    cchc_reform_digest_day = fields.Selection(
        DIGEST_DAYS,
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

    cchc_unit_type = fields.Selection(
        UNIT_TYPES,
        "Type of Unit",
        help="Units change: since 01/07/2025 there are no districts any more",
    )
    cchc_unit_from = fields.Date("Unit since")
    cchc_unit_to = fields.Date(
        "Unit until", help="Last day of a unit that was merged or abolished"
    )

    _cchc_unit_valid = models.Constraint(
        "CHECK (cchc_unit_to >= cchc_unit_from)",
        "A unit cannot end before it begins.",
    )
    _cchc_reform_digest_hour_valid = models.Constraint(
        "CHECK (cchc_reform_digest_hour >= 0 AND cchc_reform_digest_hour < 24)",
        "The hour of the weekly digest lies between 0:00 and 23:59.",
    )
