from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common import local

from .common import NOW, QueueCase


@tagged("post_install", "-at_install")
class TestRosterAlert(QueueCase):
    """Counters without anybody climb from the head of the desk to the leaders."""

    def setUp(self):
        super().setUp()
        self.frozen = freeze_time(local(NOW))
        self.frozen.start()
        self.addCleanup(self.frozen.stop)
        self.shift = self._shift(day="2026-11-26")
        self.shift.absence = "Ốm"

    def _sweep(self, at=NOW):
        with freeze_time(local(at)):
            self.env["cchc.roster.shift"]._cron_gaps()
        self.env.invalidate_all()
        return self.env["cchc.alert"].search(
            [("roster_shift_id", "=", self.shift.id)], order="id"
        )

    def test_the_head_at_once_the_leaders_when_it_presses(self):
        first = self._sweep()
        self.assertEqual(first.user_ids, self.head)
        self.assertEqual(first.level, 1)
        self.assertEqual(first.base_at, local("26/11/2026 07:30"))
        self.assertEqual(self._sweep("25/11/2026 10:30"), first)
        pressing = self._sweep("25/11/2026 16:00") - first
        self.assertEqual(pressing.user_ids, self.leader | self.deputy)
        self.assertEqual(self.shift.activity_ids.user_id, self.head)
        last = self._sweep("26/11/2026 07:30") - first - pressing
        self.assertEqual((last.level, last.user_ids), (2, self.manager))
        self.assertIn("Quầy 1", self.shift.activity_ids.summary)
        self.assertEqual(self.shift.activity_ids.cchc_alert_id, first)
        action = first.with_user(self.leader).action_open_dossier()
        self.assertEqual(
            (action["res_model"], action["res_id"]),
            ("cchc.roster.shift", self.shift.id),
        )

    def test_closed_when_filled_and_given_anew_when_open_again(self):
        first = self._sweep()
        self.shift.substitute_id = self.reserve
        self._sweep()
        self.assertEqual(first.state, "closed")
        self.assertFalse(self.shift.activity_ids)
        self.shift.substitute_id = False
        again = self._sweep() - first
        self.assertEqual((again.state, again.occurrence), ("new", 1))
        self.assertEqual(self.shift.activity_ids.user_id, self.head)

    def test_another_day_is_another_gap(self):
        first = self._sweep()
        self.shift.date = "2026-11-27"
        again = self._sweep() - first
        self.assertEqual(first.state, "closed")
        self.assertEqual(again.base_at, local("27/11/2026 07:30"))
        self.assertEqual(len(self.shift.activity_ids), 1)

    def test_the_stand_in_of_the_head_is_told(self):
        self.env["cchc.substitution"].create(
            {
                "user_id": self.head.id,
                "substitute_id": self.second.id,
                "company_id": self.commune.id,
                "date_from": "2026-11-25",
                "date_to": "2026-11-25",
                "scope": "steps",
                "reason": "Họp",
            }
        )
        self.assertEqual(self._sweep().user_ids, self.second)

    def test_rules_decide_who_and_when(self):
        rule = self.env.ref("cchc_onestop_queue.alert_rule_gap")
        self.assertEqual(rule.timing, "240 working hours before")
        rule.write(
            {
                "amount": 2,
                "level_ids": [
                    Command.clear(),
                    Command.create({"receiver": "user", "user_id": self.second.id}),
                ],
            }
        )
        self.env.ref("cchc_onestop_queue.alert_rule_gap_pressing").active = False
        self.assertFalse(self._sweep())
        self.assertEqual(self._sweep("25/11/2026 16:30").user_ids, self.second)
        # dossiers are planned by their own kinds only
        kinds = {spec.kind for spec in rule._specs(self.commune.id)}
        self.assertNotIn("roster_gap", kinds)

    def test_a_rule_of_another_agency_tells_nobody_here(self):
        rules = self.env["cchc.alert.rule"].search([("kind", "=", "roster_gap")])
        rules.company_id = self.neighbour
        self.assertFalse(self._sweep())

    def test_the_daily_message_names_the_counter(self):
        self._sweep()
        digests = self.env["cchc.alert.digest"].with_context(lang="en_US")
        users = self.head | self.desk
        today = self.shift.date.replace(day=25)
        found = digests._further_of(self.commune, users, today)
        self.assertEqual(found[self.head.id]["gaps"], self.shift.ids)
        self.assertNotIn("gaps", found.get(self.desk.id) or {})
        section = digests._further_section(found[self.head.id], "https://cchc.test")
        self.assertIn("Nobody at Quầy 1: morning of 26/11/2026", section)
        self.assertIn(f"cchc.roster.shift/{self.shift.id}", section)
        subject = digests._further_subject({"gaps": self.shift.ids}, today)
        self.assertIn("25/11/2026: 1 half-days", subject)

    def test_only_the_system_writes_them(self):
        alert = self._sweep()
        with self.assertRaisesRegex(UserError, "written by the system"):
            alert.with_user(self.head).write({"level": 3})
        outsider = self._new_user("far", "group_handler", company=self.neighbour)
        with self.assertRaises(AccessError):
            alert.with_user(outsider).read(["level"])
