import hashlib

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from . import papers
from .common import DigitiseCase


@tagged("post_install", "-at_install")
class TestDossierDocument(DigitiseCase):
    """Files of parts: named, hashed, with stage and person, never overwritten."""

    def test_a_scan_is_dropped_on_a_part(self):
        dossier = self._case()
        part = self._part(dossier, "GCN")
        file = self._drop(part)
        self.assertEqual(file.name, f"{dossier.name}_GCN_01.pdf")
        self.assertEqual(
            file.sha256, hashlib.sha256(file.attachment_id.raw).hexdigest()
        )
        self.assertEqual((file.stage, file.origin), ("reception", "upload"))
        self.assertEqual(file.user_id, self.desk)
        self.assertEqual(file.integrity, "whole")
        self.assertEqual(part.digital_state, "done")
        self.assertEqual(part.digitise_stage, "reception")
        self.assertEqual(part.digitised_at, file.at)
        self.assertIn(file.attachment_id, part.attachment_ids)
        self.assertEqual(dossier.digitise_state, "done")
        self.assertEqual(dossier.digitise_missing, 0)

    def test_the_stage_is_that_of_the_moment(self):
        dossier = self._to_sign(procedure=self.certified)
        part = self._part(dossier, "GCN")
        self.assertEqual(self._drop(part).stage, "settlement")
        dossier.action_add_result()
        result = dossier.document_ids.filtered("is_result")
        self.assertEqual(self._drop(result).stage, "result")
        self.assertEqual(part.digitise_stage, "settlement")

    def test_a_newer_version_keeps_the_former(self):
        part = self._part(self._case(), "GCN")
        first = self._drop(part)
        other = papers.written("mới", 100)
        second = self._drop(part, other, user=self.handler, replaces_id=first.id)
        self.assertEqual((second.number, second.version), (1, 2))
        self.assertEqual(second.name, first.name)
        self.assertEqual((first.state, first.ended_by_id), ("replaced", self.handler))
        self.assertTrue(first.attachment_id.raw)
        self.assertEqual(part.attachment_ids, second.attachment_id)
        third = self._drop(part, papers.written("nữa", 100))
        self.assertEqual((third.number, third.version), (2, 1))
        with self._refused(UserError, "not in use any more"):
            self._drop(part, papers.written("x", 100), replaces_id=first.id)

    def test_the_log_is_never_changed(self):
        part = self._part(self._case(), "GCN")
        file = self._drop(part)
        for user in (self.desk, self.manager):
            own = file.with_user(user)
            for act in (
                lambda own=own: own.write({"sha256": "0"}),
                lambda own=own: own.unlink(),
                lambda own=own: own.copy(),
            ):
                with self._refused((AccessError, UserError), "."):
                    act()
            attachment = file.attachment_id.with_user(user)
            with self._refused(UserError, "kept with its SHA-256"):
                attachment.write({"raw": b"x"})
            with self._refused(UserError, "kept with its SHA-256"):
                attachment.unlink()
        with self._refused(UserError, "nothing of this is ever deleted"):
            file.sudo().unlink()
        with self._refused(UserError, "never changed"):
            file.sudo().write({"user_id": self.handler.id})

    def test_a_file_that_is_taken_away_is_noted(self):
        part = self._part(self._case(), "GCN").with_user(self.desk)
        file = self._drop(part)
        part.write({"attachment_ids": [Command.unlink(file.attachment_id.id)]})
        self.assertEqual((file.state, file.ended_by_id), ("withdrawn", self.desk))
        self.assertEqual(part.digital_state, "missing")
        self.assertTrue(file.attachment_id.exists().raw)

    def test_what_is_attached_elsewhere_counts_as_well(self):
        dossier = self._case()
        part = self._part(dossier, "GCN").with_user(self.desk)
        content = papers.scan([papers.written(dpi=100)], 100)
        loose = [
            self.env["ir.attachment"].with_user(self.desk).create(vals)
            for vals in (
                {"name": "tốt.pdf", "raw": content},
                {"name": "hỏng.pdf", "raw": b"%PDF-1.4", "mimetype": "application/pdf"},
                {"name": "ảnh.jpg", "raw": papers.jpeg(papers.written("p"))},
            )
        ]
        part.write({"attachment_ids": [Command.link(file.id) for file in loose]})
        self.assertEqual(part.scan_file_ids.attachment_id, loose[0])
        self.assertEqual(part.scan_file_ids.origin, "attached")
        panel = dossier.with_user(self.desk).get_digitise_panel()
        row = next(row for row in panel["parts"] if row["key"] == "GCN")
        self.assertEqual(
            sorted(file["name"] for file in row["loose"]), ["hỏng.pdf", "ảnh.jpg"]
        )
        with self._refused(UserError, "damaged"):
            part.action_check_attached(loose[1].id)
        part.action_check_attached(loose[2].id)
        self.assertEqual(len(part.scan_file_ids), 2)
        with self._refused(UserError, "not there any more"):
            part.action_check_attached(loose[0].id)

    def test_scanned_before_there_was_a_code(self):
        draft = self._draft(procedure=self.certified)
        file = self._drop(self._part(draft, "GCN"))
        self.assertIn("NHAP", file.name)
        draft.action_accept()
        self.assertEqual(file.name, f"{draft.name}_GCN_01.pdf")
        self.assertEqual(file.integrity, "whole")

    def test_a_draft_goes_with_its_scans(self):
        draft = self._draft(procedure=self.certified)
        file = self._drop(self._part(draft, "GCN"))
        draft.with_user(self.desk).unlink()
        self.assertFalse(file.exists())
        dossier = self._case()
        part = self._part(dossier, "TP03").with_user(self.desk)
        part.received = False
        self._drop(part)
        with self._refused(UserError, "has been digitised"):
            part.unlink()

    def test_filing_takes_the_files_in_use(self):
        dossier = self._ready(procedure=self.certified)
        part = self._part(dossier, "GCN")
        first = self._drop(part)
        second = self._drop(part, papers.written("b", 100), replaces_id=first.id)
        dossier._file_to_dms()
        filed = dossier.dms_file_ids.attachment_id
        self.assertIn(second.attachment_id, filed)
        self.assertNotIn(first.attachment_id, filed)
        self.assertFalse(dossier.filing_error)

    def test_nothing_is_added_to_void_dossiers(self):
        dossier = self._case()
        self.env["cchc.dossier"].flush_model()
        dossier.with_user(self.desk)._move("void", reason="Nhập nhầm")
        with self._refused(UserError, "void or refused"):
            self._drop(self._part(dossier, "GCN"))

    def test_others_cannot_drop(self):
        part = self._part(self._case(), "GCN")
        for user in (self.auditor, self.outsider, self.catalogue):
            with self.assertRaises(AccessError):
                self._drop(part, user=user)

    def test_names_say_which_part(self):
        dossier = self._case().with_user(self.desk)
        own = dossier.name
        found = dossier.match_files(
            [
                f"{own}_GCN_01.pdf",
                f"{own}_tp03_02.jpg",
                f"{own}_XX_01.pdf",
                "H50.99-010126-0001_GCN_01.pdf",
                "scan.pdf",
            ]
        )
        self.assertEqual(found[0], {"part": self._part(dossier, "GCN").id})
        self.assertEqual(found[1], {"part": self._part(dossier, "TP03").id})
        self.assertIn("does not have", found[2]["problem"])
        self.assertIn("another dossier", found[3]["problem"])
        self.assertIn("pattern", found[4]["problem"])

    def test_extracted_data_are_checked_by_a_person(self):
        part = self._part(self._case(), "GCN")
        values = self.env["cchc.digitise.value"].with_user(self.desk)
        value = values.create(
            {
                "document_id": part.id,
                "name": "Số giấy",
                "value": "AB 123",
                "checked_by_id": self.leader.id,
            }
        )
        self.assertFalse(value.checked_by_id)
        with self._refused(UserError, "notes who and when"):
            value.write({"checked_by_id": self.leader.id})
        value.with_user(self.handler).action_check()
        self.assertEqual(value.checked_by_id, self.handler)
        self.assertTrue(value.checked_at)
        value.with_user(self.desk).value = "AB 124"
        self.assertFalse(value.checked_by_id)
        with self.assertRaises(AccessError):
            value.with_user(self.leader).action_check()
