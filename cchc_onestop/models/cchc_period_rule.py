from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..tools.period import PeriodRule

KINDS = [
    ("month", "Month"),
    ("quarter", "Quarter"),
    ("half", "Half-Year"),
    ("year", "Year"),
]
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
#: Official names of the periods, printed on the reports.
QUARTERS = ("I", "II", "III", "IV")


class CchcPeriodRule(models.Model):
    """When the periods of report begin and end.

    Reporting periods run from the 15th to the 14th (NĐ 09/2019/NĐ-CP style), calendar
    periods with the calendar; provinces ask for both.
    """

    _name = "cchc.period.rule"
    _description = "Period Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(KINDS, required=True, default="quarter")
    start_day = fields.Integer(
        required=True,
        default=1,
        help="Day of the month on which each period begins; in a shorter month its "
        "last day",
    )
    start_month = fields.Integer(
        required=True, default=1, help="Month in which the first period begins"
    )
    previous_year = fields.Boolean(
        string="Begins the Year Before",
        help="The first period of a year begins in the year before, e.g. on 15/12",
    )
    deadline_days = fields.Integer(
        string="Send within (days)",
        default=5,
        help="Days after the end of the period within which the report is sent",
    )
    sequence = fields.Integer(default=10)
    valid_from = fields.Date()
    valid_to = fields.Date()
    legal_basis = fields.Char()
    to_confirm = fields.Boolean(help="Default to be confirmed by the agency")
    active = fields.Boolean(default=True)
    preview = fields.Text(compute="_compute_preview", string="Periods of This Year")

    _valid = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from)",
        "A rule cannot end before it begins.",
    )

    @api.constrains("start_day", "start_month", "kind")
    def _check_start(self):
        for rule in self:
            try:
                rule._to_rule()
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "Periods cannot begin on day %(day)s of month %(month)s: enter "
                        "a day from 1 to 31 and a month from 1 to 12.",
                        day=rule.start_day,
                        month=rule.start_month,
                    )
                ) from error

    @api.depends("kind", "start_day", "start_month", "previous_year")
    @api.depends_context("lang")
    def _compute_preview(self):
        year = fields.Date.context_today(self).year
        for rule in self:
            try:
                periods = rule._to_rule().periods(year)
            except ValueError:
                rule.preview = False
                continue
            rule.preview = "\n".join(
                f"{rule._period_name(period)}: {format_date(self.env, period.start)}"
                f" – {format_date(self.env, period.end)}"
                for period in periods
            )

    def _to_rule(self):
        """Return the rule as the arithmetic wants it."""
        self.ensure_one()
        return PeriodRule(
            MONTHS[self.kind], self.start_day, self.start_month, self.previous_year
        )

    def _period_of(self, day):
        """Return the period in which a day lies.

        :raises UserError: when the rule is not in force on that day
        """
        self.ensure_one()
        period = self._to_rule().containing(day)
        if (self.valid_to and period.start > self.valid_to) or (
            self.valid_from and period.end < self.valid_from
        ):
            raise UserError(
                self.env._(
                    "%(rule)s is not in force on %(day)s: choose another kind of "
                    "period.",
                    rule=self.name,
                    day=format_date(self.env, day),
                )
            )
        return period

    def _period_name(self, period):
        """Return the official name of a period as the reports print it."""
        self.ensure_one()
        if self.kind == "quarter":
            return f"Quý {QUARTERS[period.number - 1]} năm {period.year}"
        if self.kind == "half":
            half = "đầu" if period.number == 1 else "cuối"
            return f"6 tháng {half} năm {period.year}"
        if self.kind == "month":
            return f"Tháng {period.number} năm {period.year}"
        return f"Năm {period.year}"

    def _deadline(self, period):
        """Return the day until which the report of a period is sent."""
        self.ensure_one()
        return period.end + timedelta(days=self.deadline_days)
