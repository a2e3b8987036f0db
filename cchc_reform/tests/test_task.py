from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import ReformCase


@tagged("post_install", "-at_install")
class TestTask(ReformCase):
    """How a task stands: from its entries and the day (domain text 4.3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._new_plan("Ban hành báo cáo quý")
        cls.task = cls.plan.task_ids
        cls.regular = cls._new_task(
            cls.plan, name="Tuyên truyền", deadline_type="regular", date_deadline=False
        )
        cls.quarterly = cls._new_task(
            cls.plan, name="Báo cáo quý", deadline_type="quarterly", date_deadline=False
        )
        cls._approve(cls.plan)

    def _status(self, task, day):
        with freeze_time(f"{day} 03:00:00"):
            task.invalidate_recordset(["status", "days_late"])
            return task.status

    def test_overdue_is_worked_out_from_the_day(self):
        self.assertEqual(self._status(self.task, "2026-06-30"), "not_started")
        self.assertEqual(self._status(self.task, "2026-07-01"), "overdue")
        with freeze_time("2026-07-01 03:00:00"):
            found = self.env["cchc.reform.task"].search([("status", "=", "overdue")])
            self.assertIn(self.task, found)
            self.assertNotIn(self.regular, found)
            rest = self.env["cchc.reform.task"].search([("status", "!=", "overdue")])
            self.assertNotIn(self.task, rest)

    def test_the_day_is_that_of_the_commune(self):
        # 17:30 UTC is the next morning in the commune
        with freeze_time("2026-06-30 17:30:00"):
            task = self.task.with_user(self.member)
            self.assertEqual((task.status, task.days_late), ("overdue", 1))

    def test_done_on_the_day_or_late(self):
        for day, state in (("2026-06-30", "done"), ("2026-07-01", "done_late")):
            with freeze_time("2026-08-01 03:00:00"), self.subTest(day=day):
                entry = self._report(self.task, day=day, outcome="done")
                self.assertEqual(self.task.progress_state, state)
                self.assertEqual(
                    (self.task.percent, str(self.task.date_done)), (100, day)
                )
                self._report(self.task, day=day, corrects_id=entry.id, percent=40)
                self.assertEqual(
                    (self.task.progress_state, self.task.percent), ("in_progress", 40)
                )

    @freeze_time("2026-08-01 03:00:00")
    def test_entries_are_kept(self):
        entry = self._report(self.task, day="2026-03-01", percent=20)
        for change in (
            lambda: entry.with_user(self.officer).write({"percent": 90}),
            lambda: entry.with_user(self.officer).unlink(),
            lambda: entry.with_user(self.member).write({"text": "x"}),
        ):
            with self._refused(AccessError, "."):
                change()
        correction = self._report(
            self.task, day="2026-03-01", percent=25, corrects_id=entry.id
        )
        self.assertTrue(entry.is_corrected)
        self.assertEqual(self.task.percent, 25)
        with self._refused(ValidationError, "corrected already"):
            self._report(self.task, day="2026-03-01", corrects_id=entry.id)
        self.assertFalse(correction.is_corrected)

    @freeze_time("2026-08-01 03:00:00")
    def test_who_reports(self):
        self.assertTrue(self._report(self.task, self.member, day="2026-03-01"))
        self.assertTrue(self._report(self.task, self.officer, day="2026-03-01"))
        with self._refused(AccessError, "is led by"):
            self._report(self.task, self.stranger, day="2026-03-01")

    @freeze_time("2026-02-01 03:00:00")
    def test_nothing_is_reported_from_the_future(self):
        with self._refused(UserError, "lies in the future"):
            self._report(self.task, day="2026-02-02")

    @freeze_time("2026-08-01 03:00:00")
    def test_giving_up_needs_an_authority(self):
        with self._refused(ValidationError, "name the document"):
            self._report(self.task, day="2026-03-01", outcome="cancelled")
        self._report(
            self.task, day="2026-03-01", outcome="cancelled", authority="12/TB-UBND"
        )
        self.assertEqual(self.task.status, "cancelled")

    def test_a_draft_has_no_progress(self):
        task = self._new_plan("Việc khác").task_ids
        with self._refused(UserError, "approved plans"):
            self._report(task, self.officer, day="2026-01-02")

    @freeze_time("2026-08-01 03:00:00")
    def test_each_quarter_is_due(self):
        task = self.quarterly
        self.assertEqual((str(task.next_due), task.status), ("2026-03-31", "overdue"))
        self._report(task, day="2026-03-30", outcome="done")
        self.assertEqual((str(task.next_due), task.percent), ("2026-06-30", 25))
        self._report(task, day="2026-07-10", outcome="done", period_end="2026-06-30")
        self.assertEqual(
            (str(task.next_due), task.status), ("2026-09-30", "in_progress")
        )

    def test_a_late_quarter_makes_the_year_late(self):
        with freeze_time("2027-01-05 03:00:00"):
            for day, end in (
                ("2026-03-30", False),
                ("2026-07-10", "2026-06-30"),
                ("2026-09-30", False),
                ("2026-12-31", False),
            ):
                self._report(self.quarterly, day=day, outcome="done", period_end=end)
            self.assertEqual(self.quarterly.progress_state, "done_late")

    @freeze_time("2026-08-01 03:00:00")
    def test_numerator_and_denominator(self):
        self._report(self.task, day="2026-06-30", outcome="done")
        self._report(self.regular, day="2026-05-05")
        self.assertFalse(self.regular.is_maintained)
        self._report(self.regular, day="2026-05-06", product_text="03 buổi, 12 tin")
        plan = self.plan
        self.assertEqual(
            (plan.done_count, plan.counted_count, plan.overdue_count), (2, 3, 1)
        )
        settings = self.env["cchc.reform.settings"]
        manager = self._new_reform_user("manager", "group_manager")
        form = Form(settings.with_user(manager))
        self.assertTrue(form.count_regular)
        shares = (form.share_with, form.share_without)
        self.assertEqual([share.split(" ")[0] for share in shares], ["2/3", "1/2"])
        form.count_regular = False
        for user in (self.officer, self.chief):
            with self.assertRaises(AccessError):
                settings.with_user(user).create({})
        form.save().action_save()
        self.assertFalse(self.commune.cchc_count_regular)
        foreign = settings.with_user(manager).create({"company_id": self.neighbour.id})
        with self.assertRaisesRegex(AccessError, "your own agency"):
            foreign.action_save()
        again = Form(settings.with_user(manager))
        self.assertEqual((again.share_with, again.share_without), shares)
        plan.invalidate_recordset()
        self.assertEqual((plan.done_count, plan.counted_count), (1, 2))

    def test_figures_cost_as_much_for_many_tasks(self):
        for number in range(40):
            self._new_task(self._new_plan(name=f"Kế hoạch {number}"))
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(4):
            figures = self.env["cchc.reform.task"]._figures(
                [("company_id", "=", self.commune.id)], "company_id"
            )
        self.assertEqual(figures[self.commune]["all"], 43)

    @freeze_time("2026-08-01 03:00:00")
    def test_done_needs_its_product(self):
        for values in ({}, {"product_text": "  "}):
            with self._refused(ValidationError, "when its product is there"):
                self.env["cchc.reform.progress"].with_user(self.member).create(
                    {
                        "task_id": self.task.id,
                        "day": "2026-06-30",
                        "text": "Xong",
                        "outcome": "done",
                        **values,
                    }
                )
        file = (
            self.env["ir.attachment"]
            .with_user(self.member)
            .create({"name": "bao-cao.pdf", "raw": b"%PDF", "res_model": False})
        )
        entry = self._report(
            self.task, day="2026-06-30", outcome="done", attachment_ids=file.ids
        )
        self.assertEqual(self.task.progress_state, "done")
        # whoever reads the entry reads its file
        self.assertEqual(
            entry.attachment_ids.with_user(self.stranger).read(["name"])[0]["name"],
            "bao-cao.pdf",
        )
        self.assertEqual(entry.evidence_size_text, "4.00 bytes")

    @freeze_time("2026-08-01 03:00:00")
    def test_evidence_is_checked_by_the_officer(self):
        entry = self._report(self.task, day="2026-06-30", outcome="done")
        with self._refused(AccessError, "whoever keeps the plans"):
            entry.action_check()
        entry.with_user(self.officer).action_check()
        self.assertEqual(
            (entry.checked_by_id, str(entry.checked_on)), (self.officer, "2026-08-01")
        )

    def test_how_a_task_stands_is_not_written(self):
        plan = self._new_plan("Việc khác")
        for values in ({"progress_state": "done"}, {"percent": 100}, {"actual": 5}):
            with self._refused(AccessError, "comes from its progress"):
                plan.task_ids.with_user(self.officer).write(values)
            with self._refused(AccessError, "comes from its progress"):
                self._new_task(plan, **values)

    @freeze_time("2026-08-01 03:00:00")
    def test_a_task_stands_as_its_parts_stand(self):
        plan = self._new_plan()
        whole = self._new_task(plan, name="Sắp xếp bộ máy", date_deadline=False)
        first = self._new_task(plan, name="Đề án", parent_id=whole.id)
        second = self._new_task(
            plan, name="Quyết định", parent_id=whole.id, date_deadline="2026-12-15"
        )
        self._approve(plan)
        self.assertEqual((whole.has_parts, whole.status), (True, "overdue"))
        with self._refused(UserError, "report on each of them"):
            self._report(whole, day="2026-03-01")
        self._report(first, day="2026-06-30", outcome="done")
        self.assertEqual(
            (whole.progress_state, whole.percent, str(whole.next_due)),
            ("in_progress", 50, "2026-12-15"),
        )
        # the whole is not counted beside its parts
        self.assertEqual((plan.task_count, plan.counted_count), (2, 2))
        self._report(second, day="2026-07-01", outcome="done")
        self.assertEqual(
            (whole.progress_state, str(whole.date_done)), ("done", "2026-07-01")
        )

    @freeze_time("2026-08-01 03:00:00")
    def test_a_task_without_a_plan(self):
        task = (
            self.env["cchc.reform.task"]
            .with_user(self.officer)
            .create(
                {
                    "name": "Báo cáo đột xuất theo Công văn 120/UBND-VP",
                    "company_id": self.commune.id,
                    "lead_department_id": self.department.id,
                    "date_deadline": "2026-07-20",
                }
            )
        )
        self.assertEqual((task.year, task.status), (2026, "overdue"))
        self._report(task, day="2026-07-25", outcome="done")
        self.assertEqual(task.status, "done_late")
        with self._refused(UserError, "not deleted any more"):
            task.unlink()

    @freeze_time("2025-07-01 03:00:00")
    def test_31_of_75(self):
        """Sơn La, first half of 2025: 31/75 tasks = 41.33 %."""
        plan = self._new_plan(date_from="2025-01-01", date_to="2025-12-31")
        tasks = self.env["cchc.reform.task"]
        for number in range(75):
            tasks |= self._new_task(
                plan, name=f"Nhiệm vụ {number}", date_deadline="2025-12-15"
            )
        self._approve(plan)
        for task in tasks[:31]:
            self._report(task, day="2025-06-10", outcome="done")
        self.assertEqual((plan.done_count, plan.counted_count), (31, 75))
        self.assertEqual(plan.done_text, "31/75 = 41,33%")
