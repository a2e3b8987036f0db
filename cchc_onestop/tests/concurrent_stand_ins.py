"""Run by test_concurrency.py in a process of its own: two stand-ins named at once.

Arguments: the options of Odoo, ``--``, then JSON: a list of two dicts of values of
``cchc.substitution``. Prints for each the sentence of its refusal, or null.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

from odoo import SUPERUSER_ID, api
from odoo.exceptions import ValidationError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config


def name(registry, both_ready, vals):
    """Name one stand-in, as the web client does; both begin before either ends."""
    waits = [both_ready]

    def create(env):
        # the snapshot of the transaction begins with its first statement
        env["cchc.substitution"].search([], limit=1)
        if waits:
            waits.pop().wait(60)
        env["cchc.substitution"].create(vals)

    try:
        # a refusal leaves the cursor by an exception and is rolled back
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            retrying(partial(create, env), env)
    except ValidationError as error:
        return str(error)
    return None


def main():
    split = sys.argv.index("--")
    job = json.loads(sys.argv[split + 1])
    config.parse_config(sys.argv[1:split], setup_logging=True)
    registry = Registry(config["db_name"][0])
    with ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(partial(name, registry, Barrier(2)), job))
    sys.stdout.write(json.dumps(parts))


if __name__ == "__main__":
    main()
