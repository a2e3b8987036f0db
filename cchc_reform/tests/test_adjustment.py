from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.tests import Form, tagged

from .common import ReformCase


@tagged("post_install", "-at_install")
@freeze_time("2026-05-04 03:00:00")
class TestAdjustment(ReformCase):
    """An approved plan changes on an authority, and what was stays (4.3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._new_plan("Ban hành báo cáo", "Đào tạo")
        cls.report, cls.training = cls.plan.task_ids
        cls._approve(cls.plan)

    def _new_adjustment(self, *lines, **values):
        return (
            self.env["cchc.reform.plan.adjustment"]
            .with_user(self.officer)
            .create(
                {
                    "plan_id": self.plan.id,
                    "authority": "12/TB-UBND",
                    "authority_date": "2026-05-02",
                    "reason": "Sắp xếp lại bộ máy",
                    "line_ids": [Command.create(line) for line in lines],
                    **values,
                }
            )
        )

    def test_applied_when_approved(self):
        adjustment = self._new_adjustment(
            {"task_id": self.report.id, "date_deadline": "2026-09-30"},
            {"action": "drop", "task_id": self.training.id},
            {
                "action": "add",
                "name": "Kiểm tra công vụ",
                "area_id": self.area["civil_service"].id,
                "lead_department_id": self.department.id,
                "date_deadline": "2026-11-30",
            },
        )
        adjustment.action_submit()
        self.assertEqual(str(self.report.date_deadline), "2026-06-30")
        adjustment.with_user(self.chief).validate_tier()
        self.assertEqual(adjustment.state, "approved")
        self.assertEqual(str(self.report.date_deadline), "2026-09-30")
        self.assertEqual(self.training.status, "cancelled")
        self.assertEqual(
            self.training.progress_ids.authority, "12/TB-UBND (02/05/2026)"
        )
        added = self.plan.task_ids - self.report - self.training
        self.assertEqual((added.name, added.code), ("Kiểm tra công vụ", "IV.1"))
        line = self.report.adjustment_line_ids
        self.assertEqual(line.changes, "Deadline: 30/06/2026 → 30/09/2026")
        # what was approved first can still be read
        rows = {row["name"]: row["deadline"] for row in self.plan.first_rows}
        self.assertEqual(
            rows, {"Ban hành báo cáo": "30/06/2026", "Đào tạo": "30/06/2026"}
        )
        self.assertIn("30/06/2026", self.plan.first_table)

    def test_what_was_carried_out_is_kept(self):
        adjustment = self._new_adjustment(
            {"task_id": self.report.id, "name": "Ban hành 02 báo cáo"}
        )
        self._approve(adjustment)
        for change in (
            lambda: adjustment.write({"reason": "Khác"}),
            lambda: adjustment.line_ids.write({"name": "Khác"}),
            lambda: adjustment.line_ids.unlink(),
            lambda: adjustment.action_amend(),
            lambda: adjustment.action_cancel(),
        ):
            with self._refused(UserError, "."):
                change()
        self.assertEqual(self.report.name, "Ban hành 02 báo cáo")
        with self._refused(UserError, "has been adjusted"):
            self.plan.action_amend()

    def test_two_adjustments_of_a_task_do_not_undo_each_other(self):
        first = self._new_adjustment(
            {"task_id": self.report.id, "date_deadline": "2026-09-30"}
        )
        second = self._new_adjustment(
            {"task_id": self.report.id, "product": "02 báo cáo"}
        )
        self._approve(first)
        with self._refused(UserError, "has been changed since"):
            second.action_submit()

    def test_a_line_begins_with_the_row_of_the_task(self):
        form = Form(
            self.env["cchc.reform.plan.adjustment"]
            .with_user(self.officer)
            .with_context(default_plan_id=self.plan.id)
        )
        form.authority, form.authority_date = "12/TB-UBND", Date.to_date("2026-05-02")
        form.reason = "Sắp xếp lại bộ máy"
        with form.line_ids.new() as line:
            line.task_id = self.report
            self.assertEqual(line.name, "Ban hành báo cáo")
            self.assertFalse(line.changes)
            line.lead_department_id = self.other_department
        adjustment = form.save()
        self.assertIn("Lead:", adjustment.line_ids.changes)
        self._approve(adjustment)
        self.assertEqual(self.report.lead_department_id, self.other_department)

    def test_nothing_to_do_is_refused(self):
        with self._refused(UserError, "Nothing changes"):
            self._new_adjustment({"task_id": self.report.id}).action_submit()
        with self._refused(UserError, "changes no task"):
            self._new_adjustment().action_submit()

    def test_only_a_leader_carries_it_out(self):
        adjustment = self._new_adjustment(
            {"action": "drop", "task_id": self.training.id}
        )
        for user in (self.officer, self.chief):
            with self._refused(AccessError, "."):
                adjustment.with_user(user).write({"state": "approved"})
        with self._refused(AccessError, "."):
            adjustment.with_user(self.member).action_submit()

    def test_begun_from_a_task(self):
        """By its own button: a new adjustment first, then the draft that is open."""
        report = self.report.with_user(self.officer)
        action = report.action_adjust()
        self.assertNotIn("res_id", action)
        adjustments = self.env[action["res_model"]].with_user(self.officer)
        form = Form(adjustments.with_context(**action["context"]))
        self.assertEqual(form.plan_id, self.plan)
        form.authority = "12/TB-UBND"
        form.authority_date = "2026-05-02"
        form.reason = "Sắp xếp lại bộ máy"
        with form.line_ids.edit(0) as line:
            self.assertEqual(line.task_id, self.report)
            self.assertEqual(str(line.date_deadline), "2026-06-30")
            line.date_deadline = "2026-09-30"
        draft = form.save()
        self.assertEqual(draft.line_ids.changes, "Deadline: 30/06/2026 → 30/09/2026")
        # once more: the same draft, the line as it stands
        self.assertEqual(report.action_adjust()["res_id"], draft.id)
        self.assertEqual(len(draft.line_ids), 1)
        # another task of the plan joins it
        both = (self.report | self.training).with_user(self.officer)
        self.assertEqual(both.action_adjust()["res_id"], draft.id)
        self.assertEqual(draft.line_ids.task_id, both)
        draft.line_ids[1].budget = 5_000_000
        draft.action_submit()
        # what waits for approval stays as it is
        self.assertNotIn(
            "res_id", self.training.with_user(self.officer).action_adjust()
        )

    def test_not_every_task_is_adjusted(self):
        with self.assertRaises(AccessError):
            self.report.with_user(self.member).action_adjust()
        draft = self._new_plan("Việc mới").task_ids
        with self.assertRaisesRegex(UserError, "is not approved"):
            draft.with_user(self.officer).action_adjust()
        with self.assertRaisesRegex(UserError, "tasks of one plan"):
            (draft | self.report).with_user(self.officer).action_adjust()
        self._report(self.report, self.officer, outcome="cancelled", authority="1/QĐ")
        with self.assertRaisesRegex(UserError, "given up already"):
            self.report.with_user(self.officer).action_adjust()

    def test_authority_from_the_register(self):
        issuer = self.env["cchc.issued.document.issuer"].create({"name": "UBND tỉnh"})
        document = (
            self.env["cchc.issued.document"]
            .with_user(self.officer)
            .create(
                {
                    "direction": "incoming",
                    "reference": "77/TB-UBND",
                    "date": "2026-04-28",
                    "subject": "Điều chỉnh nhiệm vụ cải cách hành chính",
                    "issuer_id": issuer.id,
                }
            )
        )
        form = Form(
            self.env["cchc.reform.plan.adjustment"]
            .with_user(self.officer)
            .with_context(default_plan_id=self.plan.id)
        )
        form.document_id = document
        form.reason = "Theo chỉ đạo"
        record = form.save()
        self.assertEqual(
            (record.authority, str(record.authority_date), record.issuer),
            ("77/TB-UBND", "2026-04-28", "UBND tỉnh"),
        )
