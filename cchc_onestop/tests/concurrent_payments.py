"""Run by test_fee_concurrency.py in a process of its own: many desks collect at once.

Arguments: the options of Odoo, ``--``, then JSON with ``users`` (one desk each) and
``dossiers`` (ids, one list for each desk). Some payments are rolled back on purpose
after their receipt was issued. Prints what each desk got as JSON: ``[[number as
printed, sentence of a refusal], …]``.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from odoo import api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config


class Abandoned(Exception):
    """The browser went away after the receipt was issued: nothing is committed."""


def collect(env, dossier_id, abandon):
    """Pay what one dossier owes, as the buttons of the web client do."""
    payment = env["cchc.payment"].prepare(env["cchc.dossier"].browse(dossier_id))
    payment.action_pay()
    number = payment.receipt_ids.number_text
    if abandon:
        raise Abandoned
    return number


def desk(registry, agency, user_id, dossier_ids):
    """One desk: each dossier in a transaction of its own, every fifth one in vain."""
    context = {"allowed_company_ids": [agency], "tracking_disable": True}
    results = []
    for place, dossier_id in enumerate(dossier_ids):
        for abandon in (True, False) if place % 5 == 0 else (False,):
            with registry.cursor() as cr:
                env = api.Environment(cr, user_id, context)
                try:
                    number = retrying(partial(collect, env, dossier_id, abandon), env)
                    results.append([number, None])
                except UserError as error:
                    cr.rollback()
                    results.append([None, str(error)])
                except Abandoned:
                    cr.rollback()
    return results


def main():
    split = sys.argv.index("--")
    job = json.loads(sys.argv[split + 1])
    config.parse_config(sys.argv[1:split], setup_logging=True)
    registry = Registry(config["db_name"][0])
    work = partial(desk, registry, job["agency"])
    with ThreadPoolExecutor(len(job["users"])) as pool:
        results = list(pool.map(work, job["users"], job["dossiers"]))
    sys.stdout.write(json.dumps(results))


if __name__ == "__main__":
    main()
