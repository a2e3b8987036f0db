"""What officers have to finish in a week beside their office hours."""

from freezegun import freeze_time

from odoo.tests import tagged

from .common import MONDAY, RiskCase, local


@tagged("post_install", "-at_install")
class TestWorkload(RiskCase):
    """Dossiers of Monday 9 November 2026 09:00, due on Thursday 17:00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._usual_past()
        with freeze_time(local(MONDAY)):
            cls.agencies._build(cls.commune)

    def _rows(self, at, **values):
        with freeze_time(local(at)):
            self._sweep()
        return self.env["cchc.risk.workload"].search(
            [("company_id", "=", self.commune.id)], order="week_start, user_id"
        )

    def test_hours_beside_office_hours(self):
        with freeze_time(local(MONDAY)):
            dossiers = self._accepted() | self._accepted()
        row = self._rows("11/11/2026 07:30")
        self.assertEqual((row.user_id, row.step_count), (self.handler, 2))
        self.assertEqual(row.department_id, self.department)
        self.assertEqual(str(row.week_start), "2026-11-09")
        # in handling for 13.5 hours: the past stayed for 14 … 30 hours, 22 in the mean
        self.assertEqual(row.hours, 2 * 8.5)
        self.assertEqual(row.capacity, 22.5, "Wednesday to Friday")
        self.assertEqual(row.side_by_side, round(17 / 22.5, 2))
        self.assertFalse(row.is_too_much, "office hours would do")
        action = row.with_user(self.leader).action_open_dossiers()
        with freeze_time(local("11/11/2026 07:30")):
            found = self.env["cchc.dossier"].search(action["domain"])
        self.assertEqual(found, dossiers)

    def test_days_of_absence_are_no_office_hours(self):
        with freeze_time(local(MONDAY)):
            self._accepted()
            self.env["cchc.substitution"].create(
                {
                    "user_id": self.handler.id,
                    "substitute_id": self.colleague.id,
                    "date_from": "2026-11-12",
                    "date_to": "2026-11-12",
                    "scope": "steps",
                    "company_id": self.commune.id,
                    "reason": "Tập huấn",
                }
            )
        self.assertEqual(self._rows("11/11/2026 07:30").capacity, 15.0)

    def test_what_waits_for_the_citizen_is_nobody_s_work(self):
        with freeze_time(local(MONDAY)):
            dossier = self._accepted()
            dossier.with_user(self.handler).action_request_supplement("Thiếu")
        self.assertFalse(self._rows("11/11/2026 07:30"))

    def test_overdue_falls_on_this_week(self):
        with freeze_time(local(MONDAY)):
            dossier = self._accepted()
        row = self._rows("18/11/2026 07:30")
        self.assertEqual(str(row.week_start), "2026-11-16")
        self.assertEqual((row.late_count, row.risk_count), (1, 0))
        with freeze_time(local("18/11/2026 07:30")):
            action = row.with_user(self.leader).action_open_dossiers()
            self.assertEqual(self.env["cchc.dossier"].search(action["domain"]), dossier)

    def test_too_much(self):
        with freeze_time(local(MONDAY)):
            for _number in range(6):
                self._accepted()
            self.env["cchc.risk.pace"].search([("user_id", "=", self.handler.id)])
        self.env.cr.execute("UPDATE cchc_risk_pace SET side_by_side = 2")
        row = self._rows("11/11/2026 07:30")
        # six steps of 8.5 hours in 22.5 office hours
        self.assertEqual((row.side_by_side, row.usual), (2.27, 2.0))
        self.assertFalse(row.is_too_much, "113 %")
        self.env.cr.execute("UPDATE cchc_risk_pace SET side_by_side = 1.5")
        row = self._rows("11/11/2026 07:30")
        self.assertTrue(row.is_too_much)
        self.assertAlmostEqual(row.load, 151.1)
        with freeze_time(local("11/11/2026 07:30")):
            data = (
                self.env["cchc.dashboard"]
                .with_user(self.leader)
                .with_context(allowed_company_ids=self.commune.ids)
                .get_risk()
            )
        self.assertEqual(data["load"], 1)

    def test_planned_times_without_history(self):
        other = self._new_procedure("9.800003", "Thủ tục mới")
        with freeze_time(local(MONDAY)):
            self._accepted(procedure=other)
        row = self._rows("09/11/2026 10:00")
        self.assertEqual((row.planned_count, row.hours), (1, 7.0))

    def test_who_reads_whose(self):
        with freeze_time(local(MONDAY)):
            self._accepted()
        row = self._rows("11/11/2026 07:30")
        workload = self.env["cchc.risk.workload"]
        for user, seen in (
            (self.handler, True),
            (self.colleague, False),
            (self.desk, False),
            (self.leader, True),
            (self.auditor, True),
            (self.manager, True),
            (self.outsider, False),
        ):
            found = workload.with_user(user).search([("id", "=", row.id)])
            self.assertEqual(bool(found), seen, user.name)

    def test_views(self):
        kinds = ("list", "pivot", "graph", "kanban", "form", "search")
        views = self.env["cchc.risk.workload"].with_user(self.leader)
        views = views.get_views([(False, kind) for kind in kinds])
        self.assertEqual(set(views["views"]), set(kinds))

    def test_gone_with_the_work(self):
        with freeze_time(local(MONDAY)):
            dossier = self._accepted()
        self.assertTrue(self._rows("10/11/2026 07:30"))
        with freeze_time(local("10/11/2026 08:00")):
            dossier.with_user(self.desk).action_withdraw("Rút")
        self.assertFalse(self._rows("10/11/2026 08:15"))
