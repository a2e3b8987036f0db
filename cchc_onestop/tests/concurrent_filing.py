"""Run by test_concurrency.py in two processes at once: each files into new folders.

Arguments: the options of Odoo, ``--``, then JSON with ``agency``, ``department``,
``months`` (one folder each) and ``meeting`` (number under which the processes wait for
each other). Prints as JSON the folders that it filed into.
"""

import json
import sys

from meeting import Meeting

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


def main():
    split = sys.argv.index("--")
    job = json.loads(sys.argv[split + 1])
    config.parse_config(sys.argv[1:split], setup_logging=True)
    registry = Registry(config["db_name"][0])
    folders = []
    with registry.cursor() as watch:
        meeting = Meeting(watch, job["meeting"])
        for place, month in enumerate(job["months"]):
            meeting.wait(place)
            with registry.cursor() as cr:
                directories = api.Environment(cr, SUPERUSER_ID, {})["dms.directory"]
                directories._cchc_wait_for_turn()
                wanted = (job["agency"], 2026, job["department"], month)
                folders += directories._cchc_place([(wanted, 1)])[0].ids
    sys.stdout.write(json.dumps(folders))


if __name__ == "__main__":
    main()
