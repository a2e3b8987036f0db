from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common import local

from .common_document import DocumentCase
from .common_sample import SampleCase


@tagged("post_install", "-at_install")
class TestAcceptance(SampleCase, DocumentCase):
    """What an audit is trusted for, from end to end (the parts have their own tests).

    Issue of the time, draw that anybody repeats, nothing answered by itself, an
    edition that changes no closed audit, states that nobody makes up.
    """

    def test_a_dossier_is_audited_against_the_issue_of_its_day(self):
        with freeze_time(local("01/04/2026 08:00")):
            page = self._issued()
        early = self._lived(day=4)
        with freeze_time(local("05/05/2026 13:00")):
            self._approve(self._issue(page, effective_from="2026-05-05"))
        late = self._lived(day=6)
        self._record(early | late)
        sample = self._drawn(early | late)
        for line in sample.line_ids:
            issue = "1" if line.sudo().dossier_id == early else "2"
            check = line.check_ids.filtered(lambda c: c.type_id.code == "right_issue")
            self.assertEqual(check.proposal, "met", line.code)
            self.assertEqual(check.facts[0][1]["issue"], issue)
            record = line.sudo().record_id
            self.assertEqual(str(record.issue_id.issue_no), issue)
        # the old issue stays readable to the auditor
        issues = page.history_ids.filtered(lambda one: one.issue_no == 1)
        self.assertTrue(issues.with_user(self.iso_auditor).content)

    def test_anybody_draws_the_same_again(self):
        self._recorded(6)
        audit = self._running_audit(
            auditor_user_ids=[Command.link(self.second.id)],
            department_ids=[Command.set((self.department | self.other_department).ids)],
        )
        sample = self._sample(audit, size=3)
        sample.action_draw()
        for user in (self.second, self.secretary, self.head):
            again = sample.with_user(user)
            with freeze_time(local("20/06/2026 09:00")):
                again.action_verify()
            self.assertEqual((again.verified, again.verified_by_id), ("same", user))
        with self.assertRaises(AccessError):
            sample.with_user(self.member).action_verify()

    def test_nothing_of_a_sample_is_made_up_at_its_start(self):
        self._recorded(1)
        sample = self._sample(
            self._running_audit(),
            verified="same",
            verified_at=local("20/06/2026 09:00"),
            drawn_at=local("20/06/2026 09:00"),
            drawn_by_id=self.head.id,
            fingerprint="x",
            drawn_count=9,
            cancel_reason="x",
            line_ids=[Command.create({"draw_no": 1, "code": "x"})],
        )
        for name in ("verified", "drawn_at", "drawn_by_id", "fingerprint", "line_ids"):
            self.assertFalse(sample[name], name)
        self.assertEqual(sample.population_count, 1)

    def test_nobody_makes_up_a_state_or_an_answer(self):
        Audit = self.env["mgmtsystem.audit"].with_user(self.secretary)
        for state in ("approved", "in_progress", "closed"):
            with self.assertRaises(AccessError, msg=state):
                self._new_audit(plan_state=state, plan_line_ids=[])
        for values in (
            {"plan_approved_by_id": self.head.id},
            {"report_approved_at": local("01/01/2026 08:00")},
        ):
            with self.assertRaises(AccessError, msg=str(values)):
                self._new_audit(**values)
        with self.assertRaises(UserError):
            Audit.create(
                {"name": "x", "system_id": self.system.id, "state": "done"}
            ).flush_recordset()
        Programme = self.env["cchc.iso.audit.programme"].with_user(self.secretary)
        for values in ({"state": "approved"}, {"approved_by_id": self.head.id}):
            with self.assertRaises(AccessError, msg=str(values)):
                Programme.create(
                    {
                        "year": 2031,
                        "company_id": self.commune.id,
                        "system_id": self.system.id,
                        **values,
                    }
                )
        audit = self._running_audit()
        for values in (
            {"answered_by_id": self.head.id},
            {"answered_at": local("01/01/2026 08:00")},
        ):
            with self.assertRaises(UserError, msg=str(values)):
                self.env["mgmtsystem.verification.line"].with_user(
                    self.iso_auditor
                ).create(
                    {
                        "audit_id": audit.id,
                        "company_id": self.commune.id,
                        "name": "?",
                        "finding": "conform",
                        **values,
                    }
                )

    def test_an_answer_given_with_the_question_names_its_auditor(self):
        audit = self._running_audit()
        line = (
            self.env["mgmtsystem.verification.line"]
            .with_user(self.iso_auditor)
            .create(
                {
                    "audit_id": audit.id,
                    "company_id": self.commune.id,
                    "name": "Câu hỏi thêm",
                    "finding": "conform",
                    "evidence": "Đã xem",
                }
            )
        )
        self.assertEqual(line.answered_by_id, self.iso_auditor)
        self.assertTrue(line.answered_at)

    def test_another_edition_changes_no_closed_audit(self):
        audit = self._running_audit()
        audit.line_ids.with_user(self.iso_auditor).write(
            {"finding": "conform", "evidence": "Đã xem"}
        )
        self._close(audit)
        Paper = self.env["cchc.iso.audit.paper"].with_user(self.head)
        papers = {
            code: Paper._draw(code, audit.with_user(self.head), "xlsx")
            for code in ("plan", "checklist", "report")
        }
        later = self.env["cchc.iso.edition"].create(
            {
                "code": "TCVN ISO 9001:2099",
                "name": "Sau này",
                "state": "published",
                "predecessor_id": self.edition.id,
                "valid_from": date(2026, 1, 1),
                "clause_ids": [
                    Command.create({"code": "7", "name": "Support"}),
                ],
            }
        )
        wizard = (
            self.env["cchc.iso.edition.move"]
            .with_user(self.iso_manager)
            .create(
                {
                    "system_id": self.system.id,
                    "edition_id": later.id,
                    "reason": "Chuyển đổi phiên bản",
                }
            )
        )
        wizard.action_move()
        self.env.invalidate_all()
        self.assertEqual(self.system.edition_id, later)
        self.assertEqual(audit.edition_id, self.edition)
        self.assertEqual(audit.line_ids.clause_id, self.clause)
        for code, paper in papers.items():
            again = paper.action_compare()["params"]["type"]
            self.assertEqual(again, "success", code)
