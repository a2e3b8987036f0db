from odoo.tests import HttpCase, tagged

from .common import SignCase


@tagged("post_install", "-at_install")
class TestSignTour(SignCase, HttpCase):
    """In the browser: the leader approves and signs, the keeper of the seal seals."""

    def _open(self, dossier, tour, user):
        action = self.env.ref("cchc_onestop.cchc_dossier_action").id
        self.start_tour(
            f"/odoo/action-{action}/{dossier.id}", tour, login=user.login, timeout=120
        )

    def test_leader_signs_and_clerk_seals(self):
        dossier = self._with_result()
        self._open(dossier, "cchc_onestop_sign_leader", self.leader)
        self.assertTrue(dossier.signed_at)
        self.assertEqual(dossier.result_document_ids.signature_status, "valid")
        self._open(dossier, "cchc_onestop_sign_clerk", self.clerk)
        self.assertEqual(len(dossier.signature_ids), 2)
        # What the citizen gets is this file.
        dossier.with_user(self.desk).action_pass_step()
        dossier.with_user(self.desk).action_return_result()
        file = dossier.sudo().result_document_ids.attachment_ids
        self.authenticate(self.desk.login, self.desk.login)
        answer = self.url_open(f"/web/content/{file.id}")
        self.assertEqual(answer.content, file.raw)
        self.assertEqual(answer.content.count(b"/ByteRange"), 2)
