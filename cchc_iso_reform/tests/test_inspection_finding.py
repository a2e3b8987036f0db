from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import IsoReformCase


@tagged("post_install", "-at_install")
class TestInspectionFinding(IsoReformCase):
    """A finding of an inspection goes through the quality system and comes back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        officer = cls.env["cchc.reform.inspection"].with_user(cls.officer)
        inspection = officer.create(
            {
                "name": "Kiểm tra CCHC",
                "company_id": cls.commune.id,
                "date_from": "2026-05-04",
            }
        )
        visit = officer.env["cchc.reform.inspection.visit"].create(
            {
                "inspection_id": inspection.id,
                "department_id": cls.department.id,
                "day": "2026-05-05",
            }
        )
        cls.finding = officer.env["cchc.reform.inspection.finding"].create(
            {
                "visit_id": visit.id,
                "weakness": "Niêm yết thủ tục chưa đầy đủ",
                "recommendation": "Niêm yết đủ 24 lĩnh vực",
                "date_due": "2026-12-31",
            }
        )

    def _raised(self):
        self.finding.action_raise_nonconformity()
        return self.finding.sudo().nonconformity_id

    def test_one_click_makes_a_nonconformity_linked_both_ways(self):
        nonconformity = self._raised()
        self.assertEqual(nonconformity.inspection_finding_id, self.finding)
        self.assertEqual(nonconformity.department_id, self.department)
        self.assertEqual(nonconformity.user_id, self.officer)
        self.assertEqual(nonconformity.name, "Niêm yết thủ tục chưa đầy đủ")
        self.assertIn("Kiểm tra CCHC", nonconformity.evidence)
        self.assertEqual(
            (self.finding.nonconformity_state, str(self.finding.nonconformity_due)),
            ("draft", "2026-12-31"),
        )

    def test_only_one_of_each(self):
        self._raised()
        with self._refused(UserError, "already"):
            self.finding.action_raise_nonconformity()

    def test_members_make_none(self):
        with self._refused(AccessError, "makes a nonconformity"):
            self.finding.with_user(self.stranger).action_raise_nonconformity()

    def test_an_agency_without_a_system_is_told_so(self):
        self.env["mgmtsystem.system"].search([]).edition_id = False
        with self._refused(UserError, "no quality system"):
            self.finding.action_raise_nonconformity()
        self.assertFalse(self.finding.nonconformity_id)

    def test_a_verified_effect_reports_the_remedy(self):
        nonconformity = self._raised()
        self._verify(nonconformity, "Đã niêm yết đủ")
        self.assertEqual(nonconformity.state, "done")
        self.assertEqual(self.finding.state, "reported")
        self.assertIn("Đã niêm yết đủ", self.finding.result)
        self._verify(nonconformity, "Lại thiếu", effective=False)
        self.assertEqual((nonconformity.state, self.finding.state), ("open", "open"))
        self._verify(nonconformity, "Đủ cả")
        self.finding.with_user(self.chief).action_confirm()
        self.assertEqual(self.finding.state, "confirmed")

    def _verify(self, nonconformity, comments, effective=True):
        """Go the way of the quality system up to a verification."""
        nc = nonconformity.with_user(self.head)
        if nc.state == "draft":
            nc.action_accept()
            nc.analysis = "Không ai được phân công niêm yết"
            nc.action_state_cause()
            with Form(
                self.env["cchc.iso.action.new"]
                .with_user(self.head)
                .with_context(default_nonconformity_id=nc.id)
            ) as form:
                form.name = "Phân công người niêm yết"
                form.date_deadline = "2026-12-31"
            form.save().action_add()
            nc.action_approve_plan()
        for action in nc.action_ids.filtered(lambda a: not a.stage_id.is_ending):
            action.write({"progress": 80, "result": "Đã phân công"})
            action.action_close()
        if effective:
            nc._cchc_verify("effective", comments)
        else:
            nc._cchc_verify(
                "not_effective",
                comments,
                {
                    "name": "Niêm yết lại",
                    "user_id": self.secretary.id,
                    "date_deadline": "2026-12-31",
                },
            )

    def test_screens(self):
        """Reform officers without the quality system, and the other way round."""
        self._raised()
        for user in (self.officer, self.chief, self.stranger):
            with Form(self.finding.with_user(user)) as form:
                self.assertEqual(form.nonconformity_state, "draft")
        nonconformity = self.finding.sudo().nonconformity_id
        Form(nonconformity.with_user(self.secretary))
