"""Run by test_concurrency.py in a process of its own: many desks accept at once.

Arguments: the options of Odoo, ``--``, then JSON with ``agency``, ``procedure``,
``desks`` and ``each``. Prints the codes that were given as JSON.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config


def accept(env, dossier_id):
    """Accept one draft, as a button of the web client does."""
    env["cchc.dossier"].browse(dossier_id).action_accept()


def desk(registry, job, number):
    """One desk: its drafts first, then each accepted in a transaction of its own."""
    context = {"allowed_company_ids": [job["agency"]], "tracking_disable": True}
    name = f"Người dân {number}"
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, context)
        partner = env["res.partner"].create({"name": name})
        drafts = env["cchc.dossier"].create(
            [
                {
                    "procedure_id": job["procedure"],
                    "company_id": job["agency"],
                    "receiving_company_id": job["agency"],
                    "applicant_name": name,
                    "partner_id": partner.id,
                }
                for _index in range(job["each"])
            ]
        )
        ids = drafts.ids
    codes = []
    for dossier_id in ids:
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, context)
            retrying(partial(accept, env, dossier_id), env)
            codes.append(env["cchc.dossier"].browse(dossier_id).name)
    return codes


def main():
    split = sys.argv.index("--")
    job = json.loads(sys.argv[split + 1])
    config.parse_config(sys.argv[1:split], setup_logging=True)
    registry = Registry(config["db_name"][0])
    with ThreadPoolExecutor(job["desks"]) as pool:
        parts = list(pool.map(partial(desk, registry, job), range(job["desks"])))
    sys.stdout.write(json.dumps([code for part in parts for code in part]))


if __name__ == "__main__":
    main()
