from datetime import UTC, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..tools import guard, replay
from ..tools.transitions import HELD_STATES, RUNNING_STATES, TRANSITION

_lt = LazyTranslate(__name__)

TIMELINESS = [("early", "Early"), ("on_time", "On time"), ("late", "Late")]
UNITS = [
    ("working_hour", "Working hours"),
    ("working_day", "Working days"),
    ("calendar_day", "Days"),
    ("month", "Months"),
    ("same_day", "Within the day"),
]


def aware(moment):
    """Return a stored (naive UTC) moment as an aware one."""
    return moment.replace(tzinfo=UTC)


def naive(moment):
    """Return an aware moment as Odoo stores it."""
    return moment.astimezone(UTC).replace(tzinfo=None)


class CchcDossier(models.Model):
    """The clocks of a dossier.

    Two clocks run side by side: the time the agency commits to, which gives the
    appointment, and the statutory time. Dates are always worked out from what the
    ledger holds (start, limit, stops, extensions); nothing types a date in.
    """

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    submitted_at = fields.Datetime(
        help="When the applicant sent the dossier (online, by post); the clock does "
        "not start here",
        copy=False,
    )
    received_at = fields.Datetime(
        help="When the complete papers were handed over, if earlier than the moment "
        "of acceptance here (e.g. entered after an outage)",
        copy=False,
    )
    accepted_at = fields.Datetime(readonly=True, copy=False)
    clock_start_at = fields.Datetime(
        string="Clock Start",
        readonly=True,
        copy=False,
        help="Receipt of the complete, correct dossier by the competent agency "
        "(NĐ 118/2025/NĐ-CP Đ.17 k.3 as amended)",
    )
    calendar_id = fields.Many2one(
        "resource.calendar", readonly=True, copy=False, string="Office Calendar"
    )
    deadline_rule_id = fields.Many2one("cchc.deadline.rule", readonly=True, copy=False)
    committed_amount = fields.Float(digits=(12, 2), readonly=True, copy=False)
    committed_unit = fields.Selection(UNITS, readonly=True, copy=False)
    statutory_rule_id = fields.Many2one("cchc.deadline.rule", readonly=True, copy=False)
    statutory_amount = fields.Float(digits=(12, 2), readonly=True, copy=False)
    statutory_unit = fields.Selection(UNITS, readonly=True, copy=False)
    committed_text = fields.Char(
        compute="_compute_limit_texts", string="Committed Time"
    )
    statutory_text = fields.Char(
        compute="_compute_limit_texts", string="Statutory Time"
    )

    first_due_at = fields.Datetime(
        string="First Appointment",
        readonly=True,
        copy=False,
        help="As printed on the receipt; never changes",
    )
    unextended_due_at = fields.Datetime(
        string="Due without Extension",
        readonly=True,
        copy=False,
        help="First appointment moved by stops of the clock and calendar changes only",
    )
    due_at = fields.Datetime(string="Due", readonly=True, copy=False)
    statutory_due_at = fields.Datetime(
        string="Statutory Due", readonly=True, copy=False
    )
    overdue_from = fields.Datetime(
        readonly=True,
        copy=False,
        help="Moment from which the open dossier is overdue; empty while the clock "
        "stands still and after the end",
    )
    late_at = fields.Datetime(
        string="Missed Due Date",
        readonly=True,
        copy=False,
        help="Due date that was missed; once set it is never taken back",
    )
    step_due_at = fields.Datetime(string="Step Due", readonly=True, copy=False)
    signed_at = fields.Datetime(readonly=True, copy=False)
    ended_at = fields.Datetime(readonly=True, copy=False)
    returned_at = fields.Datetime(readonly=True, copy=False)
    # The label is translated only when it is a lazy term.
    timeliness = fields.Selection(
        TIMELINESS,
        readonly=True,
        copy=False,
        falsy_value_label=_lt("Not Ended"),  # pylint: disable=translation-field
    )
    statutory_timeliness = fields.Selection(TIMELINESS, readonly=True, copy=False)
    supplement_count = fields.Integer(readonly=True, copy=False)
    supplement_expires_at = fields.Datetime(readonly=True, copy=False)
    extension_count = fields.Integer(readonly=True, copy=False)
    extensions_left = fields.Integer(
        compute="_compute_extensions_left",
        help="How many more times the deadline rule allows a new appointment",
    )
    late_reason_id = fields.Many2one(
        "cchc.reason", domain=[("kind", "=", "late")], copy=False
    )
    late_reason_note = fields.Char(copy=False)

    is_overdue = fields.Boolean(
        compute="_compute_is_overdue", search="_search_is_overdue"
    )
    remaining_hours = fields.Float(
        compute="_compute_remaining",
        help="Working hours left until the due date; negative when it has passed",
    )
    day_hours = fields.Float(
        related="calendar_id.hours_per_day",
        string="Hours of a Day",
        help="Turns the remaining hours into days of the office for people to read",
    )
    clock_percent = fields.Float(
        compute="_compute_remaining", help="Share of the time that is used up, 0-100"
    )
    clock_status = fields.Selection(
        [
            ("none", "Not started"),
            ("ok", "In time"),
            ("soon", "Due soon"),
            ("overdue", "Overdue"),
            ("held", "Clock stopped"),
            ("ended", "Ended"),
        ],
        compute="_compute_remaining",
    )

    # ------------------------------------------------------------------
    # What people see
    # ------------------------------------------------------------------
    @api.depends(
        "committed_amount", "committed_unit", "statutory_amount", "statutory_unit"
    )
    def _compute_limit_texts(self):
        units = dict(self._fields["committed_unit"]._description_selection(self.env))
        for dossier in self:
            for clock in ("committed", "statutory"):
                unit = dossier[f"{clock}_unit"]
                amount = dossier[f"{clock}_amount"]
                dossier[f"{clock}_text"] = unit and (
                    units[unit]
                    if unit == "same_day"
                    else f"{amount:g} {units[unit].lower()}"
                )

    @api.depends("overdue_from", "is_open")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for dossier in self:
            dossier.is_overdue = bool(
                dossier.is_open and dossier.overdue_from and dossier.overdue_from < now
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("overdue_from", "<", fields.Datetime.now())

    @api.depends("state", "due_at", "overdue_from", "clock_start_at")
    def _compute_remaining(self):
        now = fields.Datetime.now()
        moments = {dossier: dossier._clock_moment(now) for dossier in self}
        running = self.filtered(lambda dossier: dossier.is_open and dossier.due_at)
        left, whole = {}, {}
        for calendar, group in running.grouped("calendar_id").items():
            working = calendar._cchc_working_time()
            left.update(
                zip(
                    group,
                    working.elapsed_many(
                        [(aware(moments[d]), aware(d.due_at)) for d in group]
                    ),
                    strict=True,
                )
            )
            whole.update(
                zip(
                    group,
                    working.elapsed_many(
                        [
                            (aware(d.clock_start_at or d.accepted_at), aware(d.due_at))
                            for d in group
                        ]
                    ),
                    strict=True,
                )
            )
        for dossier in self:
            hours = left.get(dossier, 0.0)
            total = whole.get(dossier, 0.0)
            used = 1 - hours / total if total > 0 else 1.0
            dossier.remaining_hours = round(hours, 2)
            dossier.clock_percent = min(100.0, max(0.0, 100 * used))
            dossier.clock_status = dossier._clock_status(now, used)

    def _clock_moment(self, now):
        """Return now, or the moment at which the clock of the dossier was stopped."""
        self.ensure_one()
        if self.state in HELD_STATES:
            stop = self.pause_ids.filtered(lambda pause: not pause.date_to)[:1]
            return stop.date_from or now
        return now

    def _clock_status(self, now, used):
        self.ensure_one()
        if not self.is_open:
            return "ended" if self.ended_at else "none"
        if self.overdue_from and self.overdue_from < now:
            return "overdue"
        if self.state in HELD_STATES:
            return "held"
        if not self.due_at:
            return "none"
        soon = self.sudo().deadline_rule_id.soon_percent / 100
        return "soon" if used >= 1 - soon else "ok"

    @api.depends("extension_count", "deadline_rule_id")
    def _compute_extensions_left(self):
        for dossier in self:
            allowed = dossier.sudo().deadline_rule_id.extension_max
            dossier.extensions_left = max(allowed - dossier.extension_count, 0)

    # ------------------------------------------------------------------
    # Working the dates out
    # ------------------------------------------------------------------
    def _working_time(self):
        """Return the working time of the competent agency's office."""
        self.ensure_one()
        calendar = self.calendar_id or self.company_id.resource_calendar_id
        return calendar._cchc_working_time()

    def _stops(self):
        """Return the stops of the clock that count, for the deadline engine."""
        self.ensure_one()
        return [
            (
                aware(pause.date_from),
                aware(pause.date_to) if pause.date_to else None,
                # Only a supplement can start the count anew (R8).
                None if pause.kind == "supplement" else "pause",
            )
            for pause in self.pause_ids.sorted("date_from")
            if pause.counts
        ]

    def _dates(self):
        """Work out the due dates from start, limits, stops and the last extension.

        :return: dict with ``unextended_due_at``, ``due_at`` and ``statutory_due_at``
        """
        self.ensure_one()
        if not self.clock_start_at or not (self.deadline_rule_id or self.due_imported):
            return {}
        working = self._working_time()
        stops = self._stops()
        due, statutory = self._counted_dates(working, stops)
        dates = {"unextended_due_at": naive(due), "due_at": naive(due)}
        extension = self.extension_ids.sorted("number")[-1:]
        if extension:
            later = [stop for stop in stops if stop[0] >= aware(extension.granted_at)]
            dates["due_at"] = max(
                dates["due_at"],
                naive(
                    working.add_pauses(
                        aware(extension.granted_at), aware(extension.due_at), later
                    )
                ),
            )
        dates["statutory_due_at"] = naive(statutory) if statutory else False
        return dates

    def _counted_dates(self, working, stops):
        """Return the two due moments ``(committed, statutory)`` without extension."""
        self.ensure_one()
        start = aware(self.clock_start_at)
        return (
            working.due(
                start, self.committed_amount, self.deadline_rule_id._to_rule(), stops
            ),
            working.due(
                start, self.statutory_amount, self.statutory_rule_id._to_rule(), stops
            ),
        )

    def _explain(self, clock):
        """Return the engine's day lines of the ``committed`` or ``statutory`` clock."""
        self.ensure_one()
        rule = self.deadline_rule_id if clock == "committed" else self.statutory_rule_id
        return self._working_time().explain(
            aware(self.clock_start_at),
            self[f"{clock}_amount"],
            rule.unit,
            rule._to_rule(),
            self._stops(),
        )

    def action_explain(self):
        """Open the page “Why this date?”."""
        self.ensure_one()
        page = self.env["cchc.due.explanation"].create({"dossier_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why this date?"),
            "res_model": page._name,
            "res_id": page.id,
            "view_mode": "form",
            "target": "new",
        }

    def _proposed_extension(self):
        """Return a proposal for the new appointment: the planned time of the steps
        still to do, at least one working day, after the present appointment."""
        self.ensure_one()
        working = self._working_time()
        now = replay.now(self.env)
        base = max(self.due_at or now, now)
        moment = aware(base)
        for step in self.sudo().step_ids:
            if step.state in ("current", "waiting") and step.planned_amount:
                moment = working.add(moment, step.planned_amount, step.planned_unit)
        return max(naive(moment), naive(working.add(aware(base), 1, "working_day")))

    def _overdue_from(self, vals):
        """Return the value of ``overdue_from`` after ``vals`` are written."""
        self.ensure_one()
        state = vals.get("state", self.state)
        late_at = vals.get("late_at", self.late_at)
        if state not in RUNNING_STATES + HELD_STATES:
            return False
        if late_at:
            return late_at
        return vals.get("due_at", self.due_at) if state in RUNNING_STATES else False

    def _mark_missed(self, now=None):
        """Write down, once, every due date that has passed while the clock ran.

        Runs before each move and in the sweep: whatever is done afterwards, the
        dossier stays late.
        """
        now = now or replay.now(self.env)
        missed = self.filtered(
            lambda d: (
                d.is_open
                and not d.late_at
                and d.state in RUNNING_STATES
                and d.due_at
                and d.due_at < now
            )
        )
        if not missed:
            return missed
        for due_at, together in missed.sudo().grouped("due_at").items():
            guard.unlocked(together).write({"late_at": due_at, "overdue_from": due_at})
        self.env["cchc.dossier.event"].append(
            [
                {"dossier": dossier, "kind": "miss", "from_state": dossier.state}
                for dossier in missed
            ]
        )
        return missed

    def _timeliness_vals(self, end):
        """Return both timeliness columns for an end at ``end``.

        Late is later than the appointment; on time is within the half-day session of
        the appointment; early is before that session. Which appointment counts after
        an extension is a setting of the deadline rule (default: the first).
        """
        self.ensure_one()
        basis = self.deadline_rule_id.timeliness_basis or "first"
        due = self.due_at if basis == "extended" else self.unextended_due_at
        return self._judge(
            end, due, self.statutory_due_at, self._working_time(), bool(self.late_at)
        )

    @api.model
    def _judge(self, end, due, statutory_due, working, was_late=False):
        """Return both timeliness columns for an end beside the two due moments.

        :param working: working time of the office, for the sessions
        :param was_late: a due date was missed before, whatever counts now
        """

        def judge(moment):
            if not moment:
                return "on_time"
            if end > moment:
                return "late"
            early = aware(end) < working.session_start(aware(moment))
            return "early" if early else "on_time"

        return {
            "timeliness": "late" if was_late else judge(due),
            "statutory_timeliness": judge(statutory_due),
        }

    @api.model
    def _get_under_validation_exceptions(self):
        """The reason of a delay may be stated while the result waits for signature."""
        return [
            *super()._get_under_validation_exceptions(),
            "late_reason_id",
            "late_reason_note",
        ]

    # ------------------------------------------------------------------
    # Calendar changes
    # ------------------------------------------------------------------
    @api.model
    def _redating(self, calendars):
        """Return the open dossiers that the calendars as they are now would move.

        Left out: dossiers that missed their date before (they stay late) and those
        whose clock stands still (their date moves on resumption).

        :return: list of ``(dossier, {date column: new value})``
        """
        open_dossiers = self.sudo().search(
            self._open_domain()
            & Domain("calendar_id", "in", calendars.ids)
            & Domain("state", "in", RUNNING_STATES)
            & Domain("late_at", "=", False)
        )
        open_dossiers._mark_missed()
        moved = []
        for dossier in open_dossiers.filtered(lambda d: not d.late_at):
            dates = {
                name: value
                for name, value in dossier._dates().items()
                if value != dossier[name]
            }
            if dates:
                moved.append((dossier.sudo(self.env.su), dates))
        return moved

    @api.model
    def _check_may_redate(self):
        """Refuse a person who may not re-date dossiers."""
        self._check_role(TRANSITION["redate"])

    @api.model
    def _apply_redating(self, moved, content):
        """Give the dossiers their new dates; both dates go into the ledger."""
        if not moved:
            return
        dossiers = self.union(*(dossier for dossier, _dates in moved))
        dossiers._lock()
        dossiers._move(
            "redate",
            vals_by_id={dossier.id: dates for dossier, dates in moved},
            content=content,
        )

    def _step_due(self, start, amount, unit):
        """Return when a step of ``amount`` ``unit`` that starts at ``start`` is due."""
        self.ensure_one()
        if not amount:
            return False
        due = self._working_time().add(aware(start), amount, unit)
        return naive(due)

    @api.model
    def _check_received_at(self, received_at, now):
        """Refuse a time of receipt that lies in the future or long ago."""
        if received_at > now + timedelta(minutes=1):
            raise UserError(
                self.env._(
                    "The time of receipt lies in the future: correct it or leave it "
                    "empty for now."
                )
            )
