"""100,000 due dates, beside Odoo's own calendar with the same hours and holidays.

Both count from the same starts over five years. Working hours must agree to the
second. In days the peer ends at noon of the last day, where its first interval ends,
and takes the day of the start for the first: it is asked from the next midnight on,
and the dates are compared.
"""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytz
from common import SETTINGS, calendars_as_they_come, row, say, timed

from odoo import Command

TZ = "Asia/Ho_Chi_Minh"
YEARS = range(2022, 2029)


def run(env):
    """Return the rows of the table of results."""
    count = SETTINGS.volume(100_000, 2_000)
    sample = SETTINGS.volume(500, 50)
    calendar = _calendar(env)
    build, working = timed(lambda: _engine(calendar))
    source = random.Random(19)
    begin = int(datetime(2023, 1, 2, tzinfo=ZoneInfo(TZ)).timestamp())
    starts = [begin + source.randrange(4 * 365 * 86400) for _each in range(count)]
    rows = []
    for name, amount, unit, peer in (
        ("working days (5)", 5, "working_day", _peer_days),
        ("working hours (16)", 16, "working_hour", _peer_hours),
    ):
        ours, dues = timed(working.add_many, starts, amount, unit)
        with calendars_as_they_come(env.registry):
            theirs, answers = timed(
                lambda peer=peer, amount=amount: [
                    peer(calendar, start, amount) for start in starts[:sample]
                ]
            )
        wrong = sum(
            not _same(due, answer, unit)
            for due, answer in zip(dues, answers, strict=False)
        )
        ours, theirs = 1e6 * ours / count, 1e6 * theirs / sample
        say(f"{name}: {wrong} of {sample} answers differ")
        rows.append(
            row(
                f"{count:,} due dates in {name}",
                ours,
                theirs,
                "µs each",
                theirs / ours,
                "≥ 1000, same answers",
                theirs >= 1000 * ours and not wrong,
                f"{wrong} of {sample} compared answers differ; the engine of a "
                f"calendar is built once, in {1000 * build:.0f} ms",
            )
        )
    return rows


def _calendar(env):
    """Office hours with a lunch break and the public holidays."""
    calendar = env["resource.calendar"].create(
        {
            "name": "Đo lường",
            "tz": TZ,
            "attendance_ids": [Command.clear()]
            + [
                Command.create(
                    {
                        "name": period,
                        "dayofweek": str(day),
                        "day_period": period,
                        "hour_from": begin,
                        "hour_to": end,
                    }
                )
                for day in range(5)
                for period, begin, end in (
                    ("morning", 7.5, 11.5),
                    ("afternoon", 13.5, 17.0),
                )
            ],
        }
    )
    zone = pytz.timezone(TZ)
    leaves = []
    for day, name in sorted(holidays.country_holidays("VN", years=YEARS).items()):
        midnight = zone.localize(datetime(day.year, day.month, day.day))
        begin = midnight.astimezone(pytz.utc).replace(tzinfo=None)
        leaves.append(
            {
                "name": name,
                "calendar_id": calendar.id,
                "date_from": begin,
                "date_to": begin + timedelta(days=1),
                "time_type": "leave",
            }
        )
    env["resource.calendar.leaves"].create(leaves)
    env.flush_all()
    return calendar


def _engine(calendar):
    working = calendar._cchc_working_time()
    # Its timeline grows with what is asked: ask for the whole range once.
    working.add_many(
        [int(datetime(year, 6, 1).timestamp()) for year in YEARS], 1, "working_day"
    )
    return working


def _utc(epoch):
    return datetime.fromtimestamp(epoch, pytz.utc)


def _peer_hours(calendar, start, amount):
    return calendar.plan_hours(amount, _utc(start), compute_leaves=True)


def _peer_days(calendar, start, amount):
    day = _utc(start).astimezone(pytz.timezone(TZ)).date() + timedelta(days=1)
    midnight = pytz.timezone(TZ).localize(datetime(day.year, day.month, day.day))
    return calendar.plan_days(amount, midnight, compute_leaves=True)


def _same(due, answer, unit):
    if unit == "working_hour":
        return due == round(answer.timestamp())
    return _local_date(due) == _local_date(answer.timestamp())


def _local_date(epoch):
    return datetime.fromtimestamp(epoch, ZoneInfo(TZ)).date()
