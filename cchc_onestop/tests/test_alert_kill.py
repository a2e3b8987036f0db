"""The sweep is killed in the middle: nothing is lost, nothing is given twice."""

from datetime import timedelta
from uuid import uuid4

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged

from .killed_process import kill_in_batch

DOSSIERS, BATCH = 30, 5
#: Sweeps in batches; says so before it commits each of them.
SCRIPT = f"""
import time
from odoo import fields
while env["cchc.alert"]._sweep_batch(fields.Datetime.now(), {BATCH}):
    print("batch done, not committed", flush=True)
    time.sleep(0.5)
    env.cr.commit()
"""


@tagged("post_install", "-at_install", "cchc_concurrency")
class TestAlertSweepKilled(BaseCase):
    """A real process with its own connection is killed by SIGKILL."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # what is committed stays (archived): another run needs other names
        run = uuid4().int % 10**5
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            self.company = (
                env["res.company"].create({"name": f"UBND xã Mất Điện {run}"}).id
            )
            self.user = (
                env["res.users"]
                .with_context(no_reset_password=True)
                .create(
                    {
                        "name": "Công chức",
                        "login": f"alert_kill_{run}",
                        "company_id": self.company,
                        "company_ids": [Command.set([self.company])],
                        "group_ids": [
                            Command.link(env.ref("cchc_onestop.group_handler").id)
                        ],
                    }
                )
                .id
            )
            sector = env["cchc.sector"].create({"name": f"Lĩnh vực mất điện {run}"})
            self.procedure = (
                env["cchc.procedure"]
                .create(
                    {
                        "code": f"8.9{run:05}",
                        "name": f"Mất điện {run}",
                        "sector_id": sector.id,
                    }
                )
                .id
            )
            self.rule = (
                env["cchc.alert.rule"]
                .create(
                    {
                        "name": "Quá hạn (mất điện)",
                        "kind": "overdue",
                        "company_id": self.company,
                        "level_ids": [Command.create({"receiver": "handler"})],
                    }
                )
                .id
            )
            self.dossiers = self._overdue_dossiers(env)
        self.addCleanup(self._clean)

    def _overdue_dossiers(self, env):
        dossiers = env["cchc.dossier"].create(
            [
                {
                    "procedure_id": self.procedure,
                    "company_id": self.company,
                    "receiving_company_id": self.company,
                    "applicant_name": f"Người dân {number}",
                }
                for number in range(DOSSIERS)
            ]
        )
        env.flush_all()
        now = fields.Datetime.now()
        env.cr.execute(
            """
            UPDATE cchc_dossier
               SET state = 'processing', is_open = TRUE, user_id = %(user)s,
                   name = 'MAT-DIEN-' || id,
                   accepted_at = %(start)s, clock_start_at = %(start)s,
                   due_at = %(due)s, overdue_from = %(due)s, alert_next_at = %(due)s
             WHERE id = ANY(%(ids)s)
            """,
            {
                "user": self.user,
                "start": now - timedelta(days=20),
                "due": now - timedelta(hours=1),
                "ids": dossiers.ids,
            },
        )
        return dossiers.ids

    def _clean(self):
        with self.registry.cursor() as cr:
            for table, column in (
                ("mail_activity", "res_model = 'cchc.dossier' AND res_id"),
                ("mail_followers", "res_model = 'cchc.dossier' AND res_id"),
                ("mail_message", "model = 'cchc.dossier' AND res_id"),
                ("cchc_alert", "dossier_id"),
                ("cchc_dossier_event", "dossier_id"),
                ("cchc_dossier", "id"),
            ):
                cr.execute(
                    f"DELETE FROM {table} WHERE {column} = ANY(%s)", (self.dossiers,)
                )
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["cchc.alert.rule"].browse(self.rule).unlink()
            env["res.users"].browse(self.user).active = False
            env["cchc.procedure"].browse(self.procedure).active = False
            env["res.company"].browse(self.company).active = False

    def _given(self):
        """Return ``{dossier id: number of alerts}`` as committed."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT dossier_id, count(*) FROM cchc_alert WHERE rule_id = %s "
                "GROUP BY dossier_id",
                (self.rule,),
            )
            return dict(cr.fetchall())

    def test_killed_between_two_batches_and_run_again(self):
        kill_in_batch(self, SCRIPT, 3)
        given = self._given()
        self.assertEqual(len(given), 2 * BATCH, "two batches were committed")
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["cchc.alert"]._cron_sweep(batch=BATCH)
        given = self._given()
        self.assertEqual(given, dict.fromkeys(self.dossiers, 1))
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            dossiers = env["cchc.dossier"].browse(self.dossiers)
            self.assertEqual(
                [len(dossier.activity_ids) for dossier in dossiers], [1] * DOSSIERS
            )
            self.assertEqual(
                [len(dossier.event_ids) for dossier in dossiers], [1] * DOSSIERS
            )
            self.assertTrue(all(dossiers.mapped("late_at")))
