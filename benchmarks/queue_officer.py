"""Run by bench_queue.py in a process of its own: one officer who calls number after
number.

Arguments: the options of Odoo, ``--``, then JSON with what to do (``ours``, ``bare``),
agency, counter, number of calls and the moment at which all officers begin. Prints the
seconds it took and the tickets that were called as JSON.
"""

import json
import sys
import time
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config


def _officer(what, company, counter, calls, begin):
    registry = Registry(config["db_name"][0])
    step = _call if what == "ours" else _take_bare
    with registry.cursor() as cr:
        step_env = api.Environment(cr, SUPERUSER_ID, {"allowed_company_ids": [company]})
        step_env["cchc.counter"].browse(counter).name  # noqa: B018 (warms up)
    time.sleep(max(begin - time.time(), 0))
    start = time.perf_counter()
    tickets = [step(registry, company, counter) for _each in range(calls)]
    return {"seconds": time.perf_counter() - start, "tickets": tickets}


def _call(registry, company, counter):
    """End who was called before, call the next, commit."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {"allowed_company_ids": [company]})

        def call():
            place = env["cchc.counter"].browse(counter)
            if current := place._current():
                current.action_start()
            return place.action_call_next()

        return retrying(call, env)


def _take_bare(registry, company, counter):
    """Take the next row by one statement, commit; repeated when refused."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})

        def take():
            cr.execute(
                """
                UPDATE cchc_queue_ticket SET state = 'done', ended_at = %s
                 WHERE id = (SELECT id FROM cchc_queue_ticket
                              WHERE company_id = %s AND state = 'waiting'
                                AND day >= %s
                              ORDER BY rank_at, id
                              LIMIT 1
                                FOR NO KEY UPDATE SKIP LOCKED)
                RETURNING id
                """,
                (
                    fields.Datetime.now(),
                    company,
                    fields.Date.today() - timedelta(days=1),
                ),
            )
            return cr.fetchone()[0]

        return retrying(take, env)


if __name__ == "__main__":
    split = sys.argv.index("--")
    config.parse_config(sys.argv[1:split], setup_logging=True)
    sys.stdout.write(json.dumps(_officer(*json.loads(sys.argv[split + 1]))))
