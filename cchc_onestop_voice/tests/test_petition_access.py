from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import VoiceCase

PERSONAL = ("sender_name", "sender_phone", "sender_email", "sender_address")


@tagged("post_install", "-at_install")
class TestPetitionAccess(VoiceCase):
    """Who sees a petition, and who its sender."""

    def test_personal_data_only_for_who_handles(self):
        petition = self._accepted_petition()
        petition.action_assign(self.handler)
        mine = petition.with_user(self.handler)
        self.assertEqual(mine.subject, petition.subject)
        auditor = petition.with_user(self.auditor)
        self.assertTrue(auditor.content)
        for user in (self.handler, self.auditor):
            petitions = self.env["cchc.petition"].with_user(user)
            for field in PERSONAL:
                with self.assertRaises(AccessError):
                    petition.with_user(user).read([field])
                with self.assertRaises(AccessError):
                    petitions.search([(field, "ilike", "a")])
                with self.assertRaises(AccessError):
                    petitions._read_group([], [field])
            self.assertEqual(
                petition.with_user(user)._get_sender_text(), "(không hiển thị)"
            )
        for user in (self.officer, self.leader, self.manager):
            self.assertEqual(petition.with_user(user).sender_name, "Nguyễn Văn An")

    def test_secrets_are_nobodys(self):
        petition = self._petition()
        for field in ("secret_digest", "request_digest"):
            for user in (self.officer, self.leader, self.manager):
                with self.assertRaises(AccessError):
                    petition.with_user(user).read([field])

    def test_handlers_see_what_is_assigned_and_only_answer(self):
        petition = self._accepted_petition()
        for user in (self.handler, self.colleague, self.catalogue):
            with self.assertRaises(AccessError):
                petition.with_user(user).read(["subject"])
        petition.action_assign(self.handler.id, self.department.id)
        mine = petition.with_user(self.handler)
        mine.write({"answer": "Đã xem", "upheld": "unfounded"})
        with self._refused(UserError, "not changed"):
            mine.write({"subject": "Khác"})
        with self._refused(AccessError, "Only who handles"):
            mine.action_refuse("x")
        mine.action_submit_answer()
        petition.with_user(self.leader).validate_tier()
        self.assertEqual(petition.state, "answered")
        with self.assertRaises(AccessError):
            petition.with_user(self.colleague).read(["subject"])

    def test_desk_sees_what_it_entered(self):
        mine = self._petition(user=self.desk)
        other = self._petition()
        found = self.env["cchc.petition"].with_user(self.desk).search([])
        self.assertIn(mine, found)
        self.assertNotIn(other, found)
        with self._refused((AccessError, UserError), "."):
            mine.with_user(self.desk).write({"subject": "Khác"})

    def test_whom_it_is_about_neither_sees_nor_decides(self):
        petition = self._accepted_petition(
            subject_kind="attitude", concerned_user_ids=[self.leader.id]
        )
        petition.write({"answer": "Đã nhắc nhở", "upheld": "upheld"})
        petition.action_submit_answer()
        with self.assertRaises(AccessError):
            petition.with_user(self.leader).read(["subject"])
        with self.assertRaises(AccessError):
            petition.with_user(self.leader).validate_tier()
        petitions = self.env["cchc.petition"].with_user(self.leader)
        self.assertFalse(petitions.search([("id", "=", petition.id)]))
        events = self.env["cchc.petition.event"].with_user(self.leader)
        self.assertFalse(events.search([("petition_id", "=", petition.id)]))
        messages = self.env["mail.message"].with_user(self.leader)
        self.assertFalse(
            messages.search(
                [("model", "=", "cchc.petition"), ("res_id", "=", petition.id)]
            )
        )
        petition.with_user(self.deputy).validate_tier()
        self.assertEqual(petition.state, "answered")
        other = self._accepted_petition(concerned_user_ids=[self.handler.id])
        with self._refused(ValidationError, "does not handle it"):
            other.action_assign(self.handler)

    def test_other_agencies(self):
        petition = self._petition()
        stranger = self._new_user("leader_x", "group_manager", company=self.neighbour)
        with self.assertRaises(AccessError):
            petition.with_user(stranger).read(["subject"])
        with self._refused(UserError, "does not work in this agency"):
            petition.action_assign(stranger)
