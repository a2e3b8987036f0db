import pytz

from odoo import fields, models


class ResCompany(models.Model):
    """An agency (cơ quan): commune, ward, province or department office."""

    _inherit = "res.company"

    cchc_unit_code = fields.Char(
        string="Unit Code",
        help="Identification code of the agency (QĐ 20/2020/QĐ-TTg), the first part "
        "of the dossier code, e.g. H49.12",
    )
    cchc_level = fields.Selection(
        [
            ("province", "Province"),
            ("commune", "Commune"),
            ("ministry", "Ministry"),
            ("other", "Other"),
        ],
        string="Administrative Level",
        default="commune",
    )
    cchc_desk_name = fields.Char(
        string="One-Stop Desk",
        default="Trung tâm Phục vụ hành chính công",
        help="Name of the reception body as printed in the header of the forms",
    )
    cchc_place = fields.Char(
        string="Place on Forms",
        help="Place name printed before the date of the forms, e.g. Hải Trường",
    )
    cchc_hotline = fields.Char(string="Hotline")
    cchc_duplicate_days = fields.Integer(
        string="Warn about Repeated Filing (days)",
        default=30,
        help="Reception warns when the same owner filed the same procedure within "
        "this number of days; 0 switches the warning off",
    )

    _cchc_duplicate_days_positive = models.Constraint(
        "CHECK (cchc_duplicate_days >= 0)",
        "The number of days for the repeated-filing warning cannot be negative.",
    )

    def _cchc_tz(self):
        """Return the time zone of the agency: that of its working calendar."""
        return pytz.timezone(
            self.resource_calendar_id.tz or self.partner_id.tz or "Asia/Ho_Chi_Minh"
        )

    def _cchc_local_date(self, at):
        """Return the calendar day of the naive UTC moment ``at`` in the agency."""
        return pytz.utc.localize(at).astimezone(self._cchc_tz()).date()
