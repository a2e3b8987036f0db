from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common import local

from .common import CONTENT, VoiceCase

ADDRESS = "an.nguyen@example.com"


@tagged("post_install", "-at_install")
class TestPetitionMail(VoiceCase):
    """What senders are told by e-mail, and what the daily message says."""

    def _mails(self):
        return self.env["mail.mail"].search([("email_to", "=", ADDRESS)], order="id")

    def test_receipt_and_answer(self):
        petition = self._answered_petition(sender_email=f"An <{ADDRESS}>")
        received, result = self._mails()
        self.assertEqual(set((received | result).mapped("state")), {"outgoing"})
        self.assertIn(petition.name, received.subject)
        self.assertIn("30/11/2026", received.body_html)
        self.assertIn("đã có trả lời", result.body_html)
        for mail in (received, result):
            self.assertFalse(mail.model, "it stands nowhere in the petition")
            self.assertFalse(mail.recipient_ids)
            self.assertTrue(mail.auto_delete)
            text = f"{mail.subject} {mail.body_html}"
            self.assertIn(petition.name, text)
            for secret in (
                "Nguyễn Văn An",
                "0905123456",
                CONTENT,
                "Đã chấn chỉnh",
                petition.subject,
                "t-out",
            ):
                self.assertNotIn(secret, text)

    def test_returned_and_transferred(self):
        self._petition(sender_email=ADDRESS).action_refuse("Không đủ căn cứ")
        other = self._petition(sender_email=ADDRESS)
        other.action_transfer("Khiếu nại", regime="complaint", to="Thanh tra")
        bodies = self._mails().mapped("body_html")
        self.assertEqual(len(bodies), 4)
        self.assertEqual(sum("được trả lại" in body for body in bodies), 1)
        self.assertEqual(sum("đã được chuyển" in body for body in bodies), 1)
        self.assertNotIn("Thanh tra", "".join(bodies))

    def test_only_online_senders_are_shown_the_page(self):
        agency = self.commune
        values = {
            "subject": "Chậm",
            "subject_kind": "delay",
            "content": CONTENT,
            "sender_name": "Nguyễn Văn An",
            "sender_email": ADDRESS,
        }
        petitions = self.env["cchc.petition"].with_user(
            self.env.ref("base.public_user")
        )
        _petition, secret = petitions._send(agency, values, "n" * 32)
        petitions._send(agency, values, "n" * 32)
        online = self._mails()
        self.assertEqual(len(online), 1, "the same form again is one petition")
        self.assertIn(agency._cchc_voice_address("tra-cuu"), online.body_html)
        self.assertNotIn(secret, online.body_html)
        self._petition(sender_email=ADDRESS)
        desk = self._mails() - online
        self.assertNotIn("tra-cuu", desk.body_html)

    def test_nobody_is_written_to_without_need(self):
        before = self.env["mail.mail"].search_count([])
        self._answered_petition()
        self._petition(sender_email="không phải địa chỉ")
        self.commune.cchc_petition_mail = False
        self._petition(sender_email=ADDRESS)
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    # -- the daily message
    def _digest(self, at, user):
        with (
            freeze_time(local(at)),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            self.env(cr=cr)["cchc.alert.digest"]._cron_send()
        self.env.invalidate_all()
        day = local(at).date()
        return self.env["cchc.alert.digest"].search(
            [("user_id", "=", user.id), ("date", "=", day)]
        )

    def test_digest_of_the_handler(self):
        petition = self._accepted_petition()  # answer due Mon 30-11-2026 09:00
        petition.action_assign(self.handler)
        self.assertFalse(self._digest("27/11/2026 07:30", self.handler))
        mail = self._digest("30/11/2026 07:30", self.handler).mail_id
        self.assertIn("0 overdue, 1 due today", mail.subject)
        self.assertIn(petition.name, mail.body_html)
        self.assertNotIn("(overdue)", mail.body_html)
        mail = self._digest("01/12/2026 07:30", self.handler).mail_id
        self.assertIn("(overdue)", mail.body_html)
        self.assertFalse(self._digest("01/12/2026 08:30", self.officer))

    def test_digest_of_the_officer(self):
        petition = self._petition()  # to be accepted by Wed 11-11-2026
        mail = self._digest("11/11/2026 07:30", self.officer).mail_id
        self.assertIn(petition.name, mail.body_html)
        self.assertIn("Accept or Return by", mail.body_html)
        self.assertFalse(self._digest("11/11/2026 08:30", self.handler))

    def test_digest_tells_nobody_whom_it_is_about(self):
        petition = self._petition(
            user=self.manager, concerned_user_ids=[self.officer.id]
        )
        digest = self._digest("11/11/2026 07:30", self.officer)
        self.assertNotIn(petition.name, digest.mail_id.body_html or "")
        mail = self._digest("11/11/2026 08:30", self.leader).mail_id
        self.assertIn(petition.name, mail.body_html)

    def test_digest_costs_the_same_for_more_petitions(self):
        users = self.handler | self.officer | self.leader
        self._petition(sender_email=False)
        digests = self.env["cchc.alert.digest"]

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            digests._petitions_of(self.commune, users, local("11/11/2026 07:00").date())
            return self.env.cr.sql_log_count - before

        with freeze_time(local("11/11/2026 07:00")):
            count()
            first = count()
            for _number in range(4):
                self._petition()
            self.assertEqual(count(), first)
