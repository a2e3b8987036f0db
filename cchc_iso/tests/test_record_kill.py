"""The writer of records is killed in the middle, and two of them run at once."""

from pathlib import Path
from uuid import uuid4

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged

from odoo.addons.cchc_onestop.tests.common_process import run_apart
from odoo.addons.cchc_onestop.tests.killed_process import kill_in_batch

DOSSIERS, BATCH = 24, 4
#: Records in batches; says so before it commits each of them.
SCRIPT = f"""
import time
while env["cchc.iso.record"]._record_batch({BATCH}):
    print("batch done, not committed", flush=True)
    time.sleep(0.3)
    env.cr.commit()
"""


@tagged("post_install", "-at_install", "cchc_concurrency")
class TestRecordKilled(BaseCase):
    """Real processes and threads with their own connections."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # what is committed is removed by SQL at the end; another run needs other names
        run = uuid4().int % 10**5
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            company = env["res.company"].create(
                {
                    "name": f"UBND xã Hồ Sơ {run}",
                    "cchc_unit_code": f"H98.{run % 100:02}",
                    "resource_calendar_id": env.ref(
                        "cchc_onestop.resource_calendar_office"
                    ).id,
                }
            )
            sector = env["cchc.sector"].create({"name": f"Lĩnh vực hồ sơ {run}"})
            procedure = env["cchc.procedure"].create(
                {
                    "code": f"8.8{run:05}",
                    "name": f"Hồ sơ {run}",
                    "sector_id": sector.id,
                }
            )
            version = env["cchc.procedure.version"].create(
                {
                    "procedure_id": procedure.id,
                    "name": procedure.name,
                    "valid_from": "2024-01-01",
                    "channel_ids": [
                        Command.create(
                            {
                                "channel": "counter",
                                "time_limit_ids": [
                                    Command.create({"amount": 3, "unit": "working_day"})
                                ],
                            }
                        )
                    ],
                }
            )
            version.action_publish()
            self._ended(env, company, procedure)
            self.company = company.id
        self.addCleanup(self._clean)

    def _ended(self, env, company, procedure):
        """Accept dossiers and end them."""
        dossiers = (
            env["cchc.dossier"]
            .with_company(company)
            .create(
                [
                    {
                        "procedure_id": procedure.id,
                        "company_id": company.id,
                        "receiving_company_id": company.id,
                        "applicant_name": f"Người {number}",
                    }
                    for number in range(DOSSIERS)
                ]
            )
        )
        dossiers.action_accept()
        dossiers._end("void", "Nhập nhầm", dossiers._no_step())
        # before whatever else waits in this database
        env.cr.execute(
            "UPDATE cchc_iso_record_queue SET ready_at = '2000-01-01' "
            "WHERE dossier_id = ANY(%s)",
            (dossiers.ids,),
        )

    def _clean(self):
        """Remove by SQL what was committed: the ORM rightly refuses."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT id FROM cchc_dossier WHERE company_id = %s", (self.company,)
            )
            ids = [row[0] for row in cr.fetchall()]
            for table in ("cchc_iso_record", "cchc_iso_record_queue"):
                cr.execute(f"DELETE FROM {table} WHERE dossier_id = ANY(%s)", (ids,))
            cr.execute(
                "DELETE FROM cchc_iso_record_chain WHERE company_id = %s",
                (self.company,),
            )
            cr.execute(
                "DELETE FROM cchc_iso_record_check WHERE company_id = %s",
                (self.company,),
            )
            cr.execute(
                "UPDATE cchc_dossier SET current_step_id = NULL WHERE id = ANY(%s)",
                (ids,),
            )
            for table in ("paper", "event", "step", "document", "fee", "pause"):
                cr.execute(
                    f"DELETE FROM cchc_dossier_{table} WHERE dossier_id = ANY(%s)",
                    (ids,),
                )
            cr.execute("DELETE FROM cchc_dossier WHERE id = ANY(%s)", (ids,))
            cr.execute(
                "DELETE FROM cchc_number WHERE series LIKE %s OR series LIKE %s",
                (f"dossier/{self.company}", f"paper/%/{self.company}"),
            )

    def _numbers(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT number, dossier_id FROM cchc_iso_record WHERE company_id = %s "
                "ORDER BY number",
                (self.company,),
            )
            return cr.fetchall()

    def _check_all_recorded_once(self):
        rows = self._numbers()
        self.assertEqual([row[0] for row in rows], list(range(1, DOSSIERS + 1)))
        self.assertEqual(len({row[1] for row in rows}), DOSSIERS)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            problems = env["cchc.iso.record"]._verify(company_ids=[self.company])
            self.assertEqual(problems, [])
            cr.execute(
                "SELECT count(*) FROM cchc_iso_record_queue queue "
                "JOIN cchc_dossier dossier ON dossier.id = queue.dossier_id "
                "WHERE dossier.company_id = %s",
                (self.company,),
            )
            self.assertEqual(cr.fetchone()[0], 0)

    def test_killed_in_the_middle_nothing_is_lost_or_written_twice(self):
        kill_in_batch(self, SCRIPT, 3)
        self.assertEqual(len(self._numbers()), 2 * BATCH)
        self._record_the_rest()
        self._check_all_recorded_once()

    def test_workers_at_the_same_time(self):
        script = Path(__file__).parent / "concurrent_records.py"
        self.assertTrue(run_apart(script, {"workers": 3, "batch": BATCH}))
        self._record_the_rest()
        self._check_all_recorded_once()

    def _record_the_rest(self):
        """Record over a connection of its own what the others gave way for."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["cchc.iso.record"]._cron_record(batch=BATCH)
