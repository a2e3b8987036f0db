from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common_sample import SampleCase


@tagged("post_install", "-at_install")
class TestAuditSample(SampleCase):
    """What the sampled dossiers mean for their audit."""

    def test_an_auditor_of_the_department_answers_nothing(self):
        sample = self._drawn(self._recorded(count=1))
        line = sample.line_ids
        self.assertEqual(line.sudo().department_id, self.department)
        self._put_into(self.department, self.iso_auditor)
        with self.assertRaisesRegex(ValidationError, "cannot audit it"):
            line.action_confirm_met()

    def test_the_audit_closes_with_every_dossier_answered(self):
        audit = self._running_audit(questions=())
        sample = self._drawn(self._recorded(count=1), audit=audit)
        with self.assertRaisesRegex(UserError, "not answered"):
            self._close(audit)
        sample.line_ids.action_confirm_met()
        sample.line_ids.check_ids.filtered(
            lambda check: check.finding == "not_checked"
        ).write({"finding": "conform", "evidence": "Đã xem hồ sơ giấy"})
        self._close(audit)
        self.assertEqual(audit.state, "done")
        with self.assertRaisesRegex(UserError, "is closed"):
            sample.line_ids.check_ids[0].evidence = "Later"
