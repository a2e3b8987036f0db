from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import ReformCase


@tagged("post_install", "-at_install")
@freeze_time("2026-08-10 03:00:00")
class TestInspection(ReformCase):
    """Inspections, visits (lượt), findings and their remedies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inspection = (
            cls.env["cchc.reform.inspection"]
            .with_user(cls.officer)
            .create(
                {
                    "name": "Kiểm tra công tác CCHC năm 2026",
                    "date_from": "2026-07-01",
                    "leader_id": cls.chief.id,
                }
            )
        )

    def _visit(self, **values):
        if not {"department_id", "agency_id", "unit_name"} & set(values):
            values["department_id"] = self.department.id
        return (
            self.env["cchc.reform.inspection.visit"]
            .with_user(self.officer)
            .create(
                {"inspection_id": self.inspection.id, "day": "2026-07-02", **values}
            )
        )

    def _finding(self, visit=None, **values):
        return (
            self.env["cchc.reform.inspection.finding"]
            .with_user(self.officer)
            .create(
                {
                    "visit_id": (visit or self._visit()).id,
                    "weakness": "Niêm yết thủ tục hành chính chưa đầy đủ",
                    "date_due": "2026-08-20",
                    "responsible_department_id": self.department.id,
                    **values,
                }
            )
        )

    def test_visits_of_nghia_lo(self):
        # 002_efdf774528209ba3.txt: 18 lượt, no violation (Chỉ thị 26/CT-TTg)
        for number in range(18):
            self._visit(unit_name=f"Đơn vị {number + 1}")
        self._visit(unit_name="Chưa đến", day=False, planned_on="2026-09-01")
        self.assertEqual(self.inspection.visit_count, 18)
        self.assertEqual(self.inspection.visit_planned_count, 19)
        self.assertEqual(self.inspection.violator_count, 0)

    def test_a_visit_is_of_one_unit(self):
        with self.assertRaisesRegex(ValidationError, "one of the three"):
            self._visit(department_id=self.department.id, unit_name="Khác")
        with self.assertRaisesRegex(ValidationError, "one of the three"):
            self._visit(unit_name=False)
        self.assertEqual(
            self._visit(agency_id=self.neighbour.id).unit, "UBND xã Hải Lăng"
        )

    def test_a_visit_is_not_in_the_future(self):
        with self.assertRaisesRegex(ValidationError, "enter it as planned"):
            self._visit(day="2026-08-11")

    def test_entered_with_its_visits_and_findings_in_one_form(self):
        form = Form(self.env["cchc.reform.inspection"].with_user(self.officer))
        form.name = "Tự kiểm tra quý III"
        form.form = "self"
        self.assertEqual(form.inspector_type, "internal")
        with form.visit_ids.new() as visit:
            visit.department_id = self.department
            visit.day = "2026-08-03"
        inspection = form.save()
        self.assertEqual(inspection.visit_ids.unit, self.department.name)
        self.assertEqual(inspection.company_id, self.commune)
        with Form(inspection) as form, form.finding_ids.new() as finding:
            finding.visit_id = inspection.visit_ids
            finding.weakness = "Chưa công khai kết quả"
        self.assertEqual(inspection.finding_count, 1)
        self.assertEqual(inspection.visit_ids.finding_count, 1)

    def test_life(self):
        with self.assertRaisesRegex(AccessError, "changes by its buttons"):
            self.inspection.state = "closed"
        with self.assertRaisesRegex(UserError, "Enter who was visited"):
            self.inspection.action_conclude()
        visit = self._visit(day=False)
        with self.assertRaisesRegex(UserError, "was not visited yet"):
            self.inspection.action_conclude()
        visit.day = "2026-07-02"
        with self.assertRaisesRegex(UserError, "Enter the conclusion"):
            self.inspection.action_conclude()
        self.inspection.conclusion_number = "45/KL-UBND"
        self.inspection.action_start()
        self.inspection.action_conclude()
        finding = self._finding(visit)
        with self.assertRaisesRegex(UserError, "1 findings of"):
            self.inspection.action_close()
        finding.report_remedy("Đã niêm yết lại")
        finding.with_user(self.chief).action_confirm()
        self.inspection.action_close()
        self.assertEqual(self.inspection.state, "closed")
        with self.assertRaisesRegex(UserError, "reopen it"):
            visit.weaknesses = "Khác"
        with self.assertRaisesRegex(UserError, "stays in the book"):
            self.inspection.unlink()

    def test_remedy_is_reported_by_who_is_responsible_and_confirmed_by_a_leader(self):
        finding = self._finding()
        with self.assertRaisesRegex(AccessError, "Who is responsible reports"):
            finding.with_user(self.stranger).report_remedy("Xong")
        with self.assertRaisesRegex(AccessError, "by the buttons"):
            finding.write({"state": "confirmed"})
        wizard = Form(
            self.env["cchc.reform.finding.remedy"]
            .with_user(self.member)
            .with_context(default_finding_id=finding.id)
        )
        wizard.result = "Đã niêm yết đủ 123 thủ tục"
        wizard.save().action_report()
        self.assertEqual((finding.state, finding.status), ("reported", "reported"))
        with self.assertRaisesRegex(AccessError, "A leader confirms"):
            finding.action_confirm()
        finding.with_user(self.chief).action_send_back()
        self.assertEqual(finding.state, "open")
        self.assertTrue(finding.activity_ids)
        finding.with_user(self.member).report_remedy("Đã niêm yết lại")
        finding.with_user(self.chief).action_confirm()
        self.assertEqual(finding.confirmed_by_id, self.chief)
        self.assertEqual(finding.status, "confirmed")
        with self.assertRaisesRegex(UserError, "stays as it is"):
            finding.weakness = "Khác"

    def test_the_photo_of_a_remedy_is_seen_by_the_leader(self):
        finding = self._finding()
        photo = self.env["ir.attachment"].with_user(self.member)
        photo = photo.create({"name": "anh.jpg", "raw": b"jpg"})
        finding.with_user(self.member).report_remedy("Xong", attachments=photo)
        self.assertEqual(photo.with_user(self.chief).raw, b"jpg")

    def test_overdue_is_worked_out_from_the_day(self):
        finding = self._finding(date_due="2026-08-10")
        findings = finding.search([("inspection_id", "=", self.inspection.id)])
        self.assertEqual(finding.status, "open")
        with freeze_time("2026-08-11 03:00:00"):
            finding.invalidate_recordset()
            self.assertEqual(finding.status, "overdue")
            self.assertEqual(finding.search([("status", "=", "overdue")]), findings)
            self.assertEqual(
                self.inspection.search([("overdue_count", ">", 0)]), self.inspection
            )
            finding.report_remedy("Muộn")
            finding.with_user(self.chief).action_confirm()
            self.assertEqual(finding.status, "confirmed_late")
            self.assertEqual(
                finding.search([("status", "=", "confirmed_late")]), findings
            )
            self.assertFalse(finding.search([("status", "=", "confirmed")]))

    def test_departments_self_inspected_on_the_plan(self):
        plan = self._new_plan(plan_type="inspection", name="Kế hoạch kiểm tra")
        self.assertEqual(plan.self_inspected, "0/2 (0%)")
        self.inspection.write({"form": "self", "inspector_type": "internal"})
        self._visit()
        plan.invalidate_recordset()
        self.assertEqual(plan.self_inspected, "1/2 (50%)")
        self.assertFalse(self._new_plan().self_inspected)

    def test_reminded_once_before_and_once_after(self):
        finding = self._finding(responsible_id=self.member.id)
        run = self.env["cchc.reform.inspection.finding"]._cron_remind
        run()
        self.assertFalse(finding.activity_ids)
        with freeze_time("2026-08-14 03:00:00"):
            run()
            run()
            self.assertEqual(finding.activity_ids.user_id, self.member)
            self.assertEqual(len(finding.activity_ids), 1)
        with freeze_time("2026-08-21 03:00:00"):
            run()
            run()
        self.assertEqual(len(finding.activity_ids), 2)

    def test_other_agencies_see_nothing(self):
        finding = self._finding()
        outsider = self._new_reform_user("far", "group_officer", company=self.neighbour)
        for record in (self.inspection, finding.visit_id, finding):
            self.assertFalse(
                record.with_user(outsider).search([("id", "=", record.id)])
            )
            with self.assertRaises(AccessError):
                record.with_user(self.member).write({"company_id": self.commune.id})

    def test_a_list_costs_a_fixed_number_of_queries(self):
        for number in range(20):
            self._finding(self._visit(unit_name=f"Đơn vị {number}"))
        self.inspection.copy({"visit_ids": [Command.clear()]})
        self.env.flush_all()
        names = ["name", "visit_count", "finding_count", "overdue_count"]
        inspections = self.env["cchc.reform.inspection"].with_user(self.member)
        inspections.search_read([], names)
        self.env.invalidate_all()
        with self.assertQueryCount(14):
            inspections.search_read([("company_id", "=", self.commune.id)], names)
