import subprocess
import sys
from uuid import uuid4

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import config

from ..tools import guard
from .common import local

#: Lets the scheduler do what waits, as a server does, and small chunks show progress.
SCRIPT = """
from odoo.addons.base.models.ir_cron import IrCron
from odoo.addons.cchc_onestop.tools import register
from odoo.sql_db import db_connect
register.CHUNK = 1
with db_connect(env.cr.dbname).cursor() as cron_cr:
    IrCron._process_jobs_loop(cron_cr, job_ids=[{cron}])
"""


@tagged("post_install", "-at_install", "cchc_concurrency")
class TestJobCron(BaseCase):
    """A background job, by its scheduled action, in a process of its own that commits.

    Everything it leaves is removed again.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self._clean)
        run = uuid4().hex[:6]
        with self.registry.cursor() as cr:
            env = self._env(cr)
            sector = env["cchc.sector"].create({"name": f"Lĩnh vực việc nền {run}"})
            procedure = env["cchc.procedure"].create(
                {
                    "code": f"8.7{int(run, 16) % 10**5:05}",
                    "name": f"Việc nền {run}",
                    "sector_id": sector.id,
                }
            )
            self.code = procedure.code
            user = env["res.users"].create(
                {
                    "name": f"Người nhận {run}",
                    "login": f"viec-nen-{run}",
                    "group_ids": [
                        Command.link(env.ref("base.group_user").id),
                        Command.link(env.ref("cchc_onestop.group_desk").id),
                    ],
                }
            )
            self.user = user.id
            moment = local("04/05/2026 09:00")
            guard.unlocked(env["cchc.dossier"]).create(
                [
                    {
                        "name": f"VN-{run}-{number}",
                        "procedure_id": procedure.id,
                        "company_id": user.company_id.id,
                        "receiving_company_id": user.company_id.id,
                        "applicant_name": f"Người dân {number}",
                        "state": "accepted",
                        "accepted_at": moment,
                    }
                    for number in range(3)
                ]
            )
            book = env(user=user)["cchc.register"].create(
                {
                    "date_from": "2026-05-04",
                    "date_to": "2026-05-04",
                    "sector_id": sector.id,
                }
            )
            self.jobs = [
                env(user=user)["cchc.job"]
                ._enqueue(name, book._name, "workbook", book._params())
                .id
                for name in ("Sổ", "Sổ không cần nữa")
            ]
            env["cchc.job"].browse(self.jobs[1]).action_cancel()
            self.cron = env.ref("cchc_onestop.cron_job").id

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def _clean(self):
        with self.registry.cursor() as cr:
            env = self._env(cr)
            user = env["res.users"].browse(self.user)
            jobs = env["cchc.job"].search([("user_id", "=", self.user)])
            jobs.attachment_id.unlink()
            guard.unlocked(jobs).unlink()
            cr.execute(
                "DELETE FROM cchc_dossier WHERE name LIKE 'VN-%%' AND procedure_id IN "
                "(SELECT id FROM cchc_procedure WHERE code = %s)",
                (self.code,),
            )
            env["cchc.register"].search([]).unlink()
            procedure = env["cchc.procedure"].search([("code", "=", self.code)])
            sector, partner = procedure.sector_id, user.partner_id
            procedure.unlink()
            sector.unlink()
            user.unlink()
            partner.unlink()

    def test_done_with_its_file(self):
        done = subprocess.run(
            [
                sys.executable,
                sys.argv[0],
                "shell",
                "--no-http",
                f"--config={config['config']}",
                f"--database={get_db_name()}",
                f"--addons-path={','.join(config['addons_path'])}",
                f"--data-dir={config['data_dir']}",
                "--log-level=warn",
            ],
            input=SCRIPT.format(cron=self.cron),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        with self.registry.cursor() as cr:
            job, cancelled = self._env(cr)["cchc.job"].browse(self.jobs)
            self.assertEqual((job.state, job.message), ("done", False), done.stderr)
            self.assertEqual((job.done, job.total), (3, 3))
            self.assertGreaterEqual(job.finished_at, job.started_at)
            self.assertTrue(job.attachment_id.raw.startswith(b"PK"))
            self.assertEqual(cancelled.state, "cancelled")
            self.assertFalse(cancelled.started_at or cancelled.attachment_id)
