from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

DAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("off", "Never"),
]


class ResCompany(models.Model):
    """How an agency follows its index of service quality."""

    _inherit = "res.company"

    cchc_index_period_rule_id = fields.Many2one(
        "cchc.period.rule",
        "Period of the Index",
        help="The index of service quality (QĐ 766/QĐ-TTg) is previewed over this "
        "period; empty: calendar quarters",
    )
    # Required in the form only: addons that load before this one make companies too.
    cchc_index_day = fields.Selection(DAYS, "Weekday of the Preview", default="0")
    cchc_index_hour = fields.Float("Hour of the Preview", default=7.0)
    cchc_index_recipient_ids = fields.Many2many(
        "res.users",
        "cchc_index_recipient_rel",
        "company_id",
        "user_id",
        string="Get the Weekly Preview",
        domain="[('share', '=', False)]",
        help="Leaders and heads of the desk; empty: all leaders of the agency",
    )
    cchc_index_week = fields.Date(
        "Last Week Previewed", readonly=True, copy=False, help="Its Monday"
    )
    cchc_desk_department_ids = fields.Many2many(
        "hr.department",
        "cchc_index_desk_department_rel",
        "company_id",
        "department_id",
        string="Departments at the Desk",
        domain="[('company_id', 'in', [id, False])]",
        help="A dossier whose steps were all done in these departments was settled at "
        "the desk (index 5); empty: not known",
    )

    _cchc_index_hour_valid = models.Constraint(
        "CHECK (cchc_index_hour >= 0 AND cchc_index_hour < 24)",
        "The hour of the preview lies between 0:00 and 23:59.",
    )

    @api.model
    def _cchc_settings(self):
        return super()._cchc_settings() | {
            "cchc_index_period_rule_id",
            "cchc_index_day",
            "cchc_index_hour",
            "cchc_index_recipient_ids",
            "cchc_desk_department_ids",
        }

    @api.constrains("cchc_index_recipient_ids")
    def _check_cchc_index_recipients(self):
        for company in self:
            for user in company.cchc_index_recipient_ids:
                if company not in user.company_ids or not user.has_group(
                    "cchc_onestop.group_leader"
                ):
                    raise ValidationError(
                        self.env._(
                            "%(user)s is no leader of %(agency)s and may not read the "
                            "index.",
                            user=user.name,
                            agency=company.name,
                        )
                    )

    def _cchc_index_rule(self):
        """Return the kind of period over which the index is previewed."""
        self.ensure_one()
        return self.sudo().cchc_index_period_rule_id or self.env.ref(
            "cchc_onestop.period_rule_quarter"
        )

    def _cchc_index_period(self, day):
        """Return the period of the index in which a day lies."""
        return self._cchc_index_rule()._period_of(day)

    def _cchc_index_waits(self, now):
        """Whether the hour of the week has come and its preview is not there yet."""
        self.ensure_one()
        if self.cchc_index_day == "off" or not self.resource_calendar_id:
            return False
        local = self._cchc_local_time(now)
        return self.cchc_index_week != self._cchc_monday(local.date()) and (
            local.weekday(),
            local.hour + local.minute / 60,
        ) >= (int(self.cchc_index_day), self.cchc_index_hour)

    @api.model
    def _cchc_monday(self, day):
        """Return the Monday of the week of a day."""
        return day - timedelta(days=day.weekday())
