import logging
from calendar import timegm
from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import alert_plan
from ..tools.guard import unlocked
from ..tools.transitions import HELD_STATES, RUNNING_STATES


def epoch(moment):
    """Return a stored moment as whole UTC seconds, ``None`` for none."""
    return timegm(moment.timetuple()) if moment else None


def moment(seconds):
    """Return whole UTC seconds as Odoo stores a moment."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def naive_utc(aware):
    """Return an aware moment as Odoo stores it."""
    return aware.astimezone(UTC).replace(tzinfo=None)


_logger = logging.getLogger(__name__)

HOUR = 3600
#: Columns of a dossier that the alerts look at.
WATCHED = (
    "accepted_at",
    "bundle_id",
    "bundle_line_id",
    "bundle_type_id",
    "calendar_id",
    "clock_start_at",
    "company_id",
    "due_at",
    "extension_count",
    "is_open",
    "late_at",
    "state",
    "step_due_at",
    "supplement_expires_at",
    "user_id",
)


class CchcDossier(models.Model):
    """When a dossier next has to be looked at for alerts.

    ``alert_next_at`` is the only thing the sweep searches: it is worked out again
    whenever the dossier moves, and is empty for a dossier that has ended.
    """

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    alert_next_at = fields.Datetime(
        string="Next Look for Alerts", readonly=True, copy=False
    )
    alert_ids = fields.One2many("cchc.alert", "dossier_id", readonly=True)
    open_alert_count = fields.Integer(compute="_compute_open_alert_count")

    _alert_next_idx = models.Index("(alert_next_at) WHERE alert_next_at IS NOT NULL")

    def _compute_open_alert_count(self):
        counts = dict(
            self.env["cchc.alert"]._read_group(
                [("dossier_id", "in", self.ids), ("closed_at", "=", False)],
                ["dossier_id"],
                ["__count"],
            )
        )
        for dossier in self:
            dossier.open_alert_count = counts.get(dossier, 0)

    def _check_protected(self, names):
        if "alert_next_at" in names:
            raise UserError(
                self.env._("When a dossier is looked at for alerts is not typed in.")
            )
        return super()._check_protected(names)

    # -- planning
    def _cchc_schedule_alerts(self, moving=False, fresh=False):
        """Work out when each dossier next has to be looked at, and close the alerts
        that no longer hold. Called by every move; a fixed number of queries for any
        number of dossiers.

        :param moving: the dossiers have just been written and are flushed after this
        :param fresh: nobody can have been alerted of them yet
        """
        dossiers = self.sudo()
        dossiers.fetch(WATCHED)
        rows = {dossier.id: dossier._alert_row() for dossier in dossiers}
        if not fresh:
            self.env["cchc.alert"].sudo()._close_outdated(rows)
        now = epoch(fields.Datetime.now())
        fired, upcoming = dossiers._plan_alerts(rows, now)
        known = self.env["cchc.alert"].sudo()._known_keys(fired)
        for firing in fired:
            if firing.key not in known:
                upcoming[firing.dossier_id] = now
        if moving:
            self._keep_alert_next(upcoming)
        else:
            self._write_alert_next(upcoming)

    def _plan_alerts(self, rows, now):
        """Return the alerts due at ``now`` and ``{dossier id: next look}``.

        An office whose calendar cannot be counted with does not hold up the others:
        it is logged and looked at again in an hour.
        """
        firings, upcoming = [], {}
        for (company, calendar), group in self._by_office().items():
            try:
                fired, moments = alert_plan.plan(
                    self.env["cchc.alert.rule"]._specs(company.id),
                    [rows[dossier.id] for dossier in group],
                    self._alert_agency(company, calendar),
                    now,
                )
            except (UserError, ValueError) as error:
                _logger.error(
                    "The alerts of %s wait for a working calendar: %s",
                    company.name,
                    error,
                )
                fired, moments = [], dict.fromkeys(group.ids, now + HOUR)
            firings += fired
            upcoming.update(moments)
        return firings, upcoming

    def _by_office(self):
        """Return ``{(agency, calendar): dossiers}``."""
        return self.grouped(
            lambda dossier: (
                dossier.company_id,
                dossier.calendar_id or dossier.company_id.resource_calendar_id,
            )
        )

    @api.model
    def _alert_agency(self, company, calendar):
        return alert_plan.Agency(
            calendar._cchc_working_time(), company._cchc_tz(), company.cchc_alert_hour
        )

    def _alert_row(self):
        """Return what the alert rules look at."""
        self.ensure_one()
        starts = [at for at in (self.accepted_at, self.clock_start_at) if at]
        return alert_plan.Row(
            id=self.id,
            running=self.state in RUNNING_STATES,
            held=self.state in HELD_STATES,
            assigned=bool(self.user_id),
            signing=self.state == "to_sign",
            extended=bool(self.extension_count) and not self.extensions_left,
            start=epoch(max(starts)) if starts else None,
            due=epoch(self.due_at),
            late=epoch(self.late_at),
            step_due=epoch(self.step_due_at),
            expires=epoch(self.supplement_expires_at),
            **self._alert_row_of_group(),
        )

    def _alert_row_of_group(self):
        """Return what the rules look at in a part of a group, or in the group."""
        if self.bundle_line_id:
            line = self.bundle_line_id
            due = not line.acknowledged_at and line.acknowledge_due_at
            return {"acknowledge": epoch(due)}
        if self.bundle_type_id and self.state == "outage":
            return {"outage": epoch(self.bundle_id.outage_limit_at)}
        return {}

    def _keep_alert_next(self, upcoming):
        """Have the next look written together with what the move writes.

        :param upcoming: see :meth:`_write_alert_next`
        """
        field = self._fields["alert_next_at"]
        for dossier in self:
            at = upcoming.get(dossier.id)
            field._update_cache(dossier, at and moment(at), dirty=True)

    def _write_alert_next(self, upcoming):
        """Store the next look of these dossiers in one statement.

        Not through ``write``: nobody follows this column, and a batch of dossiers has
        as many values as rows.

        :param upcoming: ``{dossier id: UTC seconds}``; the others get none
        """
        if not self.ids:
            return
        self.flush_recordset(["alert_next_at"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE cchc_dossier AS dossier
                   SET alert_next_at = plan.next_at
                  FROM unnest(%s::int[], %s::timestamp[]) AS plan(id, next_at)
                 WHERE dossier.id = plan.id
                   AND dossier.alert_next_at IS DISTINCT FROM plan.next_at
                """,
                list(self.ids),
                [
                    moment(upcoming[dossier_id]) if dossier_id in upcoming else None
                    for dossier_id in self.ids
                ],
            )
        )
        self.invalidate_recordset(["alert_next_at"], flush=False)

    # -- giving alerts
    def _cchc_give_alerts(self, now):
        """Write the alerts of these locked dossiers that are due at ``now``, make the
        activities, and store when to look again."""
        self.fetch(WATCHED)
        self._mark_missed(now)
        seconds = epoch(now)
        rows = {dossier.id: dossier._alert_row() for dossier in self}
        Alert = self.env["cchc.alert"].sudo()
        Alert._close_outdated(rows)
        firings, upcoming = self._plan_alerts(rows, seconds)
        known = Alert._known_keys(firings)
        firings = [firing for firing in firings if firing.key not in known]
        rules = self.env["cchc.alert.rule"].sudo()
        rules = rules.browse({firing.rule_id for firing in firings})
        kinds = {rule.id: rule.kind for rule in rules}
        firings, proposals = self._sift_apologies(firings, kinds, seconds, upcoming)
        if firings:
            self._write_alerts(firings, kinds, rules, proposals, now)
        self._write_alert_next(upcoming)

    def _sift_apologies(self, firings, kinds, now, upcoming):
        """Keep the apologies of those dossiers only that will miss their date.

        Of the others, ``upcoming`` learns when the time of the waiting steps alone
        would no longer do.

        :return: firings left, ``{dossier id: proposed new date}``
        """
        asked = {
            firing.dossier_id
            for firing in firings
            if kinds[firing.rule_id] == "propose_apology"
        }
        if not asked:
            return firings, {}
        candidates = self.browse(asked)
        proposals = {}
        for dossier_id, (planned, left) in candidates._alert_time_left(now).items():
            dossier = self.browse(dossier_id)
            if alert_plan.will_miss(planned, left, dossier.state == "to_sign"):
                proposals[dossier_id] = dossier._proposed_extension()
            elif planned is not None:
                # again when the plan no longer fits, or the present step gets late
                later = dossier._working_time().before_many(
                    [epoch(dossier.due_at)], [max(planned - 0.25, 0.0)]
                )
                if dossier.step_due_at:
                    later.append(epoch(dossier.step_due_at) + 1)
                for at in later:
                    if at > now:
                        upcoming[dossier_id] = min(at, upcoming.get(dossier_id, at))
        left_over = [
            firing
            for firing in firings
            if kinds[firing.rule_id] != "propose_apology"
            or firing.dossier_id in proposals
        ]
        return left_over, proposals

    def _write_alerts(self, firings, kinds, rules, proposals, now):
        dossier_of = {dossier.id: dossier for dossier in self}
        Alert = self.env["cchc.alert"].sudo()
        told = Alert._receivers_by_key(self, firings, rules, now)
        alerts = unlocked(Alert).create(
            [
                {
                    "dossier_id": firing.dossier_id,
                    "company_id": dossier_of[firing.dossier_id].company_id.id,
                    "department_id": dossier_of[firing.dossier_id].department_id.id,
                    "rule_id": firing.rule_id,
                    "kind": kinds[firing.rule_id],
                    "level": firing.level,
                    "base_at": moment(firing.base),
                    "occurrence": firing.occurrence,
                    "fired_at": now,
                    "user_ids": told[firing.key].ids,
                    "proposed_due_at": kinds[firing.rule_id] == "propose_apology"
                    and proposals[firing.dossier_id],
                }
                for firing in firings
            ]
        )
        Alert.browse(alerts.ids)._make_activities()

    def _alert_time_left(self, now):
        """Return ``{dossier id: (planned hours left, hours left)}`` for apologies.

        Planned is what the steps still to do need; of the current step, what is left
        of its time, and its whole time again once it is late. ``None`` when no step
        has a planned time.
        """
        steps = (
            self.env["cchc.dossier.step"]
            .sudo()
            .search(
                [
                    ("dossier_id", "in", self.ids),
                    ("state", "in", ("current", "waiting")),
                    ("role", "!=", "return"),
                ]
            )
        )
        by_dossier = steps.grouped("dossier_id")
        result = {}
        for dossier in self:
            working = dossier._working_time()
            day = (
                dossier.calendar_id or dossier.company_id.resource_calendar_id
            ).hours_per_day or 8.0
            planned = None
            for step in by_dossier.get(dossier, steps.browse()):
                if step.state == "current" and step.due_at and epoch(step.due_at) > now:
                    hours = working.elapsed_many([(now, epoch(step.due_at))])[0]
                    planned = (planned or 0.0) + hours
                elif step.planned_amount:
                    unit = day if step.planned_unit == "working_day" else 1.0
                    planned = (planned or 0.0) + step.planned_amount * unit
            left = working.elapsed_many([(now, epoch(dossier.due_at))])[0]
            result[dossier.id] = (planned, left)
        return result

    def action_open_alerts(self):
        """Open the alerts of the dossier."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_alert_action_all"
        )
        action["domain"] = [("dossier_id", "=", self.id)]
        action["context"] = {}
        return action
