"""Working time of an office: the deadline engine, without the ORM.

Everything is counted in whole seconds on a timeline built once per calendar and
range of years, so a due date costs a few binary searches. The rules and their
sources (BLDS = Bộ luật Dân sự 2015):

===  ==================================================================  ============
R1   hours run from the given moment                                     Đ.147 k.1
R2   in days and months the first day is not counted                     Đ.147 k.2
R3   a last day on a rest day or holiday moves to the next working day   Đ.148 k.5
R4   only "ngày làm việc" are working days; "ngày" are calendar days     R2, R3
R5   the clock starts when a complete dossier is accepted                NĐ 118/2025
                                                                         Đ.17 k.3
R6   the three 15:00 rules: A moves paper, B gives the result the next   NĐ 118/2025
     working day, C starts the count on the next working day             Đ.18; Luật
                                                                         Hộ tịch Đ.5;
                                                                         NĐ 301/2026
R8   after a supplement the limit is counted again from the start        NĐ 61/2018
                                                                         Đ.19 k.4
R9   or the time of waiting is taken out                                 QĐ 766/QĐ-TTg
R10  other stops (financial obligation, outage) take the time out        NĐ 301/2026
===  ==================================================================  ============

Choices where the law leaves room:

* *Accepted outside office hours.* The first day of R2 is the calendar day of the
  acceptance itself: accepted on Monday at 18:00 or on a Sunday, the next working day
  is counted as day one. Hours start at the next opening.
* *Same clock time.* The due time is the time of day of the acceptance, put inside the
  office hours: before opening becomes opening, lunch becomes the start of the
  afternoon. After closing and on a rest day it becomes the closing hour of the last
  day, which is the same amount of working time as "the next opening" and keeps the
  date that R2 gives.
* *End of the day.* The last day ends at 24:00 (BLDS Đ.148 k.6), but nobody can be
  served after closing: the due time is the end of the last office interval of that
  day. On a rest day that does not move, it is 23:59:59, the last second of the date.
* *A pause on the last day.* When whole days are taken out and nothing is left at
  completion, the due moment could lie before it; it is then the next working day.
* *A late dossier stays late.* A stop that begins at or after the due moment changes
  nothing, whether it pauses or restarts the clock.
"""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from math import isfinite
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAY = 86400
HOUR = 3600
#: Range in which dates are computed; beyond it an error says so.
FIRST_YEAR, LAST_YEAR = 1900, 2400

UNITS = ("working_hour", "working_day", "calendar_day", "month", "same_day")
CLOCKS = ("same_time", "end_of_day")
CUTOFF_MODES = ("none", "transfer", "same_day", "next_day")
SUPPLEMENTS = ("pause", "restart")
PAUSE_COUNTINGS = ("minute", "day")

#: How a day takes part in the count.
STATUSES = ("first", "counted", "partly", "skipped")
#: Why; the ORM side has a sentence for each.
REASONS = (
    "first_day",  # R2
    "working_day",
    "makeup_day",  # a rest day that is worked (hoán đổi ngày làm việc)
    "special_hours",  # a day with other hours than its weekday
    "calendar_day",  # R4: counted although nobody works
    "weekly_rest",
    "holiday",
    "day_off",  # a special day without hours
    "outside_hours",
    "after_cutoff",  # R6
    "same_day",
    "paused",  # R9, R10
    "pause_made_up",  # working time that a pause took is given back here
    "before_restart",  # R8
    "restart",
    "last_day_moved",  # R3
)

_OPEN, _CLOSE = -1, DAY
_LAST_ORDINAL = date(LAST_YEAR, 1, 1).toordinal()
_TOO_FAR = (
    f"No due date before the year {LAST_YEAR}: check the time limit and the hours of "
    "the calendar."
)


class Stop(NamedTuple):
    """An interval in which the clock stands still.

    :param start: aware datetime, when the supplement was asked for.
    :param end: aware datetime, when the dossier was complete; None while it waits.
    :param kind: ``pause`` or ``restart``; None takes what the rule says. A stop for a
        financial obligation or an outage (R10) is a ``pause`` under every rule.
    """

    start: datetime
    end: datetime | None = None
    kind: str | None = None


class DayLine(NamedTuple):
    """One day of an explanation.

    ``seconds`` is the working time counted on this day, ``paused`` the working time
    of this day in which the clock stood still. ``total`` is the running total: in
    seconds for hours and fractions of a day (``in_seconds``), in days otherwise.
    ``names`` are the names of holidays and special days. ``due`` is set on the last
    line only.
    """

    date: date
    weekday: int
    status: str
    reason: str
    names: tuple[str, ...] = ()
    seconds: int = 0
    paused: int = 0
    total: int = 0
    in_seconds: bool = False
    due: datetime | None = None


def _choice(value, allowed, what):
    if value not in allowed:
        raise ValueError(f"{what} must be one of {', '.join(allowed)}, not {value!r}.")


@dataclass(frozen=True)
class DeadlineRule:
    """How a time limit is counted; the record behind it is ``cchc.deadline.rule``.

    :param unit: unit of the amount: ``working_hour``, ``working_day``,
        ``calendar_day``, ``month`` (R1-R4) or ``same_day``, which takes no amount.
    :param clock: ``end_of_day`` (BLDS Đ.148) or ``same_time`` (practice of one-stop
        software); hours always end to the second.
    :param first_day_counted: count the day of acceptance as day one, against R2;
        of working days only while office hours are left in it.
    :param rest_day_moves: R3, for calendar days and months.
    :param cutoff: time of day, such as 15:00; exactly 15:00 is still in time.
    :param cutoff_mode: ``transfer`` (rule A: due at the next opening), ``same_day``
        (rule B: due at the end of the next working day), ``next_day`` (rule C: taken
        as received at the next opening; R2 then applies to that day).
    :param supplement: ``pause`` (R9) or ``restart`` (R8).
    :param pause_counting: ``day``: the whole working days after the day of asking,
        up to and including the day of completion, are taken out; ``minute``: the
        working time is taken out to the second. Hours are always taken out exactly;
        calendar days and months count every day.
    """

    unit: str = "working_day"
    clock: str = "end_of_day"
    first_day_counted: bool = False
    rest_day_moves: bool = True
    cutoff: time | None = None
    cutoff_mode: str = "none"
    supplement: str = "pause"
    pause_counting: str = "day"

    def __post_init__(self):
        _choice(self.unit, UNITS, "The unit of a time limit")
        _choice(self.clock, CLOCKS, "The clock of a deadline rule")
        _choice(self.cutoff_mode, CUTOFF_MODES, "The cut-off mode")
        _choice(self.supplement, SUPPLEMENTS, "The effect of a supplement")
        _choice(self.pause_counting, PAUSE_COUNTINGS, "The counting of pauses")
        if self.cutoff_mode != "none" and self.cutoff is None:
            raise ValueError(
                f"The cut-off mode {self.cutoff_mode} needs a cut-off hour."
            )
        if self.cutoff_mode in ("transfer", "same_day") and self.unit != "same_day":
            raise ValueError(
                f"The cut-off mode {self.cutoff_mode} needs a limit of the same day, "
                f"not one in {self.unit}."
            )
        if self.first_day_counted and self.clock == "same_time":
            raise ValueError(
                "A first day that counts needs a limit that ends at the end of the day."
            )

    @property
    def cutoff_second(self):
        """Second of the local day, None without a cut-off."""
        if self.cutoff is None or self.cutoff_mode == "none":
            return None
        return (self.cutoff.hour * 60 + self.cutoff.minute) * 60 + self.cutoff.second


@lru_cache(maxsize=256)
def _rule_with_unit(rule, unit):
    return DeadlineRule(unit=unit) if rule is None else replace(rule, unit=unit)


def _intervals(pairs, what):
    """Sort and join intervals of seconds of one day.

    :raises ValueError: when one of them lies outside the day.
    """
    joined = []
    for start, end in sorted(pairs):
        if not 0 <= start <= end <= DAY:
            raise ValueError(
                f"{what}: the hours from second {start} to second {end} are not "
                "inside one day."
            )
        if start == end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((int(start), int(end)))
    return tuple(joined)


def _epoch(moment, what="The moment"):
    """Whole UTC seconds of an aware datetime; parts of a second are cut off."""
    if isinstance(moment, int) and not isinstance(moment, bool):
        return moment
    if not isinstance(moment, datetime):
        raise ValueError(f"{what} must be a date and time, not {moment!r}.")
    if moment.utcoffset() is None:
        raise ValueError(
            f"{what} {moment:%Y-%m-%d %H:%M} has no time zone: give an aware datetime."
        )
    return int(moment.timestamp() // 1)


@dataclass(frozen=True)
class CalendarSnapshot:
    """What the engine needs of a working calendar; hashable, can be pickled.

    :param tz: name of the time zone.
    :param week: seven tuples (Monday first) of ``(start_second, end_second)`` of the
        local day; fourteen for a calendar of two alternating weeks (the first of them
        is the week of 0001-01-01, as in Odoo). Attendance that is for reception only
        must be left out by whoever builds the snapshot.
    :param days_off: mapping of date to name of the holiday.
    :param partial_leaves: ``(start, end, name)``, aware datetimes or UTC seconds.
    :param special_days: mapping of date to ``(name, intervals)``; the intervals
        replace those of the weekday, none means off. Holidays and leaves are taken
        off afterwards, as Odoo does with its attendances.
    :param hours_per_day: turns fractions of a working day into working hours.
    """

    tz: str
    week: tuple
    days_off: tuple = ()
    partial_leaves: tuple = ()
    special_days: tuple = ()
    hours_per_day: float = 8.0
    _hash: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self):
        try:
            ZoneInfo(self.tz)
        except (ZoneInfoNotFoundError, ValueError, TypeError) as error:
            raise ValueError(f"There is no time zone named {self.tz!r}.") from error
        if len(self.week) not in (7, 14):
            raise ValueError("A calendar has seven or fourteen weekdays.")
        if not 0 < self.hours_per_day <= 24:
            raise ValueError(
                f"A working day has between 0 and 24 hours, not {self.hours_per_day}."
            )
        set_ = object.__setattr__
        set_(self, "week", tuple(_intervals(day, "Attendance") for day in self.week))
        set_(self, "days_off", self._pairs(self.days_off))
        leaves = []
        for start, end, name in self.partial_leaves:
            leaves.append((_epoch(start), _epoch(end), name))
        set_(self, "partial_leaves", tuple(sorted(leaves)))
        special = []
        for day, (name, hours) in self._pairs(self.special_days):
            special.append((day, (name, _intervals(hours, f"{day:%d/%m/%Y}"))))
        set_(self, "special_days", tuple(special))
        set_(
            self,
            "_hash",
            hash(
                (
                    self.tz,
                    self.week,
                    self.days_off,
                    self.partial_leaves,
                    self.special_days,
                    self.hours_per_day,
                )
            ),
        )

    def __hash__(self):
        return self._hash

    def __reduce__(self):
        # String hashes differ between processes: let the other side hash again.
        values = (
            self.tz,
            self.week,
            self.days_off,
            self.partial_leaves,
            self.special_days,
            self.hours_per_day,
        )
        return CalendarSnapshot, values

    @staticmethod
    def _pairs(mapping):
        pairs = mapping.items() if isinstance(mapping, Mapping) else mapping
        return tuple(sorted((day, value) for day, value in pairs))


class _Day(NamedTuple):
    """Hours of one local day in UTC seconds, and what kind of day it is."""

    hours: tuple
    reason: str
    names: tuple
    close: int

    def worked(self, start, end):
        """Office seconds of this day between two moments."""
        return sum(max(0, min(e, end) - max(s, start)) for s, e in self.hours)


class _Days:
    """The kind and the hours of each local day of a snapshot."""

    def __init__(self, snapshot):
        self.tz = ZoneInfo(snapshot.tz)
        self.week = snapshot.week
        self.off = {day.toordinal(): name for day, name in snapshot.days_off}
        self.special = {day.toordinal(): value for day, value in snapshot.special_days}
        self.leaves = {}
        for start, end, name in snapshot.partial_leaves:
            for ordinal in range(
                self.ordinal(start), self.ordinal(max(start, end - 1)) + 1
            ):
                self.leaves.setdefault(ordinal, []).append((start, end, name))

    def ordinal(self, epoch):
        return datetime.fromtimestamp(epoch, self.tz).toordinal()

    def second(self, epoch):
        """Second of the local day."""
        local = datetime.fromtimestamp(epoch, self.tz)
        return (local.hour * 60 + local.minute) * 60 + local.second

    def epoch(self, ordinal, second):
        """UTC second of a wall-clock second; 86400 is the next midnight."""
        local = datetime.fromordinal(ordinal) + timedelta(seconds=second)
        return int(local.replace(tzinfo=self.tz).timestamp())

    def plan(self, ordinal):
        """Office hours as wall-clock seconds, reason and names; leaves not yet off."""
        weekly = self.week[(ordinal - 1) % len(self.week)]
        if ordinal in self.off:
            return (), "holiday", (self.off[ordinal],)
        if ordinal not in self.special:
            return weekly, "working_day" if weekly else "weekly_rest", ()
        name, hours = self.special[ordinal]
        if not hours:
            return (), "day_off", (name,)
        return hours, "special_hours" if weekly else "makeup_day", (name,)

    def hours(self, ordinal, plan, midnight, next_midnight):
        """The plan of a day in UTC seconds, less the partial leaves."""
        if next_midnight - midnight == DAY:
            hours = [(midnight + start, midnight + end) for start, end in plan]
        else:  # the clocks change on this day
            hours = [
                (self.epoch(ordinal, start), self.epoch(ordinal, end))
                for start, end in plan
            ]
        for start, end, _name in self.leaves.get(ordinal, ()):
            hours = [
                piece
                for s, e in hours
                for piece in ((s, min(e, start)), (max(s, end), e))
            ]
            hours = [(s, e) for s, e in hours if s < e]
        return tuple((s, e) for s, e in hours if s < e)

    def day(self, ordinal):
        plan, reason, names = self.plan(ordinal)
        midnight = self.epoch(ordinal, DAY)
        hours = self.hours(ordinal, plan, self.epoch(ordinal, 0), midnight)
        leaves = tuple(name for _s, _e, name in self.leaves.get(ordinal, ()))
        close = min(hours[-1][1], midnight - 1) if hours else 0
        if plan and not hours:
            return _Day(hours, "holiday", leaves, close)
        return _Day(hours, reason, names + leaves if plan else names, close)


class _Timeline:
    """Sorted integer arrays over whole years; never changed once built.

    An office that closes at 24:00 has 23:59:59 in ``closes``, the same date.
    Per office interval ``starts``, ``ends`` and ``cum`` (office seconds before it);
    per working day ``ordinals``, ``opens`` and ``closes`` and ``first`` (its first
    interval); per calendar day ``midnights`` and ``before`` (working days before it).
    """

    def __init__(self, days, first_year, last_year):
        self.years = (first_year, last_year)
        self.base = base = date(first_year, 1, 1).toordinal()
        last = date(last_year, 12, 31).toordinal()
        zone = days.tz
        self.midnights = midnights = [
            int(datetime.fromordinal(ordinal).replace(tzinfo=zone).timestamp())
            for ordinal in range(base, last + 2)
        ]
        self.low, self.high = midnights[0], midnights[-1]
        self.starts, self.ends, self.cum = [], [], [0]
        self.ordinals, self.opens, self.closes, self.first = [], [], [], []
        self.before = [0]
        total = 0
        for offset in range(last + 1 - base):
            ordinal = base + offset
            plan = days.plan(ordinal)[0]
            hours = plan and days.hours(
                ordinal, plan, midnights[offset], midnights[offset + 1]
            )
            if hours:
                self.first.append(len(self.starts))
                self.ordinals.append(ordinal)
                self.opens.append(hours[0][0])
                self.closes.append(min(hours[-1][1], midnights[offset + 1] - 1))
                for start, end in hours:
                    total += end - start
                    self.starts.append(start)
                    self.ends.append(end)
                    self.cum.append(total)
            self.before.append(len(self.ordinals))
        self.first.append(len(self.starts))

    def ordinal(self, epoch):
        return self.base + bisect_right(self.midnights, epoch) - 1

    def is_working(self, ordinal):
        offset = ordinal - self.base
        return self.before[offset] < self.before[offset + 1]

    def worked(self, epoch):
        """Office seconds before a moment."""
        i = bisect_right(self.starts, epoch) - 1
        if i < 0:
            return 0
        return self.cum[i] + min(epoch, self.ends[i]) - self.starts[i]

    def at(self, total):
        """First moment at which ``total`` office seconds have been worked."""
        i = max(bisect_left(self.cum, total) - 1, 0)
        return self.starts[i] + total - self.cum[i]

    def snap(self, epoch):
        """First moment from here on at which the office is open."""
        i = bisect_right(self.ends, epoch)
        return max(epoch, self.starts[i])

    def inside(self, index, epoch):
        """Put a moment of a working day inside the office hours of that day."""
        lo, hi = self.first[index], self.first[index + 1]
        i = bisect_left(self.ends, epoch, lo, hi)
        return max(epoch, self.starts[i]) if i < hi else self.ends[hi - 1]


class WorkingTime:
    """Due dates and elapsed time on one calendar.

    Moments are aware datetimes; the results are in the calendar's time zone. The batch
    forms also take and give whole UTC seconds. Safe to share between threads.

    :param snapshot: :class:`CalendarSnapshot`
    """

    def __init__(self, snapshot):
        self.snapshot = snapshot
        self._days = _Days(snapshot)
        year = datetime.now(UTC).year
        self._line = _Timeline(self._days, year - 1, year + 1)

    def __reduce__(self):
        return WorkingTime, (self.snapshot,)

    # ------------------------------------------------------------------
    # Public
    # ------------------------------------------------------------------
    def add(self, start, amount, unit="working_day", rule=None):
        """Due moment of a limit that starts at ``start``.

        :param start: aware datetime of the acceptance (R5).
        :param amount: how many ``unit``; fractions only of hours and working days.
        :param unit: one of :data:`UNITS`; wins over the unit of the rule.
        :param rule: :class:`DeadlineRule`; without it the rules of the civil code.
        :raises ValueError: naive datetime, bad amount, no working time in the calendar.
        """
        return self.due(start, amount, _rule_with_unit(rule, unit))

    def due(self, start, amount, rule, stops=(), until=None):
        """Due moment of a limit in the unit of the rule, with the stops of the clock.

        :param stops: :class:`Stop` or tuples ``(start, end)`` or
            ``(start, end, kind)`` in any order; what overlaps is counted once.
        :param until: how long a stop that has not ended is counted; without it the
            due date stays as it stood when the clock was stopped.
        """
        start = _epoch(start, "The start")
        count = self._amount(amount, rule.unit)
        return self._moment(self._resolve(start, count, rule, stops, until)[0])

    def add_pauses(self, start, due, stops, until=None):
        """Move a due moment by the working time of pauses, to the second (R9)."""
        begin = _epoch(start, "The start")
        moment = _epoch(due, "The due date")
        for stop_start, stop_end, _kind in self._stops(begin, stops, "pause", until):
            if stop_start >= moment:
                break
            moment = self._later(moment, self._paused(stop_start, stop_end))
        return self._moment(moment)

    def snap(self, moment):
        """First moment from here on at which the office is open."""
        epoch = _epoch(moment)
        return self._moment(self._cover(epoch, days=1).snap(epoch))

    def session_start(self, moment):
        """Start of the half-day session in which a due moment falls.

        What ends before it is early, what ends in it up to the due moment is on time.
        The end of a session belongs to it. On a rest day it is midnight.
        """
        epoch = _epoch(moment)
        ordinal = self._days.ordinal(epoch)
        begun = [
            start for start, _end in self._days.day(ordinal).hours if start <= epoch
        ]
        return self._moment(begun[-1] if begun else self._days.epoch(ordinal, 0))

    def elapsed(self, start, end, unit="working_hour"):
        """Time between two moments in ``unit``; negative when ``end`` is before.

        Hours come as a float. Working and calendar days are those after the day of
        ``start`` up to and including the day of ``end`` (R2); months are full ones.
        """
        return self.elapsed_many([(start, end)], unit)[0]

    def remaining(self, now, due, unit="working_hour"):
        """Time left until ``due``; negative when it has passed."""
        return self.elapsed(now, due, unit)

    def is_working_day(self, day):
        """Whether the office opens on this date."""
        return bool(self._days.day(day.toordinal()).hours)

    def explain(
        self, start, amount, unit="working_day", rule=None, stops=(), until=None
    ):
        """Why a due date is what it is: one :class:`DayLine` per day.

        The days are walked one after the other, without the timeline that
        :meth:`due` uses; the last line holds the due moment.
        """
        rule = _rule_with_unit(rule, unit)
        begin = _epoch(start, "The start")
        count = self._amount(amount, rule.unit)
        due, base, pauses = self._resolve(begin, count, rule, stops, until)
        return _Walk(self, rule, count, begin, base, pauses, due).lines()

    def add_many(self, starts, amount, unit="working_day", rule=None):
        """Due moments of many starts with one limit.

        :param starts: sequence of aware datetimes or of whole UTC seconds; the
            result has the same kind, in the same order. Seconds are the fast way.
        """
        rule = _rule_with_unit(rule, unit)
        count = self._amount(amount, unit)
        starts = list(starts)
        if not starts:
            return []
        plain = isinstance(starts[0], int)
        epochs = starts if plain else [_epoch(start, "The start") for start in starts]
        if unit == "working_hour" and rule.cutoff_second is None:
            dues = self._hours_many(epochs, count)
        elif unit == "same_day" or (
            unit != "working_hour" and isinstance(count, int) and count
        ):
            dues = self._days_many(epochs, count, rule)
        else:
            dues = [self._limit(epoch, count, rule) for epoch in epochs]
        return dues if plain else [self._moment(due) for due in dues]

    def elapsed_many(self, pairs, unit="working_hour"):
        """:meth:`elapsed` of many pairs ``(start, end)``, which may be UTC seconds."""
        _choice(unit, UNITS[:-1], "The unit of elapsed time")
        pairs = list(pairs)
        if not pairs:
            return []
        if not isinstance(pairs[0][0], int) or not isinstance(pairs[0][1], int):
            pairs = [
                (_epoch(start, "The start"), _epoch(end, "The end"))
                for start, end in pairs
            ]
        self._cover(min(map(min, pairs)))
        line = self._cover(max(map(max, pairs)))
        if unit == "working_hour":
            return self._hours_between(line, pairs)
        if unit == "working_day":
            midnights, before = line.midnights, line.before
            return [
                before[bisect_right(midnights, end)]
                - before[bisect_right(midnights, start)]
                for start, end in pairs
            ]
        if unit == "calendar_day":
            midnights = line.midnights
            return [
                bisect_right(midnights, end) - bisect_right(midnights, start)
                for start, end in pairs
            ]
        return [
            _full_months(line.ordinal(start), line.ordinal(end)) for start, end in pairs
        ]

    def before_many(self, moments, hours):
        """Moments that lie working hours before others, e.g. to warn in time.

        :param moments: whole UTC seconds
        :param hours: one number of working hours for each moment, not negative
        """
        return [
            self._earlier(epoch, round(amount * HOUR))
            for epoch, amount in zip(moments, hours, strict=True)
        ]

    # ------------------------------------------------------------------
    # Timeline
    # ------------------------------------------------------------------
    def _moment(self, epoch):
        return datetime.fromtimestamp(epoch, self._days.tz)

    def _cover(self, epoch, days=-1, seconds=-1):
        """Timeline over a moment, ``days`` working days and ``seconds`` after it."""
        line = self._line
        while True:
            first, last = line.years
            if epoch < line.low or epoch >= line.high:
                try:
                    year = datetime.fromtimestamp(epoch, self._days.tz).year
                except (ValueError, OverflowError, OSError) as error:
                    raise ValueError(
                        f"The moment {epoch} lies outside the years {FIRST_YEAR} to "
                        f"{LAST_YEAR}."
                    ) from error
                if not FIRST_YEAR < year < LAST_YEAR:
                    raise ValueError(
                        f"The year {year} lies outside the years {FIRST_YEAR} to "
                        f"{LAST_YEAR}."
                    )
                first, last = min(first, year - 1), max(last, year + 1)
            else:
                offset = bisect_right(line.midnights, epoch)
                ahead = len(line.ordinals) - line.before[offset]
                left = line.cum[-1] - line.worked(epoch)
                if ahead > days and left > seconds:
                    return line
                if last >= LAST_YEAR:
                    raise ValueError(_TOO_FAR)
                last = min(LAST_YEAR, last + max(1, last - first))
            # Built anew and put in place at once: other threads see the old or the
            # new one, never half of it.
            line = self._line = _Timeline(self._days, first, last)

    def _later(self, epoch, seconds):
        if not seconds:
            return epoch
        line = self._cover(epoch, seconds=seconds)
        return line.at(line.worked(epoch) + seconds)

    def _earlier(self, epoch, seconds):
        if not seconds:
            return epoch
        line = self._cover(epoch)
        while (total := line.worked(epoch) - seconds) < 0:
            line = self._cover(line.low - DAY)
        return line.at(total)

    def _paused(self, start, end):
        """Office seconds between two moments."""
        self._cover(start)
        line = self._cover(end)
        return line.worked(end) - line.worked(start)

    # ------------------------------------------------------------------
    # Limits
    # ------------------------------------------------------------------
    @staticmethod
    def _amount(amount, unit):
        """Seconds of hours; whole days or months as int; other days as float.

        :raises ValueError: for what is not a time limit.
        """
        _choice(unit, UNITS, "The unit of a time limit")
        if unit == "same_day" and not amount:
            return 0
        try:
            value = float(amount)
        except (TypeError, ValueError, OverflowError) as error:
            raise ValueError(
                f"A time limit must be a number, not {amount!r}."
            ) from error
        if isinstance(amount, (bool, str)) or not isfinite(value):
            raise ValueError(f"A time limit must be a number, not {amount!r}.")
        if value < 0:
            raise ValueError(f"A time limit cannot be negative: {amount}.")
        if unit == "working_hour":
            return round(value * HOUR)
        whole = abs(value - round(value)) < 1e-9
        if unit == "same_day" and not (whole and round(value) <= 1):
            raise ValueError(f"A limit of the same day takes no amount, not {amount}.")
        if whole:
            return round(value)
        if unit != "working_day":
            raise ValueError(
                f"A time limit in {unit} must be a whole number, not {amount}."
            )
        return value

    def _stops(self, start, stops, kind, until):
        """Stops as seconds, sorted, cut to ``start``, without overlaps."""
        found = []
        for stop in stops:
            begin, end, own = Stop(*stop)
            begin = _epoch(begin, "The start of a stop")
            end = until if end is None else end
            if end is None:
                continue
            end = _epoch(end, "The end of a stop")
            if end < begin:
                raise ValueError(
                    f"A stop of the clock ends ({self._moment(end):%d/%m/%Y %H:%M}) "
                    f"before it starts ({self._moment(begin):%d/%m/%Y %H:%M})."
                )
            _choice(own or kind, SUPPLEMENTS, "The kind of a stop")
            found.append((begin, end, own or kind))
        last = start
        for begin, end, own in sorted(found):
            begin = max(begin, last)
            if end > begin:
                last = end
                yield begin, end, own

    def _resolve(self, start, count, rule, stops, until):
        """Due second, the start it is counted from and the pauses that count.

        One stop after the other, because a stop after the due moment is void.
        """
        base, pauses = start, []
        due = self._limit(base, count, rule)
        for begin, end, kind in self._stops(start, stops, rule.supplement, until):
            if begin >= due:
                break
            if kind == "restart":
                base, pauses = end, []
            else:
                pauses.append((begin, end))
            due = self._limit(base, count, rule, pauses)
        return due, base, pauses

    def _limit(self, start, count, rule, pauses=()):
        """Due second of a limit; all pauses given are taken out."""
        start = self._deemed(start, rule)
        pauses = [(max(a, start), b) for a, b in pauses if b > start]
        if rule.unit == "working_hour":
            return self._exact(start, count, pauses)
        if not count and rule.unit == "working_day":
            return self._exact(start, 0, pauses)
        if isinstance(count, float):
            due = self._fraction(start, count, rule)
            return self._later(due, sum(self._paused(a, b) for a, b in pauses))
        ordinal, place = self._last_day(start, count, rule)
        for begin, end in pauses:
            ordinal, place = self._after_pause(ordinal, place, begin, end, rule)
        return self._settle(ordinal, self._final(place, rule), rule)

    def _exact(self, start, seconds, pauses=()):
        due = self._later(start, seconds + sum(self._paused(a, b) for a, b in pauses))
        return due if seconds else self._cover(due, days=1).snap(due)

    def _deemed(self, start, rule):
        """Rule C: after the cut-off or on a rest day, the next opening."""
        if rule.cutoff_mode != "next_day":
            return start
        line = self._cover(start, days=1)
        ordinal = line.ordinal(start)
        if line.is_working(ordinal) and (
            start <= self._days.epoch(ordinal, rule.cutoff_second)
        ):
            return start
        return line.opens[line.before[ordinal - line.base + 1]]

    def _last_day(self, start, count, rule):
        """Ordinal of the last day before R3, and the place of the due time in it."""
        if rule.unit == "same_day":
            return self._same_day(start, rule)
        line = self._cover(start, days=count + 1 if rule.unit == "working_day" else 1)
        ordinal = line.ordinal(start)
        place = self._place(line, ordinal, start, rule)
        if rule.unit == "calendar_day":
            return ordinal + max(count - rule.first_day_counted, 0), place
        if rule.unit == "month":
            if count and rule.first_day_counted:
                ordinal -= 1
            return _add_months(ordinal, count), place
        offset = ordinal - line.base
        index = line.before[offset + 1]
        if rule.first_day_counted and line.is_working(ordinal):
            index -= start < line.closes[index - 1]
        return line.ordinals[index + count - 1], place

    def _same_day(self, start, rule):
        """Rules A and B: today, or the next working day after the cut-off."""
        line = self._cover(start, days=1)
        ordinal = line.ordinal(start)
        index = line.before[ordinal - line.base]
        if line.is_working(ordinal):
            latest = line.closes[index]
            if rule.cutoff_second is not None:
                latest = min(latest, self._days.epoch(ordinal, rule.cutoff_second))
            if start <= latest:
                return ordinal, _CLOSE
            index += 1
        place = _OPEN if rule.cutoff_mode == "transfer" else _CLOSE
        return line.ordinals[index], place

    def _place(self, line, ordinal, start, rule):
        """Second of the day for the due time: see "Same clock time" above."""
        if rule.clock == "end_of_day":
            return _CLOSE
        if rule.unit != "working_day":
            return self._days.second(start)
        if not line.is_working(ordinal):
            return _CLOSE
        index = line.before[ordinal - line.base]
        if start >= line.closes[index]:
            return _CLOSE
        return self._days.second(line.inside(index, start))

    def _settle(self, ordinal, place, rule):
        """Due second on the last day, moved on by R3."""
        if ordinal >= _LAST_ORDINAL:
            raise ValueError(_TOO_FAR)
        line = self._cover(self._days.epoch(ordinal, 0), days=1)
        if not line.is_working(ordinal):
            if rule.unit in ("calendar_day", "month") and not rule.rest_day_moves:
                return self._days.epoch(ordinal, min(place, DAY - 1))
            return line.closes[line.before[ordinal - line.base + 1]]
        index = line.before[ordinal - line.base]
        if place == _OPEN:
            return line.opens[index]
        if place == _CLOSE:
            return line.closes[index]
        return line.inside(index, self._days.epoch(ordinal, place))

    @staticmethod
    def _final(place, rule):
        """The clock rule, applied once after all pauses: nothing adds up."""
        return _CLOSE if place >= 0 and rule.clock == "end_of_day" else place

    def _after_pause(self, ordinal, place, begin, end, rule):
        """Last day and place after one pause, never before the pause has ended."""
        if rule.pause_counting == "day":
            ordinal = self._later_day(ordinal, begin, end, rule)
        else:
            ordinal, place = self._later_minute(ordinal, place, begin, end, rule)
        if self._settle(ordinal, self._final(place, rule), rule) <= end:
            line = self._cover(end, days=1)
            ordinal = line.ordinals[line.before[line.ordinal(end) - line.base + 1]]
        return ordinal, place

    def _later_day(self, ordinal, begin, end, rule):
        """Last day when a pause takes out whole days.

        The day of asking is still counted, the day of completion is not: as with an
        acceptance, counting goes on the next day (R2).
        """
        self._cover(begin)
        line = self._cover(end)
        first, last = line.ordinal(begin), line.ordinal(end)
        if rule.unit in ("calendar_day", "month"):
            return ordinal + last - first
        days = line.before[last + 1 - line.base] - line.before[first + 1 - line.base]
        line = self._cover(self._days.epoch(ordinal, 0), days=days + 1)
        return line.ordinals[line.before[ordinal - line.base] + days]

    def _later_minute(self, ordinal, place, begin, end, rule):
        """Last day and second of it when a pause takes out the exact time."""
        if rule.unit in ("calendar_day", "month"):
            raw = self._days.epoch(ordinal, min(place, DAY - 1)) + end - begin
            return self._days.ordinal(raw), self._days.second(raw)
        paused = self._paused(begin, end)
        if not paused:
            return ordinal, place
        raw = self._later(self._settle(ordinal, place, rule), paused)
        # The second before, since an office may close at 24:00.
        return self._days.ordinal(raw - 1), self._days.second(raw - 1) + 1

    def _fraction(self, start, count, rule):
        """Whole days first, then the rest as hours, never past the next whole day."""
        days = int(count)
        begin = start
        if days:
            begin = self._settle(*self._last_day(start, days, rule), rule)
        seconds = round((count - days) * self.snapshot.hours_per_day * HOUR)
        next_day = self._settle(*self._last_day(start, days + 1, rule), rule)
        return min(self._later(begin, seconds), next_day)

    # ------------------------------------------------------------------
    # Batches
    # ------------------------------------------------------------------
    def _hours_many(self, epochs, seconds):
        if not seconds:
            return [self._exact(epoch, 0) for epoch in epochs]
        self._cover(min(epochs))
        line = self._cover(max(epochs), seconds=seconds)
        starts, ends, cum = line.starts, line.ends, line.cum
        dues = []
        for epoch in epochs:
            i = bisect_right(starts, epoch) - 1
            if i < 0:
                total = seconds
            else:
                end = ends[i]
                total = cum[i] + (epoch if epoch < end else end) - starts[i] + seconds
                if total <= cum[i + 1]:  # still inside the same interval
                    dues.append(starts[i] + total - cum[i])
                    continue
            i = bisect_left(cum, total, max(i, 0)) - 1
            dues.append(starts[i] + total - cum[i])
        return dues

    @staticmethod
    def _hours_between(line, pairs):
        starts, ends, cum = line.starts, line.ends, line.cum
        if not starts:
            return [0.0] * len(pairs)

        def worked(epoch):  # as _Timeline.worked, which is half as fast
            i = bisect_right(starts, epoch) - 1
            if i < 0:
                return 0
            end = ends[i]
            return cum[i] + (end if epoch > end else epoch) - starts[i]

        return [(worked(end) - worked(start)) / HOUR for start, end in pairs]

    def _days_many(self, epochs, count, rule):
        """Starts of one local day share their last day: compute it once for each.

        With the end of the day as due time, the closing hour and the cut-off are the
        only moments of a day at which the answer changes.
        """
        self._cover(min(epochs))
        line = self._cover(max(epochs), days=1)
        if rule.clock == "same_time" and rule.unit != "same_day":
            return self._same_time_many(line, epochs, count, rule)
        midnights = line.midnights
        early, late, turns = {}, {}, {}
        dues = []
        for epoch in epochs:
            offset = bisect_right(midnights, epoch)
            turn = turns.get(offset)
            if turn is None:
                turn, early[offset], late[offset] = self._day_turn(
                    line, offset - 1, count, rule
                )
                turns[offset] = turn
            dues.append(early[offset] if epoch <= turn else late[offset])
        return dues

    def _day_turn(self, line, offset, count, rule):
        """Moment of a day up to which the answer is one and after which another."""
        midnight, last = line.midnights[offset], line.midnights[offset + 1] - 1
        ordinal = line.base + offset
        turn = last
        if line.is_working(ordinal):
            index = line.before[offset]
            if rule.unit == "same_day":
                turn = line.closes[index]
            elif rule.unit == "working_day" and rule.first_day_counted:
                turn = line.closes[index] - 1
            if rule.cutoff_second is not None:
                turn = min(turn, self._days.epoch(ordinal, rule.cutoff_second))
        return turn, self._limit(midnight, count, rule), self._limit(last, count, rule)

    def _same_time_many(self, line, epochs, count, rule):
        if rule.cutoff_mode != "none":
            return [self._limit(epoch, count, rule) for epoch in epochs]
        if rule.unit != "working_day":
            return self._same_time_calendar(line, epochs, count, rule)
        line = self._cover(max(epochs), days=count + 1)
        midnights, before, closes = line.midnights, line.before, line.closes
        opens, first, ends = line.opens, line.first, line.ends
        starts, ordinals = line.starts, line.ordinals
        last = len(midnights) - 1
        base = line.base
        dues = []
        for epoch in epochs:
            offset = bisect_right(midnights, epoch)
            index = before[offset]  # working days up to and including this one
            due = index + count - 1
            today = index - 1
            if index == before[offset - 1] or epoch >= closes[today]:
                dues.append(closes[due])
                continue
            if epoch < opens[today]:
                epoch = opens[today]
            else:
                i = bisect_left(ends, epoch, first[today], first[index])
                if epoch < starts[i]:
                    epoch = starts[i]
            target = ordinals[due] - base
            if (
                midnights[offset] - midnights[offset - 1] != DAY
                or midnights[min(target + 1, last)] - midnights[target] != DAY
            ):  # the clocks change on one of the two days
                dues.append(self._limit(epoch, count, rule))
                continue
            moment = epoch - midnights[offset - 1] + midnights[target]
            i = bisect_left(ends, moment, first[due], first[due + 1])
            if i == first[due + 1]:
                moment = closes[due]
            elif moment < starts[i]:
                moment = starts[i]
            dues.append(moment)
        return dues

    def _same_time_calendar(self, line, epochs, count, rule):
        """Calendar days and months: the starts of one day share their last day."""
        last_days = {}
        dues = []
        for epoch in epochs:
            offset = bisect_right(line.midnights, epoch)
            known = last_days.get(offset)
            if known is None:
                known = self._last_day_of(line, offset - 1, count, rule)
                last_days[offset] = known
            timeline, index, midnight, fixed = known
            if fixed is None:
                fixed = self._limit(epoch, count, rule)
            elif index is not None:
                fixed = midnight + epoch - line.midnights[offset - 1]
                fixed = timeline.inside(index, fixed)
            dues.append(fixed)
        return dues

    def _last_day_of(self, line, offset, count, rule):
        """Timeline, working day and midnight of a last day, and the due second.

        The due second is None where it must be computed for each start: the clocks
        change, or a rest day does not move.
        """
        midnight = line.midnights[offset]
        ordinal, _place = self._last_day(midnight, count, rule)
        due = self._settle(ordinal, _CLOSE, rule)
        found = self._cover(self._days.epoch(ordinal, 0), days=1)
        target = ordinal - found.base
        if not found.is_working(ordinal):
            return found, None, None, due if rule.rest_day_moves else None
        begin, end = found.midnights[target], found.midnights[target + 1]
        if end - begin != DAY or line.midnights[offset + 1] - midnight != DAY:
            return found, None, None, None
        return found, found.before[target], begin, due


def _add_months(ordinal, months):
    """The corresponding day, or the last day of a month without it (BLDS Đ.148 k.3)."""
    day = date.fromordinal(ordinal)
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if year >= LAST_YEAR:
        raise ValueError(_TOO_FAR)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last)).toordinal()


def _full_months(first, last):
    if last < first:
        return -_full_months(last, first)
    one, two = date.fromordinal(first), date.fromordinal(last)
    months = (two.year - one.year) * 12 + two.month - one.month
    return months - (_add_months(first, months) > last)


class _Walk:
    """Counts a limit day by day and says why; see :meth:`WorkingTime.explain`.

    It counts by itself. Only the days after the limit is used up, which give back the
    time of pauses, are walked up to the due moment that it is told.
    """

    def __init__(self, working_time, rule, count, start, base, pauses, due):
        self.wt = working_time
        self.days = working_time._days
        self.rule = rule
        self.count = count
        self.start = start
        self.base = working_time._deemed(base, rule)
        self.restart = base if base != start else None
        self.pauses = [(max(a, self.base), b) for a, b in pauses if b > self.base]
        self.due = due
        self.in_seconds = rule.unit == "working_hour" or isinstance(count, float)
        self.result = []
        self.total = 0

    def lines(self):
        self._lead_in()
        rule, count = self.rule, self.count
        if rule.unit == "working_hour" or (rule.unit == "working_day" and not count):
            due = self._hours(self.base, count)
        elif rule.unit == "same_day":
            due = self._same_day()
        elif rule.unit in ("calendar_day", "month"):
            due = self._calendar_days()
        elif isinstance(count, float):
            due = self._fraction()
        else:
            due = self._put(self._working_days(count, self._pause_days()))
        if self.pauses and due < self.due:
            due = self._make_up()
        self.result[-1] = self.result[-1]._replace(due=self.wt._moment(due))
        return self.result

    # Lines ------------------------------------------------------------
    def _line(self, ordinal, status, reason, names=(), seconds=0):
        day = date.fromordinal(ordinal)
        line = DayLine(
            date=day,
            weekday=day.weekday(),
            status=status,
            reason=reason,
            names=tuple(name for name in names if name),
            seconds=seconds,
            paused=self._paused(ordinal),
            total=self.total,
            in_seconds=self.in_seconds,
        )
        if self.result and self.result[-1].date == day:
            self.result[-1] = line
        else:
            self.result.append(line)

    def _rest(self, ordinal, day):
        self._line(ordinal, "skipped", day.reason, day.names)

    def _paused(self, ordinal):
        day = self.days.day(ordinal) if self.pauses else None
        return sum(day.worked(a, b) for a, b in self.pauses)

    def _pause_days(self):
        """Ordinals taken out by pauses that count in whole days."""
        if self.rule.pause_counting != "day":
            return frozenset()
        return {
            ordinal
            for a, b in self.pauses
            for ordinal in range(self.days.ordinal(a) + 1, self.days.ordinal(b) + 1)
        }

    def _lead_in(self):
        """Days before the one the count starts from."""
        ordinal = self.days.ordinal(self.start)
        begin = self.days.ordinal(self.base)
        if self.restart is not None:
            while ordinal < self.days.ordinal(self.restart):
                self._line(ordinal, "skipped", "before_restart")
                ordinal += 1
        if ordinal < begin:
            self._line(ordinal, "first", "after_cutoff")
            for between in range(ordinal + 1, begin):
                self._rest(between, self.days.day(between))

    def _first(self, ordinal, day):
        reason = "first_day"
        if self.restart is not None and ordinal == self.days.ordinal(self.restart):
            reason = "restart"
        self._line(ordinal, "first", reason, day.names)

    # Units ------------------------------------------------------------
    def _hours(self, moment, need):
        """Count office seconds from a moment on; returns the moment they end."""
        ordinal = self.days.ordinal(moment)
        while True:
            day = self.days.day(ordinal)
            counted, end = 0, None
            for start, stop in self._running(day, moment):
                if stop - start >= need:
                    counted, end = counted + need, start + need
                    break
                counted, need = counted + stop - start, need - (stop - start)
            self.total += counted
            self._hours_line(ordinal, day, counted)
            if end is not None:
                return end
            ordinal += 1

    def _running(self, day, moment):
        """Pieces of the office hours in which the clock runs."""
        pieces = [(max(start, moment), end) for start, end in day.hours]
        for a, b in self.pauses:
            pieces = [
                piece
                for start, end in pieces
                for piece in ((start, min(end, a)), (max(start, b), end))
            ]
        return [(start, end) for start, end in pieces if start < end]

    def _hours_line(self, ordinal, day, counted):
        whole = sum(end - start for start, end in day.hours)
        if not day.hours:
            self._rest(ordinal, day)
        elif counted:
            status = "counted" if counted == whole else "partly"
            self._line(ordinal, status, day.reason, day.names, counted)
        elif not self.result or self.result[-1].date.toordinal() != ordinal:
            why = "paused" if self._paused(ordinal) else "outside_hours"
            self._line(ordinal, "skipped", why, day.names)

    def _working_days(self, count, paused=frozenset()):
        """Count whole working days; returns the ordinal of the last."""
        ordinal = begin = self.days.ordinal(self.base)
        done = 0
        while True:
            day = self.days.day(ordinal)
            hours = sum(end - start for start, end in day.hours)
            counts = self.rule.first_day_counted and self.base < day.close
            if ordinal == begin and not counts:
                self._first(ordinal, day)
            elif not day.hours:
                self._rest(ordinal, day)
            elif ordinal in paused:
                self._line(ordinal, "skipped", "paused", day.names)
            else:
                done += 1
                self.total += hours if self.in_seconds else 1
                self._line(ordinal, "counted", day.reason, day.names, hours)
                if done == count:
                    return ordinal
            ordinal += 1

    def _put(self, ordinal):
        """Due second on a working day: closing, or the clock time of the start."""
        day = self.days.day(ordinal)
        begin = self.days.day(self.days.ordinal(self.base))
        if self.rule.clock == "end_of_day" or self.base >= begin.close:
            return day.close
        inside = max(self.base, next(s for s, e in begin.hours if self.base <= e))
        return self._inside(day, self.days.epoch(ordinal, self.days.second(inside)))

    @staticmethod
    def _inside(day, moment):
        """The moment inside the office hours of the day."""
        for start, end in day.hours:
            if moment <= end:
                return max(moment, start)
        return day.close

    def _same_day(self):
        ordinal = self.days.ordinal(self.base)
        day = self.days.day(ordinal)
        latest = day.close
        if self.rule.cutoff_second is not None:
            latest = min(latest, self.days.epoch(ordinal, self.rule.cutoff_second))
        if day.hours and self.base <= latest:
            self._line(ordinal, "counted", "same_day", day.names)
            return day.close
        reason = day.reason
        if day.hours:
            reason = "outside_hours" if self.base > day.close else "after_cutoff"
        self._line(ordinal, "first", reason, day.names)
        while True:
            ordinal += 1
            day = self.days.day(ordinal)
            if day.hours:
                self._line(ordinal, "counted", day.reason, day.names)
                opening = self.rule.cutoff_mode == "transfer"
                return day.hours[0][0] if opening else day.close
            self._rest(ordinal, day)

    def _fraction(self):
        """Whole days, then hours, but no longer than one more whole day."""
        days = int(self.count)
        begin = self.base
        if days:
            begin = self._put(self._working_days(days))
        need = round((self.count - days) * self.wt.snapshot.hours_per_day * HOUR)
        limit = self.wt._limit(self.base, days + 1, self.rule)
        room = self.wt._paused(begin, limit)
        kept, self.pauses = self.pauses, []
        due = self._hours(begin, min(need, room))
        self.pauses = kept
        if need <= room:
            return due
        for ordinal in range(
            self.result[-1].date.toordinal() + 1, self.days.ordinal(limit) + 1
        ):
            self._hours_line(ordinal, self.days.day(ordinal), 0)
        return limit

    def _calendar_days(self):
        """Calendar days and months: every day counts, then R3 moves the last one."""
        rule = self.rule
        begin = self.days.ordinal(self.base)
        counted_first = int(rule.first_day_counted and self.count > 0)
        if rule.unit == "month":
            last = _add_months(begin - counted_first, self.count)
        else:
            last = begin + self.count - counted_first
        paused = self._pause_days()
        ordinal = begin
        while ordinal <= last:
            day = self.days.day(ordinal)
            if ordinal == begin and not counted_first:
                self._first(ordinal, day)
            elif ordinal in paused:
                self._line(ordinal, "skipped", "paused", day.names)
                last += 1
            else:
                self.total += 1
                reason = day.reason if day.hours else "calendar_day"
                self._line(ordinal, "counted", reason, day.names)
            ordinal += 1
        second = DAY - 1
        if rule.clock == "same_time":
            second = self.days.second(self.base)
        day, moment = self.days.day(last), self.days.epoch(last, second)
        if day.hours and rule.clock == "end_of_day":
            return day.close
        if day.hours:
            return self._inside(day, moment)
        if not rule.rest_day_moves or (self.pauses and not paused):
            return moment
        return self._moved(last)

    def _moved(self, ordinal):
        """R3: on to the end of the next working day."""
        while True:
            ordinal += 1
            day = self.days.day(ordinal)
            if day.hours:
                self._line(ordinal, "counted", "last_day_moved", day.names)
                return day.close
            self._rest(ordinal, day)

    def _make_up(self):
        """Days after the limit is used up, in which pauses are given back."""
        paused = self._pause_days()
        ordinal = self.result[-1].date.toordinal() + 1
        last = self.days.ordinal(self.due)
        while ordinal <= last:
            day = self.days.day(ordinal)
            if not day.hours and ordinal != last:
                self._rest(ordinal, day)
            elif ordinal in paused and ordinal != last:
                self._line(ordinal, "skipped", "paused", day.names)
            else:
                self._line(
                    ordinal,
                    "counted",
                    "pause_made_up",
                    day.names,
                    day.worked(self.days.epoch(ordinal, 0), self.due),
                )
            ordinal += 1
        return self.due
