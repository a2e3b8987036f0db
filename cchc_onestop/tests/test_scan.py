"""The code on a receipt finds its dossier, in whatever way it is read."""

import string

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged

from ..models.cchc_dossier_scan import MAX_PARTS, parts
from .common_bundle import BundleCase


@tagged("post_install", "-at_install")
class TestScanText(BaseCase):
    """Reading the text of a scan never fails and keeps the code first."""

    @settings(max_examples=200, deadline=None)
    @given(st.text(max_size=3000))
    def test_never_fails(self, text):
        found = parts(text)
        self.assertLessEqual(len(found), MAX_PARTS)
        self.assertTrue(all(3 <= len(part) <= 64 for part in found))

    @settings(max_examples=200, deadline=None)
    @given(
        st.text(string.ascii_uppercase + string.digits + ".-", min_size=8, max_size=40),
        st.sampled_from(
            [
                "{}",
                "  {}\n",
                "Mã hồ sơ: {}\nMã TTHC: 1.001193\nGiấy tờ: Giấy tiếp nhận",
                "M? h? so: {}\nMa TTHC: 1.001193",
                "https://dichvucong.gov.vn/p/home/dvc-tra-cuu-ho-so.html?ma={}",
                "https://motcua.example.vn/tra-cuu/{}",
                "https://motcua.example.vn/#/tra-cuu?ma_ho_so={}&x=1",
                "Hồ sơ {} hẹn trả 15/11/2026",
            ]
        ),
    )
    def test_code_is_found(self, code, form):
        self.assertIn(code, parts(form.format(code)))


@tagged("post_install", "-at_install")
class TestScan(BundleCase):
    def _open(self, text, user=None):
        found = self.env["cchc.dossier"].with_user(user or self.desk).open_by_code(text)
        return found["action"]["res_id"]

    def test_receipt_in_all_its_codes(self):
        dossier = self._accepted()
        qr = self.env["report.cchc_onestop.report_receipt"]._get_qr_text(
            dossier.sudo(), dossier.accepted_at
        )
        self.assertIn(dossier.name, qr)
        for text in (dossier.name, dossier.name.lower(), f" {dossier.name}\n", qr):
            self.assertEqual(self._open(text), dossier.id)
        action = self.env["cchc.dossier"].with_user(self.auditor).open_by_code(qr)
        self.assertEqual(action["name"], dossier.name)

    def test_old_code_of_an_imported_dossier(self):
        dossier = self._accepted()
        dossier.external_code = "CU-2024-00017"
        self.assertEqual(self._open("cu-2024-00017"), dossier.id)

    def test_draft_opens_its_reception(self):
        draft = self._draft()
        draft.external_code = "DVC-000123"
        action = (
            self.env["cchc.dossier"].with_user(self.desk).open_by_code("DVC-000123")
        )
        view = self.env.ref("cchc_onestop.cchc_dossier_view_form_reception")
        self.assertEqual(action["action"]["views"], [(view.id, "form")])

    def test_code_of_a_group(self):
        group = self._draft(procedure=self.whole)
        group.bundle_type_id = self.kind
        group.action_accept()
        self.assertEqual(self._open(group.name), group.id)

    def test_unknown_and_foreign_are_the_same_sentence(self):
        dossier = self._accepted()
        sentences = []
        for user, text in (
            (self.desk, "H50.21-991231-0001"),
            (self.outsider, dossier.name),
        ):
            with self.assertRaises(UserError) as caught:
                self._open(text, user)
            sentences.append(caught.exception.args[0].replace(text, "…"))
        self.assertEqual(len(set(sentences)), 1)
        self.assertIn("that you may see", sentences[0])
        for text in ("", "  ", None, False, "\n\n", "x" * 5000):
            with self._refused(UserError, "No dossier"):
                self._open(text)
