"""Alerts of dossiers that will probably be late, and what the morning message says."""

from freezegun import freeze_time

from odoo import Command
from odoo.tests import Form, tagged

from .common import MONDAY, RiskCase, local


@tagged("post_install", "-at_install")
class TestRiskAlert(RiskCase):
    """Dossiers of Monday 9 November 2026 09:00, due on Thursday 17:00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._usual_past()
        cls.env["cchc.alert.rule"].search([]).active = False
        cls.rule = cls.env.ref("cchc_onestop_risk.alert_rule_risk")
        cls.rule.active = True
        cls.department.manager_id = cls.env["hr.employee"].search(
            [("user_id", "=", cls.leader.id)]
        )
        with freeze_time(local(MONDAY)):
            cls.agencies._build(cls.commune)

    def setUp(self):
        super().setUp()
        with freeze_time(local(MONDAY)):
            self.dossier = self._accepted()

    def _at(self, moment):
        with freeze_time(local(moment)):
            self._sweep()
        return self.env["cchc.alert"].search(
            [("dossier_id", "=", self.dossier.id)], order="level"
        )

    def test_told_once_per_due_date(self):
        self.assertFalse(self._at("10/11/2026 09:00"))
        alert = self._at("12/11/2026 10:30")
        self.assertGreaterEqual(self.dossier.risk_late, 0.6)
        self.assertEqual((alert.kind, alert.level), ("risk", 1))
        self.assertEqual(alert.base_at, self.dossier.due_at)
        self.assertEqual(alert.user_ids, self.handler)
        self.assertEqual(self._at("12/11/2026 11:00"), alert, "once")
        activity = self.env["mail.activity"].search([("cchc_alert_id", "=", alert.id)])
        self.assertEqual(activity.user_id, self.handler)
        self.assertRegex(activity.summary, r"chance to be late \d+ %")

    def test_the_head_is_told_after_a_day(self):
        self.rule.risk_percent = 15
        self._at("10/11/2026 09:00")
        alerts = self._at("10/11/2026 16:00")
        self.assertEqual(alerts.mapped("level"), [1])
        alerts = self._at("11/11/2026 10:00")
        self.assertEqual(alerts.mapped("level"), [1, 2])
        self.assertEqual(alerts[1].user_ids, self.leader)
        self.assertEqual(len(self._at("11/11/2026 11:00")), 2)

    def test_closed_when_the_dossier_moves_on(self):
        alert = self._at("12/11/2026 10:30")
        with freeze_time(local("12/11/2026 11:00")):
            self.dossier.with_user(self.handler).action_pass_step()
        self.assertFalse(alert.closed_at, "the next sweep looks")
        self._at("12/11/2026 11:15")
        self.assertTrue(alert.closed_at)
        activity = self.env["mail.activity"].search([("cchc_alert_id", "=", alert.id)])
        self.assertFalse(activity)

    def test_closed_when_the_date_was_missed(self):
        alert = self._at("12/11/2026 10:30")
        with (
            freeze_time(local("13/11/2026 07:35")),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            self.env(cr=cr)["cchc.alert"]._cron_sweep()
        self.env.invalidate_all()
        self.assertTrue(alert.closed_at)

    def test_a_new_date_is_told_anew(self):
        first = self._at("12/11/2026 10:30")
        with freeze_time(local("12/11/2026 11:00")):
            self.dossier.with_user(self.leader).action_extend(
                due_at=local("12/11/2026 17:00").replace(day=13),
                content="Xác minh",
                reason=self.delay,
            )
        self.env.invalidate_all()
        self.assertTrue(first.closed_at)
        alerts = self._at("13/11/2026 16:00")
        self.assertEqual(len(alerts), 2)
        self.assertEqual((alerts - first).base_at, local("13/11/2026 17:00"))

    def test_other_agencies_have_rules_of_their_own(self):
        self.rule.company_id = self.neighbour
        self.assertFalse(self._at("12/11/2026 10:30"))

    def test_the_rule(self):
        with Form(
            self.env["cchc.alert.rule"].with_user(self.manager),
            view="cchc_onestop.cchc_alert_rule_view_form",
        ) as form:
            form.name = "Nguy cơ"
            form.kind = "risk"
            form.risk_percent = 70
            with form.level_ids.new() as line:
                line.receiver = "leader"
        self.assertEqual(form.record.timing, "at a chance of 70 % to be late")
        other = self.env.ref("cchc_onestop.alert_rule_overdue")
        self.assertEqual(other.timing, "at once")

    def test_the_morning_message(self):
        self.env["cchc.risk.threshold"].search([]).write({"watch": 10, "high": 40})
        self._at("11/11/2026 16:30")
        self.assertEqual(self.dossier.risk_level, "high", "not due before tomorrow")
        with (
            freeze_time(local("11/11/2026 16:45")),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            self.env(cr=cr)["cchc.alert.digest"]._cron_send()
        self.env.invalidate_all()
        digest = self.env["cchc.alert.digest"].search(
            [("user_id", "=", self.handler.id)]
        )
        self.assertEqual(len(digest), 1)
        body = digest.mail_id.body_html
        self.assertIn("My dossiers at risk of being late", body)
        self.assertIn(self.dossier.name, body)
        self.assertNotIn(
            "at risk",
            "".join(
                self.env["cchc.alert.digest"]
                .search([("user_id", "=", self.outsider.id)])
                .mail_id.mapped("body_html")
            ),
        )

    def test_receivers_are_data(self):
        self.rule.level_ids = [
            Command.clear(),
            Command.create({"level": 1, "receiver": "leader"}),
        ]
        alert = self._at("12/11/2026 10:30")
        self.assertEqual(alert.user_ids, self.leader | self.deputy)
