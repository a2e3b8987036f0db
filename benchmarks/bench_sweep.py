"""The alert sweep: 1,000 dossiers newly overdue among 100,000 open ones.

Beside it a bare SQL query that finds the same dossiers through an index; and the same
sweep with five times as many closed dossiers, which must not cost more.
"""

import statistics
from datetime import timedelta

from common import SETTINGS, environment, row, say, timed, volume

from odoo import fields


def run(env):
    """Return the rows of the table of results."""
    few = SETTINGS.volume(1_000_000, 10_000)
    many = SETTINGS.volume(5_000_000, 20_000)
    opened = SETTINGS.volume(100_000, 1_000)
    count = SETTINGS.volume(1_000, 50)
    names = [volume(few, opened), volume(many, opened)]
    for name in names:
        _measure(name, min(count, 50))  # warm
    times = ([], [])
    bare = []
    for _repeat in range(SETTINGS.volume(5, 2)):
        for index, name in enumerate(names):
            seconds, query, given = _measure(name, count)
            times[index].append(seconds)
            bare.append(query)
            say(f"{name}: {seconds:.2f} s, {given} alerts")
    small, large = map(statistics.median, times)
    query = statistics.median(bare)
    return [
        row(
            f"alert sweep, {count:,} newly due of {opened:,} open, {few:,} dossiers",
            small,
            query,
            "s",
            small / query,
            "≤ 2 s",
            small <= 2,
            f"{given} alerts with activities; beside it a bare indexed query",
        ),
        row(
            f"alert sweep at {many:,} dossiers, beside {few:,}",
            large,
            small,
            "s",
            large / small,
            "≤ 1.1",
            large <= 1.1 * small,
            "as many open and newly due ones; medians of five in turns",
        ),
    ]


def _measure(name, count):
    """Let dossiers fall due and sweep.

    :return: seconds of the sweep and of a bare query, number of alerts given
    """
    with environment(name) as env:
        now = fields.Datetime.now()
        env.cr.execute("SELECT coalesce(max(id), 0) FROM cchc_alert")
        last = env.cr.fetchone()[0]
        ids = _let_fall_due(env, count, now - timedelta(minutes=1))
        query, _result = timed(
            env.cr.execute,
            "SELECT id FROM cchc_dossier WHERE overdue_from < %s AND late_at IS NULL",
            (now,),
        )
        found = {row_[0] for row_ in env.cr.fetchall()}
        seconds, _result = timed(env["cchc.alert"]._cron_sweep)
        env.cr.commit()
        env.cr.execute(
            "SELECT count(*), array_agg(DISTINCT dossier_id) FROM cchc_alert "
            "WHERE id > %s AND kind = 'overdue'",
            (last,),
        )
        given, told = env.cr.fetchone()
    if not set(ids) <= found or set(ids) != set(told or ()):
        raise ValueError(
            f"{len(ids)} dossiers fell due, {len(found)} found, {len(told or ())} told"
        )
    return seconds, query, given


def _let_fall_due(env, count, moment):
    """Move the due date of open dossiers to just now, as time would."""
    env.cr.execute(
        """
        UPDATE cchc_dossier
           SET due_at = %(at)s, overdue_from = %(at)s, unextended_due_at = %(at)s,
               first_due_at = %(at)s, alert_next_at = %(at)s
         WHERE id IN (
                SELECT id FROM cchc_dossier
                 WHERE is_open IS TRUE AND state = 'processing' AND late_at IS NULL
                   AND alert_next_at > %(at)s
                 ORDER BY id LIMIT %(count)s)
     RETURNING id
        """,
        {"at": moment, "count": count},
    )
    ids = [row_[0] for row_ in env.cr.fetchall()]
    env.cr.commit()
    return ids
