"""Accepting dossiers, beside tickets with an SLA policy.

Both are what a desk officer sends for a known citizen: a dossier of five parts and
four steps that gets its code, both due dates, its steps and the first line of the
date ledger; a ticket that gets its number and the deadline of one policy. Each is
made by a real user and committed; one by one each has a transaction of its own.
"""

import world
from common import (
    SETTINGS,
    Request,
    calendars_as_they_come,
    environment,
    row,
    say,
    side_by_side,
)


def run(env):
    """Return the rows of the table of results."""
    name = env.cr.dbname
    env.cr.commit()
    return [_one_by_one(name), _batch(name)]


def _one_by_one(name):
    with environment(name) as env:
        found = world.find(env)
        user, draft = found.desk.id, world.draft_values(found)
        ticket = world.ticket_values(found)
    queries = {}

    def accept():
        with Request(name, user) as env:
            env["cchc.dossier"].create(draft).action_accept()
            env.cr.commit()
            queries["ours"] = env.cr.sql_log_count

    def create():
        with Request(name, user) as env, calendars_as_they_come(env.registry):
            env["helpdesk.ticket"].create(ticket)
            env.cr.commit()
            queries["peer"] = env.cr.sql_log_count

    for _warm in range(3):
        accept()
        create()
    ours, peer = side_by_side(accept, create, SETTINGS.volume(60, 5))
    say(f"queries: {queries}")
    return row(
        "accept one dossier and commit",
        1 / ours,
        1 / peer,
        "per s",
        peer / ours,
        "≥ 2",
        peer >= 2 * ours,
        f"{queries['ours']} queries, the peer {queries['peer']}",
    )


def _batch(name):
    count = SETTINGS.volume(1_000, 20)
    with environment(name) as env:
        found = world.find(env)
        user, draft = found.desk.id, world.draft_values(found)
        tickets = [world.ticket_values(found, number) for number in range(count)]
    queries = {}

    def accept():
        with Request(name, user) as env:
            env["cchc.dossier"].create([draft] * count).action_accept()
            env.cr.commit()
            queries["ours"] = env.cr.sql_log_count

    def create():
        with Request(name, user) as env, calendars_as_they_come(env.registry):
            env["helpdesk.ticket"].create(tickets)
            env.cr.commit()
            queries["peer"] = env.cr.sql_log_count

    ours, peer = side_by_side(accept, create, 1)
    say(f"queries: {queries}")
    return row(
        f"accept {count:,} dossiers in a batch and commit",
        count / ours,
        count / peer,
        "per s",
        peer / ours,
        "≥ 5",
        peer >= 5 * ours,
        f"{queries['ours'] / count:.1f} queries per dossier, the peer "
        f"{queries['peer'] / count:.1f} per ticket",
    )
