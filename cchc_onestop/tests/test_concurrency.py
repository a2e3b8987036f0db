import json
import subprocess
import sys
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import config

SCRIPT = Path(__file__).parent / "concurrent_acceptance.py"
THREADS, EACH = 16, 50


@tagged("post_install", "-at_install", "cchc_concurrency")
class TestConcurrentAcceptance(BaseCase):
    """Sixteen desks accept fifty dossiers each over their own connections."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            self.company_id = (
                env["res.company"]
                .create(
                    {
                        "name": "UBND xã Đồng Thời",
                        "cchc_unit_code": "H99.01",
                        "resource_calendar_id": env.ref(
                            "cchc_onestop.resource_calendar_office"
                        ).id,
                    }
                )
                .id
            )
            self.procedure_id = self._new_procedure(env).id
        self.addCleanup(self._clean)

    def _new_procedure(self, env):
        sector = env["cchc.sector"].create({"name": "Lĩnh vực đồng thời"})
        procedure = env["cchc.procedure"].create(
            {"code": "9.999999", "name": "Thủ tục đồng thời", "sector_id": sector.id}
        )
        version = env["cchc.procedure.version"].create(
            {
                "procedure_id": procedure.id,
                "name": procedure.name,
                "valid_from": "2024-01-01",
                "channel_ids": [
                    (
                        0,
                        0,
                        {
                            "channel": "counter",
                            "time_limit_ids": [
                                (0, 0, {"amount": 3, "unit": "working_day"})
                            ],
                        },
                    )
                ],
            }
        )
        version.action_publish()
        return procedure

    def _clean(self):
        """Remove by SQL what was committed: the ORM rightly refuses."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT id FROM cchc_dossier WHERE company_id = %s", (self.company_id,)
            )
            ids = [row[0] for row in cr.fetchall()]
            cr.execute(
                "UPDATE cchc_dossier SET current_step_id = NULL WHERE id = ANY(%s)",
                (ids,),
            )
            for table in ("event", "step", "document", "fee"):
                cr.execute(
                    f"DELETE FROM cchc_dossier_{table} WHERE dossier_id = ANY(%s)",
                    (ids,),
                )
            cr.execute("DELETE FROM cchc_dossier WHERE id = ANY(%s)", (ids,))
            cr.execute(
                "DELETE FROM cchc_number WHERE series = %s",
                (f"dossier/{self.company_id}",),
            )
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["cchc.procedure"].browse(self.procedure_id).active = False
            env["res.company"].browse(self.company_id).active = False

    def _run(self):
        """Run the desks in a process of their own: the registry of the test runner is
        locked while tests run, so its threads could not open environments."""
        options = [
            f"--database={get_db_name()}",
            f"--addons-path={','.join(map(str, config['addons_path']))}",
            f"--data-dir={config['data_dir']}",
            "--log-level=error",
            "--no-http",
        ]
        for option in ("db_host", "db_port", "db_user", "db_password"):
            if config[option]:
                options.append(f"--{option}={config[option]}")
        job = {
            "agency": self.company_id,
            "procedure": self.procedure_id,
            "desks": THREADS,
            "each": EACH,
        }
        done = subprocess.run(
            [sys.executable, SCRIPT, *options, "--", json.dumps(job)],
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_codes_are_distinct_and_consecutive(self):
        codes = self._run()
        self.assertEqual(len(codes), THREADS * EACH)
        numbers = sorted(int(code.rsplit("-", 1)[1]) for code in codes)
        self.assertEqual(numbers, list(range(1, THREADS * EACH + 1)))
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            dossiers = env["cchc.dossier"].search(
                [("company_id", "=", self.company_id)]
            )
            self.assertEqual(len(dossiers), THREADS * EACH)
            self.assertEqual(set(dossiers.mapped("event_count")), {1})
            self.assertIsNone(env["cchc.dossier.event"]._verify(sorted(dossiers.ids)))
