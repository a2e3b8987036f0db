import base64
import io
from unittest.mock import patch

from pypdf import PdfWriter

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..demo.authority import Authority
from .common import SignCase


@tagged("post_install", "-at_install")
class TestSignatureCheck(SignCase):
    """A file is checked when it is added to a dossier."""

    def _upload(self, content, name="nop.pdf"):
        """Let the desk add a file to a part; return the part."""
        part = self._accepted().document_ids[0]
        part.with_user(self.desk).attachment_ids = [
            Command.create({"name": name, "raw": content, "res_model": part._name})
        ]
        return part

    def _signed_by(self, authority=None, **dates):
        """Return a PDF signed by a citizen somewhere else."""
        key = self._new_key(self.deputy, authority, **dates)
        content = key.sudo()._sign(self._pdf(), "signature", "Nộp hồ sơ")
        key.active = False
        return content

    def test_signed_file(self):
        part = self._upload(self._signed_by())
        self.assertEqual(part.signature_status, "valid")
        self.assertRegex(part.signature_summary, r"Lê Thị Thu \(\d\d/\d\d/\d{4} ")
        signature = part.dossier_id.signature_ids
        self.assertEqual(signature.res_model, "cchc.dossier.document")
        self.assertEqual(signature.res_id, part.id)
        self.assertTrue(signature.valid and signature.last)
        [(kind, text)] = part._file_remarks()[part.attachment_ids.id]
        self.assertEqual(kind, "success")
        self.assertIn(part.signature_summary, text)

    def test_plain_file_and_other_kinds(self):
        plain = self._upload(self._pdf())
        self.assertEqual(plain.signature_status, "unsigned")
        self.assertFalse(plain._file_remarks())
        self.assertFalse(self._upload(b"\x89PNG", "anh.png").signature_status)

    def test_tampered(self):
        content = bytearray(self._signed_by())
        content[content.find(b"stream") + 20] ^= 1
        part = self._upload(bytes(content))
        self.assertEqual(part.signature_status, "broken")
        self.assertIn("content was changed", part.signature_reason)
        [(kind, text)] = part._file_remarks()[part.attachment_ids.id]
        self.assertEqual(kind, "danger")
        self.assertIn("content was changed", text)

    def test_one_signer_of_several_files_is_named_once(self):
        content = self._signed_by()
        part = self._upload(content)
        once = part.signature_summary
        part.with_user(self.desk).attachment_ids = [
            Command.create({"name": "hai.pdf", "raw": content, "res_model": part._name})
        ]
        self.assertEqual(len(part.dossier_id.signature_ids), 2)
        self.assertEqual(part.signature_summary, once)

    def test_foreign_authority_becomes_trusted(self):
        other = Authority("CA khác")
        part = self._upload(self._signed_by(other))
        self.assertEqual(part.signature_status, "unknown")
        self.assertIn("not in our list", part.signature_reason)
        self.env["cchc.trust.root"].with_user(self.manager).create(
            {"certificate": base64.b64encode(other.der(other.cert))}
        )
        part.with_user(self.desk).action_check_signatures()
        self.assertEqual(part.signature_status, "valid")
        with self._refused((AccessError, UserError), "."):
            self.env["cchc.signature.check"].search(
                [("document_id", "=", part.id)]
            ).with_user(self.auditor).action_check_again()

    def test_hostile_files_do_not_keep_a_dossier_from_being_saved(self):
        locked = PdfWriter(clone_from=io.BytesIO(self._pdf()))
        locked.encrypt("x", algorithm="RC4-128")
        target = io.BytesIO()
        locked.write(target)
        for content, sentence in (
            (b"%PDF-1.7 /ByteRange" + b"\x00" * 4000, "damaged"),
            (b"%PDF-1.4 /ByteRange" + b"<<" * 100_000, "damaged"),
            (target.getvalue() + b"\n%/ByteRange", "password"),
            (b"", "damaged"),
        ):
            with self.subTest(content[:30]):
                part = self._upload(content)
                self.assertEqual(part.signature_status, "failed")
                self.assertIn(sentence, part.signature_reason)

    @mute_logger("odoo.addons.base.models.ir_cron")
    def test_big_files_wait_for_the_background(self):
        content = self._signed_by()
        limit = "odoo.addons.cchc_onestop_sign.models.cchc_signature_check._INLINE"
        with patch(limit, 1000):
            part = self._upload(content)
        self.assertEqual(part.signature_status, "queued")
        with self.enter_registry_test_mode():
            self.env.ref("cchc_onestop_sign.cron_check").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(part.signature_status, "valid")

    def test_badges_cost_a_fixed_number_of_statements(self):
        signed = self._signed_by()
        parts = self._upload(signed) | self._upload(signed)
        parts |= self._upload(signed) | self._upload(signed)
        self.env.flush_all()

        def count(records):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.mapped("signature_status")
            return self.env.cr.sql_log_count - before

        self.assertEqual(count(parts), count(parts[:2]))

    def test_identity_numbers_are_not_kept(self):
        columns = self.env["cchc.signature"]._fields
        self.assertNotIn("subject", columns)
        part = self._upload(self._signed_by())
        self.assertEqual(part.dossier_id.signature_ids.signer, "Lê Thị Thu")
