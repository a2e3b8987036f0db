"""The import is killed in the middle: nothing is lost, nothing is there twice."""

import base64
import json
from unittest.mock import patch
from uuid import uuid4

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged

from ..models import cchc_dossier_import
from .killed_process import kill_in_batch

DOSSIERS, BATCH = 30, 5
#: Imports in batches; says so before it commits each of them.
SCRIPT = """
import time
from odoo.addons.cchc_onestop.models import cchc_dossier_import
cchc_dossier_import.WRITE_BATCH = {batch}
record = env["cchc.dossier.import"].browse({record})
while record._write_batch(False, lambda done, total: None):
    print("batch done, not committed", flush=True)
    time.sleep(0.5)
    env.cr.commit()
"""


@tagged("post_install", "-at_install", "cchc_concurrency")
class TestDossierImportKilled(BaseCase):
    """A real process with its own connection is killed by SIGKILL."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # What is committed stays: another run needs other names.
        self.run = uuid4().int % 10**5
        with self._env() as env:
            self.company = (
                env["res.company"].create({"name": f"UBND xã Mất Máy {self.run}"}).id
            )
            sector = env["cchc.sector"].create({"name": f"Lĩnh vực mất máy {self.run}"})
            self.procedure = env["cchc.procedure"].create(
                {
                    "code": f"8.8{self.run:05}",
                    "name": f"Mất máy {self.run}",
                    "sector_id": sector.id,
                }
            )
            self.code, self.procedure = self.procedure.code, self.procedure.id
            self.record = self._new_import(env).id
        self.addCleanup(self._clean)

    def _env(self):
        return _Committed(self.registry)

    def _clean(self):
        with self._env() as env:
            env["cchc.dossier.import"].search(
                [("company_id", "=", self.company)]
            ).unlink()
            env["cchc.procedure"].browse(self.procedure).active = False
            env["res.company"].browse(self.company).active = False

    def _new_import(self, env):
        rows = [
            {
                "MaHoSo": f"MM-{self.run}-{number:03}",
                "MaTTHC": self.code,
                "ChuHoSo": f"Người dân {number}",
                "NgayTiepNhan": "20241104081500",
                "NgayHenTra": "20241107170000",
                "NgayTra": "20241106170000",
                "TrangThaiHoSo": 10,
            }
            for number in range(DOSSIERS)
        ]
        record = env["cchc.dossier.import"].create(
            {
                "file": base64.b64encode(json.dumps(rows).encode()),
                "file_name": "mc.json",
                "company_id": self.company,
            }
        )
        record._read()
        return record

    def _events(self):
        """Return ``{code: number of events}`` as committed."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT name, count(event.id) FROM cchc_dossier dossier "
                "LEFT JOIN cchc_dossier_event event ON event.dossier_id = dossier.id "
                "WHERE dossier.company_id = %s GROUP BY 1",
                (self.company,),
            )
            return dict(cr.fetchall())

    def test_killed_between_two_batches_and_run_again(self):
        kill_in_batch(self, SCRIPT.format(batch=BATCH, record=self.record), 3)
        self.assertEqual(len(self._events()), 2 * BATCH, "two batches were committed")
        with patch.object(cchc_dossier_import, "WRITE_BATCH", BATCH):
            left = True
            while left:
                with self._env() as env:
                    left = (
                        env["cchc.dossier.import"]
                        .browse(self.record)
                        ._write_batch(False, lambda _done, _total: None)
                    )
        events = self._events()
        self.assertEqual(len(events), DOSSIERS)
        self.assertEqual(set(events.values()), {1})
        with self._env() as env:
            record = env["cchc.dossier.import"].browse(self.record)
            self.assertEqual(record.imported_count, DOSSIERS)
            self.assertEqual(record.state, "done")
            dossiers = record.line_ids.dossier_id
            self.assertEqual(len(dossiers), DOSSIERS)
            self.assertIsNone(env["cchc.dossier.event"]._verify(sorted(dossiers.ids)))
            again = self._new_import(env)
            self.assertEqual(again.unchanged_count, DOSSIERS)


class _Committed:
    """A transaction that is committed at its end."""

    def __init__(self, registry):
        self._cursor = registry.cursor()

    def __enter__(self):
        self._cursor.__enter__()
        return api.Environment(self._cursor, SUPERUSER_ID, {"tracking_disable": True})

    def __exit__(self, *failure):
        self._cursor.__exit__(*failure)
