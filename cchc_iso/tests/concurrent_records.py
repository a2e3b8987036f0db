"""Run by test_record_kill.py in a process of its own: several workers record at once.

Arguments: the options of Odoo, ``--``, then JSON with ``workers`` and ``batch``.
Prints ``true`` when all have ended.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


def work(registry, batch):
    """Record what is ready, as the scheduled action does."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["cchc.iso.record"]._cron_record(batch=batch)


def main():
    """Let the workers go at the same time."""
    split = sys.argv.index("--")
    config.parse_config(sys.argv[1:split], setup_logging=True)
    job = json.loads(sys.argv[split + 1])
    registry = Registry(config["db_name"][0])
    with ThreadPoolExecutor(job["workers"]) as pool:
        list(pool.map(lambda _n: work(registry, job["batch"]), range(job["workers"])))
    sys.stdout.write("true")


if __name__ == "__main__":
    main()
