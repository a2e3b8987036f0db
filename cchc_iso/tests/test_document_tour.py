from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .common_document import DocumentCase


@tagged("post_install", "-at_install", "cchc_tour")
class TestDocumentTour(DocumentCase, HttpCase):
    """The way of a process document, each by who has to, in a real browser."""

    def test_drafted_reviewed_approved_read_and_updated(self):
        self.start_tour(
            "/odoo/iso-documents",
            "cchc_iso_document_is_drafted",
            login=self.secretary.login,
        )
        page = self.env["document.page"].search(
            [("process_id", "=", self.process.id), ("doc_type_id", "!=", False)]
        )
        issue = page.draft_issue_id
        self.assertEqual(
            (issue.state, issue.drafter_id), ("to approve", self.secretary)
        )
        for leader in (self.deputy_head, self.head):
            self.start_tour(
                "/odoo/iso-issues", "cchc_iso_document_is_decided", login=leader.login
            )
        self.env.invalidate_all()
        self.assertEqual(page.issue_id, issue)
        self.assertEqual(
            issue.signature_ids.mapped(lambda row: (row.role, row.user_id)),
            [
                ("drafted", self.secretary),
                ("reviewed", self.deputy_head),
                ("approved", self.head),
            ],
        )
        for user in (self.secretary, self.head, self.iso_manager):
            with self._refused(UserError, "closed and is never changed"):
                issue.with_user(user).sudo().summary = "Khác"
        reader = issue.ack_ids.filtered(lambda ack: ack.user_id == self.member)
        self.assertFalse(reader.read_at)
        self.start_tour(
            "/odoo/iso-to-read", "cchc_iso_document_is_read", login=self.member.login
        )
        self.env.invalidate_all()
        self.assertTrue(reader.read_at)
        self._change_process()
        self.start_tour(
            "/odoo/iso-updates",
            "cchc_iso_document_is_updated",
            login=self.secretary.login,
        )
        self.env.invalidate_all()
        self.assertEqual(page.draft_issue_id.issue_no, 2)
        self.assertEqual(page.issue_id, issue)

    def _change_process(self):
        draft = self.process._amend(self.today)
        draft.step_ids[1].name = "Thẩm tra hồ sơ"
        draft.action_publish()
