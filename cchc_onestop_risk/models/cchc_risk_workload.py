from collections import defaultdict
from datetime import UTC, datetime, time, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.cchc_onestop.models.cchc_dossier_alert import epoch
from odoo.addons.cchc_onestop.models.cchc_substitution import SCOPES_FOR
from odoo.addons.cchc_onestop.tools.guard import unlocked
from odoo.addons.cchc_onestop.tools.transitions import HELD_STATES

from ..tools.history import LATE, STEP

#: From which load on an officer has too much in hand, unless his office hours alone
#: would do.
TOO_MUCH = 120.0


class CchcRiskWorkload(models.Model):
    """What an officer has to finish in a week beside the office hours he has for it.

    Made anew by every sweep from the present steps of the open dossiers, by the week in
    which the dossier falls due; what is overdue falls on the present week, what waits
    for the citizen on none. Expected hours are those that comparable steps still took;
    since an officer has many dossiers in hand at a time, they are set against how many
    he usually has side by side.
    """

    _name = "cchc.risk.workload"
    _description = "Workload"
    _inherit = ["cchc.guarded.mixin"]
    _order = "week_start, load desc, id"
    _rec_name = "user_id"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", string="Agency", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", string="Officer", readonly=True, ondelete="cascade"
    )
    department_id = fields.Many2one("hr.department", readonly=True, ondelete="set null")
    week_start = fields.Date(string="Week", readonly=True, required=True)
    week_end = fields.Date(string="Last Day", readonly=True, required=True)
    step_count = fields.Integer(string="Open Steps", readonly=True)
    risk_count = fields.Integer(string="At Risk", readonly=True)
    late_count = fields.Integer(string="Overdue", readonly=True)
    hours = fields.Float(
        string="Expected Hours",
        readonly=True,
        help="Working hours that the open steps will still take, by comparable ones",
    )
    planned_count = fields.Integer(
        string="By Planned Times",
        readonly=True,
        help="Steps without enough history: their planned time is taken",
    )
    capacity = fields.Float(
        string="Office Hours",
        readonly=True,
        help="Office hours of the week from now on, without days on which a stand-in "
        "is named",
    )
    side_by_side = fields.Float(
        string="Needed Side by Side",
        readonly=True,
        aggregator="avg",
        help="Expected hours for each office hour: so many dossiers have to be in hand "
        "at a time",
    )
    usual = fields.Float(
        string="Usually Side by Side",
        readonly=True,
        aggregator="avg",
        help="Mean of the last 90 days; zero: not known",
    )
    load = fields.Float(
        string="Load (%)",
        readonly=True,
        aggregator="avg",
        help="Needed beside usual; over 100 %: more than this officer has managed so "
        "far. Zero where the usual is not known",
    )
    is_too_much = fields.Boolean(string="Too Much", readonly=True)

    _agency_idx = models.Index("(company_id, week_start)")

    @api.depends("user_id", "week_start")
    def _compute_display_name(self):
        for row in self:
            row.display_name = self.env._(
                "%(officer)s, week from %(day)s",
                officer=row.user_id.name or self.env._("Not assigned"),
                day=row.week_start and row.week_start.strftime("%d/%m/%Y"),
            )

    # -- made by the sweep
    @api.model
    def _start(self, company, groups, now):
        """Return the collector of an agency."""
        limits = self.env["cchc.risk.threshold"]._of(company)
        return _Collector(company, groups, limits, now)

    @api.model
    def _replace(self, company, collector):
        """Write the rows of an agency anew; a fixed number of statements."""
        users = {user for user, _department, _week in collector.rows if user}
        capacity = self._capacities(company, users, collector)
        usual = dict(
            self.env.execute_query(
                SQL(
                    "SELECT user_id, side_by_side FROM cchc_risk_pace "
                    "WHERE company_id = %s",
                    company.id,
                )
            )
        )
        # what an officer has to do for several departments shares his hours
        totals = defaultdict(float)
        for (user, _department, week), row in collector.rows.items():
            totals[user, week] += row["hours"]
        vals_list = []
        for (user, department, week), row in collector.rows.items():
            hours = capacity.get((user, week), 0.0)
            needed = totals[user, week] / hours if hours else 0.0
            pace = usual.get(user) or 0.0
            load = 100 * needed / pace if pace else 0.0
            vals_list.append(
                {
                    "company_id": company.id,
                    "user_id": user,
                    "department_id": department,
                    "week_start": week,
                    "week_end": week + timedelta(days=6),
                    "capacity": round(hours, 2),
                    "side_by_side": round(needed, 2),
                    "usual": pace,
                    "load": round(load, 1),
                    "is_too_much": bool(user)
                    and (
                        (needed > 1 and load > TOO_MUCH)
                        or (not hours and row["hours"] > 0)
                    ),
                    **row,
                    "hours": round(row["hours"], 2),
                }
            )
        self.env.cr.execute(
            SQL("DELETE FROM cchc_risk_workload WHERE company_id = %s", company.id)
        )
        self.invalidate_model(flush=False)
        unlocked(self.sudo()).create(vals_list)

    @api.model
    def _capacities(self, company, user_ids, collector):
        """Return ``{(user id, Monday): office hours}``, without days of absence."""
        weeks = {week for _user, _department, week in collector.rows}
        if not weeks:
            return {}
        absent = defaultdict(set)
        links = (
            self.env["cchc.substitution"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("user_id", "in", list(user_ids)),
                    ("revoked_at", "=", False),
                    ("scope", "in", SCOPES_FOR["steps"]),
                    ("date_to", ">=", min(weeks)),
                    ("date_from", "<=", max(weeks) + timedelta(days=6)),
                ]
            )
        )
        for link in links:
            day = max(link.date_from, min(weeks))
            while day <= link.date_to and day <= max(weeks) + timedelta(days=6):
                absent[link.user_id.id].add(day)
                day += timedelta(days=1)
        hours = {
            day: collector.office_hours(day)
            for week in weeks
            for day in (week + timedelta(days=number) for number in range(7))
        }
        return {
            (user, week): sum(
                hours[day]
                for day in (week + timedelta(days=number) for number in range(7))
                if day not in absent[user]
            )
            for user in user_ids
            for week in weeks
        }

    # -- reading
    def action_open_dossiers(self):
        """Open the dossiers that these rows count."""
        domains = [row._dossier_domain() for row in self]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_dossier_action"
        )
        action["domain"] = fields.Domain.OR(domains)
        action["context"] = {}
        return action

    def _dossier_domain(self):
        """Return the domain of the open dossiers behind a row."""
        self.ensure_one()
        zone = self.company_id.sudo()._cchc_tz()
        first, after = (
            datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)
            for day in (self.week_start, self.week_end + timedelta(days=1))
        )
        domain = fields.Domain(
            [
                ("is_open", "=", True),
                ("state", "not in", list(HELD_STATES)),
                ("company_id", "=", self.company_id.id),
                ("user_id", "=", self.user_id.id),
                ("department_id", "=", self.department_id.id),
                ("due_at", "<", after),
            ]
        )
        today = self.company_id.sudo()._cchc_local_date(fields.Datetime.now())
        if self.week_start > today:
            domain &= fields.Domain("due_at", ">=", first)
        return domain


class _Collector:
    """Gathers the rows of an agency while its dossiers are estimated."""

    def __init__(self, company, groups, limits, now):
        calendar = company.sudo().resource_calendar_id
        self._working = calendar._cchc_working_time()
        self._day_hours = calendar.cchc_hours_per_day or 8.0
        self._zone = company.sudo()._cchc_tz()
        self._groups = groups
        self._least = limits.least
        self._now = epoch(now)
        self._today = datetime.fromtimestamp(self._now, self._zone).date()
        self._weeks = {}
        #: ``{(user id, department id, Monday): figures}``
        self.rows = defaultdict(
            lambda: {
                "step_count": 0,
                "risk_count": 0,
                "late_count": 0,
                "planned_count": 0,
                "hours": 0.0,
            }
        )

    def add(self, found):
        """Take what :meth:`cchc.dossier._cchc_estimate` returned."""
        for raw, estimate, level in found:
            if raw["state"] in HELD_STATES:
                continue
            week = self._week(raw["due"])
            row = self.rows[
                raw["user_id"] or False, raw["department_id"] or False, week
            ]
            hours, planned = self._hours(raw)
            row["step_count"] += 1
            row["hours"] += hours
            row["planned_count"] += planned
            row["late_count"] += estimate.base == LATE
            row["risk_count"] += level == "high" and estimate.base != LATE

    def _week(self, due):
        """Return the Monday of the week of a due date, not before this week."""
        if due not in self._weeks:
            day = max(datetime.fromtimestamp(due, self._zone).date(), self._today)
            self._weeks[due] = day - timedelta(days=day.weekday())
        return self._weeks[due]

    def _hours(self, raw):
        """Return the hours that the present step still takes, and whether they are
        planned ones."""
        row = raw["open"]
        sample = self._groups.get((STEP, row.procedure, row.role, row.step))
        if sample and len(sample) >= self._least:
            return sample.mean_stay(row.spent), False
        planned = raw["planned_amount"] or 0.0
        if raw["planned_unit"] == "working_day":
            planned *= self._day_hours
        return max(float(planned) - row.spent, 0.0), True

    def office_hours(self, day):
        """Return the office hours of a local day, from now on."""
        begin = datetime.combine(day, time(), self._zone)
        end = begin + timedelta(days=1)
        first = max(int(begin.timestamp()), self._now)
        last = max(int(end.timestamp()), first)
        return self._working.elapsed_many([(first, last)])[0]
