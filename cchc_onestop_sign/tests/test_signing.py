import base64
import io
import subprocess
import tempfile

from PIL import Image
from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..demo import images
from ..tools import pdf_check
from .common import SignCase


@tagged("post_install", "-at_install")
class TestSigning(SignCase):
    """Signed by who approved, sealed by who keeps the seal (NĐ 30/2020 Đ.13)."""

    def test_one_click_approves_and_signs(self):
        dossier = self._with_result()
        mine = dossier.with_user(self.leader)
        self.assertTrue(mine.can_sign_digitally)
        before = self._content(dossier)
        mine.action_sign_digitally()
        self.assertTrue(dossier.signed_at)
        after = self._content(dossier)
        self.assertTrue(after.startswith(before))
        result = dossier.result_document_ids
        self.assertEqual(result.signature_status, "valid")
        self.assertIn("Nguyễn Văn Thành (", result.signature_summary)
        event = self._events(dossier)
        self.assertEqual(event.user_id, self.leader)
        self.assertEqual(event.data["serial"], self.leader_key.serial)
        self.assertIsNone(self.env["cchc.dossier.event"]._verify(dossier.ids))
        with self._refused(UserError, "already"):
            mine.action_sign_digitally()

    def test_without_a_certificate_nothing_is_approved(self):
        dossier = self._with_result()
        with self._refused(UserError, "no digital certificate in force"):
            dossier.with_user(self.deputy).action_sign_digitally()
        self.assertFalse(dossier.signed_at)
        self.assertEqual(dossier.state, "to_sign")

    def test_without_a_result_nothing_is_approved(self):
        dossier = self._to_sign()
        with self._refused(UserError, "no result as PDF"):
            dossier.with_user(self.leader).action_sign_digitally()
        self._add_result(dossier, b"not a pdf", "ket-qua.pdf")
        with self._refused(UserError, "no result as PDF"):
            dossier.with_user(self.leader).action_sign_digitally()
        self.assertFalse(dossier.signed_at)

    def test_only_who_approved_signs(self):
        dossier = self._with_result()
        dossier.with_user(self.leader).action_sign()
        self._new_key(self.deputy)
        with self._refused(AccessError, "was approved by Nguyễn Văn Thành"):
            dossier.with_user(self.deputy).action_sign_digitally()
        with self._refused((AccessError, UserError), "certificate"):
            dossier.with_user(self.handler).action_sign_digitally()
        dossier.with_user(self.leader).action_sign_digitally()
        self.assertEqual(dossier.result_document_ids.signature_status, "valid")

    def test_expired_certificate_signs_nothing(self):
        self.leader_key.active = False
        self._new_key(self.leader, days=-1, since_days=20)
        with self._refused(UserError, "no digital certificate in force"):
            self._with_result().with_user(self.leader).action_sign_digitally()

    def test_seal_follows_the_signature(self):
        dossier = self._with_result()
        clerk = dossier.with_user(self.clerk)
        with self._refused(UserError, "not signed yet"):
            clerk.action_seal_results()
        dossier.with_user(self.leader).action_sign_digitally()
        for user in (self.desk, self.leader, self.handler, self.manager):
            with self._refused(AccessError, "keeps the seal"):
                dossier.with_user(user).action_seal_results()
        self.assertTrue(clerk.can_seal)
        clerk.action_seal_results()
        self.assertFalse(clerk.can_seal)
        self.assertEqual(
            dossier.signature_ids.sorted("sequence").mapped("signer"),
            ["Nguyễn Văn Thành", self.commune.name],
        )
        self.assertEqual(set(dossier.signature_ids.mapped("status")), {"valid"})
        self.assertEqual(len(self._events(dossier)), 2)

    def test_seal_after_filing(self):
        dossier = self._signed()
        dossier.with_user(self.desk).action_pass_step()
        dossier._file_to_dms()
        self.assertTrue(dossier.filed_at)
        dossier.with_user(self.clerk).action_seal_results()
        self.assertFalse(dossier.filed_at)
        dossier._file_to_dms()
        checksum = dossier.sudo().result_document_ids.attachment_ids.checksum
        self.assertIn(checksum, dossier.sudo().dms_file_ids.mapped("checksum"))

    def test_images_show(self):
        self.leader_key.image = base64.b64encode(images.signature(1))
        self.agency_key.image = base64.b64encode(images.seal())
        dossier = self._signed()
        dossier.with_user(self.clerk).action_seal_results()
        self.assertEqual(dossier.result_document_ids.signature_status, "valid")

    def test_poppler_says_the_same(self):
        dossier = self._signed()
        dossier.with_user(self.clerk).action_seal_results()
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(self._content(dossier))
            file.flush()
            answer = subprocess.run(
                ["pdfsig", file.name], capture_output=True, text=True, check=True
            ).stdout
        self.assertEqual(answer.count("Signature is Valid."), 2)
        self.assertIn("Nguyễn Văn Thành", answer)
        self.assertEqual(answer.count("ETSI.CAdES.detached"), 2)
        self.assertEqual(answer.count("Not total document signed"), 1)

    def test_batch_keeps_what_went_well(self):
        good, bad, later = self._with_result(), self._to_sign(), self._with_result()
        action = (good | bad | later).with_user(self.leader).action_sign_digitally()
        batch = self.env["cchc.signature.batch"].browse(action["res_id"])
        self.assertEqual(batch.line_ids.mapped("state"), ["done", "failed", "done"])
        self.assertIn("no result as PDF", batch.line_ids[1].message)
        self.assertTrue(good.signed_at and later.signed_at)
        self.assertFalse(bad.signed_at)
        self._add_result(bad)
        action = batch.with_user(self.leader).action_try_again()
        again = self.env["cchc.signature.batch"].browse(action["res_id"])
        self.assertEqual(again.line_ids.mapped("state"), ["done"])
        with self.assertRaises(AccessError):
            batch.with_user(self.clerk).action_try_again()

    def test_many_are_a_job(self):
        dossiers = self.env["cchc.dossier"].union(
            *(self._to_sign() for _number in range(11))
        )
        self._add_result(dossiers[0])
        action = dossiers.with_user(self.leader).action_sign_digitally()
        self.assertEqual(action["res_model"], "cchc.job")
        job = self.env["cchc.job"].browse(action["res_id"])
        batch = self.env["cchc.signature.batch"].browse(job.params["batch"])
        work = batch.with_user(self.leader)
        while work._batch_run(job.params, lambda done, total: None):
            continue
        self.assertEqual((batch.done, batch.failed, batch.waiting), (1, 10, 0))

    def test_certified_copy(self):
        dossier = self._accepted()
        part = dossier.document_ids[0]
        self._attach(part, self._pdf("Bản quét"))
        before = part.sudo().attachment_ids.raw
        with self._refused(AccessError, "keeps the seal"):
            part.with_user(self.desk).action_certify_copy()
        part.with_user(self.clerk).action_certify_copy()
        self.assertTrue(part.sudo().attachment_ids.raw.startswith(before))
        self.assertEqual(part.signature_status, "valid")
        self.assertEqual(part.signature_summary.split(" (")[0], self.commune.name)
        with self._refused(UserError, "no scan as PDF or picture"):
            dossier.document_ids[1].with_user(self.clerk).action_certify_copy()

    def test_certified_copy_of_a_picture(self):
        dossier = self._accepted()
        part = dossier.document_ids[0]
        for kind, name in (("JPEG", "anh.chup.jpg"), ("PNG", "quet.PNG")):
            picture = io.BytesIO()
            Image.new("RGB", (1240, 1754), "white").save(picture, kind, dpi=(150, 150))
            self._attach(part, picture.getvalue(), name)
        pictures = part.sudo().attachment_ids
        self.assertEqual(set(pictures.mapped("mimetype")), {"image/jpeg", "image/png"})
        part.with_user(self.clerk).action_certify_copy()
        copies = part.sudo().attachment_ids
        self.assertEqual(set(copies.mapped("name")), {"anh.chup.pdf", "quet.pdf"})
        self.assertEqual(part.signature_status, "valid")
        for copy in copies:
            page = PdfReader(io.BytesIO(copy.raw)).pages[0]
            self.assertEqual(len(page.images), 1)
            self.assertAlmostEqual(float(page.mediabox.width), 595.2, delta=1)
        self.assertEqual(pictures.exists(), pictures, "the pictures are kept")
        events = self._events(dossier)
        self.assertEqual(len(events), 2)
        self.assertEqual(events[0].data["sha1_before"], pictures[0].checksum)
        with self._refused(UserError, "already"):
            part.with_user(self.clerk).action_certify_copy()

    def test_what_is_certified_is_not_offered_again(self):
        dossier = self._accepted()
        part, empty = dossier.document_ids[:2].with_user(self.clerk)
        self.assertEqual((part.can_certify, empty.can_certify), (False, False))
        self._attach(part, self._pdf("Bản quét"))
        self.assertTrue(part.can_certify)
        part.action_certify_copy()
        self.assertFalse(part.can_certify)
        # a further scan of the same part is not certified yet
        self._attach(part, self._pdf("Trang sau"), "trang sau.pdf")
        self.assertTrue(part.can_certify)
        with self._refused(AccessError, "keeps the seal"):
            part.with_user(self.desk).action_certify_copy()

    def test_a_copy_certified_later_stands_once_in_the_library(self):
        dossier = self._ready()
        part = dossier.document_ids[0]
        self._attach(part, self._pdf("Bản quét"))
        picture = io.BytesIO()
        Image.new("RGB", (600, 800), "white").save(picture, "JPEG")
        self._attach(part, picture.getvalue(), "anh.jpg")
        dossier.with_user(self.desk).action_return_result()
        dossier._file_to_dms()
        filed = dossier.sudo().dms_file_ids
        part.with_user(self.clerk).action_certify_copy()
        dossier._file_to_dms()
        self.env.invalidate_all()
        self.assertEqual(dossier.sudo().dms_file_ids, filed)
        copies = filed.filtered(
            lambda file: file.attachment_id in part.sudo().attachment_ids
        )
        self.assertEqual(len(copies), 2)
        for copy in copies:
            self.assertEqual(copy.extension, "pdf")
            self.assertEqual(copy.checksum, copy.attachment_id.checksum)
            self.assertTrue(copy.name.endswith(".pdf"), copy.name)
        self.assertEqual(len(set(filed.mapped("name"))), len(filed))

    def test_damaged_picture_is_told(self):
        part = self._accepted().document_ids[0]
        self._attach(part, b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "hong.png")
        self.assertEqual(part.sudo().attachment_ids.mimetype, "image/png")
        with self._refused(UserError, "scan the paper again"):
            part.with_user(self.clerk).action_certify_copy()
        self.assertFalse(self._events(part.dossier_id))

    def _attach(self, part, content, name="quét.pdf"):
        part.with_user(self.desk).attachment_ids = [
            (0, 0, {"name": name, "raw": content, "res_model": part._name})
        ]

    def test_issued_paper(self):
        dossier = self._accepted()
        dossier.with_user(self.leader).action_stop("Không còn căn cứ giải quyết")
        paper = dossier.sudo().paper_ids[:1]
        self.assertTrue(paper.attachment_id)
        paper = paper.with_user(paper.signer_id or paper.issued_by_id)
        issued = paper._get_kept()
        self.assertEqual(paper.env.user, self.leader)
        with self._refused(AccessError, "is signed by"):
            paper.with_user(self.handler).action_sign_digitally()
        with self._refused(UserError, "not signed yet"):
            paper.with_user(self.clerk).action_seal()
        paper.action_sign_digitally()
        paper.with_user(self.clerk).action_seal()
        self.assertEqual(paper.signature_ids.mapped("status"), ["valid", "valid"])
        self.assertTrue(paper._get_content().startswith(issued))
        self.assertEqual(paper.integrity, "whole")
        with self._refused(UserError, "cannot be changed"):
            paper.sudo().signed_attachment_id = False

    def test_no_way_round_over_rpc(self):
        dossier = self._signed()
        signature = dossier.signature_ids
        for user in (self.leader, self.manager):
            for record, vals in (
                (signature, {"status": "valid", "signer": "Ai đó"}),
                (signature.check_id, {"state": "valid"}),
            ):
                theirs = record.with_user(user)
                with self._refused((AccessError, UserError), "."):
                    theirs.write(vals)
                with self._refused((AccessError, UserError), "."):
                    theirs.unlink()
                with self._refused(UserError, "cannot be changed"):
                    record.sudo().with_context(cchc_guard=True).write(vals)
        found = pdf_check.check(self._content(dossier))
        self.assertEqual(len(found), 1)
