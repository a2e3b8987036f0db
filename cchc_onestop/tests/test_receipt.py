import base64
import io
import re
from datetime import date

from freezegun import freeze_time
from pypdf import PdfReader

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import local
from .common_papers import PaperCase


@tagged("post_install", "-at_install")
class TestReceipt(PaperCase):
    """Giấy tiếp nhận hồ sơ và hẹn trả kết quả: Mẫu 01, edition 2025."""

    def _text(self, dossier, user=None):
        paper = dossier.with_user(user or self.desk)._issue_paper("01")
        reader = PdfReader(io.BytesIO(paper._get_content()))
        self.pages = [self._clean(page.extract_text()) for page in reader.pages]
        self.boxes = [page.mediabox for page in reader.pages]
        return " ".join(self.pages)

    @staticmethod
    def _clean(text):
        return re.sub(r"\s+", " ", text)

    @freeze_time("2026-11-20 01:20:00")
    def test_every_row_of_the_form(self):
        text = self._text(
            self._settled(
                summary="khai sinh đúng hạn",
                sets=2,
                fee_ids=[
                    Command.create(
                        {"name": "Bản sao trích lục", "amount": 8000, "quantity": 3}
                    )
                ],
            )
        )
        for expected in (
            "Chữ ký số của Tổ chức",
            "UBND XÃ HẢI TRƯỜNG",
            "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "Hải Trường, ngày 20 tháng 11 năm 2026",
            "Số: 01/TTPVHCC",
            "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
            "Mã hồ sơ: H50.21-261122-",
            "Trung tâm Phục vụ hành chính công",
            "Tiếp nhận hồ sơ của: Nguyễn Thị Ưỡng",
            "CCCD/MST: 045190000123",
            "Địa chỉ: Thôn Đông, xã Hải Trường",
            "Số điện thoại: 0905 123 456",
            "Email: uong@example.vn",
            "Thủ tục hành chính cần giải quyết: Xác nhận thử nghiệm – khai sinh đúng",
            "1. Thành phần hồ sơ, yêu cầu và số lượng mỗi loại giấy tờ gồm:",
            "STT Tên giấy tờ Loại giấy tờ Số lượng",
            "1 Tờ khai Bản chính 1",
            "2 Giấy ủy quyền Bản sao chứng thực 2",
            "2. Số lượng hồ sơ: 2 (bộ)",
            "3. Thời gian nhận hồ sơ: 08 giờ 15 phút, ngày 20 tháng 11 năm 2026",
            "4. Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 25 tháng",
            "5. Đăng ký trả kết quả tại: Trung tâm Phục vụ hành chính công",
            "6. Phí, lệ phí (nếu có): Bản sao trích lục: 24.000 đồng",
            "Vào Sổ theo dõi hồ sơ (nếu có), Quyển số: 01/2026, Số thứ tự:",
            "NGƯỜI NỘP HỒ SƠ",
            "NGƯỜI TIẾP NHẬN HỒ SƠ",
            "(Ký và ghi rõ họ tên)",
            "Desk",
            "0233 3873 999",
            "Mã tra cứu: K7QX2M",
        ):
            with self.subTest(expected=expected):
                self.assertIn(self._clean(expected), text.replace(" :", ":"))
        self.assertNotIn("Chưa nộp", text)
        self.assertNotIn("XEM TRƯỚC", text)

    @freeze_time("2026-11-20 01:20:00")
    def test_entry_in_the_register(self):
        """Book of the year, and the number without gap that the code holds."""
        text = self._text(self._settled(name="H50.21-261122-0107"))
        self.assertIn("Quyển số: 01/2026, Số thứ tự: 107 ngày 22/11/2026", text)
        edition = self.env.ref("cchc_onestop.form_01_2025")
        edition.book_pattern = "{unit}-{yy}"
        text = self._text(self._settled(name="HS cũ 17"))
        self.assertIn("Quyển số: H50.21-26, Số thứ tự: HS cũ 17", text)
        with self.assertRaisesRegex(ValidationError, "thang"):
            edition.book_pattern = "{thang}"
        templates = self.env["cchc.code.template"]
        template = templates._for(self.commune, date(2026, 11, 20))
        template.write({"pattern": "{unit}-{yyyy}-{seq:6}", "reset": "year"})
        day = date(2026, 11, 20)
        self.assertEqual(
            templates._entry(self.commune, day, "H50.21-2026-000123"), "123"
        )
        before = date(1999, 1, 1)
        self.assertEqual(templates._entry(self.commune, before, "X"), "X")

    def test_preview_before_acceptance(self):
        """What is typed, not saved, without code and number, marked on each page."""
        desk = self.env["cchc.dossier"].with_user(self.desk)
        counts = desk.search_count([]), self.env["cchc.number"].search_count([])
        values = {
            "procedure_id": self.procedure.id,
            "applicant_name": "Lê Văn Thử",
            "name": "H50.21-990101-0001",
            "due_at": "2030-01-01 00:00:00",
            "document_ids": [
                Command.create({"name": "Tờ khai thử", "received": True}),
                Command.create({"name": "Chưa có", "received": False}),
            ],
        }
        with freeze_time(local("20/11/2026 08:15")):
            content = base64.b64decode(desk.preview_receipt(values))
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
        text = self._clean(" ".join(pages))
        for expected in (
            "BẢN XEM TRƯỚC",
            "Lê Văn Thử",
            "Tờ khai thử",
            "08 giờ 15 phút, ngày 20 tháng 11 năm 2026",
            "Số thứ tự: …",
            "tháng 11 năm 2026",
        ):
            self.assertIn(expected, text)
        for absent in ("990101", "2030", "Chưa có"):
            self.assertNotIn(absent, text)
        self.assertEqual(
            (desk.search_count([]), self.env["cchc.number"].search_count([])), counts
        )
        with self.assertRaisesRegex(UserError, "procedure"):
            desk.preview_receipt({"applicant_name": "x"})
        with self.assertRaises(AccessError):
            desk.with_user(self.auditor).preview_receipt(values)

    def test_preview_of_a_saved_draft(self):
        draft = self._draft(applicant_address="Thôn Đông")
        content = base64.b64decode(
            draft.preview_receipt({"applicant_address": "Thôn Tây"})
        )
        text = PdfReader(io.BytesIO(content)).pages[0].extract_text()
        self.assertIn("Thôn Tây", text)
        self.assertIn("Nguyễn Thị Hoa", text)
        self.assertFalse(draft.accepted_at)
        self.assertEqual(draft.applicant_address, "Thôn Đông")

    def test_two_copies_on_a5_each_with_its_own_page_numbers(self):
        self._text(self._settled())
        self.assertEqual(len(self.pages), 2)
        self.assertIn("Liên 1: Lưu", self.pages[0])
        self.assertIn("Liên 2: Giao tổ chức, cá nhân nộp hồ sơ", self.pages[1])
        for page, box in zip(self.pages, self.boxes, strict=True):
            self.assertIn("Trang 1/1", page)
            self.assertAlmostEqual(float(box.width), 148 / 25.4 * 72, delta=0.5)
            self.assertAlmostEqual(float(box.height), 210 / 25.4 * 72, delta=0.5)

    def test_table_head_repeats_on_the_next_page(self):
        self._text(
            self._settled(
                document_ids=[
                    Command.create({"name": f"Giấy tờ số {index}", "received": True})
                    for index in range(60)
                ]
            )
        )
        self.assertGreater(len(self.pages), 2)
        with_rows = [page for page in self.pages if "Giấy tờ số" in page]
        for page in with_rows:
            self.assertIn("Tên giấy tờ", page)

    def test_fees_are_named_honestly(self):
        text = self._text(
            self._settled(
                fee_ids=[
                    Command.create({"name": "Lệ phí", "amount": 0}),
                    Command.create(
                        {
                            "name": "Phí thẩm định",
                            "is_stated": False,
                            "legal_text": "do HĐND tỉnh quyết định",
                        }
                    ),
                ]
            )
        )
        self.assertIn("Lệ phí: không thu", text)
        self.assertIn(
            "Phí thẩm định: chưa quy định mức thu (do HĐND tỉnh quyết định)", text
        )

    def test_silence_of_the_catalogue_is_not_free_of_charge(self):
        text = self._text(self._settled())
        self.assertIn("6. Phí, lệ phí (nếu có): chưa quy định", text)

    def test_originals_and_copies_of_one_part(self):
        text = self._text(
            self._settled(
                document_ids=[
                    Command.create(
                        {
                            "name": "Sổ hộ khẩu",
                            "originals": 1,
                            "copies": 2,
                            "received": True,
                        }
                    )
                ]
            )
        )
        self.assertIn("Bản chính, bản sao 1 + 2", text)

    def test_result_by_post_names_the_address(self):
        text = self._text(
            self._settled(result_channel="post", result_address="12 Trần Phú, Huế")
        )
        self.assertIn("Qua dịch vụ bưu chính công ích: 12 Trần Phú, Huế", text)

    def test_non_territorial_receipt_bears_the_receiving_agency(self):
        """NĐ 118/2025: the desk that received the dossier issues the receipt."""
        self.neighbour.cchc_desk_name = "Trung tâm Hải Lăng"
        dossier = self._settled(receiving_company_id=self.neighbour.id)
        text = self._text(
            dossier, self._new_user("desk_hl", "group_desk", company=self.neighbour)
        )
        self.assertIn("UBND XÃ HẢI LĂNG", text)
        self.assertIn("Đăng ký trả kết quả tại: Trung tâm Hải Lăng", text)

    @freeze_time("2026-11-20 01:20:00")
    def test_qr_holds_the_seven_items(self):
        """TT 01/2023/TT-VPCP Đ.26: content of the QR code, appointment included."""
        report = self.env["report.cchc_onestop.report_receipt"]
        dossier = self._settled()
        lines = report._get_qr_text(dossier, local("20/11/2026 08:20")).split("\n")
        self.assertEqual(
            lines,
            [
                f"Mã hồ sơ: {dossier.name}",
                "Mã TTHC: 9.800001",
                "Mã định danh: 045190000123",
                "Giấy tờ: Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
                "Hệ thống: Hệ thống thông tin giải quyết thủ tục hành chính",
                "Xuất bản: 08:20 20/11/2026",
                "Hẹn trả: 17:00 25/11/2026",
            ],
        )
        self.assertTrue(
            report._get_qr("\n".join(lines)).startswith("data:image/png;base64,")
        )

    def test_qr_stands_in_the_top_left_corner(self):
        values = self.env["report.cchc_onestop.report_receipt"]._get_report_values(
            self._settled().ids
        )
        html = self.env["ir.qweb"]._render("cchc_onestop.report_receipt", values)
        header = html[html.index('class="cchc-header"') :]
        self.assertLess(header.index("cchc-qr"), header.index("cchc-agency"))
        self.assertLess(header.index("cchc-agency"), header.index("cchc-nation"))

    def test_preview_says_that_it_is_none(self):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "cchc_onestop.report_receipt", self._settled().ids
        )
        self.assertIn("BẢN XEM TRƯỚC", html.decode())

    def test_office_may_add_to_the_form(self):
        """The form is a QWeb view: an inherited view changes what is printed."""
        self.env["ir.ui.view"].create(
            {
                "type": "qweb",
                "name": "office",
                "inherit_id": self.env.ref("cchc_onestop.report_receipt_body").id,
                "arch": '<div class="cchc-signatures" position="before">'
                "<p>Giờ làm việc: 7h30 - 17h00</p></div>",
            }
        )
        self.assertIn("Giờ làm việc: 7h30 - 17h00", self._text(self._settled()))
