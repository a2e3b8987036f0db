from datetime import datetime, time, timedelta
from uuid import uuid4

import pytz

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.intervals import Intervals
from odoo.tools.lru import LRU

from ..tools.guard import is_unlocked
from ..tools.working_time import CalendarSnapshot, WorkingTime

# One engine per content of a calendar. The key holds a token that is drawn anew at
# every change and read in the transaction of whoever asks: other workers, rolled back
# changes and concurrent readers can never meet an engine of other content.
_ENGINES = LRU(512)
# Fields of a calendar that the engine is made of, its lines aside.
_ENGINE_FIELDS = {
    "tz",
    "two_weeks_calendar",
    "schedule_type",
    "flexible_hours",
    "company_id",
    "cchc_hours_per_day",
}


def float_second(hours):
    """Second of the day of a float hour such as 7.5."""
    return round(hours * 3600)


class ResourceCalendar(models.Model):
    """Office hours (giờ hành chính), the ground of every due date."""

    _inherit = "resource.calendar"

    cchc_hours_per_day = fields.Float(
        string="Hours in a Working Day",
        default=8.0,
        help="Turns fractions of a working day into working hours; half a working day "
        "is half of these hours. Whole days are counted by the office hours.",
    )
    cchc_special_day_ids = fields.One2many(
        "cchc.calendar.day", "calendar_id", string="Special Days"
    )
    cchc_year_ids = fields.One2many(
        "cchc.calendar.year", "calendar_id", string="Calendar Years"
    )
    cchc_token = fields.Char(
        default=lambda self: uuid4().hex,
        copy=False,
        readonly=True,
        help="Changes with every change of what due dates are counted on",
    )

    _cchc_hours_per_day_valid = models.Constraint(
        "CHECK (cchc_hours_per_day > 0 AND cchc_hours_per_day <= 24)",
        "A working day has more than 0 and at most 24 hours.",
    )

    def write(self, vals):
        result = super().write(vals)
        if _ENGINE_FIELDS & set(vals):
            self._cchc_touch()
        return result

    # ------------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------------
    def _cchc_calendar_changed(self, date_from, date_to):
        """Called after a change of the working days of these calendars.

        Nothing is done here: the dossiers add what follows from it. One confirmation
        of a calendar year is one call; so is one edit of a holiday, a special day or
        the office hours.

        :param date_from: first local date that may differ; None: from the beginning
        :param date_to: last local date that may differ; None: without end
        """

    def _cchc_touch(self, date_from=None, date_to=None):
        """Note that what the engine is built from has changed."""
        for calendar in self.sudo():
            calendar.cchc_token = uuid4().hex
        # A remote call can send the word in its context, but not the key beside it.
        quiet = self.env.context.get("cchc_calendar_quiet") and is_unlocked(self.env)
        if self and not quiet:
            self._cchc_calendar_changed(date_from, date_to)

    # ------------------------------------------------------------------
    # The engine
    # ------------------------------------------------------------------
    def _cchc_working_time(self):
        """Return the deadline engine of this calendar as it is in this transaction.

        :rtype: :class:`~odoo.addons.cchc_onestop.tools.working_time.WorkingTime`
        :raises UserError: when due dates cannot be counted on the calendar
        """
        if not self:
            raise UserError(
                self.env._(
                    "The agency has no working calendar: choose one in the settings "
                    "of the agency."
                )
            )
        self.ensure_one()
        calendar = self.sudo()
        key = (self.env.cr.dbname, calendar.id, calendar.cchc_token)
        engine = _ENGINES.get(key)
        if engine is None:
            engine = _ENGINES[key] = WorkingTime(calendar._cchc_snapshot())
        return engine

    def _cchc_snapshot(self):
        """Return what the deadline engine needs of this calendar.

        Attendance, public holidays (leaves without a resource) and special days.
        Attendance that is for reception only does not count.

        :raises UserError: when the calendar is flexible or has no hours
        """
        self.ensure_one()
        calendar = self.sudo()
        if calendar.schedule_type == "flexible" or calendar.flexible_hours:
            raise UserError(
                self.env._(
                    "%(calendar)s is a flexible schedule without office hours: choose "
                    "a fixed schedule to count due dates on.",
                    calendar=calendar.display_name,
                )
            )
        week = calendar._cchc_week()
        if not any(week):
            raise UserError(
                self.env._(
                    "%(calendar)s has no office hours that count: add working hours.",
                    calendar=calendar.display_name,
                )
            )
        days_off, partial = calendar._cchc_days_off()
        return CalendarSnapshot(
            tz=calendar.tz,
            week=week,
            days_off=days_off,
            partial_leaves=partial,
            special_days={
                day.date: (day.name, day._hours())
                for day in calendar.cchc_special_day_ids
            },
            hours_per_day=calendar.cchc_hours_per_day or 8.0,
        )

    def _cchc_is_stock(self):
        """Whether nobody has fitted Odoo's 8-12, 13-17 calendar to an office yet."""
        self.ensure_one()
        hours = {
            (line.dayofweek, line.hour_from, line.hour_to)
            for line in self.attendance_ids
            if line._is_work_period()
        }
        stock = {
            (str(day), *pair)
            for day in range(5)
            for pair in ((8.0, 12.0), (13.0, 17.0))
        }
        return hours == stock and not self.leave_ids

    def _cchc_week(self):
        """Attendance that counts, as seconds of the day per weekday."""
        weeks = 2 if self.two_weeks_calendar else 1
        week = [[] for _day in range(7 * weeks)]
        for line in self.attendance_ids:
            if not line._is_work_period() or line.cchc_reception_only:
                continue
            hours = (float_second(line.hour_from), float_second(line.hour_to))
            shift = 7 * int(line.week_type or 0) if weeks == 2 else 0
            week[int(line.dayofweek) + shift].append(hours)
        return tuple(tuple(day) for day in week)

    def _cchc_holiday_domain(self):
        """Public holidays of this calendar, those for all calendars included."""
        return [
            ("resource_id", "=", False),
            ("time_type", "=", "leave"),
            "|",
            ("calendar_id", "=", self.id),
            "&",
            ("calendar_id", "=", False),
            ("company_id", "in", [self.company_id.id, False]),
        ]

    def _cchc_days_off(self):
        """Return full days off ``{date: name}`` and what is left of leaves."""
        tz = pytz.timezone(self.tz)
        days_off, partial = {}, []
        leaves = self.env["resource.calendar.leaves"].search(
            self._cchc_holiday_domain(), order="date_from, id"
        )
        for leave in leaves:
            name = leave.name or ""
            for day, begin, end in local_days(leave.date_from, leave.date_to, tz):
                if begin is None:
                    days_off.setdefault(day, name)
                else:
                    partial.append((begin, end, name))
        return days_off, partial

    # ------------------------------------------------------------------
    # Odoo's own calendar
    # ------------------------------------------------------------------
    def _attendance_intervals_batch(
        self, start_dt, end_dt, resources=None, domain=None, tz=None, lunch=False
    ):
        """Put the special days in the place of the attendance of those days."""
        result = super()._attendance_intervals_batch(
            start_dt, end_dt, resources=resources, domain=domain, tz=tz, lunch=lunch
        )
        if self.flexible_hours:
            return result
        days = self._cchc_special_days(start_dt, end_dt)
        if not days:
            return result
        people = {resource.id: resource for resource in resources or []}
        for resource_id, intervals in result.items():
            resource = people.get(resource_id, self.env["resource.resource"])
            if resource and resource._is_fully_flexible():
                continue
            zone = tz or pytz.timezone((resource or self).tz)
            result[resource_id] = self._cchc_with_special_days(
                intervals, days, (start_dt, end_dt), zone, lunch
            )
        return result

    def _leave_intervals_batch(
        self, start_dt, end_dt, resources=None, domain=None, tz=None
    ):
        """Public holidays of a shared calendar are those of everybody who uses it.

        Odoo leaves out public holidays of another company, and of none.
        """
        result = super()._leave_intervals_batch(
            start_dt, end_dt, resources=resources, domain=domain, tz=tz
        )
        if resources and len(self) == 1 and not self.company_id:
            shared = super()._leave_intervals_batch(
                start_dt, end_dt, domain=domain, tz=tz
            )[False]
            for resource in resources:
                result[resource.id] |= shared
        return result

    def _cchc_special_days(self, start_dt, end_dt):
        """Special days around a range, by date; one more at each end for the zones."""
        days = self.env["cchc.calendar.day"].search(
            [
                ("calendar_id", "=", self.id),
                ("date", ">=", start_dt.date() - timedelta(days=1)),
                ("date", "<=", end_dt.date() + timedelta(days=1)),
            ]
        )
        return {day.date: day for day in days}

    def _cchc_with_special_days(self, intervals, days, bounds, zone, lunch):
        """Intervals without those of special days, and the hours of these instead."""
        kept = [item for item in intervals if item[0].date() not in days]
        for date, day in days.items():
            hours = () if lunch else day._hours()
            for begin, end in hours:
                start = zone.localize(datetime.combine(date, time.min)) + timedelta(
                    seconds=begin
                )
                stop = start + timedelta(seconds=end - begin)
                start, stop = max(start, bounds[0]), min(stop, bounds[1])
                if start < stop:
                    kept.append(
                        (
                            start.astimezone(zone),
                            stop.astimezone(zone),
                            day._attendance(begin, end),
                        )
                    )
        return Intervals(kept, keep_distinct=True)


def local_days(date_from, date_to, tz):
    """Cut a naive UTC interval into local days.

    Yields ``(date, None, None)`` for each day that is covered whole (23:59:59 is the
    end of a day) and ``(date, start, end)`` in UTC seconds for the parts of others.
    """
    begin = pytz.utc.localize(date_from).astimezone(tz)
    end = pytz.utc.localize(date_to).astimezone(tz)
    if end.second == 59:  # people and Odoo write 23:59:59 for midnight
        end = tz.normalize(end + timedelta(seconds=1))
    day = begin.date()
    while day <= end.date():
        midnight = tz.localize(datetime.combine(day, time.min))
        following = tz.localize(datetime.combine(day + timedelta(days=1), time.min))
        first, last = max(begin, midnight), min(end, following)
        if first < last:
            if first == midnight and last == following:
                yield day, None, None
            else:
                yield day, int(first.timestamp()), int(last.timestamp())
        day += timedelta(days=1)
