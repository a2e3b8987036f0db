import argparse
import sys
from pathlib import Path

import odoo.cli
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


class CchcVerify(odoo.cli.Command):
    """Check the date ledgers of all dossiers and name the first broken one."""

    name = "cchc_verify"

    def run(self, cmdargs):
        parser = argparse.ArgumentParser(
            prog=f"{Path(sys.argv[0]).name} {self.name}", description=self.__doc__
        )
        parser.add_argument("-c", "--config", help="configuration file of Odoo")
        parser.add_argument("-d", "--database", required=True)
        args = parser.parse_args(cmdargs)
        config.parse_config(
            (["-c", args.config] if args.config else []) + ["-d", args.database],
            setup_logging=True,
        )
        with Registry(args.database).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            sentence, whole = env["cchc.dossier.event"]._verify_sentence()
        sys.stdout.write(f"{sentence}\n")
        sys.exit(0 if whole else 1)
