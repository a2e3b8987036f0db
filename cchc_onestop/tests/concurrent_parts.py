"""Run by test_concurrency.py in two processes at once: each ends a part of every group.

Arguments: the options of Odoo, ``--``, then JSON with ``agency``, ``lines`` (one part
of each group) and ``meeting`` (number under which the processes wait for each other).
Prints as JSON how often each part was tried.
"""

import json
import sys
from functools import partial

from meeting import Meeting

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config


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
