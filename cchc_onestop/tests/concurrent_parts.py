"""Run by test_concurrency.py in two processes at once: each ends a part of every group.

Arguments: the options of Odoo, ``--``, then JSON with ``agency``, ``lines`` (one part
of each group) and ``meeting`` (number under which the processes wait for each other).
Prints as JSON how often each part was tried.
"""

import json
import sys
import time
from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config

#: Seconds after which the other process is given up.
PATIENCE = 120


class Meeting:
    """A place where two processes wait for each other, by locks of the database.

    The locks are kept until the process ends, so none can miss the other.
    """

    def __init__(self, cr, number):
        self._cr, self._number = cr, number

    def wait(self, place):
        """Return once both processes have come to ``place``."""
        key = (self._number, place)
        self._cr.execute("SELECT pg_advisory_lock_shared(%s, %s)", key)
        end = time.monotonic() + PATIENCE
        while True:
            self._cr.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' "
                "AND classid = %s AND objid = %s AND granted",
                key,
            )
            if self._cr.fetchone()[0] == 2:
                return
            if time.monotonic() > end:
                raise TimeoutError(place)
            time.sleep(0.01)


def settle(env, line_id, tries):
    """Enter the result of a part, as the button of the web client does."""
    tries.append(line_id)
    env["cchc.bundle.line"].browse(line_id).take_external_result(False, "Đã cấp")


def main():
    split = sys.argv.index("--")
    job = json.loads(sys.argv[split + 1])
    config.parse_config(sys.argv[1:split], setup_logging=True)
    registry = Registry(config["db_name"][0])
    context = {"allowed_company_ids": [job["agency"]], "tracking_disable": True}
    counts = []
    with registry.cursor() as watch:
        meeting = Meeting(watch, job["meeting"])
        for place, line_id in enumerate(job["lines"]):
            tries = []
            with registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, context)
                # From here on this transaction sees the group as it is now.
                env["cchc.bundle.line"].browse(line_id).fetch(["state"])
                meeting.wait(place)
                retrying(partial(settle, env, line_id, tries), env)
            counts.append(len(tries))
    sys.stdout.write(json.dumps(counts))


if __name__ == "__main__":
    main()
