from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import ReformCase


@tagged("post_install", "-at_install")
@freeze_time("2026-12-20 03:00:00")
class TestPlanCopy(ReformCase):
    """The plan of the next year goes on with what is unfinished."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._new_plan(goals="<p>98 %</p>")
        cls.done = cls._new_task(cls.plan, name="Rà soát")
        cls.open = cls._new_task(
            cls.plan, name="Số hóa", date_deadline="2026-02-28", budget=5_000_000
        )
        cls.regular = cls._new_task(
            cls.plan, name="Tuyên truyền", deadline_type="regular", date_deadline=False
        )
        cls.whole = cls._new_task(cls.plan, name="Sắp xếp", date_deadline=False)
        cls.part = cls._new_task(cls.plan, name="Đề án", parent_id=cls.whole.id)
        cls._approve(cls.plan)
        cls._report(cls.done, day="2026-06-01", outcome="done")

    def _wizard(self):
        return Form(
            self.env["cchc.reform.plan.copy"]
            .with_user(self.officer)
            .with_context(active_id=self.plan.id)
        )

    def test_what_is_unfinished_goes_on(self):
        wizard = self._wizard().save()
        action = wizard.action_copy()
        plan = self.env["cchc.reform.plan"].browse(action["res_id"])
        self.assertEqual(
            (plan.state, plan.name, plan.year, plan.copied_from_id),
            ("draft", "Kế hoạch CCHC năm 2027", 2027, self.plan),
        )
        self.assertIn("98 %", plan.goals)
        found = {task.name: task for task in plan.task_ids}
        self.assertEqual(set(found), {"Số hóa", "Tuyên truyền", "Sắp xếp", "Đề án"})
        copy = found["Số hóa"]
        self.assertEqual(
            (str(copy.date_deadline), copy.origin_id, copy.budget),
            ("2027-02-28", self.open, 5_000_000),
        )
        self.assertTrue(copy.is_carried_over)
        self.assertFalse(found["Tuyên truyền"].is_carried_over)
        self.assertEqual(found["Đề án"].parent_id, found["Sắp xếp"])
        self.assertEqual((copy.percent, copy.progress_state), (0, "not_started"))

    def test_who_copies_chooses(self):
        form = self._wizard()
        for index in range(len(form.line_ids)):
            with form.line_ids.edit(index) as line:
                line.is_chosen = line.task_id == self.done
        plan = self.env["cchc.reform.plan"].browse(form.save().action_copy()["res_id"])
        self.assertEqual(plan.task_ids.mapped("name"), ["Rà soát"])
        form = self._wizard()
        for index in range(len(form.line_ids)):
            with form.line_ids.edit(index) as line:
                line.is_chosen = False
        with self._refused(UserError, "Choose at least one"):
            form.save().action_copy()

    def test_a_quarter_follows_a_quarter(self):
        plan = self._new_plan(
            "Báo cáo", level="quarter", date_from="2026-10-01", date_to="2026-12-31"
        )
        plan.task_ids.date_deadline = "2026-12-15"
        self._approve(plan)
        wizard = (
            self.env["cchc.reform.plan.copy"]
            .with_user(self.officer)
            .with_context(active_id=plan.id)
            .create({})
        )
        self.assertEqual(
            (str(wizard.date_from), str(wizard.date_to)), ("2027-01-01", "2027-03-31")
        )
        self.assertEqual(str(wizard.line_ids.date_deadline), "2027-03-15")

    def test_members_do_not_copy(self):
        with self._refused(AccessError, "."):
            self.env["cchc.reform.plan.copy"].with_user(self.member).with_context(
                active_id=self.plan.id
            ).create({})


@tagged("post_install", "-at_install")
@freeze_time("2026-05-20 03:00:00")
class TestReportOnSeveral(ReformCase):
    """Progress on several tasks in one go."""

    def test_a_row_each(self):
        plan = self._new_plan("Một", "Hai", "Ba")
        other = self._new_task(
            plan, name="Bốn", lead_department_id=self.other_department.id
        )
        self._approve(plan)
        tasks = plan.task_ids.sorted("name")
        form = Form(
            self.env["cchc.reform.progress.batch"]
            .with_user(self.member)
            .with_context(active_ids=(tasks | other).ids)
        )
        self.assertEqual(len(form.line_ids), 3)
        with form.line_ids.edit(0) as line:
            line.text, line.percent = "Đã dự thảo", 40
        with form.line_ids.edit(1) as line:
            line.outcome, line.text = "done", "Đã ban hành"
            line.product_text = "Kế hoạch số 12/KH-UBND"
        form.save().action_report()
        states = sorted(plan.task_ids.mapped("progress_state"))
        self.assertEqual(states, ["done", "in_progress", "not_started", "not_started"])
        entry = plan.task_ids.progress_ids[:1]
        self.assertEqual((entry.user_id, str(entry.day)), (self.member, "2026-05-20"))

    def test_nothing_of_mine(self):
        plan = self._new_plan("Một")
        with self._refused(UserError, "None of these tasks"):
            self.env["cchc.reform.progress.batch"].with_user(self.member).with_context(
                active_ids=plan.task_ids.ids
            ).create({})

    def test_my_tasks(self):
        plan = self._new_plan("Một")
        led = plan.task_ids
        coordinated = self._new_task(
            plan,
            name="Hai",
            lead_department_id=self.other_department.id,
            coordinating_department_ids=self.department.ids,
        )
        mine = self._new_task(
            plan,
            name="Ba",
            lead_department_id=self.department.id,
            lead_user_id=self.stranger.id,
        )
        tasks = self.env["cchc.reform.task"]
        for user, expected in (
            (self.member, led | coordinated | mine),
            (self.stranger, coordinated | mine),
        ):
            found = tasks.with_user(user).search(
                [("is_mine", "=", True), ("plan_id", "=", plan.id)]
            )
            self.assertEqual(found, expected)
            self.assertEqual(
                plan.task_ids.with_user(user).filtered("is_mine"), expected
            )
