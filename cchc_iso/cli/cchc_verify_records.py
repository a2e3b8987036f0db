import argparse
import json
import sys
import zipfile
from pathlib import Path

import odoo.cli
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


class CchcVerifyRecords(odoo.cli.Command):
    """Check the chains of all process records and name what was touched."""

    name = "cchc_verify_records"

    def run(self, cmdargs):
        parser = argparse.ArgumentParser(
            prog=f"{Path(sys.argv[0]).name} {self.name}", description=self.__doc__
        )
        parser.add_argument("-c", "--config", help="configuration file of Odoo")
        parser.add_argument("-d", "--database", required=True)
        parser.add_argument(
            "--against",
            type=Path,
            help="package of records exported earlier (zip, or its manifest.json): "
            "the chains must still hold the hashes that they held then",
        )
        args = parser.parse_args(cmdargs)
        try:
            anchors = read_anchors(args.against) if args.against else {}
        except (OSError, ValueError, KeyError) as error:
            parser.error(f"{args.against} is no package of process records: {error}")
        config.parse_config(
            (["-c", args.config] if args.config else []) + ["-d", args.database],
            setup_logging=True,
        )
        with Registry(args.database).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            unknown = records_unknown(env, anchors)
            if unknown:
                parser.error(
                    f"{args.against} holds records of {', '.join(unknown)}, which this "
                    "database does not have"
                )
            records = env["cchc.iso.record"]
            problems = records._verify(anchors)
            sentences = records._problem_sentences(problems)
            count = records.search_count([])
        for sentence in sentences:
            sys.stdout.write(f"{sentence}\n")
        if not sentences:
            sys.stdout.write(f"All {count} process records are whole.\n")
        sys.exit(1 if sentences else 0)


def records_unknown(env, anchors):
    """Return the codes of agencies that a package names and the database lacks."""
    codes = {
        company.cchc_unit_code or str(company.id)
        for company in env["res.company"].search([])
    }
    return sorted({code for code, _year in anchors} - codes)


def read_anchors(path):
    """Return the chains that a package holds.

    :return: ``{(agency code, year): hashes of the records 1, 2, 3, …}``
    """
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as package:
            manifest = json.loads(package.read("manifest.json"))
    else:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    return {
        (chain["agency_code"], chain["year"]): chain["hashes"]
        for chain in manifest["chains"]
    }
