from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.cchc_onestop.tools import guard

from . import papers
from .common import DigitiseCase


@tagged("post_install", "-at_install")
class TestReuse(DigitiseCase, HttpCase):
    """What is stored of the owner is offered, opened for a dossier only, and logged."""

    def setUp(self):
        super().setUp()
        self.earlier = self._case()
        self.source = self._drop(self._part(self.earlier, "GCN"))
        self.dossier = self._case().with_user(self.desk)
        self.part = self._part(self.dossier, "GCN")
        self.looks = self.env["cchc.digitise.look"]

    def _offers(self, dossier=None):
        dossier = dossier or self.dossier
        part = self._part(dossier, "GCN")
        return [offer["id"] for offer in dossier.get_offers(part.id)]

    def test_the_same_paper_is_used_again(self):
        value = self.env["cchc.digitise.value"].create(
            {
                "document_id": self.source.document_id.id,
                "name": "Số giấy",
                "value": "AB 123",
            }
        )
        value.with_user(self.desk).action_check()
        self.assertEqual(self._offers(), [self.source.id])
        self.part.received = False
        self.dossier.action_reuse(self.part.id, self.source.id)
        self.assertEqual(self.part.reused_from_id, self.source.document_id)
        self.assertEqual(self.part.digital_state, "done")
        self.assertTrue(self.part.received)
        file = self.part.scan_file_ids
        self.assertEqual((file.sha256, file.origin), (self.source.sha256, "reuse"))
        self.assertNotEqual(file.attachment_id, self.source.attachment_id)
        self.assertEqual(
            file.attachment_id.store_fname, self.source.attachment_id.store_fname
        )
        copied = self.part.digital_value_ids
        self.assertEqual((copied.name, copied.value), ("Số giấy", "AB 123"))
        self.assertFalse(copied.checked_at, "checked anew against this dossier")
        look = self.looks.search([("dossier_id", "=", self.dossier.id)])
        self.assertEqual(
            (look.user_id, look.purpose, look.source_code),
            (self.desk, "reuse", self.earlier.name),
        )
        self.assertFalse(self._offers(), "what is there already is not offered")

    def test_only_of_the_same_owner_and_the_same_paper(self):
        other = self.env["res.partner"].create(
            {
                "name": "Lê Văn B",
                "cchc_identity_type": "personal",
                "cchc_identity": "045190000999",
            }
        )
        stranger = self._case(
            partner_id=other.id,
            applicant_name="Lê Văn B",
            applicant_identity="045190000999",
        ).with_user(self.desk)
        self.assertFalse(self._offers(stranger))
        part = self._part(stranger, "GCN")
        with self._refused(UserError, "not stored for the owner"):
            stranger.action_reuse(part.id, self.source.id)
        application = self._part(self.dossier, "TK")
        self.assertFalse(self.dossier.get_offers(application.id))
        with self._refused(UserError, "not stored for the owner"):
            self.dossier.action_reuse(application.id, self.source.id)

    def test_the_result_of_an_earlier_procedure(self):
        self.earlier.action_add_result()
        result = self.earlier.document_ids.filtered("is_result")
        result.name = "Giấy  chứng nhận CŨ"
        file = self._drop(result, papers.written("kq", 100))
        self.assertEqual(set(self._offers()), {file.id, self.source.id})

    def test_what_is_no_longer_valid_is_not_offered(self):
        self.source.document_id.digital_valid_to = "2020-01-01"
        self.assertFalse(self._offers())
        self.source.document_id.digital_valid_to = "2999-01-01"
        self.assertTrue(self._offers())
        self._drop(
            self.source.document_id,
            papers.written("n", 100),
            replaces_id=self.source.id,
        )
        self.assertNotIn(self.source.id, self._offers())
        self.policy.reuse_scope = "none"
        self.assertFalse(self._offers())

    def test_other_agencies_only_where_the_office_says_so(self):
        guard.unlocked(self.earlier.sudo()).write(
            {
                "company_id": self.neighbour.id,
                "receiving_company_id": self.neighbour.id,
            }
        )
        self.assertFalse(self._offers())
        self.policy.reuse_scope = "all"
        self.assertEqual(self._offers(), [self.source.id])
        self.dossier.action_reuse(self.part.id, self.source.id)
        self.assertTrue(self.part.reused_from_id)
        self.assertFalse(self.source.with_user(self.desk).has_access("read"))

    def test_a_stored_file_that_was_touched_is_not_used(self):
        guard.unlocked(self.source.attachment_id).write(
            {"raw": papers.scan([papers.written("giả", 100)], 100)}
        )
        with self._refused(UserError, "changed since it was kept"):
            self.dossier.action_reuse(self.part.id, self.source.id)

    def test_each_look_is_logged(self):
        url = (
            f"/cchc_digitise/earlier/{self.dossier.id}/{self.part.id}/{self.source.id}"
        )
        self.authenticate(self.desk.login, self.desk.login)
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.content, self.source.attachment_id.raw)
        look = self.looks.search([("dossier_id", "=", self.dossier.id)])
        self.assertEqual((look.user_id, look.purpose), (self.desk, "look"))
        other = f"/cchc_digitise/earlier/{self.dossier.id}/{self.part.id}/0"
        self.assertEqual(self.url_open(other).status_code, 404)
        for user in (self.outsider, self.auditor):
            self.authenticate(user.login, user.login)
            self.assertEqual(self.url_open(url).status_code, 404)
        self.assertEqual(
            self.looks.search_count([("dossier_id", "=", self.dossier.id)]), 1
        )

    def test_the_log_of_looks_stays(self):
        self.looks._note(self.part, self.source, "look")
        look = self.looks.search([("dossier_id", "=", self.dossier.id)])
        for user in (self.leader, self.manager):
            own = look.with_user(user)
            with self._refused((AccessError, UserError), "."):
                own.unlink()
            with self._refused((AccessError, UserError), "."):
                own.write({"purpose": "reuse"})
        with self.assertRaises(AccessError):
            look.with_user(self.desk).read(["user_id"])
