import io

from pypdf import PdfReader

from odoo.tests import HttpCase, tagged

from .common import ReformCase


@tagged("post_install", "-at_install", "cchc_tour")
class TestPlanTour(ReformCase, HttpCase):
    """A plan is made, approved, reported on and told in the quarterly report."""

    def test_from_the_plan_to_the_report(self):
        self.department.name = "Văn phòng của chuyến đi"
        self.env["ir.default"].set("cchc.reform.task", "deadline_type", "yearly")
        self.start_tour(
            "/odoo/reform-plans/new",
            "cchc_reform_officer_makes_plan",
            login=self.officer.login,
        )
        plan = self.env["cchc.reform.plan"].search(
            [("name", "=", "Kế hoạch CCHC của chuyến đi")]
        )
        self.assertEqual(plan.task_ids.code, "I.1")
        self.start_tour(
            f"/odoo/reform-plans/{plan.id}",
            "cchc_reform_leader_approves_plan",
            login=self.chief.login,
        )
        self.env.invalidate_all()
        self.assertEqual((plan.state, plan.approved_by_id), ("approved", self.chief))
        self.start_tour(
            f"/odoo/reform-tasks/{plan.task_ids.id}",
            "cchc_reform_member_reports_progress",
            login=self.member.login,
        )
        self.env.invalidate_all()
        self.assertEqual(plan.task_ids.progress_ids.user_id, self.member)
        self.assertEqual(plan.done_text, "1/1 = 100%")
        report = (
            self.env["cchc.reform.report"]
            .with_user(self.officer)
            .create({"company_id": self.commune.id})
        )
        self.start_tour(
            f"/odoo/reform-reports/{report.id}",
            "cchc_reform_officer_collects_report",
            login=self.officer.login,
        )
        self.env.invalidate_all()
        self.assertTrue(report.collected_at)
        action = report.with_user(self.officer).action_pdf()
        content, _kind = (
            self.env(context={"force_report_rendering": True})["ir.actions.report"]
            .with_user(self.officer)
            ._render_qweb_pdf(action["report_name"], report.ids)
        )
        pages = PdfReader(io.BytesIO(content)).pages
        text = "".join(page.extract_text() for page in pages)
        self.assertIn("BÁO CÁO", text)

    def test_adjusted_from_a_task(self):
        """What the officer does not touch in the new line stays as it is."""
        plan = self._approve(self._new_plan("Báo cáo quý II"))
        self.start_tour(
            f"/odoo/reform-tasks/{plan.task_ids.id}",
            "cchc_reform_officer_adjusts_task",
            login=self.officer.login,
        )
        line = plan.adjustment_ids.line_ids
        self.assertEqual(line.changes, "Product: ∅ → Báo cáo tổng hợp")
        self.assertEqual(line.adjustment_id.authority, "12/TB-UBND")

    def test_colors_of_stages(self):
        plan = self._approve(self._new_plan("Báo cáo quý II", "Báo cáo quý III"))
        self._report(plan.task_ids[0], day="2026-03-01", outcome="done")
        self.start_tour(
            "/odoo/reform-tasks?view_type=graph",
            "cchc_reform_colors_of_stages",
            login=self.officer.login,
        )
