from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ReformCase


@tagged("post_install", "-at_install")
class TestTarget(ReformCase):
    """Targets of a programme and of a plan (domain text 4.1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._new_plan("Ban hành kế hoạch")

    def _new_target(self, **values):
        return (
            self.env["cchc.reform.target"]
            .with_user(self.officer)
            .create(
                {
                    "plan_id": self.plan.id,
                    "name": "Hồ sơ giải quyết đúng hạn",
                    "target": 98,
                    **values,
                }
            )
        )

    def test_a_plan_takes_over_the_targets_of_its_time(self):
        self.plan.action_take_targets()
        targets = self.plan.target_ids
        # of QĐ 282: those of 2026-2027, not those of 2028-2030
        self.assertEqual(len(targets), 5)
        self.assertTrue(all(target.origin_id.to_confirm for target in targets))
        with self._refused(UserError, "no further target"):
            self.plan.action_take_targets()

    @freeze_time("2026-09-01 03:00:00")
    def test_reached_or_not(self):
        at_least = self._new_target(operator="ge", target=98)
        at_most = self._new_target(operator="le", target=1.5, unit="giờ")
        self.assertEqual((at_least.result, at_least.target_text), ("unknown", "≥ 98%"))
        self.assertEqual(at_most.target_text, "≤ 1,5 giờ")
        self._approve(self.plan)
        for target, value, result in (
            (at_least, 97.99, "missed"),
            (at_least, 98, "met"),
            (at_most, 1.5, "met"),
            (at_most, 1.51, "missed"),
        ):
            target.actual = value
            self.assertEqual(target.result, result)
            self.assertEqual(str(target.actual_on), "2026-09-01")

    def test_the_target_of_an_approved_plan_stays(self):
        target = self._new_target()
        self._approve(self.plan)
        with self._refused(UserError, "is approved or waits"):
            target.target = 80
        with self._refused(UserError, "is approved or waits"):
            target.unlink()

    def test_targets_of_the_state_are_kept_by_managers(self):
        target = self.env.ref("cchc_reform.t282_online")
        self.assertTrue(target.with_user(self.member).has_access("read"))
        with self._refused(AccessError, "."):
            target.with_user(self.officer).target = 50
        manager = self._new_reform_user("manager", "group_manager")
        target.with_user(manager).target = 90
        self.assertEqual(target.target, 90)

    def test_a_target_lies_in_the_time_of_its_plan(self):
        with self._refused(ValidationError, "lies outside"):
            self._new_target(date_from="2027-01-01", date_to="2027-12-31")

    @freeze_time("2026-09-01 03:00:00")
    def test_measured_by_a_figure_of_the_system(self):
        target = self._new_target(
            metric_id=self.env["cchc.reform.metric"]
            .search([("key", "=", "task_done_share")])
            .id
        )
        self._new_task(self.plan, name="Báo cáo")
        self._approve(self.plan)
        self._report(self.plan.task_ids[0], day="2026-06-01", outcome="done")
        target.action_measure()
        self.assertEqual(
            (target.actual, target.actual_text, target.result),
            (50.0, "1/2 = 50%", "missed"),
        )
        action = target.action_records()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, self.plan.task_ids[0])
