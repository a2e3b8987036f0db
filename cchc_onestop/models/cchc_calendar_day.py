from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .resource_calendar import float_second


class CchcCalendarDay(models.Model):
    """A day with other hours than its weekday.

    Make-up days (hoán đổi ngày làm việc) and half days, for which Odoo's calendar has
    no place. The hours replace those of the weekday; public holidays and other leaves
    are taken off afterwards.
    """

    _name = "cchc.calendar.day"
    _description = "Special Day of a Calendar"
    _order = "date desc, id"

    calendar_id = fields.Many2one(
        "resource.calendar",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company.resource_calendar_id,
    )
    company_id = fields.Many2one(related="calendar_id.company_id", store=True)
    date = fields.Date(required=True, index=True)
    name = fields.Char(required=True)
    kind = fields.Selection(
        [
            ("makeup", "Make-up Working Day"),
            ("half_day", "Half Day"),
            ("hours", "Other Hours"),
            ("off", "Day Off"),
        ],
        required=True,
        default="makeup",
    )
    morning_from = fields.Float(compute="_compute_hours", store=True, readonly=False)
    morning_to = fields.Float(compute="_compute_hours", store=True, readonly=False)
    afternoon_from = fields.Float(compute="_compute_hours", store=True, readonly=False)
    afternoon_to = fields.Float(compute="_compute_hours", store=True, readonly=False)
    swapped_date = fields.Date(
        string="Swapped with", help="The day off that is worked on this day instead"
    )
    notice_number = fields.Char(help="Number of the notice that ordered the day")
    year_id = fields.Many2one(
        "cchc.calendar.year",
        string="Calendar Year",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _calendar_date_uniq = models.Constraint(
        "UNIQUE (calendar_id, date)",
        "The calendar has a special day on this date already: change that one.",
    )

    @api.depends("kind", "calendar_id", "swapped_date")
    def _compute_hours(self):
        """Hours of the day it is swapped with, else of the first weekday with hours."""
        for day in self:
            morning, afternoon = day._usual_hours()
            if day.kind == "off":
                morning = afternoon = (0.0, 0.0)
            elif day.kind == "half_day":
                afternoon = (0.0, 0.0)
            day.morning_from, day.morning_to = morning
            day.afternoon_from, day.afternoon_to = afternoon

    def _usual_hours(self):
        """Return the first and the last pair of office hours of a normal day."""
        lines = self.calendar_id.attendance_ids.filtered(
            lambda line: line._is_work_period() and not line.cchc_reception_only
        ).sorted("hour_from")
        by_day = lines.grouped("dayofweek")
        if self.swapped_date:
            by_day = {
                day: by_day[day]
                for day in [str(self.swapped_date.weekday())]
                if day in by_day
            } or by_day
        if not by_day:
            return (0.0, 0.0), (0.0, 0.0)
        lines = by_day[min(by_day)]
        pairs = [(line.hour_from, line.hour_to) for line in lines]
        return pairs[0], pairs[-1] if len(pairs) > 1 else (0.0, 0.0)

    @api.constrains(
        "kind", "morning_from", "morning_to", "afternoon_from", "afternoon_to"
    )
    def _check_hours(self):
        for day in self:
            hours = day._hours()
            if day.kind == "off" and hours:
                raise ValidationError(
                    self.env._(
                        "%(day)s is a day off: clear its hours.", day=day.display_name
                    )
                )
            if day.kind != "off" and not hours:
                raise ValidationError(
                    self.env._(
                        "%(day)s has no hours: enter them or make it a day off.",
                        day=day.display_name,
                    )
                )
            times = [second for pair in hours for second in pair]
            if times != sorted(times) or (
                times and (times[0] < 0 or times[-1] > 86400)
            ):
                raise ValidationError(
                    self.env._(
                        "The hours of %(day)s must follow each other within one day.",
                        day=day.display_name,
                    )
                )

    @api.depends("date", "name")
    def _compute_display_name(self):
        for day in self:
            day.display_name = " ".join(
                filter(None, [day.date and f"{day.date:%d/%m/%Y}", day.name])
            )

    def _hours(self):
        """Office hours of the day as pairs of seconds; empty on a day off."""
        self.ensure_one()
        pairs = [
            (float_second(self.morning_from), float_second(self.morning_to)),
            (float_second(self.afternoon_from), float_second(self.afternoon_to)),
        ]
        return tuple(pair for pair in pairs if pair[0] != pair[1])

    def _attendance(self, begin, end):
        """An attendance that is not stored, as Odoo wants one with each interval."""
        hours = (end - begin) / 3600
        return self.env["resource.calendar.attendance"].new(
            {
                "name": self.name,
                "calendar_id": self.calendar_id.id,
                "dayofweek": str(self.date.weekday()),
                "day_period": "morning" if begin < 43200 else "afternoon",
                "hour_from": begin / 3600,
                "hour_to": end / 3600,
                "duration_hours": hours,
                "duration_days": 1 / len(self._hours())
                if self.kind != "half_day"
                else 0.5,
            }
        )

    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        days = super().create(vals_list)
        days._touch_calendars()
        return days

    def write(self, vals):
        before = self._ranges()
        result = super().write(vals)
        self._touch_calendars(before)
        return result

    def unlink(self):
        before = self._ranges()
        result = super().unlink()
        self.browse()._touch_calendars(before)
        return result

    def _ranges(self):
        return [(day.calendar_id, day.date) for day in self]

    def _touch_calendars(self, before=()):
        ranges = [*before, *self._ranges()]
        if ranges:
            dates = [date for _calendar, date in ranges]
            calendars = self.env["resource.calendar"].union(*(c for c, _d in ranges))
            calendars._cchc_touch(min(dates), max(dates))
