"""Passing on many dossiers at once, beside one click each.

Both are made by the handler. At once: the dialog that checks each dossier, and the
confirmation that moves each in its own savepoint; one of the dossiers cannot be moved
and is named. One by one: a transaction for each, as the button of the form has.
"""

import world
from common import SETTINGS, Request, environment, row, timed


def run(env):
    """Return the rows of the table of results."""
    name = env.cr.dbname
    env.cr.commit()
    count = SETTINGS.volume(40, 4)
    with environment(name) as env:
        found = world.find(env)
        drafts = [world.draft_values(found)] * (2 * count + 1)
        dossiers = env["cchc.dossier"].with_user(found.desk).create(drafts)
        dossiers.action_accept()
        user = found.handler.id
        singles, many = dossiers.ids[:count], dossiers.ids[count:]
        # the one that cannot be moved: it waits for its owner already
        dossiers[-1].with_user(found.handler).action_pass_step()
        env.cr.commit()
    queries = {}

    def one_by_one():
        queries["single"] = 0
        for number in singles:
            with Request(name, user) as env:
                env["cchc.dossier"].browse(number).action_pass_step()
                env.cr.commit()
                queries["single"] += env.cr.sql_log_count

    def at_once():
        with Request(name, user) as env:
            bulk = env["cchc.bulk"]._prepare(
                "pass_step", env["cchc.dossier"].browse(many)
            )
            env.cr.commit()
            queries["bulk"] = env.cr.sql_log_count
        with Request(name, user) as env:
            bulk = env["cchc.bulk"].browse(bulk.id)
            bulk.action_confirm()
            env.cr.commit()
            queries["bulk"] += env.cr.sql_log_count
            return bulk.done_count, bulk.impossible_count, bulk.failed_count

    with Request(name, user) as env:
        env["cchc.dossier"].browse(singles).read(["name", "state"])
    peer, _nothing = timed(one_by_one)
    ours, counts = timed(at_once)
    return [
        row(
            f"pass on {count} dossiers at once, with a verdict for each",
            ours,
            peer,
            "s",
            ours / peer,
            "≤ 1.5, all moved but the one that cannot",
            ours <= 1.5 * peer and counts == (count, 1, 0),
            f"{counts[0]} moved, {counts[1]} refused with its reason; "
            f"{queries['bulk'] / count:.0f} queries each, one by one "
            f"{queries['single'] / count:.0f}; no network in either",
        )
    ]
