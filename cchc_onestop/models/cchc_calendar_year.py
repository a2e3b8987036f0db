import re
from datetime import date, datetime, time, timedelta

import holidays
import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from ..tools.guard import is_unlocked, unlocked

# Written by the confirmation only.
CONFIRMATION_FIELDS = {"state", "confirmed_by_id", "confirmed_at"}
WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]
_DATE_IN_NAME = re.compile(r"(\d\d)/(\d\d)/(\d{4})")


class CchcCalendarYear(models.Model):
    """The days off and the swaps of one year, confirmed by an administrator.

    The dates of Tết, the adjacent day of Quốc khánh and the swaps (hoán đổi ngày làm
    việc) are announced each year by notice (Bộ luật Lao động 2019 Đ.112). They are
    proposed here and count for due dates only once confirmed: then they are public
    holidays (``resource.calendar.leaves``) and special days (``cchc.calendar.day``).
    """

    _name = "cchc.calendar.year"
    _description = "Calendar Year"
    _inherit = ["mail.thread"]
    _order = "year desc, calendar_id"
    _rec_name = "year"

    calendar_id = fields.Many2one(
        "resource.calendar",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company.resource_calendar_id,
    )
    company_id = fields.Many2one(related="calendar_id.company_id", store=True)
    year = fields.Integer(
        required=True,
        aggregator=None,
        default=lambda self: fields.Date.context_today(self).year,
    )
    state = fields.Selection(
        [("draft", "Proposed"), ("confirmed", "Confirmed")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    notice_number = fields.Char(
        tracking=True, help="Number of the notice that announced the days"
    )
    notice_date = fields.Date(tracking=True)
    confirmed_by_id = fields.Many2one(
        "res.users", string="Confirmed by", readonly=True, copy=False
    )
    confirmed_at = fields.Datetime(readonly=True, copy=False)
    line_ids = fields.One2many("cchc.calendar.year.line", "year_id", string="Days")
    working_day_count = fields.Integer(
        string="Working Days",
        compute="_compute_working_day_count",
        help="Working days of the year with the days of this list",
    )
    to_confirm_count = fields.Integer(compute="_compute_to_confirm_count")

    _calendar_year_uniq = models.Constraint(
        "UNIQUE (calendar_id, year)",
        "This year exists already for the calendar: open that one.",
    )
    _year_valid = models.Constraint(
        "CHECK (year BETWEEN 1990 AND 2200)",
        "The year must be a number with four digits, such as 2026.",
    )

    @api.depends("year", "calendar_id.name")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.year} ({record.calendar_id.name or ''})"

    @api.depends("line_ids.to_confirm")
    def _compute_to_confirm_count(self):
        for record in self:
            record.to_confirm_count = len(record.line_ids.filtered("to_confirm"))

    @api.depends("year", "line_ids.date", "line_ids.kind", "calendar_id.attendance_ids")
    def _compute_working_day_count(self):
        for record in self:
            off, worked = record._dates()
            if not 1990 <= record.year <= 2200:
                record.working_day_count = 0
                continue
            weekdays = record._weekdays()
            first = date(record.year, 1, 1)
            days = (first + timedelta(days=n) for n in range(366))
            record.working_day_count = sum(
                day.year == record.year
                and day not in off
                and (day.weekday() in weekdays or day in worked)
                for day in days
            )

    @api.constrains("year", "line_ids")
    def _check_dates(self):
        self.line_ids._check_date()

    def _dates(self):
        """Return the dates off and the make-up dates of the list."""
        lines = self.line_ids.filtered("date")
        worked = lines.filtered(lambda line: line.kind == "makeup")
        return set((lines - worked).mapped("date")), set(worked.mapped("date"))

    def _weekdays(self):
        """Weekdays on which the office works."""
        lines = self.calendar_id.sudo().attendance_ids.filtered(
            lambda line: line._is_work_period() and not line.cchc_reception_only
        )
        return {int(day) for day in lines.mapped("dayofweek")}

    # ------------------------------------------------------------------
    # Proposal
    # ------------------------------------------------------------------
    def action_propose(self):
        """Add the days that the library and the shipped list know to the list.

        What is in the list already stays as it is.
        """
        for record in self:
            if record.state != "draft":
                raise UserError(
                    self.env._(
                        "%(year)s is confirmed: reopen it before changing its days.",
                        year=record.display_name,
                    )
                )
            known = set(record.line_ids.mapped("date"))
            record.line_ids = [
                Command.create(vals)
                for day, vals in sorted(record._proposal().items())
                if day not in known
            ]
        return True

    def _proposal(self):
        """Return ``{date: line values}``; the shipped list wins over the library."""
        self.ensure_one()
        return {**self._library_days(), **self._shipped_days()}

    def _library_days(self):
        """Days that the ``holidays`` package knows, as a guess to be confirmed."""
        calendar = holidays.country_holidays("VN", years=self.year, language="vi")
        worked = {day for day in calendar.weekend_workdays if day.year == self.year}
        days = {}
        guess = {"source": "library", "to_confirm": True}
        for day, name in calendar.items():
            days[day] = {"date": day, "name": name, "kind": "holiday", **guess}
            if found := _DATE_IN_NAME.search(name):  # off in exchange for that day
                number, month, year = map(int, found.groups())
                days[day].update(kind="bridge", swapped_date=date(year, month, number))
            elif name.endswith("(nghỉ bù)"):
                days[day]["kind"] = "compensatory"
        swaps = {
            vals["swapped_date"]: day
            for day, vals in days.items()
            if "swapped_date" in vals
        }
        for day in worked:
            days[day] = {
                "date": day,
                "name": self.env._("Make-up working day"),
                "kind": "makeup",
                "swapped_date": swaps.get(day),
                **guess,
            }
        return days

    def _shipped_days(self):
        """Days of the same year that are shipped for the default calendar."""
        office = self.env.ref(
            "cchc_onestop.resource_calendar_office", raise_if_not_found=False
        )
        shipped = office and self.sudo().search(
            [("calendar_id", "=", office.id), ("year", "=", self.year)]
        )
        if not shipped or shipped == self.sudo():
            return {}
        return {
            line.date: line.copy_data({"year_id": False})[0]
            for line in shipped.line_ids
        }

    # ------------------------------------------------------------------
    # Confirmation
    # ------------------------------------------------------------------
    def action_confirm(self):
        """Make the days count: write public holidays and special days.

        A day confirmed before is kept or updated, one that left the list is taken
        away. Who confirmed, when and by which notice is kept.
        """
        self.check_access("write")
        for record in self:
            if not record.line_ids:
                raise UserError(
                    self.env._(
                        "%(year)s has no days: propose them or enter them first.",
                        year=record.display_name,
                    )
                )
            record.line_ids.filtered("to_confirm").to_confirm = False
            record._apply()
        unlocked(self).write(
            {
                "state": "confirmed",
                "confirmed_by_id": self.env.uid,
                "confirmed_at": fields.Datetime.now(),
            }
        )
        return self._ask_redating()

    def _ask_redating(self):
        """Return the list of open dossiers that the confirmed days move, if any."""
        dossiers = self.env["cchc.dossier"]
        if not dossiers._redating(self.calendar_id):
            return True
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_dossier_redate_action"
        )
        action["context"] = {"default_calendar_ids": self.calendar_id.ids}
        return action

    def action_reopen(self):
        """Change the list of a confirmed year; the days count until it is confirmed."""
        self.check_access("write")
        unlocked(self).write({"state": "draft"})
        return True

    def action_open_days(self):
        """Show the days of this year in a calendar."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_calendar_year_line_action"
        )
        action["context"] = {
            "search_default_year_id": self.id,
            "initial_date": f"{self.year}-01-01",
        }
        return action

    @api.model
    def _confirm_shipped(self):
        """Put the years in force that are shipped as confirmed; flags stay."""
        shipped = self.search([("state", "=", "draft"), ("confirmed_at", "!=", False)])
        for record in shipped:
            record._apply()
        unlocked(shipped).write({"state": "confirmed"})

    def _apply(self):
        """Write leaves and special days of the list, and tell the calendar once."""
        self.ensure_one()
        record = unlocked(self.sudo()).with_context(cchc_calendar_quiet=True)
        changed = record._apply_days_off() | record._apply_makeup_days()
        if changed:
            calendar = self.calendar_id
            calendar._cchc_calendar_changed(min(changed), max(changed))

    def _apply_days_off(self):
        """Write the public holidays; return the dates that changed."""
        Leaves = self.env["resource.calendar.leaves"]
        lines = {line.date: line for line in self.line_ids if line.kind != "makeup"}
        tz = pytz.timezone(self.calendar_id.tz)
        own, changed, vals_list = {}, set(), []
        for leave in Leaves.search([("cchc_year_id", "=", self.id)]):
            day = pytz.utc.localize(leave.date_from).astimezone(tz).date()
            whole = (leave.date_from, leave.date_to) == self._whole_day(day, tz)
            if whole and day in lines and leave.calendar_id == self.calendar_id:
                own[day] = leave
                if leave.name != lines[day].name:
                    leave.name = lines[day].name
            else:
                changed.add(day)
                leave.unlink()
        others = self.calendar_id._cchc_days_off()[0]
        for day, line in lines.items():
            if day not in own and day not in others:
                vals_list.append(self._leave_vals(line, tz))
                changed.add(day)
        leaves = Leaves.create(vals_list)
        if not self.calendar_id.company_id:
            leaves.company_id = False  # Odoo puts the current company there
        return changed

    @api.model
    def _whole_day(self, day, tz):
        """Return first and last second of a local day as naive UTC."""
        return tuple(
            tz.localize(datetime.combine(day, moment))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
            for moment in (time.min, time(23, 59, 59))
        )

    def _leave_vals(self, line, tz):
        """Values of a new public holiday over one whole local day."""
        if hasattr(self.env["resource.calendar.leaves"], "_convert_timezone"):
            # hr_holidays takes new holidays for the local time of the user.
            tz = pytz.timezone(self.env.user.tz or "UTC")
        date_from, date_to = self._whole_day(line.date, tz)
        return {
            "name": line.name,
            "calendar_id": self.calendar_id.id,
            "date_from": date_from,
            "date_to": date_to,
            "time_type": "leave",
            "cchc_year_id": self.id,
        }

    def _apply_makeup_days(self):
        """Write the make-up days; return the dates that changed."""
        Day = self.env["cchc.calendar.day"]
        lines = {line.date: line for line in self.line_ids if line.kind == "makeup"}
        changed, own = set(), {}
        for day in Day.search([("calendar_id", "=", self.calendar_id.id)]):
            if day.date in lines:
                own[day.date] = day
            elif day.year_id == self:
                changed.add(day.date)
                day.unlink()
        vals_list = []
        for date_, line in lines.items():
            vals = {
                "name": line.name,
                "swapped_date": line.swapped_date,
                "notice_number": self.notice_number,
                "year_id": self.id,
            }
            if date_ not in own:
                changed.add(date_)
                vals_list.append(
                    {
                        **vals,
                        "calendar_id": self.calendar_id.id,
                        "date": date_,
                        "kind": "makeup",
                    }
                )
            elif own[date_].year_id == self:
                hours = own[date_]._hours()
                own[date_].write(vals)
                if own[date_]._hours() != hours:
                    changed.add(date_)
        Day.create(vals_list)
        return changed

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if not (self.env.su or is_unlocked(self.env)) and any(
            record.state != "draft" or record.confirmed_by_id or record.confirmed_at
            for record in records
        ):
            raise AccessError(
                self.env._(
                    "A calendar year starts as a proposal: confirm it afterwards."
                )
            )
        return records

    def write(self, vals):
        if CONFIRMATION_FIELDS & set(vals) and not is_unlocked(self.env):
            raise AccessError(
                self.env._("A calendar year is confirmed by its button only.")
            )
        if {"year", "calendar_id"} & set(vals) and self.filtered("confirmed_at"):
            raise UserError(
                self.env._(
                    "A year that was confirmed keeps its number and its calendar: "
                    "make another one."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_confirmed(self):
        for record in self:
            if record.confirmed_at:
                raise UserError(
                    self.env._(
                        "%(year)s was confirmed and stays on record: reopen it to "
                        "change its days.",
                        year=record.display_name,
                    )
                )


class CchcCalendarYearLine(models.Model):
    """One day of a calendar year that is off, or worked although it is a rest day."""

    _name = "cchc.calendar.year.line"
    _description = "Day of a Calendar Year"
    _order = "date, id"

    year_id = fields.Many2one(
        "cchc.calendar.year", required=True, index=True, ondelete="cascade"
    )
    date = fields.Date(required=True)
    weekday = fields.Selection(WEEKDAYS, compute="_compute_weekday")
    name = fields.Char(required=True)
    kind = fields.Selection(
        [
            ("holiday", "Public Holiday"),
            ("compensatory", "Holiday Moved from a Rest Day"),
            ("bridge", "Day Off by Swap"),
            ("makeup", "Make-up Working Day"),
        ],
        required=True,
        default="holiday",
    )
    swapped_date = fields.Date(string="Swapped with")
    source = fields.Selection(
        [
            ("law", "Law"),
            ("notice", "Notice"),
            ("library", "Guess of the Library"),
            ("manual", "Entered by Hand"),
        ],
        required=True,
        default="manual",
    )
    to_confirm = fields.Boolean(help="Not seen in an official text yet")

    _year_date_uniq = models.Constraint(
        "UNIQUE (year_id, date)",
        "The list has this date already: change that line.",
    )

    @api.depends("date")
    def _compute_weekday(self):
        for line in self:
            line.weekday = line.date and str(line.date.weekday())

    @api.constrains("date", "kind")
    def _check_date(self):
        for line in self:
            if line.date.year != line.year_id.year:
                raise ValidationError(
                    self.env._(
                        "%(date)s does not lie in %(year)s: correct the date.",
                        date=f"{line.date:%d/%m/%Y}",
                        year=line.year_id.year,
                    )
                )
            if (
                line.kind == "makeup"
                and line.date.weekday() in line.year_id._weekdays()
            ):
                raise ValidationError(
                    self.env._(
                        "%(date)s is a working day anyway: a make-up day lies on a "
                        "rest day.",
                        date=f"{line.date:%d/%m/%Y}",
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_open()
        return lines

    def write(self, vals):
        if set(vals) - {"to_confirm"}:
            self._check_open()
        result = super().write(vals)
        if "year_id" in vals:
            self._check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        self._check_open()

    def _check_open(self):
        """Refuse changes of a confirmed list: what counts must be what it shows."""
        confirmed = self.year_id.filtered(lambda year: year.state == "confirmed")
        if confirmed:
            raise UserError(
                self.env._(
                    "%(year)s is confirmed: reopen it before changing its days.",
                    year=confirmed[0].display_name,
                )
            )
