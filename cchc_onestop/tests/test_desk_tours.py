from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import OnestopCase


@tagged("post_install", "-at_install", "cchc_tour")
class TestDeskTours(OnestopCase, HttpCase):
    """Scanning, bulk moves and a hand-over in a real browser."""

    # codes that nobody may open are answered by a sentence, which Odoo logs
    @mute_logger("odoo.http")
    def test_a_receipt_is_scanned_anywhere(self):
        dossier = self._accepted()
        other = self._accepted(applicant_name="Trần Văn Quét")
        self.env["ir.attachment"].create(
            {
                "name": "code.txt",
                "raw": f"{dossier.name} {other.name}".encode(),
                "url": "/cchc_tour/code.txt",
                "type": "binary",
                "public": True,
            }
        )
        self.start_tour(
            "/odoo/cchc-my-work", "cchc_scan_anywhere", login=self.handler.login
        )
        self.env.invalidate_all()
        self.assertEqual(dossier.applicant_address, "Thôn Trường Sơn")
        self.assertFalse(other.applicant_address)
        self.assertNotIn("assign", (dossier | other).event_ids.mapped("kind"))

    def test_many_are_passed_on(self):
        mine = self._accepted() | self._accepted()
        other = self._accepted()
        other.with_user(self.manager).action_assign(self.colleague)
        self.start_tour(
            "/odoo/cchc-dossiers", "cchc_bulk_pass", login=self.handler.login
        )
        self.env.invalidate_all()
        self.assertEqual(set(mine.mapped("state")), {"to_sign"})
        self.assertEqual(other.state, "accepted")

    def test_a_worklist_is_handed_over(self):
        dossiers = self._accepted() | self._accepted()
        self.start_tour(
            "/odoo/cchc-handovers",
            "cchc_handover_of_a_worklist",
            login=self.handler.login,
        )
        record = self.env["cchc.handover"].search([("user_id", "=", self.handler.id)])
        self.assertEqual(record.state, "confirmed")
        self.assertEqual(record.line_ids.dossier_id, dossiers)
        self.assertEqual(record.line_ids.taker_id, self.colleague)

    def test_a_lost_answer_makes_no_second_dossier(self):
        self.start_tour(
            "/odoo/cchc-receive",
            "cchc_answer_is_lost",
            login=self.desk.login,
        )
        dossier = self.env["cchc.dossier"].search(
            [("applicant_name", "=", "Lê Thị Đứt Mạng")]
        )
        self.assertEqual(len(dossier), 1)
        self.assertEqual(dossier.event_ids.mapped("kind"), ["accept"])
