import os
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import papers
from .common import DigitiseCase


@tagged("post_install", "-at_install")
class TestScanFolder(DigitiseCase):
    """Files of a scanner on the server: each once, nothing outside the folder."""

    def setUp(self):
        super().setUp()
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        self.folder = self.root / "hai-truong"
        self.folder.mkdir()
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("cchc_onestop_digitise.scan_root", str(self.root))
        self.commune.sudo().cchc_scan_folder = "hai-truong"
        self.batches = self.env["cchc.scan.batch"]
        self.now = fields.Datetime.now()

    def _put(self, name, *pictures, content=None):
        path = self.folder / name
        pictures = pictures or [papers.written(name, 100)]
        path.write_bytes(papers.scan(pictures, 100) if content is None else content)
        return path

    def _look(self, later=0):
        with freeze_time(self.now + timedelta(seconds=later)):
            return self.batches._collect(self.commune)

    def _collect(self):
        self._look()
        return self._look(later=60)

    def _names(self, folder=""):
        return sorted(
            entry.name for entry in os.scandir(self.folder / folder) if entry.is_file()
        )

    def test_a_file_that_is_still_written_waits(self):
        path = self._put("a.pdf")
        self.assertEqual(self._look(), {"taken": 0, "refused": 0, "waiting": 1})
        self.assertEqual(self._look(later=5)["taken"], 0)
        with path.open("ab") as file:
            file.write(b"\n%more\n")
        self.assertEqual(self._look(later=30)["taken"], 0)
        self.assertEqual(self._look(later=60)["taken"], 1)
        self.assertEqual(self._names("done"), ["a.pdf"])
        self.assertFalse(self._names())

    def test_a_file_with_the_name_of_a_part_goes_there(self):
        dossier = self._case()
        self._put(f"{dossier.name}_GCN_01.pdf")
        self._collect()
        part = self._part(dossier, "GCN")
        self.assertEqual(part.digital_state, "done")
        self.assertEqual(part.scan_file_ids.origin, "folder")
        batch = part.scan_file_ids.batch_id
        self.assertEqual((batch.state, batch.origin), ("confirmed", "folder"))
        self.assertEqual(batch.page_ids.document_id, part)

    def test_what_is_not_recognised_waits_in_the_inbox(self):
        self._put("scan0001.pdf")
        self._collect()
        batch = self.batches.search([("company_id", "=", self.commune.id)])
        self.assertEqual((batch.state, batch.job_state), ("reading", "queued"))
        self._read(batch)
        self.assertEqual((batch.state, batch.waiting_count), ("review", 1))
        self.assertTrue(batch.with_user(self.desk).get_board()["pages"])

    def test_each_content_once(self):
        content = papers.scan([papers.written("x", 100)], 100)
        self._put("a.pdf", content=content)
        self._collect()
        self._put("a.pdf", content=content)
        self._put("b.pdf", content=content)
        outcome = self._look(later=100), self._look(later=200)
        self.assertEqual(outcome[1]["taken"], 2)
        self.assertEqual(
            self.batches.search_count([("company_id", "=", self.commune.id)]), 1
        )
        self.assertEqual(self._names("done"), ["a (2).pdf", "a.pdf", "b.pdf"])

    def test_what_cannot_be_taken_is_moved_aside_with_its_sentence(self):
        self._put("hong.pdf", content=b"%PDF-1.7 hong")
        self._put("khac.pdf", content=b"MZ")
        self.assertEqual(self._collect()["refused"], 2)
        self.assertEqual(
            self._names("error"),
            ["hong.pdf", "hong.pdf.txt", "khac.pdf", "khac.pdf.txt"],
        )
        sentence = (self.folder / "error" / "hong.pdf.txt").read_text()
        self.assertIn("hong.pdf", sentence)
        self.assertFalse(self.batches.search([("company_id", "=", self.commune.id)]))

    def test_what_people_put_there_by_mistake_does_not_lie_there_for_ever(self):
        self._put("don.docx", content=b"PK\x03\x04 word")
        self._put("rong.pdf", content=b"")
        # a scanner that has only just made its file still has time
        self.assertEqual(self._collect(), {"taken": 0, "refused": 1, "waiting": 1})
        self.assertEqual(self._look(later=700)["refused"], 1)
        self.assertFalse(self._names())
        for name, words in (("don.docx", "PDF"), ("rong.pdf", "0 byte")):
            said = (self.folder / "error" / f"{name}.txt").read_text()
            self.assertIn(name, said)
            self.assertIn(words, said)

    def test_links_and_other_things_are_left_alone(self):
        secret = self.root / "secret.pdf"
        secret.write_bytes(papers.scan([papers.written("s", 100)], 100))
        (self.folder / "link.pdf").symlink_to(secret)
        (self.folder / ".hidden.pdf").write_bytes(b"%PDF")
        (self.folder / "sub.pdf").mkdir()
        self._put("note.txt", content=b"x")
        self._put("empty.pdf", content=b"")
        os.mkfifo(self.folder / "pipe.pdf")
        self.assertEqual(self._collect()["taken"], 0)
        self.assertTrue(secret.exists())
        self.assertTrue((self.folder / "link.pdf").is_symlink())

    def test_a_folder_is_a_name_and_not_a_path(self):
        company = self.commune.sudo()
        for name in ("../etc", "/etc", "a/b", "..", ".", "a\nb", "xã"):
            with self.assertRaises(ValidationError, msg=name):
                company.cchc_scan_folder = name
        shutil.rmtree(self.folder)
        self.folder.symlink_to(self.root.parent)
        with mute_logger("odoo.addons.cchc_onestop_digitise.models.cchc_scan_folder"):
            self.assertEqual(self._look()["taken"], 0)
        self.folder.unlink()
        self.folder.mkdir()

    def test_only_the_administrator_sets_the_folder(self):
        for user in (self.desk, self.manager):
            with self.assertRaises(AccessError):
                self.commune.with_user(user).cchc_scan_folder = "x"

    def test_the_button(self):
        self._put("a.pdf")
        desk = self.batches.with_user(self.desk).with_company(self.commune)
        message = desk.action_collect()["params"]["message"]
        self.assertIn("1 not yet ready", message)
        self.commune.sudo().cchc_scan_folder = False
        with self._refused(UserError, "has no scanner folder"):
            desk.action_collect()
        with self.assertRaises(AccessError):
            self.batches.with_user(self.auditor).action_collect()

    def test_a_stop_between_keeping_and_moving_doubles_nothing(self):
        path = self._put("a.pdf")
        content = path.read_bytes()
        self._collect()
        # The server stopped before the file was moved: it lies there again.
        path.write_bytes(content)
        self._look(later=120)
        self._look(later=180)
        self.assertEqual(
            self.batches.search_count([("company_id", "=", self.commune.id)]), 1
        )
        self.assertFalse(self._names())

    def test_the_scheduled_action(self):
        dossier = self._case()
        self._put(f"{dossier.name}_GCN_01.pdf")
        cron = self.env.ref("cchc_onestop_digitise.cron_scan_folder")
        for later in (0, 60):
            with (
                freeze_time(self.now + timedelta(seconds=later)),
                self.enter_registry_test_mode(),
            ):
                cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self._part(dossier, "GCN").digital_state, "done")
        self.assertFalse(self._names())
