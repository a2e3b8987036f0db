from datetime import UTC, timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.cchc_onestop.tools import replay
from odoo.addons.cchc_onestop.tools.guard import is_unlocked

#: Why somebody is away is for those who plan.
WHO_PLANS = "cchc_onestop_queue.group_desk_head,cchc_onestop.group_leader"
#: Shifts so many days back are looked through when one searches by who is present.
SEARCH_BACK = 92
#: The working days that one looks ahead lie within so many days.
LOOK_AHEAD = timedelta(days=60)


class Seat(NamedTuple):
    """Who sits at a counter, and why it is he."""

    user: models.Model
    status: str
    reason: str = ""
    hours: str = ""


class CchcRosterShift(models.Model):
    """One counter in one half-day: officer, substitute, and who is really there.

    Who is there is worked out whenever it is asked, from stand-ins, hand-overs, leave
    and what was reported that morning: nothing of it is stored, so nothing is stale.
    """

    _name = "cchc.roster.shift"
    _description = "Shift at a Counter"
    _inherit = ["cchc.seat.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date, half desc, counter_number, id"

    counter_id = fields.Many2one(ondelete="restrict")
    date = fields.Date(
        required=True, default=fields.Date.context_today, tracking=True, index=True
    )
    half = fields.Selection(tracking=True)
    user_id = fields.Many2one(tracking=True)
    substitute_id = fields.Many2one(tracking=True)
    absence = fields.Char(
        "Reported Absent",
        readonly=True,
        copy=False,
        tracking=True,
        groups=WHO_PLANS,
        help="Why",
    )
    note = fields.Char()
    present_id = fields.Many2one(
        "res.users", "At the Counter", compute="_compute_seat", search="_search_present"
    )
    status = fields.Selection(
        [
            ("present", "As planned"),
            ("substitute", "Substitute"),
            ("gap", "Nobody"),
            ("closed", "Desk closed"),
        ],
        compute="_compute_seat",
        search="_search_status",
    )
    reason = fields.Char(compute="_compute_seat", groups=WHO_PLANS)
    hours = fields.Char(compute="_compute_seat")

    _seat_uniq = models.UniqueIndex(
        "(counter_id, date, half)",
        "This counter has a shift in this half-day already.",
    )
    _person_uniq = models.UniqueIndex(
        "(company_id, user_id, date, half)",
        "This officer sits at another counter in the same half-day.",
    )

    @api.depends("counter_id", "present_id", "half", "status", "hours")
    @api.depends_context("lang")
    def _compute_display_name(self):
        statuses = dict(self._fields["status"]._description_selection(self.env))
        halves = dict(self._fields["half"]._description_selection(self.env))
        for shift in self:
            # begins with the hour: calendars order the events of a day by their names
            when = (shift.hours or "")[:5] or halves.get(shift.half, "")
            who = shift.present_id.name or statuses.get(shift.status, "")
            shift.display_name = f"{when} · {shift.counter_id.number}: {who}"

    # -- constraints
    def _siblings(self):
        return self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("date", "=", self.date),
                ("half", "=", self.half),
            ]
        )

    @api.constrains("date")
    def _check_day(self):
        self._check_substitute_free()

    @api.constrains("date", "half", "company_id")
    def _check_open(self):
        halves = dict(self._fields["half"]._description_selection(self.env))
        for company, shifts in self.grouped("company_id").items():
            days = shifts.mapped("date")
            sessions = company._cchc_desk_sessions(min(days), max(days))
            for shift in shifts:
                if shift.half not in sessions.get(shift.date, {}):
                    raise ValidationError(
                        self.env._(
                            "The desk is closed on %(date)s, %(half)s: a holiday or no "
                            "office hours.",
                            date=f"{shift.date:%d/%m/%Y}",
                            half=halves[shift.half].lower(),
                        )
                    )

    @api.constrains("user_id", "date", "half")
    def _check_not_away(self):
        """Whom one puts on the roster must not be away already; making a whole week
        plans him all the same, and his substitute steps in."""
        if is_unlocked(self.env):
            return
        today = fields.Date.context_today(self)
        for shift in self.filtered(lambda each: each.date >= today):
            away = shift.sudo()._away(shift.user_id)
            reason = away.get((shift.user_id.id, shift.date, shift.half))
            if reason:
                raise ValidationError(
                    self.env._(
                        "%(person)s is away on %(date)s (%(reason)s): choose somebody "
                        "else.",
                        person=shift.user_id.name,
                        date=f"{shift.date:%d/%m/%Y}",
                        reason=reason,
                    )
                )

    # -- who is there
    @api.depends("date", "half", "counter_id", "user_id", "substitute_id", "absence")
    def _compute_seat(self):
        seats = self._seats()
        for shift in self:
            seat = seats.get(shift._origin.id) or Seat(shift.user_id, "present")
            shift.present_id = seat.user
            shift.status = seat.status
            shift.reason = seat.reason
            shift.hours = seat.hours

    def _seats(self):
        """Return ``{shift id: Seat}``; all shifts of a half-day are worked out
        together, since a substitute can sit at one counter only."""
        seats = {}
        stored = self.filtered(lambda shift: isinstance(shift._origin.id, int))
        for company, shifts in stored._origin.grouped("company_id").items():
            siblings = self.sudo().search(
                [
                    ("company_id", "=", company.id),
                    ("date", "in", shifts.mapped("date")),
                ]
            )
            days = siblings.mapped("date")
            if not days:
                continue
            sessions = company._cchc_desk_sessions(min(days), max(days))
            away = siblings._away(siblings.user_id | siblings.substitute_id)
            for (date, half), group in siblings.grouped(
                lambda shift: (shift.date, shift.half)
            ).items():
                session = sessions.get(date, {}).get(half)
                hours = session and " - ".join(
                    f"{company._cchc_local_time(each):%H:%M}" for each in session
                )
                for shift_id, seat in group._seats_of_half(session, away).items():
                    seats[shift_id] = seat._replace(hours=hours or "")
        return seats

    def _seats_of_half(self, session, away):
        """Return the seats of all shifts of one half-day of an agency."""
        nobody = self.env["res.users"]
        if not session:
            return {shift.id: Seat(nobody, "closed") for shift in self}
        seats, busy, open_shifts = {}, nobody, self.browse()
        for shift in self.sorted("counter_number"):
            reason = shift._reason_away(shift.user_id, away)
            if reason:
                open_shifts |= shift
                seats[shift.id] = Seat(nobody, "gap", reason)
            else:
                busy |= shift.user_id
                seats[shift.id] = Seat(shift.user_id, "present")
        stand_ins = (
            self.env["cchc.substitution"]
            .sudo()
            ._substitutes(open_shifts.user_id, session[0], "steps", self.company_id)
            if open_shifts
            else {}
        )
        for shift in open_shifts:
            reason = seats[shift.id].reason
            candidates = shift.substitute_id | stand_ins.get(shift.user_id, nobody)
            for person in candidates:
                if (
                    person in busy
                    or not person.active
                    or not person.has_group("cchc_onestop.group_desk")
                    or (person == shift.substitute_id and away.get(shift._key(person)))
                ):
                    continue
                busy |= person
                seats[shift.id] = Seat(person, "substitute", reason)
                break
        return seats

    def _key(self, person):
        return person.id, self.date, self.half

    def _reason_away(self, person, away):
        """Return why the officer is not there, or nothing."""
        self.ensure_one()
        if self.absence:
            return self.absence
        if not person.active:
            return self.env._("no longer works here")
        return away.get(self._key(person), "")

    def _away(self, persons):
        """Return ``{(person id, day, half): why}`` of recorded absences on the days of
        these shifts: stand-ins, hand-overs, leave of the employee. Three statements."""
        result = {}
        if not persons or not self:
            return result
        for company, shifts in self.grouped("company_id").items():
            days = shifts.mapped("date")
            first, last = min(days), max(days)
            sessions = company._cchc_desk_sessions(first, last)
            for person, begin, end, reason in shifts._absences(
                persons, company, first, last
            ):
                for day, halves in sessions.items():
                    for half, (start, stop) in halves.items():
                        if begin < stop and end > start:
                            result.setdefault((person.id, day, half), reason)
        return result

    def _absences(self, persons, company, first, last):
        """Yield ``(person, begin, end, why)`` with naive UTC moments."""
        now = replay.now(self.env)
        zone = company._cchc_tz()

        def midnight(day):
            local = fields.Datetime.to_datetime(day).replace(tzinfo=zone)
            return local.astimezone(UTC).replace(tzinfo=None)

        links = self.env["cchc.substitution"].search(
            [
                ("user_id", "in", persons.ids),
                ("company_id", "=", company.id),
                ("date_from", "<=", last),
                ("date_to", ">=", first),
                ("scope", "in", ("steps", "both")),
            ]
        )
        for link in links:
            end = midnight(link.date_to + timedelta(days=1))
            if link.revoked_at:
                end = min(end, link.revoked_at)
            yield link.user_id, midnight(link.date_from), end, link.reason
        handovers = self.env["cchc.handover"].search(
            [
                ("user_id", "in", persons.ids),
                ("company_id", "=", company.id),
                ("state", "in", ("confirmed", "ended")),
                ("date_from", "<=", last),
                "|",
                ("kind", "=", "leave"),
                ("date_to", ">=", first),
            ]
        )
        for handover in handovers:
            end = midnight(
                last + timedelta(days=1)
                if handover.kind == "leave"
                else handover.date_to + timedelta(days=1)
            )
            if handover.ended_at and handover.kind == "absence":
                end = min(end, handover.ended_at)
            yield (
                handover.user_id,
                midnight(handover.date_from),
                end,
                handover.reason or self.env._("hand-over"),
            )
        employees = self.env["hr.employee"].search(
            [("user_id", "in", persons.ids), ("company_id", "=", company.id)]
        )
        by_resource = {employee.resource_id: employee.user_id for employee in employees}
        leaves = self.env["resource.calendar.leaves"].search(
            [
                ("resource_id", "in", employees.resource_id.ids),
                ("date_from", "<=", midnight(last + timedelta(days=1))),
                ("date_to", ">=", min(midnight(first), now)),
            ]
        )
        for leave in leaves:
            yield (
                by_resource[leave.resource_id],
                leave.date_from,
                leave.date_to,
                leave.name or self.env._("leave"),
            )

    @api.model
    def _at(self, company, at):
        """Return the shifts of an agency at the naive UTC moment ``at``."""
        day, half, *_session = company._cchc_desk_session(at)
        if not half:
            return self.browse()
        return self.search(
            [("company_id", "=", company.id), ("date", "=", day), ("half", "=", half)]
        )

    def _searchable(self):
        """Return the shifts among which one searches by who is present: of the last
        three months and all to come."""
        since = fields.Date.context_today(self) - timedelta(days=SEARCH_BACK)
        return self.search([("date", ">=", since)])

    @api.model
    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = self._searchable().filtered(lambda shift: shift.status in value)
        return [("id", "in", found.ids)]

    @api.model
    def _search_present(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = self._searchable().filtered(
            lambda shift: (shift.present_id.id or False) in value
        )
        return [("id", "in", found.ids)]

    # -- absent this morning
    def action_report_absent(self):
        """Ask why the officer is not there; the substitute takes over at once."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report Absent"),
            "res_model": "cchc.roster.absence",
            "view_mode": "form",
            "target": "new",
            "context": {"default_shift_ids": [fields.Command.set(self.ids)]},
        }

    def action_report_present(self):
        """The officer is there after all."""
        self.check_access("write")
        self._set_absence(False)

    def _set_absence(self, reason):
        self.write({"absence": reason})
        self._look_for_gaps()

    # -- gaps
    @api.model
    def _cron_gaps(self):
        """Tell the head of the desk of counters without anybody on the next days."""
        for company in self.env["cchc.counter"].sudo()._companies():
            today = company._cchc_local_date(fields.Datetime.now())
            sessions = company._cchc_desk_sessions(today, today + LOOK_AHEAD)
            days = sorted(day for day in sessions if day > today)
            last = max([today, *days[: company.cchc_roster_days]])
            self.sudo().search(
                [
                    ("company_id", "=", company.id),
                    ("date", ">=", today),
                    ("date", "<=", last),
                ]
            )._look_for_gaps()

    def _look_for_gaps(self):
        """Have alerts and activities follow the gaps: given as the rules say, taken
        away when filled. Sessions that are over are left as they were."""
        now = fields.Datetime.now()
        # what they depend on beside their own columns may have changed meanwhile
        self.invalidate_recordset(["present_id", "status", "reason", "hours"])
        gaps = {}
        for shift in self.sudo():
            session = shift._session()
            if shift.status == "gap" and session and session[1] > now:
                gaps[shift] = session[0]
        self.env["cchc.alert"]._follow_gaps(self, gaps)
        # those from before there were alerts
        self.sudo().filtered(lambda shift: shift not in gaps).activity_unlink(
            ["cchc_onestop_queue.mail_activity_type_gap"]
        )

    def _session(self):
        """Return begin and end of the session of this shift, or nothing."""
        self.ensure_one()
        sessions = self.company_id._cchc_desk_sessions(self.date, self.date)
        return sessions.get(self.date, {}).get(self.half)

    def _gap_text(self):
        counter, day = self.counter_id.name, f"{self.date:%d/%m/%Y}"
        if self.half == "morning":
            return self.env._(
                "Nobody at %(counter)s: morning of %(day)s", counter=counter, day=day
            )
        return self.env._(
            "Nobody at %(counter)s: afternoon of %(day)s", counter=counter, day=day
        )

    def write(self, vals):
        if vals.keys() & {"date", "half", "counter_id", "user_id"}:
            now = fields.Datetime.now()
            for shift in self:
                session = shift._session()
                if session and session[1] <= now:
                    raise UserError(
                        self.env._(
                            "%s is over and stays on record.", shift.display_name
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_to_come(self):
        now = fields.Datetime.now()
        for shift in self:
            session = shift._session()
            if session and session[0] <= now:
                raise UserError(
                    self.env._("%s has begun and stays on record.", shift.display_name)
                )
