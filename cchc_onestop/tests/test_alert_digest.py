"""One message a day to each person, and silence when nothing is due."""

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import local
from .test_alert import AlertCase


@tagged("post_install", "-at_install")
class TestAlertDigest(AlertCase):
    """Dossiers of Monday 9 November 2026, due on Thursday 12 November 17:00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Digest = cls.env["cchc.alert.digest"]

    def _send(self, at):
        """Run the scheduled action at a local time; return the new digests."""
        before = self.Digest.search([])
        with (
            freeze_time(local(at)),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            self.env(cr=cr)["cchc.alert.digest"]._cron_send()
        self.env.invalidate_all()
        return self.Digest.search([]) - before

    def _of(self, digests, user):
        return digests.filtered(lambda digest: digest.user_id == user)

    def test_silence_when_nothing_is_due(self):
        self._received()
        self.assertFalse(self._send("10/11/2026 07:30"))

    def test_once_in_the_morning(self):
        self._received()
        self.assertFalse(self._send("12/11/2026 06:45"), "before the hour")
        digests = self._send("12/11/2026 07:05")
        mine = self._of(digests, self.handler)
        self.assertEqual((mine.overdue_count, mine.today_count), (0, 1))
        self.assertEqual(mine.mail_id.state, "outgoing")
        self.assertEqual(mine.mail_id.recipient_ids, self.handler.partner_id)
        self.assertIn("H50.21-261109", mine.mail_id.body_html)
        for person in (self.desk, self.colleague, self.auditor, self.outsider):
            self.assertFalse(self._of(digests, person), person.name)
        self.assertFalse(self._send("12/11/2026 11:00"), "one message a day")
        self._received("12/11/2026 07:30", user=self.desk)
        self.assertFalse(self._send("12/11/2026 13:00"), "not in the afternoon")
        next_day = self._of(self._send("13/11/2026 07:05"), self.handler)
        self.assertEqual((next_day.overdue_count, next_day.today_count), (1, 0))

    def test_rest_days_are_quiet(self):
        self._received()
        self.assertFalse(self._send("14/11/2026 08:00"))

    def test_leader_reads_figures_by_department_with_names(self):
        for _number in range(3):
            self._received()
        self._received("12/11/2026 15:00")
        digest = self._of(self._send("13/11/2026 07:05"), self.leader)
        self.assertEqual(len(digest), 1)
        body = " ".join(digest.mail_id.body_html.split())
        self.assertIn("In process: <b>4</b>", body)
        self.assertIn("overdue: <b>3</b>", body)
        self.assertIn("working day: <b>1</b>", body)
        self.assertIn("Văn phòng - Thống kê", body)
        self.assertIn("Handler", body)
        self.assertEqual(body.count("H50.21-261109"), 3)
        self.assertIn("3 overdue, 0 due today", digest.mail_id.subject)

    def test_share_is_written_as_in_the_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.leader.lang = "vi_VN"
        self._received()
        digest = self._of(self._send("13/11/2026 07:05"), self.leader)
        self.assertIn("0,0%", " ".join(digest.mail_id.body_html.split()))

    def test_no_leader_reads_of_another_agency(self):
        self._received()
        stranger = self._new_user("stranger", "group_leader", company=self.neighbour)
        self.assertFalse(self._of(self._send("13/11/2026 07:05"), stranger))

    def test_language_of_the_person(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.handler.lang = "vi_VN"
        self._received()
        digest = self._of(self._send("12/11/2026 07:05"), self.handler)
        self.assertTrue(digest.mail_id.subject)

    def test_absent_person_gets_none_his_stand_in_does(self):
        with freeze_time(local("09/11/2026 08:00")):
            self.env["cchc.substitution"].create(
                {
                    "user_id": self.handler.id,
                    "substitute_id": self.colleague.id,
                    "date_from": "2026-11-12",
                    "date_to": "2026-11-12",
                    "scope": "steps",
                    "company_id": self.commune.id,
                    "reason": "Nghỉ phép",
                }
            )
        self._received()
        digests = self._send("12/11/2026 07:05")
        self.assertFalse(self._of(digests, self.handler))
        self.assertEqual(self._of(digests, self.colleague).today_count, 1)
        self.assertTrue(self._of(self._send("13/11/2026 07:05"), self.handler))

    def test_failed_message_shows_and_is_tried_again(self):
        self._received()
        digest = self._of(self._send("12/11/2026 07:05"), self.handler)
        digest.mail_id.write({"state": "exception", "failure_reason": "no server"})
        self.assertEqual(digest.mail_state, "exception")
        self.assertEqual(digest.with_user(self.manager).failure_reason, "no server")
        self._send("12/11/2026 07:20")
        self.assertEqual(digest.mail_state, "outgoing")
        self.assertEqual(digest.attempts, 2)
        with self.assertRaises(UserError):
            digest.with_user(self.manager).write({"attempts": 0})

    def test_twenty_lines_and_the_total(self):
        for _number in range(22):
            self._received()
        digest = self._of(self._send("13/11/2026 07:05"), self.handler)
        self.assertEqual(digest.overdue_count, 22)
        self.assertEqual(digest.mail_id.body_html.count("/odoo/cchc.dossier/"), 20)

    def test_cost_does_not_grow_with_dossiers(self):
        self._received()
        spent = []
        for day, number in (("13", 1), ("16", 12)):
            for _one in range(number):
                self._received()
            self.env.flush_all()
            with freeze_time(local(f"{day}/11/2026 07:05")):
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                users = self.handler | self.leader
                self.Digest._send_to(self.commune, users, fields.Datetime.now())
                self.env.flush_all()
                spent.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(spent[1], spent[0] + 2)
