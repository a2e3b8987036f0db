import base64

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .common_document import DocumentCase

EVIL = (
    '<p onclick="alert(1)">a</p><script>alert(2)</script>'
    '<img src=x onerror=alert(3)><a href="javascript:alert(4)">b</a>'
    '<iframe src="https://example.org"></iframe>'
)


@tagged("post_install", "-at_install")
class TestDocumentPage(DocumentCase):
    """Pages, distribution, sets, papers; OCA's plain pages beside them."""

    def _policy(self, **values):
        return (
            self.env["document.page"]
            .with_user(self.secretary)
            .create(
                {
                    "name": "Chính sách chất lượng",
                    "doc_type_id": self.env.ref("cchc_iso.document_type_policy").id,
                    "system_id": self.system.id,
                    "company_id": self.commune.id,
                    **values,
                }
            )
        )

    # -- plain pages ---------------------------------------------------------
    def test_scripts_are_cleaned_from_plain_and_controlled_text(self):
        editor = new_test_user(
            self.env, "iso_editor", groups="document_page.group_document_editor"
        )
        plain = (
            self.env["document.page"]
            .with_user(editor)
            .create({"name": "Trang", "type": "content", "content": EVIL})
        )
        policy = self._policy(content=EVIL)
        row = (
            self.env["document.page.history"]
            .with_user(editor)
            .create({"page_id": plain.id, "content": EVIL})
        )
        for text in (plain.content, policy.draft_issue_id.content, row.content):
            self.assertIn("a</p>", text)
            for bad in ("script", "onclick", "onerror", "iframe"):
                self.assertNotIn(bad, text)

    def test_the_name_of_a_row_is_a_text(self):
        plain = self.env["document.page"].create(
            {"name": "Trang", "type": "content", "content": "<p>a</p>"}
        )
        row = plain.history_ids
        self.assertEqual(row.display_name, f"Trang #{row.id}")
        with self._refused(UserError, "Can't approve"):
            row.action_approve()

    def test_plain_text_that_needs_approval_is_not_rewritten(self):
        approvers = self.env.ref("document_page_approval.group_document_approver_user")
        plain = self.env["document.page"].create(
            {
                "name": "Trang",
                "type": "content",
                "approval_required": True,
                "approver_gid": approvers.id,
                "company_id": False,
            }
        )
        row = self.env["document.page.history"].create(
            {"page_id": plain.id, "content": "<p>a</p>", "state": "approved"}
        )
        editor = new_test_user(
            self.env, "iso_editor", groups="document_page.group_document_editor"
        )
        with self._refused(AccessError, "Only approvers"):
            row.with_user(editor).content = "<p>b</p>"
        plain.sudo().unlink()

    # -- controlled pages ------------------------------------------------------
    def test_a_text_written_on_the_page_becomes_a_draft(self):
        policy = self._policy()
        self.assertEqual(policy.code, "CSCL")
        policy.content = "<p>Vì nhân dân phục vụ</p>"
        self.assertEqual(policy.draft_issue_id.state, "draft")
        self.assertNotIn("nhân dân", policy.content)
        self._approve(policy.draft_issue_id)
        self.env.invalidate_all()
        self.assertIn("nhân dân", policy.with_user(self.member).content)

    def test_oca_editors_do_not_touch_controlled_documents(self):
        editor = new_test_user(
            self.env,
            "iso_editor",
            groups="document_page.group_document_editor",
            company_id=self.commune.id,
            company_ids=[Command.set(self.commune.ids)],
        )
        page = self._document()
        with self._refused(AccessError, "only the ISO secretary"):
            page.with_user(editor).name = "x"
        plain = (
            self.env["document.page"]
            .with_user(editor)
            .create({"name": "Trang", "type": "content"})
        )
        with self._refused(AccessError, "only the ISO secretary"):
            plain.doc_type_id = self.doc_type

    def test_members_read_and_ask_for_changes(self):
        page = self._issued()
        member = page.with_user(self.member)
        with self._refused(AccessError, "."):
            member.name = "x"
        request = (
            self.env["cchc.iso.document.change"]
            .with_user(self.member)
            .create({"page_id": page.id, "request": "Bớt một bước", "part": "5.7"})
        )
        self.assertEqual(request.requester_id, self.member)
        with self._refused(AccessError, "."):
            request.with_user(self.iso_auditor).request = "x"
        request.with_user(self.secretary).action_take()
        issue = page.with_user(self.secretary).draft_issue_id
        self.assertEqual(issue.change_ids, request)
        with self._refused(AccessError, "."):
            request.request = "khác"
        request.with_user(self.secretary).description = "Gộp B1 và B2"
        self._approve(issue)
        self.assertEqual(
            [
                (row["issue"], row["request"], row["description"])
                for row in issue._cchc_revisions()
            ],
            [("01", "", "Ban hành lần đầu"), ("02", "Bớt một bước", "Gộp B1 và B2")],
        )
        with self._refused(UserError, "closed"):
            request.sudo().description = "x"

    def test_the_neighbour_sees_nothing(self):
        page = self._issued()
        stranger = self._new_iso_user(
            "stranger", "group_manager", company=self.neighbour
        )
        self.assertFalse(
            self.env["document.page"].with_user(stranger).search([("id", "=", page.id)])
        )
        for model in ("document.page.history", "cchc.iso.document.ack"):
            self.assertFalse(
                self.env[model].with_user(stranger).search([("page_id", "=", page.id)])
            )

    def test_a_form_of_a_process_bears_its_number(self):
        page = self._document()
        form = (
            self.env["document.page"]
            .with_user(self.secretary)
            .create(
                {
                    "name": "Phiếu kiểm tra hồ sơ",
                    "doc_type_id": self.env.ref("cchc_iso.document_type_form").id,
                    "system_id": self.system.id,
                    "company_id": self.commune.id,
                    "document_parent_id": page.id,
                }
            )
        )
        self.assertEqual(form.code, "BM-01.01")
        issue = self._issue(page)
        self.assertIn("BM-01.01", issue._cchc_plain_preview())

    def test_the_form_of_the_screen(self):
        with Form(
            self.env["document.page"].with_user(self.secretary),
            view="cchc_iso.document_page_view_form",
        ) as form:
            form.doc_type_id = self.doc_type
            form.name = "Quy trình thử"
            form.procedure_id = self.procedure
            form.process_id = self.process
        page = form.record
        self.assertEqual(page.code, "QT-01")
        self.assertEqual(page.company_id, self.commune)
        issue = self._issue(page)
        with Form(issue, view="cchc_iso.document_page_history_view_form") as form:
            form.summary = "Ban hành"
            with form.block_ids.edit(0) as block:
                block.content = "<p>Mục đích riêng của xã</p>"
        self.assertIn("Mục đích riêng", issue._cchc_plain_preview())

    def test_the_process_belongs_to_the_procedure(self):
        other = self._new_procedure("9.800077", "Thủ tục khác")
        with self._refused(ValidationError, "does not belong"):
            self._document(procedure_id=other.id)

    # -- distribution ------------------------------------------------------------
    def test_recipients_confirm_having_read(self):
        page = self._document(
            recipient_ids=[
                Command.create({"department_id": self.other_department.id}),
                Command.create({"user_id": self.member.id}),
                Command.create(
                    {"outside": "Sở KH&CN", "medium": "paper", "copy_no": "01"}
                ),
            ]
        )
        self.assertEqual(page.recipient_ids.mapped("copy_no"), ["M", "M", "01"])
        issue = self._approve(self._issue(page))
        acks = issue.sudo().ack_ids
        self.assertEqual(acks.user_id, self.iso_auditor | self.member)
        self.assertEqual(acks.activity_ids.user_id, acks.user_id)
        mine = issue.with_user(self.member).my_ack_id
        with self._refused(AccessError, "Only ISO auditor"):
            acks.filtered(lambda a: a.user_id == self.iso_auditor).with_user(
                self.iso_manager
            ).action_read()
        with self._refused((AccessError, UserError), "."):
            mine.write({"read_at": "2020-01-01"})
        issue.with_user(self.member).action_read()
        self.assertTrue(mine.read_at)
        self.assertFalse(mine.sudo().activity_ids)
        self.assertEqual(issue.with_user(self.secretary).unread_count, 1)
        self.assertEqual(
            self.env["cchc.iso.document.ack"].with_user(self.member).search([]), mine
        )
        # a new issue takes the place of what was not read
        self._approve(self._issue(page))
        self.assertFalse(acks.activity_ids)

    def test_asking_many_people_takes_few_queries(self):
        page = self._document(
            recipient_ids=[Command.create({"department_id": self.department.id})]
        )
        for number in range(8):
            self._new_iso_user(f"reader{number}", "group_viewer")
        issue = self._approve(self._issue(page))
        acks = issue.sudo().ack_ids
        self.assertGreaterEqual(len(acks), 8)
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            self.env["cchc.iso.document.ack"]._cchc_ask(issue)

    # -- sets ----------------------------------------------------------------------
    def test_a_set_is_issued_by_decision(self):
        page = self._issued()
        first = page.issue_id
        sets = self.env["cchc.iso.document.set"].with_user(self.secretary)
        record = sets.create({"name": "Ban hành tài liệu", "system_id": self.system.id})
        with self._refused(UserError, "no documents"):
            record.action_submit()
        record.action_fill()
        self.assertEqual(record.line_ids.issue_id, first)
        with self._refused(UserError, "after its approval"):
            record.action_issue()
        record.action_submit()
        with self._refused(UserError, "was submitted"):
            record.line_ids[0].unlink()
        with self._refused(AccessError, "."):
            record.validate_tier()
        with self._refused(AccessError, "."):
            record.with_user(self.member).validate_tier()
        record.with_user(self.head).validate_tier()
        self.assertEqual(record.state, "approved")
        with self._refused(UserError, "number and the day"):
            record.action_issue()
        record.write({"number": "493/QĐ-UBND", "date": self.today})
        with self._refused(UserError, "was submitted"):
            record.name = "Khác"
        record.action_issue()
        with self._refused(UserError, "is issued"):
            record.line_ids[0].unlink()
        with self._refused(UserError, "is issued"):
            record.sudo().number = "1/QĐ-UBND"
        with self._refused(UserError, "not issued yet"):
            record.action_draft()
        self._approve(self._issue(page))
        self.assertEqual(record.line_ids.issue_id, first)
        later = sets.create(
            {
                "name": "Ban hành tài liệu năm sau",
                "system_id": self.system.id,
                "number": "12/QĐ-UBND",
                "date": self.today,
            }
        )
        self.assertEqual(later.replaces_id, record)
        later.action_fill()
        later.action_submit()
        self.assertEqual(record.state, "issued")
        later.with_user(self.head).validate_tier()
        later.action_issue()
        self.assertEqual(record.state, "replaced")

    def test_a_set_is_sent_back_or_taken_back(self):
        page = self._issued()
        record = (
            self.env["cchc.iso.document.set"]
            .with_user(self.secretary)
            .create({"name": "Ban hành", "system_id": self.system.id})
        )
        record.action_fill()
        for state in ("review", "approved", "issued", "replaced"):
            with self._refused(AccessError, "."):
                record.sudo().state = state
        record.action_submit()
        leader = record.with_user(self.head)
        leader._cchc_decide(leader._cchc_reviews_to_decide(), "rejected", "Thiếu STCL")
        self.assertEqual(record.state, "draft")
        self.assertFalse(record.sudo().review_ids)
        record.line_ids.unlink()
        record.action_fill()
        record.action_submit()
        record.action_draft()
        self.assertEqual((record.state, record.line_ids.page_id), ("draft", page))
        record.action_submit()
        leader.validate_tier()
        record.action_draft()
        self.assertEqual(record.state, "draft")
        with self._refused(UserError, "after its approval"):
            record.action_issue()

    # -- papers -----------------------------------------------------------------------
    def _pdf_text(self, report, record):
        from io import BytesIO  # noqa: PLC0415

        from pypdf import PdfReader  # noqa: PLC0415

        content, kind = (
            self.env["ir.actions.report"]
            .with_user(self.member)
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(report, record.ids)
        )
        self.assertEqual(kind, "pdf")
        pages = PdfReader(BytesIO(content)).pages
        return [" ".join(page.extract_text().split()) for page in pages]

    def test_the_paper_has_header_roles_and_revisions(self):
        page = self._issued()
        pages = self._pdf_text("cchc_iso.document_issue_report", page.issue_id)
        self.assertGreaterEqual(len(pages), 2)
        for number, text in enumerate(pages, 1):
            self.assertIn("Mã hiệu: QT-01", text)
            self.assertIn(f"Trang: {number}/{len(pages)}", text)
        for words in ("Soạn thảo", "Xem xét", "Phê duyệt", "ISO head", "Ban hành lần"):
            self.assertIn(words, pages[0])
        self.assertNotIn("LỖI THỜI", pages[0])
        first = page.issue_id
        self._approve(self._issue(page))
        self.assertEqual(first.issue_state, "obsolete")
        self.assertIn(
            "LỖI THỜI", self._pdf_text("cchc_iso.document_issue_report", first)[0]
        )

    def test_the_list_of_a_set_is_printed(self):
        page = self._issued()
        record = (
            self.env["cchc.iso.document.set"]
            .with_user(self.secretary)
            .create({"name": "Ban hành", "system_id": self.system.id})
        )
        record.action_fill()
        text = self._pdf_text("cchc_iso.document_set_report", record)[0]
        self.assertIn(page.code, text)
        self.assertIn("DỰ THẢO", text)

    # -- many at once ------------------------------------------------------------------
    def test_documents_of_many_processes_are_made_at_once(self):
        for number in range(3):
            self._new_procedure(f"9.82000{number}", f"Thủ tục {number}")
        processes = self.env["cchc.process"].search(
            [("company_id", "=", self.commune.id)]
        )
        wizard = (
            self.env["cchc.iso.document.generate"]
            .with_user(self.secretary)
            .with_context(active_model="cchc.process", active_ids=processes.ids)
            .create({"submit": True})
        )
        self.assertEqual(wizard.new_count, len(processes))
        action = wizard.action_generate()
        issues = self.env["document.page.history"].search(action["domain"])
        self.assertEqual(len(issues), len(processes))
        self.assertEqual(set(issues.mapped("state")), {"to approve"})
        self.assertEqual(len(set(issues.mapped("code"))), len(processes))
        self.assertEqual(issues.page_id.recipient_ids.department_id, self.department)
        issues.with_user(self.deputy_head).action_approve()
        issues.with_user(self.head).action_approve()
        shown = issues.with_user(self.member)
        self.assertEqual(set(shown.mapped("issue_state")), {"in_force"})
        with self._refused(UserError, "nothing to make"):
            wizard.action_generate()

    def test_files_of_closed_issues_are_kept(self):
        page = self._policy()
        issue = page._cchc_draft_issue()
        issue.write({"file": base64.b64encode(b"%PDF-1.4 x"), "file_name": "cscl.pdf"})
        self._approve(issue)
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "document.page.history"),
                    ("res_id", "=", issue.id),
                    ("res_field", "=", "file"),
                ]
            )
        )
        with self._refused(UserError, "never changed"):
            attachment.unlink()
        with self._refused(UserError, "never changed"):
            attachment.raw = b"y"
