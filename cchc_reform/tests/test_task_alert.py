from freezegun import freeze_time

from odoo import Command
from odoo.fields import Datetime
from odoo.tests import tagged

from .common import ReformCase


@tagged("post_install", "-at_install")
class TestTaskAlert(ReformCase):
    """Alerts of tasks: by days, exactly once, closed when they no longer hold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cchc.alert.rule"].search([]).active = False
        cls.head = cls._new_reform_user("head", "group_viewer")
        cls.department.manager_id = cls.env["hr.employee"].search(
            [("user_id", "=", cls.head.id)]
        )
        cls.plan = cls._new_plan()
        cls.task = cls._new_task(cls.plan, lead_user_id=cls.member.id)
        cls._approve(cls.plan)

    def _rule(self, kind, *receivers, **values):
        return self.env["cchc.alert.rule"].create(
            {
                "name": kind,
                "kind": kind,
                "level_ids": [
                    Command.create(
                        {"level": number, "receiver": receiver, "delay": delay}
                    )
                    for number, (receiver, delay) in enumerate(
                        receivers or [("handler", 0)], 1
                    )
                ],
                **values,
            }
        )

    def _sweep(self, day):
        alerts = self.env["cchc.alert"]
        before = alerts.search([("reform_task_id", "!=", False)])
        with freeze_time(f"{day} 03:00:00"):
            alerts._close_task_alerts()
            for rule, level, days in alerts._task_sweeps():
                while alerts._sweep_tasks(rule, level, days, 100):
                    pass
        self.env.invalidate_all()
        return alerts.search([("reform_task_id", "!=", False)]) - before

    def test_due_soon_once(self):
        self._rule("task_soon", amount=7)
        self.assertFalse(self._sweep("2026-06-22"))
        alert = self._sweep("2026-06-23")
        self.assertEqual(
            (alert.reform_task_id, alert.user_ids, alert.kind),
            (self.task, self.member, "task_soon"),
        )
        for day in ("2026-06-23", "2026-06-24", "2026-06-30"):
            self.assertFalse(self._sweep(day), day)
        activity = self.task.activity_ids
        self.assertEqual(
            (activity.user_id, str(activity.date_deadline)),
            (self.member, "2026-06-30"),
        )

    def test_overdue_climbs(self):
        self._rule(
            "task_overdue",
            ("department_head", 0),
            ("reform_officer", 16),
            ("leader", 40),
        )
        self.assertFalse(self._sweep("2026-06-30"))
        self.assertEqual(self._sweep("2026-07-01").user_ids, self.head)
        self.assertFalse(self._sweep("2026-07-02"))
        self.assertEqual(self._sweep("2026-07-03").user_ids, self.officer)
        self.assertEqual(self._sweep("2026-07-06").user_ids, self.chief)
        self.assertFalse(self._sweep("2026-07-30"))

    def test_overdue_again_every_week(self):
        self._rule("task_overdue_again", repeat_every=7)
        self.assertFalse(self._sweep("2026-07-06"))
        self.assertEqual(self._sweep("2026-07-07").occurrence, 1)
        self.assertFalse(self._sweep("2026-07-13"))
        # what was missed while the server stood still is not made up for
        self.assertEqual(self._sweep("2026-07-29").occurrence, 4)

    def test_closed_when_done(self):
        self._rule("task_overdue")
        alert = self._sweep("2026-07-01")
        with freeze_time("2026-07-02 03:00:00"):
            self._report(self.task, day="2026-07-01", percent=40)
            self.assertEqual(alert.state, "new")
            self._report(self.task, day="2026-07-02", outcome="done")
        self.assertEqual(alert.state, "closed")
        self.assertFalse(self.task.activity_ids)
        self.assertFalse(self._sweep("2026-08-01"))

    def test_another_deadline_is_another_alert(self):
        self._rule("task_overdue")
        first = self._sweep("2026-07-01")
        with freeze_time("2026-07-02 03:00:00"):
            adjustment = (
                self.env["cchc.reform.plan.adjustment"]
                .with_user(self.officer)
                .create(
                    {
                        "plan_id": self.plan.id,
                        "authority": "12/TB-UBND",
                        "authority_date": "2026-07-02",
                        "reason": "Chờ hướng dẫn",
                        "line_ids": [
                            Command.create(
                                {
                                    "task_id": self.task.id,
                                    "date_deadline": "2026-07-31",
                                }
                            )
                        ],
                    }
                )
            )
            self._approve(adjustment)
        self.assertFalse(self._sweep("2026-07-03"))
        self.assertEqual(first.state, "closed")
        self.assertTrue(self._sweep("2026-08-01"))

    def test_nobody_is_told_of_a_draft(self):
        self._rule("task_overdue")
        self._new_task(self._new_plan(name="Dự thảo"))
        self.assertEqual(self._sweep("2026-08-01").reform_task_id, self.task)

    def test_a_batch_costs_the_same_for_many(self):
        rule = self._rule("task_overdue")
        plan = self._new_plan(name="Nhiều việc")
        for number in range(60):
            self._new_task(plan, name=f"Việc {number}", lead_user_id=self.member.id)
        self._approve(plan)
        self.env.flush_all()
        alerts = self.env["cchc.alert"]
        with freeze_time("2026-07-05 03:00:00"):
            alerts._sweep_tasks(rule, 1, 0, 5)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(alerts._sweep_tasks(rule, 1, 0, 5), 5)
            few = self.env.cr.sql_log_count - before
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(alerts._sweep_tasks(rule, 1, 0, 100), 51)
            many = self.env.cr.sql_log_count - before
        self.assertLessEqual(many, few + 5)

    def test_the_person_reads_his_alert(self):
        self._rule("task_overdue")
        alert = self._sweep("2026-07-01")
        self.assertTrue(alert.with_user(self.member).has_access("read"))
        self.assertFalse(alert.with_user(self.stranger).has_access("read"))
        self.assertIn("Task overdue", alert.with_user(self.member).display_name)
        action = alert.with_user(self.member).action_open_dossier()
        self.assertEqual(action["res_id"], self.task.id)

    def test_the_daily_digest_names_tasks(self):
        digests = self.env["cchc.alert.digest"]
        with freeze_time("2026-07-06 03:00:00"):
            digests._send_to(self.commune, self.member | self.stranger, Datetime.now())
        digest = digests.search([("user_id", "=", self.member.id)])
        self.assertIn("VII.1 Báo cáo CCHC", digest.mail_id.body_html)
        self.assertEqual(
            digest.mail_id.subject,
            "Tasks on 06/07/2026: 1 overdue, 0 due within a week",
        )
        self.assertFalse(digests.search([("user_id", "=", self.stranger.id)]))
