from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.report_window import DayRule, WindowRule

KINDS = [
    ("q1", "Quarter I"),
    ("half", "6 Months"),
    ("q3", "Quarter III"),
    ("year", "Year"),
    ("month", "Month"),
    ("topic", "On a Topic"),
]
_DAYS = tuple(
    f"{end}_{part}" for end in ("from", "to", "due") for part in ("day", "month")
)


class CchcReformReportRule(models.Model):
    """Which report an agency makes, over which days, and by when it is sent.

    The days are given as day, month and years away from the year of the report:
    quarter I runs from 15/12 of the year before to 14/3 (CV 581/BNV-CCHC; NĐ
    09/2019/NĐ-CP, TT 07/2021/TT-BNV). Lower levels send earlier, so that the superior
    can compile. A change of the regime is a further rule with its own dates.
    """

    _name = "cchc.reform.report.rule"
    _description = "Rule of a Periodic Report"
    _order = "sequence, id"

    name = fields.Char(required=True)
    kind = fields.Selection(KINDS, required=True, default="q1")
    period_label = fields.Char(
        "Name of the Period",
        required=True,
        help="As printed, with {year} and {month}, e.g. quý I năm {year}",
    )
    from_day = fields.Integer(default=1)
    from_month = fields.Integer(
        default=1,
        help="Of a monthly report: months away from its month, -1 for the one before",
    )
    from_year = fields.Integer(
        help="Years away from the year of the report, -1 for the one before",
    )
    to_day = fields.Integer(default=31)
    to_month = fields.Integer(default=12)
    to_year = fields.Integer()
    due_day = fields.Integer("Due on Day", default=20)
    due_month = fields.Integer("Due in Month", default=12)
    due_year = fields.Integer("Due in Year")
    level_ids = fields.One2many(
        "cchc.reform.report.rule.level",
        "rule_id",
        "Sent Earlier",
        copy=True,
        help="Days before the due day by which agencies of a level send theirs",
    )
    outline_id = fields.Many2one(
        "cchc.reform.report.outline", required=True, ondelete="restrict"
    )
    auto_open = fields.Boolean(
        "Opened by Itself",
        default=True,
        help="A draft is opened when the period begins, for each agency with a reform "
        "officer",
    )
    remind_days = fields.Integer(
        "Reminder (days)",
        default=5,
        help="Days before the due day on which the officer is reminded",
    )
    legal_basis = fields.Char()
    valid_from = fields.Date()
    valid_to = fields.Date()
    to_confirm = fields.Boolean(
        "To Be Confirmed", help="Not yet confirmed by the official text"
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    preview = fields.Text(compute="_compute_preview", string="This Year")

    _valid = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from)",
        "A rule cannot end before it begins.",
    )
    _remind = models.Constraint(
        "CHECK (remind_days >= 0)", "Days of the reminder cannot be negative."
    )

    @api.constrains("kind", *_DAYS, "from_year", "to_year", "due_year")
    def _check_days(self):
        for rule in self.filtered(lambda rule: rule.kind != "topic"):
            try:
                rule._to_rule().windows(2027)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "The days of “%(rule)s” do not make a period: %(reason)s.",
                        rule=rule.name,
                        reason=error,
                    )
                ) from error

    @api.constrains("period_label")
    def _check_period_label(self):
        for rule in self:
            try:
                rule.period_label.format(year=2026, month=1)
            except (KeyError, IndexError, ValueError) as error:
                raise ValidationError(
                    self.env._(
                        "The name of the period may hold {year} and {month}; "
                        "“%s” holds something else in braces.",
                        rule.period_label,
                    )
                ) from error

    @api.depends(
        "kind", "period_label", *_DAYS, "from_year", "to_year", "due_year", "level_ids"
    )
    @api.depends_context("lang", "company")
    def _compute_preview(self):
        today = fields.Date.context_today(self)
        for rule in self:
            rule.preview = False
            if rule.kind == "topic":
                continue
            try:
                windows = rule._to_rule().windows(today.year)
            except ValueError:
                continue
            rule.preview = "\n".join(
                self.env._(
                    "%(name)s: %(first)s - %(last)s, due on %(due)s",
                    name=rule._period_name(window.date_to),
                    first=format_date(self.env, window.date_from),
                    last=format_date(self.env, window.date_to),
                    due=format_date(self.env, rule._due(window, self.env.company)),
                )
                for window in windows
            )

    # --- Arithmetic

    def _to_rule(self):
        """Return the rule as the arithmetic wants it."""
        self.ensure_one()
        return WindowRule(
            DayRule(self.from_day, self.from_month, self.from_year),
            DayRule(self.to_day, self.to_month, self.to_year),
            DayRule(self.due_day, self.due_month, self.due_year),
            monthly=self.kind == "month",
        )

    def _window(self, year, month=None):
        """Return ``(date_from, date_to, due)`` of the report of a year (and month).

        :raises UserError: for reports on a topic, which have no period of their own
        """
        self.ensure_one()
        self._check_periodic()
        return self._to_rule().window(year, month)

    def _containing(self, day):
        """Return the window in which a day lies, ``None`` when there is none or the
        rule is not in force then."""
        self.ensure_one()
        if self.kind == "topic":
            return None
        found = self._to_rule().containing(day)
        return found if found and self._is_in_force(found.date_to) else None

    def _last_window(self, day):
        """Return the last window that began on or before a day."""
        self.ensure_one()
        self._check_periodic()
        rule = self._to_rule()
        windows = [
            window
            for year in (day.year - 1, day.year, day.year + 1)
            for window in rule.windows(year)
            if window.date_from <= day
        ]
        return windows[-1]

    def _due(self, window, company):
        """Return the day until which an agency sends the report of a window."""
        self.ensure_one()
        levels = self.level_ids.filtered(
            lambda line: line.level == company.sudo().cchc_level
        )
        return window.due - timedelta(days=levels[:1].days)

    def _period_name(self, date_to):
        """Return the official name of the period that ends on a day."""
        self.ensure_one()
        return self.period_label.format(year=date_to.year, month=date_to.month)

    def _is_in_force(self, day):
        self.ensure_one()
        return (not self.valid_from or self.valid_from <= day) and (
            not self.valid_to or day <= self.valid_to
        )

    @api.model
    def _get_in_force(self, day):
        """Return the rules in force on a day."""
        return self.search(
            Domain("valid_from", "=", False) | Domain("valid_from", "<=", day)
        ).filtered(lambda rule: rule._is_in_force(day))

    @api.model
    def _next_due(self, day, company):
        """Return the rule whose report an agency has to send next, from a day on.

        Reports that open by themselves come before those that somebody asks for; one
        that is made already gives way to the next.
        """
        rules = self._get_in_force(day).filtered(lambda rule: rule.kind != "topic")
        coming = []
        for rule in rules.filtered("auto_open") or rules:
            windows = rule._to_rule()
            dues = [
                rule._due(window, company)
                for year in (day.year, day.year + 1)
                for window in windows.windows(year)
            ]
            coming += [(due, rule.sequence, rule.id) for due in dues if due >= day]
        # one of each, in the order in which they are due
        ordered = self.browse(dict.fromkeys(row[2] for row in sorted(coming)))
        windows = {rule: rule._last_window(day) for rule in ordered}
        made = self.env["cchc.reform.report"]._made(
            company, {rule: window.date_from for rule, window in windows.items()}
        )
        # what was due long ago does not come next, and what has not begun neither
        running = ordered.filtered(lambda r: r._due(windows[r], company) >= day)
        return (running - made)[:1] or ordered[:1]

    def _check_periodic(self):
        if self.kind == "topic":
            raise UserError(
                self.env._(
                    "A report on a topic has no period of its own: enter its days."
                )
            )
