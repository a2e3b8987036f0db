from freezegun import freeze_time

from odoo import Command
from odoo.tests import Form, tagged

from odoo.addons.cchc_onestop.tests.common import local

from .common import IsoCase


@tagged("post_install", "-at_install")
class TestQualityWay(IsoCase):
    """From a late dossier to the management review, each step by who takes it.

    Issue of the product owner: late dossiers above an objective open a nonconformity by
    rule, through action and effect to the review.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditee = cls._new_iso_user("auditee", "group_viewer")
        cls.department.manager_id = cls.auditee.with_company(cls.commune).employee_id

    def _late_dossier(self):
        """Return a dossier that its own people settle late."""
        with freeze_time(local("02/07/2026 08:00")):
            dossier = self._to_sign()
        with freeze_time(local("20/07/2026 15:00")):
            dossier.with_user(self.leader).action_sign()
            self._explain(dossier)
            dossier.with_user(self.desk).action_pass_step()
            dossier.with_user(self.desk).action_return_result()
        self.assertEqual(dossier.sudo().timeliness, "late")
        return dossier.sudo()

    def _objective(self):
        objective = (
            self.env["cchc.iso.objective"]
            .with_user(self.secretary)
            .create(
                {
                    "name": "Hồ sơ trễ hạn không quá 2%",
                    "year": 2026,
                    "company_id": self.commune.id,
                    "system_id": self.system.id,
                    "metric": "late_share",
                    "target": 2,
                    "department_id": self.department.id,
                    "consequence": "nonconformity",
                    "plan_ids": [
                        Command.create(
                            {"name": "Rà soát hằng tuần", "user_id": self.head.id}
                        )
                    ],
                }
            )
        )
        objective.request_validation()
        objective.with_user(self.head).validate_tier()
        return objective

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("cchc_iso.cron_measure").method_direct_trigger()
        self.env.invalidate_all()

    def _findings(self, objective):
        return self.env["mgmtsystem.nonconformity"].search(
            [("rule_key", "like", f"objective/{objective.id}/")]
        )

    def test_late_dossier_to_the_review(self):
        dossier = self._late_dossier()
        handled = dossier.step_ids.filtered(lambda step: step.role == "handle")
        self.assertEqual(handled.department_id, self.department)
        with freeze_time(local("30/09/2026 08:00")):
            objective = self._objective()
            objective.with_user(self.secretary).action_measure()
            self.assertFalse(self._findings(objective), "the quarter is still running")
        with freeze_time(local("01/10/2026 02:00")):
            self._run_cron()
            nc = self._findings(objective)
            self.assertEqual(len(nc), 1)
            # never a second one, whoever measures again
            self._run_cron()
            objective.with_user(self.secretary).action_measure()
            objective.with_user(self.head).action_measure()
            self.assertEqual(self._findings(objective), nc)
        self.assertEqual(nc.dossier_ids, dossier)
        self.assertEqual(nc.department_id, self.department)
        self.assertEqual(nc.responsible_user_id, self.auditee)
        self.assertEqual(nc.activity_ids.user_id, self.auditee)
        self._correct(nc.with_user(self.auditee))
        self._review(nc, objective)
        with freeze_time(local("05/01/2027 02:00")):
            self._run_cron()
        self.assertEqual(self._findings(objective), nc)

    def _correct(self, nc):
        """The department answers, a leader decides, another person verifies."""
        with freeze_time(local("05/10/2026 09:00")):
            nc.action_accept()
            with Form(nc) as form:
                form.analysis = "Một người thụ lý nghỉ phép, không ai thay"
                form.correction = "Gửi thư xin lỗi"
            nc.action_state_cause()
            with Form(
                self.env["cchc.iso.action.new"]
                .with_user(self.auditee)
                .with_context(default_nonconformity_id=nc.id)
            ) as form:
                form.name = "Phân công người thay thế"
                form.date_deadline = "2026-10-30"
            form.save().action_add()
            nc.action_send_plan()
            nc.with_user(self.head).action_approve_plan()
        action = nc.action_ids
        with freeze_time(local("28/10/2026 09:00")):
            action.with_user(self.auditee).write(
                {"progress": 100, "result": "Đã ban hành bảng phân công"}
            )
            action.with_user(self.head).action_close()
            form = Form(
                self.env["cchc.iso.effect.check"]
                .with_user(self.head)
                .with_context(default_nonconformity_id=nc.id)
            )
            form.effect = "effective"
            form.comments = "20 hồ sơ tháng 10 đúng hạn"
            form.save().action_confirm()
        self.assertEqual((nc.state, nc.effect), ("done", "effective"))

    def _review(self, nc, objective):
        """The meeting sees the missed objective and the finding with its effect; what
        it decides is an action, which the next meeting sees first."""
        with freeze_time(local("10/11/2026 08:00")):
            review = self._meeting("10/11/2026 08:00", "2026-07-01", "2026-11-10")
            met = self._figure(review, "objectives_met")
            self.assertEqual((met.numerator, met.denominator), (0, 1))
            self.assertIn(objective.name, met.detail)
            for code in ("nc_closed", "nc_effective"):
                figure = self._figure(review, code)
                self.assertEqual((figure.numerator, figure.denominator), (1, 1), code)
            self.assertIn(nc.ref, self._figure(review, "nc_closed").detail)
            late = self._figure(review, "late_count")
            self.assertEqual((late.numerator, late.denominator), (1, 1))
            review.conclusion = "<p>Hệ thống có hiệu lực</p>"
            with Form(
                self.env["cchc.iso.action.new"]
                .with_user(self.secretary)
                .with_context(default_review_id=review.id)
            ) as form:
                form.name = "Bổ sung một người thụ lý"
                form.output = "resource"
                form.user_id = self.member
                form.date_deadline = "2026-12-31"
            form.save().action_add()
        with freeze_time(local("10/11/2026 17:00")):
            review.with_user(self.head).button_close()
        decided = review.line_ids.action_id
        self.assertEqual(decided.user_id, self.member)
        with freeze_time(local("10/11/2027 08:00")):
            later = self._meeting("10/11/2027 08:00", "2027-01-01", "2027-10-31")
            self.assertEqual(later.previous_action_ids, decided)
            figure = self._figure(later, "actions_late")
            self.assertEqual((figure.numerator, figure.denominator), (1, 1))
            provided = self._figure(later, "resources_provided")
            self.assertEqual((provided.numerator, provided.denominator), (0, 1))

    def _meeting(self, day, date_from, date_to):
        review = (
            self.env["mgmtsystem.review"]
            .with_user(self.secretary)
            .create(
                {
                    "name": f"Xem xét của lãnh đạo {day}",
                    "date": local(day),
                    "system_id": self.system.id,
                    "company_id": self.commune.id,
                    "period_from": date_from,
                    "period_to": date_to,
                    "chair_id": self.head.id,
                    "user_ids": [Command.set((self.head | self.secretary).ids)],
                }
            )
        )
        review.action_measure()
        return review

    def _figure(self, review, code):
        return review.figure_ids.filtered(
            lambda figure: figure.code == code and figure.is_current
        )
