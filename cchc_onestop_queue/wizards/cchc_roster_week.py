from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.cchc_onestop.tools.guard import unlocked


class CchcRosterWeek(models.TransientModel):
    """One week of the desk: make it, copy it, look at its gaps, print it."""

    _name = "cchc.roster.week"
    _description = "Roster of a Week"

    company_id = fields.Many2one(
        "res.company", "Agency", required=True, default=lambda self: self.env.company
    )
    date = fields.Date(
        "Week Of",
        required=True,
        default=lambda self: self._default_date(),
        help="Any day of the week",
    )
    monday = fields.Date(compute="_compute_monday")
    sunday = fields.Date(compute="_compute_monday")
    weeks = fields.Integer(default=1, help="So many weeks from this one")
    shift_count = fields.Integer("Shifts", compute="_compute_counts")
    gap_count = fields.Integer("Without Anybody", compute="_compute_counts")
    bare_count = fields.Integer("Without a Substitute", compute="_compute_counts")
    substitute_count = fields.Integer("Substitutes Step In", compute="_compute_counts")
    missing_count = fields.Integer(
        "Counters Not Planned",
        compute="_compute_counts",
        help="Half-days of counters in office hours for which the week has no shift",
    )

    _weeks_valid = models.Constraint(
        "CHECK (weeks BETWEEN 1 AND 12)", "Between one and twelve weeks at a time."
    )

    @api.model
    def _default_date(self):
        """Next week from Thursday on: that is when it is planned."""
        today = self.env.company._cchc_local_date(fields.Datetime.now())
        return today + timedelta(days=7 if today.weekday() >= 3 else 0)

    @api.depends("date")
    def _compute_monday(self):
        for week in self:
            day = week.date or fields.Date.context_today(week)
            week.monday = day - timedelta(days=day.weekday())
            week.sunday = week.monday + timedelta(days=6)

    @api.depends("date", "company_id")
    def _compute_counts(self):
        for week in self:
            shifts = week._shifts()
            states = shifts.mapped("status")
            week.shift_count = len(shifts)
            week.gap_count = states.count("gap")
            week.substitute_count = states.count("substitute")
            week.bare_count = len(shifts.filtered(lambda each: not each.substitute_id))
            sessions = week.company_id._cchc_desk_sessions(week.monday, week.sunday)
            counters = self.env["cchc.counter"].search_count(
                [("company_id", "=", week.company_id.id)]
            )
            halves = sum(len(each) for each in sessions.values())
            planned = len(shifts.filtered(lambda each: each.status != "closed"))
            week.missing_count = max(halves * counters - planned, 0)

    def _domain(self, monday=None):
        monday = monday or self.monday
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("date", ">=", monday)
            & Domain("date", "<=", monday + timedelta(days=6))
        )

    def _shifts(self):
        return self.env["cchc.roster.shift"].search(self._domain())

    # -- making a week
    def action_generate(self):
        """Make the missing shifts from the usual week; holidays have none, and what
        is there already stays as it is."""
        self.ensure_one()
        lines = self.env["cchc.roster.template"].search(
            [("company_id", "=", self.company_id.id)]
        )
        if not lines:
            raise UserError(
                self.env._("Enter the usual week first: who sits where on which day.")
            )
        return self._make(
            {
                "date": monday + timedelta(days=int(line.weekday)),
                "half": line.half,
                "counter_id": line.counter_id.id,
                "user_id": line.user_id.id,
                "substitute_id": line.substitute_id.id,
            }
            for monday in self._mondays()
            for line in lines
            if line.counter_id.active
        )

    def action_copy(self):
        """Make the missing shifts as in the week before the first one."""
        self.ensure_one()
        before = self.env["cchc.roster.shift"].search(
            self._domain(self.monday - timedelta(days=7))
        )
        if not before:
            raise UserError(self.env._("The week before has no shifts to copy."))
        return self._make(
            {
                "date": monday + timedelta(days=shift.date.weekday()),
                "half": shift.half,
                "counter_id": shift.counter_id.id,
                "user_id": shift.user_id.id,
                "substitute_id": shift.substitute_id.id,
            }
            for monday in self._mondays()
            for shift in before
            if shift.counter_id.active
        )

    def _mondays(self):
        return [self.monday + timedelta(days=7 * each) for each in range(self.weeks)]

    def _make(self, rows):
        """Create what is missing in open half-days that are to come, and show it.

        An officer who is away is planned all the same: his substitute steps in, and
        where there is none the gap shows.
        """
        shifts = self.env["cchc.roster.shift"]
        shifts.check_access("create")
        mondays = self._mondays()
        last = mondays[-1] + timedelta(days=6)
        sessions = self.company_id._cchc_desk_sessions(mondays[0], last)
        present = shifts.search(
            [
                ("company_id", "=", self.company_id.id),
                ("date", ">=", mondays[0]),
                ("date", "<=", last),
            ]
        )
        seats = {(each.counter_id.id, each.date, each.half) for each in present}
        persons = {(each.user_id.id, each.date, each.half) for each in present}
        now = fields.Datetime.now()
        vals_list = []
        for row in rows:
            day, half = row["date"], row["half"]
            session = sessions.get(day, {}).get(half)
            seat = (row["counter_id"], day, half)
            person = (row["user_id"], day, half)
            if not session or session[1] <= now or seat in seats or person in persons:
                continue
            seats.add(seat)
            persons.add(person)
            vals_list.append({**row, "company_id": self.company_id.id})
        made = unlocked(shifts).create(vals_list)
        made._look_for_gaps()
        return self.action_show()

    # -- looking and printing
    def action_show(self):
        """Open the shifts of the week."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop_queue.cchc_roster_shift_action"
        )
        return {
            **action,
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("date", ">=", self.monday),
                ("date", "<=", self.monday + timedelta(days=7 * self.weeks - 1)),
            ],
            "context": {"initial_date": fields.Date.to_string(self.monday)},
        }

    def action_print(self):
        """Print the roster of the week, to hang on the door."""
        self.ensure_one()
        return self.env.ref("cchc_onestop_queue.report_roster_action").report_action(
            self
        )
