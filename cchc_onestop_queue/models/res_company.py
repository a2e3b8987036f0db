from datetime import UTC, datetime, time, timedelta

import pytz

from odoo import api, fields, models

#: A session that begins before noon is the morning's.
NOON = 12


class ResCompany(models.Model):
    """The hours of an agency's desk, and who answers for its roster."""

    _inherit = "res.company"

    cchc_desk_head_id = fields.Many2one(
        "res.users",
        string="Head of the Desk",
        help="Is told when a counter has nobody; the managers of the agency when empty",
    )
    cchc_roster_days = fields.Integer(
        string="Look for Gaps (working days)",
        default=3,
        help="So many working days ahead the head of the desk is told of counters "
        "without anybody",
    )
    cchc_wait_goal = fields.Integer(
        string="Called Within (minutes)",
        default=15,
        help="Tickets called within this time count as called in good time; a service "
        "may have its own",
    )

    cchc_ticket_roll = fields.Selection(
        [("80", "80 mm"), ("58", "58 mm")],
        string="Ticket Paper",
        default="80",
        help="Width of the paper roll in the ticket printers of the agency",
    )

    _cchc_roster_days_valid = models.Constraint(
        "CHECK (cchc_roster_days BETWEEN 0 AND 30)",
        "Gaps are looked for at most 30 working days ahead.",
    )
    _cchc_wait_goal_positive = models.Constraint(
        "CHECK (cchc_wait_goal > 0)", "The waiting time aimed at is at least a minute."
    )

    @api.model
    def _cchc_settings(self):
        return super()._cchc_settings() | {
            "cchc_desk_head_id",
            "cchc_roster_days",
            "cchc_wait_goal",
            "cchc_ticket_roll",
        }

    def _cchc_desk_sessions(self, date_from, date_to):
        """Return ``{day: {half: (begin, end)}}`` of the hours of the desk, naive UTC.

        By the working calendar with its holidays and special days; hours in which the
        desk only receives (a Saturday morning) are hours of the desk as well. A half
        without hours is closed and is not there.
        """
        self.ensure_one()
        calendar = self.sudo().resource_calendar_id
        if not calendar:
            return {}
        zone = pytz.timezone(calendar.tz or "Asia/Ho_Chi_Minh")
        begin = zone.localize(datetime.combine(date_from, time.min))
        end = zone.localize(datetime.combine(date_to + timedelta(days=1), time.min))
        intervals = calendar._work_intervals_batch(
            begin, end, domain=calendar._cchc_holiday_domain()
        )[False]
        sessions = {}
        for start, stop, _attendance in intervals:
            local = start.astimezone(zone)
            half = "morning" if local.hour < NOON else "afternoon"
            halves = sessions.setdefault(local.date(), {})
            first, last = (
                moment.astimezone(UTC).replace(tzinfo=None) for moment in (start, stop)
            )
            if half in halves:
                first = min(first, halves[half][0])
                last = max(last, halves[half][1])
            halves[half] = (first, last)
        return sessions

    def _cchc_desk_session(self, at):
        """Return ``(day, half, begin, end)`` of the session in which the naive UTC
        moment ``at`` falls; without half, begin and end when the desk is closed."""
        day = self._cchc_local_date(at)
        for half, (begin, end) in (
            self._cchc_desk_sessions(day, day).get(day, {}).items()
        ):
            if begin <= at < end:
                return day, half, begin, end
        return day, None, None, None

    def _cchc_desk_heads(self):
        """Return who is told of gaps."""
        self.ensure_one()
        head = self.sudo().cchc_desk_head_id.filtered("active")
        return head or self.env["cchc.alert"]._holders("group_manager", self)[self]
