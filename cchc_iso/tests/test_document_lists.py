from io import BytesIO

from freezegun import freeze_time
from pypdf import PdfReader

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_document import DocumentCase


@tagged("post_install", "-at_install")
class TestDocumentLists(DocumentCase):
    """Papers of document control: lists, distribution, request for a change."""

    def _text(self, action, user=None):
        """Return the text of the PDF that a button prints, as its user gets it."""
        report = self.env["ir.actions.report"]._get_report(action["report_name"])
        docids = action["context"]["active_ids"]
        content, kind = (
            report.with_user(user or self.secretary)
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(report.report_name, docids)
        )
        self.assertEqual(kind, "pdf")
        return " ".join(
            " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
            .replace("\n", " ")
            .split()
        )

    def _printed(self, paper, user=None, **values):
        """Return the action of the form that prints lists."""
        form = Form(self.env["cchc.iso.document.print"].with_user(user or self.member))
        form.paper = paper
        for name, value in values.items():
            form[name] = value
        return form.save().action_print()

    def test_the_list_of_documents_names_every_one_with_its_issue(self):
        page = self._issued(
            recipient_ids=[
                Command.create(
                    {
                        "outside": "Kho lưu trữ",
                        "medium": "paper",
                        "copy_no": "02",
                        "must_read": False,
                    }
                )
            ]
        )
        draft = self._document(name="Chưa ban hành")
        text = self._text(self._printed("documents"))
        for words in (
            "DANH MỤC TÀI LIỆU KIỂM SOÁT",
            page.code,
            "02: Kho lưu trữ",
            f"{page.effective_from:%d/%m/%Y}",
            draft.code,
            "Đang soạn thảo",
        ):
            self.assertIn(words, text)
        self.process._amend(self.today).action_publish()
        text = self._text(self._printed("documents"))
        self.assertIn("Cần cập nhật", text)
        self.assertEqual(text.count("TỔNG SỐ") + text.count("Tổng số"), 1)

    def test_the_list_of_records_says_who_keeps_what_how_long(self):
        page = self._issued(
            kept_ids=[
                Command.create(
                    {
                        "name": "Sổ theo dõi hồ sơ",
                        "department_id": self.other_department.id,
                        "retention": "10 năm",
                    }
                )
            ]
        )
        self.assertTrue(page.issue_id)
        text = self._text(self._printed("records"))
        for words in (
            "DANH MỤC HỒ SƠ",
            "Sổ theo dõi hồ sơ",
            "Phòng Kinh tế",
            "10 năm",
            "Phiếu kiểm soát quá trình giải quyết hồ sơ",
        ):
            self.assertIn(words, text)

    def test_the_distribution_list_shows_who_has_read(self):
        page = self._issued(
            recipient_ids=[
                Command.create({"department_id": self.department.id}),
                Command.create({"outside": "UBND tỉnh", "medium": "paper"}),
            ]
        )
        acks = page.issue_id.sudo().ack_ids
        self.assertIn(self.member, acks.user_id)
        with freeze_time("2026-11-23 02:05:00"):
            acks.filtered(lambda ack: ack.user_id == self.member).with_user(
                self.member
            ).action_read()
        action = page.action_print_distribution()
        choice = {"department_id": self.department}
        chosen = self._printed("distribution", self.secretary, **choice)
        self.assertEqual(chosen["context"]["active_ids"], page.ids)
        choice = {"department_id": self.other_department}
        with self._refused(UserError, "distributed to anybody"):
            self._printed("distribution", self.secretary, **choice)
        for user in (self.secretary, self.head, self.iso_auditor):
            text = self._text(action, user)
            for words in (
                "DANH SÁCH PHÂN PHỐI TÀI LIỆU",
                page.code,
                "UBND tỉnh",
                "Bản giấy",
                f"1/{len(acks)} người",
                "09:05 23/11/2026",
                "Chưa xác nhận",
                self.member.name,
            ):
                self.assertIn(words, text)
        report = self.env.ref("cchc_iso.document_distribution_report")
        with self._refused(AccessError, "Who has read"):
            report.with_user(self.member)._render_qweb_pdf(report.report_name, page.ids)

    def test_the_request_for_a_change_is_a_paper(self):
        page = self._issued()
        change = (
            self.env["cchc.iso.document.change"]
            .with_user(self.member)
            .create(
                {
                    "page_id": page.id,
                    "request": "Ghi rõ giờ làm việc",
                    "part": "Mục 5.7",
                }
            )
        )
        report = self.env.ref("cchc_iso.document_request_report")
        text = self._text(report.report_action(change.ids, config=False), self.member)
        for words in (
            "PHIẾU YÊU CẦU SỬA ĐỔI TÀI LIỆU",
            "Ghi rõ giờ làm việc",
            "Mục 5.7",
            self.member.name,
        ):
            self.assertIn(words, text)
        change.with_user(self.secretary).action_take()
        text = self._text(report.report_action(change.ids, config=False), self.member)
        self.assertIn("đưa vào lần ban hành 02", text)

    def test_only_of_the_agency(self):
        page = self._issued()
        stranger = self._new_iso_user(
            "stranger", "group_officer", company=self.neighbour
        )
        action = self._printed("documents")
        with self._refused(AccessError, "."):
            self._text(action, stranger)
        own = self.env["mgmtsystem.system"].create(
            {"name": "HTQLCL xã bên", "company_id": self.neighbour.id}
        )
        action = self._printed("documents", stranger)
        self.assertEqual(action["context"]["active_ids"], own.ids)
        self.assertNotIn(page.code, self._text(action, stranger))
