from fractions import Fraction

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..tools.share import share_text
from .common import ReformCase


@tagged("post_install", "-at_install")
class TestPlan(ReformCase):
    """A plan is drafted, approved by a leader, and then stays (domain text 4.2)."""

    def test_a_leader_approves_what_the_officer_drafted(self):
        plan = self._new_plan("Ban hành kế hoạch")
        plan.action_submit()
        self.assertFalse(plan.is_editable)
        with self._refused(UserError, "waits for approval"):
            plan.name = "Khác"
        plan.with_user(self.chief).validate_tier()
        self.assertEqual((plan.state, plan.approved_by_id), ("approved", self.chief))

    def test_a_plan_is_found_by_its_number(self):
        plan = self._new_plan("Ban hành kế hoạch")
        plan.number = "987/KH-UBND"
        self.assertEqual(
            self.env["cchc.reform.plan"].name_search("987/KH")[0][0], plan.id
        )

    def test_shares_of_points_are_written_as_decimals(self):
        self.assertEqual(share_text(31, 75), "31/75 = 41,33%")
        self.assertEqual(share_text(Fraction(205, 4), 88), "51,25/88 = 58,24%")
        self.assertEqual(share_text(Fraction(1, 3), Fraction(0)), "0,3333/0")

    def test_the_state_is_not_written(self):
        plan = self._new_plan("Ban hành kế hoạch")
        for user in (self.officer, self.chief):
            with self._refused(AccessError, "."):
                plan.with_user(user).write({"state": "approved"})

    def test_a_plan_without_tasks_is_not_submitted(self):
        with self._refused(UserError, "has no tasks yet"):
            self._new_plan().action_submit()

    def test_each_task_has_one_lead_and_a_deadline(self):
        plan = self._new_plan()
        task = self._new_task(plan, lead_department_id=False)
        with self._refused(UserError, "Name the department"):
            plan.action_submit()
        task.write({"lead_department_id": self.department.id, "date_deadline": False})
        with self._refused(UserError, "Enter the deadline"):
            plan.action_submit()
        task.deadline_type = "regular"
        self.assertTrue(plan.action_submit())

    def test_tasks_of_an_approved_plan_stay(self):
        plan = self._approve(self._new_plan("Ban hành kế hoạch"))
        task = plan.task_ids
        for change in (
            lambda: task.write({"date_deadline": "2026-12-01"}),
            lambda: task.write({"name": "Khác"}),
            lambda: task.unlink(),
            lambda: self._new_task(plan),
        ):
            with self._refused(UserError, "is approved or waits"):
                change()

    def test_amended_before_progress_only(self):
        plan = self._approve(self._new_plan("Ban hành kế hoạch"))
        plan.action_amend()
        self.assertEqual((plan.state, plan.approved_by_id.id), ("draft", False))
        self._approve(plan)
        self._report(plan.task_ids, day="2026-02-01")
        with self._refused(UserError, "by an adjustment"):
            plan.action_amend()

    def test_a_yearly_plan_lies_within_that_of_the_period(self):
        period = self._new_plan(
            "Nhiệm vụ", level="period", date_from="2021-01-01", date_to="2025-12-31"
        )
        with self._refused(ValidationError, "lies outside the time"):
            self._new_plan(parent_id=period.id)
        plan = self._new_plan(
            parent_id=period.id, date_from="2025-01-01", date_to="2025-12-31"
        )
        self.assertEqual((plan.year, period.child_ids), (2025, plan))
        with self._refused(ValidationError, "longer period"):
            self._new_plan(level="period", parent_id=plan.id)

    def test_the_programme_is_that_of_the_year(self):
        plan = self._new_plan(date_from="2016-01-01", date_to="2016-12-31")
        self.assertEqual(plan.programme_id.number, "30c/NQ-CP")

    def test_numbers_follow_areas_and_stay_after_approval(self):
        plan = self._new_plan()
        report = self._new_task(plan, name="Báo cáo")
        part = self._new_task(plan, name="Dự thảo", parent_id=report.id)
        law = self._new_task(plan, name="Rà soát", area_id=self.area["institution"].id)
        self.assertEqual(
            [task.code for task in (law, report, part)], ["I.1", "VII.1", "VII.1.a"]
        )
        first = self._new_task(plan, name="Kế hoạch", sequence=1)
        self.assertEqual((first.code, report.code), ("VII.1", "VII.2"))

    def test_other_agencies_see_nothing(self):
        plan = self._new_plan("Ban hành kế hoạch")
        self.assertTrue(plan.with_user(self.member).has_access("read"))
        outsider = self._new_reform_user(
            "outsider", "group_officer", company=self.neighbour
        )
        for record in (plan, plan.task_ids):
            self.assertFalse(record.with_user(outsider).has_access("read"))
        self.assertFalse(plan.with_user(self.member).has_access("write"))
