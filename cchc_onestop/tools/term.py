"""Comparing time limits that are stated in different units.

A procedure is settled in hours, working days, calendar days or months, and an
agency plans its steps in working hours. To see whether a plan fits a limit, both
are measured in working hours of the agency:

- a *limit* counts with the fewest working hours that the span can contain, over
  all weekdays on which it may begin (BLDS Đ.147 k.2: the first day is not
  counted; Đ.148 k.5: a last day on a rest day moves to the next working day);
- a *promise* measured against a limit counts with the most it can contain.

Public holidays are left out on both sides: they stretch the calendar span of a
dossier and are the business of the deadline engine, not of planning.
"""

from typing import NamedTuple

WORKING_HOUR = "working_hour"
WORKING_DAY = "working_day"
CALENDAR_DAY = "calendar_day"
MONTH = "month"
SAME_DAY = "same_day"
UNITS = (WORKING_HOUR, WORKING_DAY, CALENDAR_DAY, MONTH, SAME_DAY)

MONDAY_TO_FRIDAY = frozenset(range(5))
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Term(NamedTuple):
    """A time limit: ``amount`` of ``unit``, counted by the deadline rule ``rule``."""

    amount: float
    unit: str
    rule: str | bool = False


class Limits(NamedTuple):
    """The two clocks of a dossier and where they come from.

    ``statutory`` is what the law allows, ``committed`` what the agency promises
    (the same when it promises nothing shorter); both are None when the published
    procedure states no time. ``time_limit`` and ``process`` are the records.
    """

    statutory: Term | None
    committed: Term | None
    time_limit: object
    process: object


def _span_days(amount, weekdays, pick):
    """Return ``pick`` (min or max) of the working days in ``amount`` calendar days."""
    days = int(amount)
    if days <= 0 or not weekdays:
        return 0
    counts = []
    for first in range(7):
        last = first + days - 1
        while last % 7 not in weekdays:
            last += 1
        counts.append(sum(day % 7 in weekdays for day in range(first, last + 1)))
    return pick(counts)


def _month_days(amount, pick):
    """Return ``pick`` (min or max) of the days in ``amount`` whole months."""
    months = int(amount)
    if months <= 0:
        return 0
    return pick(
        sum(_MONTH_DAYS[(first + index) % 12] for index in range(months))
        for first in range(12)
    )


def hours(term, day_hours=8.0, weekdays=MONDAY_TO_FRIDAY, longest=False):
    """Return ``term`` in working hours of an agency.

    :param term: the :class:`Term` to measure
    :param day_hours: working hours of one day of the agency
    :param weekdays: its working weekdays, Monday is 0
    :param longest: measure the most the term can contain instead of the least
    :raise ValueError: for a unit that is not one of :data:`UNITS`
    """
    pick = max if longest else min
    if term.unit == WORKING_HOUR:
        return float(term.amount)
    if term.unit == WORKING_DAY:
        return term.amount * day_hours
    if term.unit == SAME_DAY:
        return float(day_hours)
    if term.unit == CALENDAR_DAY:
        return _span_days(term.amount, weekdays, pick) * day_hours
    if term.unit == MONTH:
        days = _month_days(term.amount, pick)
        return _span_days(days, weekdays, pick) * day_hours
    raise ValueError(f"unknown unit of time: {term.unit!r}")


def fits(promise, limit, day_hours=8.0, weekdays=MONDAY_TO_FRIDAY):
    """Return whether ``promise`` is never longer than ``limit``.

    Two terms of the same unit compare by amount, others by working hours: the
    most the promise can take against the least the limit can give.
    """
    if promise.unit == limit.unit:
        return promise.unit == SAME_DAY or promise.amount <= limit.amount
    most = hours(promise, day_hours, weekdays, longest=True)
    return most <= hours(limit, day_hours, weekdays) + 1e-6


def shorten(term, rate):
    """Return ``term`` shortened by ``rate`` (0.3 takes 30 % off), never to nothing.

    Hours and working days are rounded down to halves, days to whole ones; months are
    counted in days of the shortest such months. A time within the day stays.
    """
    if term.unit == SAME_DAY or rate <= 0:
        return term
    if term.unit == MONTH:
        term = Term(_month_days(term.amount, min), CALENDAR_DAY, term.rule)
    grain = 1.0 if term.unit == CALENDAR_DAY else 0.5
    amount = int(term.amount * (1 - rate) / grain + 1e-6) * grain
    return term._replace(amount=max(amount, min(grain, term.amount)))


def share(total, weights, grain=0.25):
    """Divide ``total`` hours over ``weights``; the parts add up to exactly it.

    Parts are multiples of ``grain`` hours (of 0.01 when the total is too small for
    that); each step of some weight gets at least one grain if there is enough, and what
    the rounding leaves goes to the heaviest step.
    """
    heavy = [weight for weight in weights if weight > 0]
    if total <= 0 or not heavy:
        return [0.0] * len(weights)
    if total < grain * len(heavy) * 2:
        grain = 0.01
    units = int(total / grain + 1e-6)
    weight_sum = sum(heavy)
    least = 1 if units >= 2 * len(heavy) else 0
    parts = [
        max(least, int(units * weight / weight_sum)) if weight > 0 else 0
        for weight in weights
    ]
    biggest = max(range(len(weights)), key=lambda index: weights[index])
    rest = round(total - sum(parts) * grain, 6)
    result = [round(part * grain, 2) for part in parts]
    result[biggest] = round(result[biggest] + rest, 2)
    return result
