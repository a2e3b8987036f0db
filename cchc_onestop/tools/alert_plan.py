"""When an alert is due: arithmetic on moments, without the ORM.

All moments are whole UTC seconds. A rule gives each dossier the moments at which it
fires; what has passed and still holds is fired, what lies ahead says when to look at
the dossier again.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple

DAY = 86400

KINDS = (
    ("not_assigned", "Accepted but not assigned"),
    ("step_soon", "Step due soon"),
    ("step_late", "Step late"),
    ("due_soon", "Due soon"),
    ("due_today", "Due today"),
    ("overdue", "Overdue"),
    ("overdue_again", "Still overdue"),
    ("supplement_expiring", "Supplement expiring"),
    ("propose_apology", "Apology proposed"),
    ("not_acknowledged", "Arrival not acknowledged"),
    ("outage_long", "Outage too long"),
)
#: Kinds that are given once a date has passed.
_AFTER = frozenset(
    {"not_assigned", "step_late", "overdue", "not_acknowledged", "outage_long"}
)
#: Kinds that say nothing any more once the date they warn of has passed.
WARNINGS = frozenset({"step_soon", "due_soon", "due_today", "propose_apology"})


class Row(NamedTuple):
    """What the rules look at in one dossier."""

    id: int
    #: the clock runs; with neither ``running`` nor ``held`` the dossier has ended
    running: bool
    held: bool
    assigned: bool
    #: waits for the signature
    signing: bool
    #: was given all the new appointments that its rule allows
    extended: bool
    #: acceptance, or the start of the clock where that is later
    start: int | None
    due: int | None
    #: missed due date
    late: int | None
    step_due: int | None
    expires: int | None
    #: until when the agency of a part of a group has to acknowledge its arrival;
    #: ``None`` once it did
    acknowledge: int | None = None
    #: until when the outage that stops a group has to be mended
    outage: int | None = None


@dataclass(frozen=True)
class Rule:
    """One alert rule.

    :param amount: working hours before (warnings) or after (the others) the date
    :param percent: for ``due_soon``: share of the time used up; 0 counts ``amount``
    :param every: for ``overdue_again``: days between two alerts
    :param every_unit: ``working_day`` or ``calendar_day``
    :param levels: pairs of level number and delay in working hours
    """

    id: int
    kind: str
    amount: float = 0.0
    percent: float = 0.0
    every: int = 0
    every_unit: str = "working_day"
    levels: tuple = ((1, 0.0),)


class Firing(NamedTuple):
    """An alert to write: unique by all but the moment."""

    dossier_id: int
    rule_id: int
    level: int
    #: the date that the alert is about
    base: int
    #: number of the repetition, from 0
    occurrence: int
    moment: int

    @property
    def key(self):
        return self[:5]


class Agency(NamedTuple):
    """Working time, time zone and first hour of an office."""

    working: object
    zone: object
    #: hour of the day at which the alerts of that day are given, e.g. 7.5
    morning: float


def base_of(rule_kind, row):
    """Return the date that a rule of this kind watches in ``row``, else ``None``.

    An alert holds as long as this is the date it was written for.
    """
    if rule_kind == "supplement_expiring":
        return row.expires if row.held else None
    if rule_kind == "outage_long":
        return row.outage if row.held else None
    if rule_kind in ("overdue", "overdue_again"):
        if row.late and (row.running or row.held):
            return row.late
        return row.due if row.running else None
    if not row.running:
        return None
    if rule_kind == "not_assigned":
        return None if row.assigned else row.start
    if rule_kind == "not_acknowledged":
        return row.acknowledge
    if rule_kind in ("step_soon", "step_late"):
        return row.step_due
    if row.late or rule_kind == "propose_apology" and (row.extended or row.signing):
        return None
    return row.due


def plan(rules, rows, agency, now):
    """Return the alerts that are due and when to look again.

    :return: ``(firings, {dossier id: next moment})``; dossiers without a next moment
        are left out. Firings include those given before: the caller knows them.
    """
    firings = []
    upcoming = {}

    def look_at(row_id, moment):
        if row_id not in upcoming or moment < upcoming[row_id]:
            upcoming[row_id] = moment

    for row in rows:
        # the due date itself is always watched: the day it is missed is recorded
        if row.running and row.due and not row.late and row.due >= now:
            look_at(row.id, row.due + 1)
    for rule in rules:
        watched = [
            (row, base) for row in rows if (base := base_of(rule.kind, row)) is not None
        ]
        if not watched:
            continue
        firsts = list(_first_moments(rule, watched, agency, now))
        warns = rule.kind in WARNINGS
        for level, delay in rule.levels:
            moments = [moment for _row, _base, _occurrence, moment in firsts]
            if delay and moments:
                moments = agency.working.add_many(moments, delay, "working_hour")
            for (row, base, occurrence, _first), moment in zip(
                firsts, moments, strict=True
            ):
                if warns and max(moment, now) >= base:
                    continue
                if moment > now:
                    look_at(row.id, moment)
                else:
                    firings.append(
                        Firing(row.id, rule.id, level, base, occurrence, moment)
                    )
    return firings, upcoming


def _first_moments(rule, watched, agency, now):
    """Yield ``(row, base, occurrence, moment)`` of the first level of a rule."""
    bases = [base for _row, base in watched]
    working = agency.working
    if rule.kind == "overdue_again":
        yield from _repetitions(rule, watched, working, now)
        return
    if rule.kind in _AFTER:
        moments = bases
        if rule.amount:
            moments = working.add_many(bases, rule.amount, "working_hour")
    elif rule.kind == "due_today":
        moments = _mornings(bases, agency)
    elif rule.kind == "due_soon" and rule.percent:
        whole = working.elapsed_many(
            [(row.start or base, base) for row, base in watched]
        )
        moments = working.before_many(
            bases, [hours * (1 - rule.percent / 100) for hours in whole]
        )
    else:
        moments = working.before_many(bases, [rule.amount] * len(bases))
    since_start = rule.kind in ("due_soon", "due_today", "propose_apology")
    for (row, base), moment in zip(watched, moments, strict=True):
        # what would have been warned of before the dossier came is no warning
        if not (since_start and row.start and moment < row.start):
            # nobody is late in the very second that is still in time
            late = rule.kind in _AFTER and rule.kind != "not_assigned"
            yield row, base, 0, moment + 1 if late else moment


def _repetitions(rule, watched, working, now):
    """Yield the latest repetition that has come and the one after it."""
    every = max(rule.every, 1)
    for row, base in watched:

        def moment(number, base=base):
            days = number * every
            if rule.every_unit == "calendar_day":
                return base + days * DAY
            return working.add_many([base], days, "working_day")[0]

        if now <= base:
            number = 0
        elif rule.every_unit == "calendar_day":
            number = (now - base) // (every * DAY)
        else:
            number = working.elapsed_many([(base, now)], "working_day")[0] // every
        while number > 0 and moment(number) > now:
            number -= 1
        if number > 0:
            yield row, base, number, moment(number)
        yield row, base, number + 1, moment(number + 1)


def _mornings(moments, agency):
    """Return the first hour of the local day of each moment."""
    known = {}
    result = []
    for moment in moments:
        day = datetime.fromtimestamp(moment, agency.zone).date()
        if day not in known:
            known[day] = morning_of(day, agency.zone, agency.morning)
        result.append(known[day])
    return result


def morning_of(day, zone, hour):
    """Return the moment of ``hour`` (7.5 is 07:30) on the local date ``day``."""
    midnight = datetime.combine(day, time(), tzinfo=zone)
    return int((midnight + timedelta(hours=hour)).timestamp())


def will_miss(planned_hours, hours_left, signing):
    """Return whether a dossier cannot keep its date.

    :param planned_hours: planned working hours of the steps still to do; ``None``
        when the process plans no times, then only waiting for the signature counts
    """
    if planned_hours is None:
        return not signing
    return planned_hours > hours_left
