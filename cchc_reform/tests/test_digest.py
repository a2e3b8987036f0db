from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common import local

from .common import ReformCase


@tagged("post_install", "-at_install")
class TestReformDigest(ReformCase):
    """One message a week to leaders; Monday 3 August 2026 is the day of digests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Digest = cls.env["cchc.reform.digest"]
        with freeze_time(local("01/06/2026 09:00")):
            cls.plan = cls._new_plan("Báo cáo quý II")
            cls._new_task(cls.plan, name="Số hóa hồ sơ", date_deadline="2026-12-01")
            cls._approve(cls.plan)

    def _send(self, at):
        before = self.Digest.search([])
        with (
            freeze_time(local(at)),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            self.env(cr=cr)["cchc.reform.digest"]._cron_send()
        self.env.invalidate_all()
        return (self.Digest.search([]) - before).filtered(
            lambda digest: digest.company_id == self.commune
        )

    def test_once_a_week_to_leaders(self):
        self.assertFalse(self._send("03/08/2026 06:30"), "before the hour")
        digest = self._send("03/08/2026 07:05")
        self.assertEqual(digest.user_id, self.chief)
        self.assertEqual((str(digest.week), digest.overdue_count), ("2026-08-03", 1))
        self.assertEqual(digest.mail_id.recipient_ids, self.chief.partner_id)
        body = " ".join(digest.mail_id.body_html.split())
        self.assertIn("Progress by Area, 2026", body)
        self.assertIn("<b>0</b>/2", body)
        self.assertIn(self.department.name, body)
        self.assertFalse(self._send("03/08/2026 11:00"))
        self.assertFalse(self._send("06/08/2026 07:05"), "one message a week")
        self.assertEqual(str(self._send("10/08/2026 07:05").week), "2026-08-10")

    def test_rows_open_their_records(self):
        digest = self._send("02/11/2026 07:05")
        task = self.plan.task_ids.filtered(
            lambda task: str(task.date_deadline) == "2026-12-01"
        )
        address = f"{self.plan.get_base_url()}/odoo/cchc.reform.task/{task.id}"
        self.assertIn(f'href="{address}"', digest.mail_id.body_html)

    def test_a_week_is_made_up_for(self):
        self.assertTrue(self._send("05/08/2026 06:00"), "the server stood still")

    def test_day_and_hour_are_the_agency_s(self):
        self.commune.write(
            {"cchc_reform_digest_day": "4", "cchc_reform_digest_hour": 15.5}
        )
        self.assertFalse(self._send("07/08/2026 15:15"))
        self.assertTrue(self._send("07/08/2026 15:30"))
        self.commune.cchc_reform_digest_day = "off"
        self.assertFalse(self._send("14/08/2026 16:00"))

    def test_who_switched_it_off(self):
        self.chief.with_user(self.chief).cchc_reform_digest = False
        self.assertFalse(self._send("03/08/2026 07:05"))

    def test_nothing_to_tell(self):
        with freeze_time(local("03/08/2026 07:05")):
            company = self.neighbour
            chief = self._new_reform_user("quiet", "group_leader", company=company)
            self.Digest._send_to(company, chief, self.env.cr.now())
        self.assertFalse(self.Digest.search([("user_id", "=", chief.id)]))

    def test_a_failure_shows_and_is_tried_again(self):
        digest = self._send("03/08/2026 07:05")
        digest.mail_id.write({"state": "exception", "failure_reason": "no server"})
        self.assertEqual(digest.with_user(self.chief).failure_reason, "no server")
        self._send("03/08/2026 08:05")
        self.assertEqual((digest.mail_state, digest.attempts), ("outgoing", 2))
        with self._refused(UserError, "written by the system"):
            digest.write({"attempts": 0})

    def test_each_reads_his_own(self):
        digest = self._send("03/08/2026 07:05")
        self.assertEqual(self.Digest.with_user(self.chief).search([]), digest)
        self.assertFalse(self.Digest.with_user(self.officer).search([]))
