from datetime import date

from odoo.tests import HttpCase, tagged

from .common_sample import SampleCase


@tagged("post_install", "-at_install", "cchc_tour")
class TestAuditTour(SampleCase, HttpCase):
    """From a late step to the action that mends it, in a real browser."""

    def test_auditor_finds_a_late_step_and_leader_closes_the_action(self):
        """As the people of an agency see it: in Vietnamese."""
        self.env["res.lang"]._activate_lang("vi_VN")
        (self.iso_auditor | self.head).sudo().lang = "vi_VN"
        dossier = self._lived(late=True)
        self._record(dossier)
        audit = self._running_audit(
            period_from=date(2026, 5, 1), period_to=date(2026, 5, 31)
        )
        self.start_tour(
            f"/odoo/iso-audits/{audit.id}",
            "cchc_iso_auditor_finds_late_step",
            login=self.iso_auditor.login,
        )
        self.env.invalidate_all()
        nonconformity = audit.nonconformity_ids
        self.assertEqual(len(nonconformity), 1)
        self.assertEqual(nonconformity.dossier_id, dossier)
        self.assertEqual(nonconformity.clause_ids.mapped("code"), ["8.5.1"])
        action = self._plan(nonconformity)
        self.start_tour(
            f"/odoo/mgmtsystem.action/{action.id}",
            "cchc_iso_leader_closes_action",
            login=self.head.login,
        )
        self.env.invalidate_all()
        self.assertTrue(action.stage_id.is_ending)
        self.assertEqual(action.verified_by_id, self.head)

    def _plan(self, nonconformity):
        """Return the corrective action of the department, carried out."""
        answer = nonconformity.with_user(nonconformity.responsible_user_id)
        answer.action_accept()
        answer.analysis = "Một người thụ lý nghỉ phép, chưa phân công thay."
        answer.action_state_cause()
        action = nonconformity.sudo()._cchc_add_action(
            {
                "name": "Phân công người thay khi vắng mặt",
                "user_id": self.handler.id,
                "date_deadline": nonconformity.due_date,
            }
        )
        answer.action_send_plan()
        nonconformity.with_user(self.head).action_approve_plan()
        action.sudo().write({"result": "Đã phân công bằng văn bản."})
        self.assertEqual(nonconformity.action_ids, action)
        return action
