from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common_document import DocumentCase


@tagged("post_install", "-at_install")
class TestDocumentIssue(DocumentCase):
    """Issues of controlled documents: drafted, reviewed, approved, then for good."""

    def test_the_text_is_made_from_the_live_process(self):
        page = self._document()
        self.assertEqual(page.code, "QT-01")
        text = self._issue(page)._cchc_plain_preview()
        for words in (
            "1. Mục đích",
            "Tờ khai",
            "3 ngày làm việc",
            "8.000 đồng/bản",
            "Thụ lý",
            "8 giờ làm việc",
            "Văn phòng - Thống kê",
            "Giấy xác nhận",
            "7. Hồ sơ cần lưu",
        ):
            self.assertIn(words, text)

    def test_a_draft_follows_its_process(self):
        draft = self.process._amend(self.today)
        page = self._document(draft)
        issue = self._issue(page)
        self.assertNotIn("Thẩm tra", issue.preview)
        draft.step_ids[1].name = "Thẩm tra hồ sơ"
        issue.invalidate_recordset()
        self.assertIn("Thẩm tra", issue.preview)

    @freeze_time("2026-11-22 20:30:00")
    def test_the_day_is_that_of_the_agency_not_of_the_reader(self):
        """At 3:30 of the 23rd here it is in force for a user in UTC as well."""
        page = self._document()
        self._approve(self._issue(page))
        abroad = new_test_user(
            self.env,
            "iso_abroad",
            groups="cchc_iso.group_viewer",
            company_id=self.commune.id,
            company_ids=[Command.set(self.commune.ids)],
            tz="UTC",
        )
        self.env.invalidate_all()
        seen = page.with_user(abroad)
        self.assertEqual(str(seen.issue_id.effective_from), "2026-11-23")
        self.assertEqual(seen.document_state, "in_force")
        self.assertEqual(seen.issue_id.issue_state, "in_force")
        found = seen.search([("document_state", "=", "in_force")])
        self.assertIn(seen, found)

    def test_three_roles_sign_and_the_issue_is_in_force(self):
        page = self._document()
        issue = self._issue(page)
        issue.action_to_approve()
        self.assertEqual(issue.issue_state, "review")
        with self._refused(AccessError, "not your turn"):
            issue.with_user(self.head).validate_tier()
        issue.with_user(self.deputy_head).validate_tier()
        self.assertFalse(page.issue_id)
        issue.with_user(self.head).validate_tier()
        self.assertEqual(page.issue_id, issue)
        self.assertEqual(issue.effective_from, self.today)
        self.assertTrue(issue.content_sha256)
        self.assertTrue(issue.is_intact)
        self.assertEqual(
            [(row.role, row.name, row.post) for row in issue.signature_ids],
            [
                ("drafted", "ISO secretary", "Chức vụ secretary"),
                ("reviewed", "ISO deputy_head", "Chức vụ deputy_head"),
                ("approved", "ISO head", "Chức vụ head"),
            ],
        )
        self.assertEqual(page.with_user(self.member).content, issue.content)

    def test_an_approved_issue_is_never_changed(self):
        """Domain check 1: by no editor, manager, RPC call or superuser."""
        page = self._issued()
        issue = page.issue_id
        for user in (self.secretary, self.iso_manager, self.head, self.env.user):
            row = issue.with_user(user)
            for values in (
                {"content": "<p>x</p>"},
                {"effective_from": "2020-01-01"},
                {"state": "draft"},
                {"issue_no": 7},
                {"process_id": False},
                {"block_ids": [Command.clear()]},
                {"file": "eA=="},
            ):
                with self._refused((AccessError, UserError), "."):
                    row.write(values)
            with self._refused((AccessError, UserError), "."):
                row.unlink()
            with self._refused((AccessError, UserError), "."):
                row.action_cancel()
        with self._refused(UserError, "closed"):
            issue.sudo().block_ids[0].content = "<p>x</p>"
        with self._refused(UserError, "cannot be deleted"):
            page.sudo().unlink()
        with self._refused(UserError, "does not change any more"):
            page.code = "QT-99"
        self.assertTrue(issue.is_intact)

    def test_a_new_issue_leaves_the_old_readable(self):
        """Domain checks 1 and 3: the old issue applies to dossiers of its days."""
        page = self._issued()
        first = page.issue_id
        later = self.today + timedelta(days=10)
        second = self._issue(page, effective_from=later)
        self.assertEqual(second.issue_no, 2)
        self._approve(second)
        self.assertEqual(page.issue_id, first)
        self.assertEqual(first.effective_to, later - timedelta(days=1))
        model = self.env["document.page.history"].with_user(self.member)
        self.assertEqual(model._cchc_in_force(self.process, self.today), first)
        self.assertEqual(model._cchc_in_force(self.process, later), second)
        self.assertFalse(
            model._cchc_in_force(self.process, self.today - timedelta(days=1))
        )
        self.assertIn("Thụ lý", first.with_user(self.member).content)

    def test_in_force_by_takes_one_query(self):
        page = self._issued()
        days = [self.today + timedelta(days=number) for number in range(40)]
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            found = self.env["document.page.history"]._cchc_in_force_by(
                [(self.process.id, day) for day in days] + [(0, self.today)]
            )
        self.assertEqual(len(found), 41)
        self.assertEqual(found[self.process.id, days[5]], page.issue_id)
        self.assertFalse(found[0, self.today])

    def test_steps_longer_than_the_time_are_refused(self):
        """Domain check 2: the sum of the steps fits 5.4."""
        draft = self.process._amend(self.today)
        self._steps(draft, [0.5, 30.0, 2.0, 0.5, 0.0])
        issue = self._issue(self._document(draft))
        with self._refused(UserError, "33 hours, more than the 24 hours"):
            issue.action_to_approve()
        self._steps(draft, [0.5, 8.0, 2.0, 0.5, 0.0])
        issue.action_to_approve()
        issue.with_user(self.deputy_head).validate_tier()
        with self._refused(UserError, "publish the process"):
            issue.with_user(self.head).validate_tier()

    def test_a_change_since_the_submission_is_noticed(self):
        """Domain check 2 again, when the procedure changed meanwhile."""
        page = self._document()
        issue = self._issue(page)
        issue.action_to_approve()
        self.department.name = "Văn phòng HĐND và UBND"
        issue.with_user(self.deputy_head).validate_tier()
        with self._refused(UserError, "has changed since"):
            issue.with_user(self.head).validate_tier()

    def test_sent_back_it_is_a_draft_again(self):
        issue = self._issue(self._document())
        issue.action_to_approve()
        deputy = issue.with_user(self.deputy_head)
        deputy._cchc_decide(deputy._cchc_reviews_to_decide(), "rejected", "Thiếu 5.8")
        self.assertEqual(issue.issue_state, "draft")
        self.assertFalse(issue.review_ids)
        rejected = issue.signature_ids.filtered(lambda row: row.role == "rejected")
        self.assertEqual(rejected.comment, "Thiếu 5.8")
        self._approve(issue)
        self.assertEqual(issue._cchc_signature("drafted").name, "ISO secretary")

    def test_the_drafter_does_not_approve(self):
        page = self._document(user=self.iso_manager)
        issue = page._cchc_draft_issue()
        issue.write({"approver_id": self.iso_manager.id})
        with self._refused(UserError, "Nobody can decide"):
            issue.action_to_approve()

    def test_people_are_named_and_lead(self):
        issue = self._issue(self._document(), reviewer_id=False)
        with self._refused(UserError, "name who reviews"):
            issue.action_to_approve()
        issue.reviewer_id = self.head
        with self._refused(UserError, "cannot both"):
            issue.action_to_approve()
        issue.reviewer_id = self.member
        with self._refused(UserError, "is no leader"):
            issue.action_to_approve()

    def test_only_the_secretary_drafts(self):
        page = self._document()
        for user in (self.member, self.iso_auditor, self.head):
            with self._refused(AccessError, "."):
                page.with_user(user)._cchc_draft_issue()
        issue = self._issue(page)
        with self._refused(AccessError, "."):
            issue.with_user(self.member).action_to_approve()
        with self._refused(UserError, "already has an issue in preparation"):
            self._issue(page)
        with self._refused(UserError, "begin its new issue"):
            self.env["document.page.history"].with_user(self.secretary).create(
                {"page_id": page.id, "state": "approved", "content": "<p>x</p>"}
            )

    def test_altered_by_sql_it_is_found(self):
        issue = self._issued().issue_id
        self.env.cr.execute(
            "UPDATE document_page_history SET content = replace(content, '8', '9') "
            "WHERE id = %s",
            (issue.id,),
        )
        issue.invalidate_recordset()
        self.assertFalse(issue.is_intact)

    def test_withdrawn_it_stays_readable(self):
        page = self._issued()
        issue = page.issue_id
        with self._refused(UserError, "withdraw it by its button"):
            page.action_archive()
        with self._refused(AccessError, "Only a leader"):
            page._cchc_withdraw(self.today, "Bãi bỏ")
        page.with_user(self.head)._cchc_withdraw(self.today, "Bãi bỏ")
        self.assertFalse(page.active)
        self.assertEqual(issue.effective_to, self.today)
        self.assertTrue(issue.with_user(self.member).content)
        other = self._document()
        self.assertEqual(other.code, "QT-02")

    def test_codes_are_unique_in_the_system(self):
        page = self._issued()
        with (
            self.assertRaises(UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self._document(code=page.code)

    def test_status_of_documents_can_be_searched(self):
        draft, issued, to_come = self._document(), self._issued(), self._document()
        issue = self._issue(to_come, effective_from=fields.Date.add(self.today, days=3))
        self._approve(issue)
        pages = self.env["document.page"].with_user(self.member)
        for page, state in (
            (draft, "draft"),
            (issued, "in_force"),
            (to_come, "to_come"),
        ):
            self.assertEqual(page.document_state, state)
            found = pages.search(
                [("document_state", "=", state), ("company_id", "=", self.commune.id)]
            )
            self.assertIn(page, found)
            self.assertFalse((draft + issued + to_come - page) & found)

    def test_an_old_dossier_keeps_its_issue(self):
        """Domain check 3: received under issue 1, judged by issue 1."""
        page = self._issued()
        first = page.issue_id
        dossier = self._accepted()
        later = self.today + timedelta(days=1)
        second = self._approve(self._issue(page, effective_from=later))
        reader = new_test_user(
            self.env,
            "iso_reader",
            groups="cchc_iso.group_viewer,cchc_onestop.group_auditor",
            company_id=self.commune.id,
            company_ids=[Command.set(self.commune.ids)],
        )
        row = dossier.with_user(reader)
        self.assertEqual(row.iso_issue_id, first)
        self.assertNotEqual(row.iso_issue_id, second)
        self.assertEqual(row.action_open_iso_issue()["res_id"], first.id)
