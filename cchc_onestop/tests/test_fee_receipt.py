import base64
import hashlib
import io
import re

from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook
from psycopg2 import IntegrityError
from pypdf import PdfReader

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.cchc_receipt_outbox import ReceiptNotSent
from .common import local
from .common_fees import FeeCase


@tagged("post_install", "-at_install")
class TestFeeReceipt(FeeCase):
    """Books, symbols, dates, the outbox and the papers of receipts."""

    # -- books -----------------------------------------------------------------
    def test_symbols_are_checked(self):
        for symbol, sentence in (
            ("26TA", "written like 26TAB"),
            ("26TAF", "not allowed"),
            ("27TAC", "not of the year"),
        ):
            with self._refused(ValidationError, sentence):
                self._new_book(self.commune, symbol)
        with self._refused(ValidationError, "use one of EBL01, EBL02"):
            self._new_book(self.commune, "26TAC", template_symbol="01BLP")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.cr.savepoint():
                self._new_book(self.commune, "26TAB")

    def test_symbols_are_those_of_the_rule(self):
        rule = self.env.ref("cchc_onestop.receipt_rule_electronic")
        self.assertEqual(rule.example[2:], "TAB 00000001")
        rule.write(
            {
                "template_symbols": "EBL09",
                "symbol_pattern": "{letters:3}-{yyyy}",
                "letters": "XYZ",
                "digits": 6,
            }
        )
        book = self._new_book(self.neighbour, "XYX-2026")
        self.assertEqual(book.template_symbol, "EBL09")
        for symbol, sentence in (
            ("26TAB", "written like XYZ-2026"),
            ("XYA-2026", "not allowed"),
            ("XYX-2027", "not of the year"),
        ):
            with self._refused(ValidationError, sentence):
                self._new_book(self.neighbour, symbol)
        book.action_next_year()
        self.assertTrue(book.search([("symbol", "=", "XYX-2027")]))
        self.assertEqual(
            book._take_numbers(fields.Date.to_date("2026-11-09"), 2),
            [(1, "000001"), (2, "000002")],
        )
        with self._refused(ValidationError, "cannot be read"):
            rule.symbol_pattern = "{year}T"
        with self._refused(ValidationError, "Enter the letters"):
            rule.letters = False

    def test_used_books_keep_their_symbols(self):
        self._paid(self._owing())
        with self._refused(UserError, "its symbols stay"):
            self.book.symbol = "26TAC"
        with self._refused(UserError, "cannot be deleted"):
            self.book.unlink()

    def test_numbers_restart_with_the_year(self):
        self._paid(self._owing(), at="31/12/2026 16:00")
        dossier = self._owing(at="31/12/2026 15:00")
        payment = self._payment(dossier)
        with freeze_time(local("01/01/2027 00:10")):
            with self._refused(UserError, "no receipt book of 2027"):
                payment.action_pay()
        self.book.action_next_year()
        with freeze_time(local("01/01/2027 00:10")):
            payment.action_pay()
        self.assertEqual(payment.receipt_ids.code, "27TAB 00000001")

    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.tuples(st.integers(1, 9), st.booleans()), max_size=6))
    def test_numbers_have_no_hole_whatever_fails(self, batches):
        """Payments of several receipts each, some of which are rolled back."""
        day = fields.Date.to_date("2026-11-09")
        given_out = []
        with self.cr.savepoint() as everything:
            for count, fails in batches:
                with self.cr.savepoint() as payment:
                    numbers = self.book._take_numbers(day, count)
                    if fails:
                        payment.rollback()
                    else:
                        given_out += numbers
            everything.rollback()
        whole = list(range(1, len(given_out) + 1))
        self.assertEqual([number for number, _text in given_out], whole)
        self.assertEqual([text for _n, text in given_out], [f"{n:08d}" for n in whole])

    def test_a_full_book_says_so(self):
        self.env.cr.execute(
            "INSERT INTO cchc_number (series, period, number, value) "
            "VALUES (%s, '2026', 99999999, '99999999')",
            (f"receipt/{self.commune.id}/EBL01/26TAB",),
        )
        payment = self._payment(self._owing())
        with freeze_time(local("09/11/2026 10:00")):
            with self._refused(UserError, "is full"):
                payment.action_pay()

    def test_paper_receipts_until_the_end_of_2026(self):
        self.book.active = False
        for year, symbol in ((2026, "BI-26T"), (2027, "BI-27T")):
            self._new_book(
                self.commune, symbol, year, form="paper", template_symbol="01BLP0-001"
            )
        payment = self._paid(self._owing(), at="31/12/2026 16:00")
        self.assertEqual(payment.receipt_ids.code, "BI-26T 00000001")
        self.assertFalse(payment.receipt_ids.outbox_ids)
        late = self._payment(self._owing(at="31/12/2026 15:00"))
        with freeze_time(local("01/01/2027 08:00")):
            with self._refused(UserError, "until 31/12/2026 only, not on 01/01/2027"):
                late.action_pay()

    # -- outbox -----------------------------------------------------------------
    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("cchc_onestop.cron_receipt_outbox").method_direct_trigger()
        self.env.invalidate_all()

    def test_each_receipt_becomes_a_file(self):
        payment = self._paid(self._owing(2))
        message = payment.receipt_ids.outbox_ids
        self.assertEqual((message.state, message.kind), ("queued", "issue"))
        with freeze_time(local("09/11/2026 10:30")):
            self._run_cron()
        self.assertEqual(message.state, "sent")
        content = base64.b64decode(message.content)
        self.assertEqual(hashlib.sha256(content).hexdigest(), message.sha256)
        self.assertEqual(message._make_file(), content)
        root = etree.fromstring(content)
        for name, text in (
            ("KHMSBLai", "EBL01"),
            ("KHBLai", "26TAB"),
            ("SBLai", "00000001"),
            ("NLap", "2026-11-09"),
            ("TongTien", "14000"),
            ("TongTienChu", "Mười bốn nghìn đồng"),
            ("CQThu/MST", "3200123453"),
        ):
            self.assertEqual(root.findtext(name), text)
        self.assertEqual(len(root.findall("DSKhoanThu/Dong")), 2)
        with self._refused(UserError, "cannot be changed directly"):
            message.with_user(self.cashier).write({"state": "acknowledged"})
        message.with_user(self.cashier).action_acknowledge("CQT-1")
        self.assertEqual(
            (message.state, message.external_code), ("acknowledged", "CQT-1")
        )
        self.assertEqual(payment.receipt_ids.sign_state, "signed")

    def test_a_failure_is_shown_and_tried_again(self):
        self.commune.cchc_receipt_provider = "file"
        payment = self._paid(self._owing())
        message = payment.receipt_ids.outbox_ids
        provider = type(self.env["cchc.receipt.provider.file"])
        kept = provider._send

        def refuse(*args):
            raise ReceiptNotSent("Máy chủ không trả lời")

        self.patch(provider, "_send", refuse)
        with freeze_time(local("09/11/2026 10:30")):
            self._run_cron()
        self.assertEqual((message.state, message.tries), ("failed", 1))
        self.assertEqual(message.error, "Máy chủ không trả lời")
        with freeze_time(local("09/11/2026 10:31")):
            self._run_cron()
        self.assertEqual(message.tries, 1)
        self.patch(provider, "_send", kept)
        message.with_user(self.cashier).action_send()
        self.assertEqual((message.state, message.error), ("sent", False))

    def test_corrections_are_told(self):
        payment = self._paid(self._owing(2))
        self._reverse(payment, payment.line_ids[0], mode="cancel")
        self._reverse(payment, payment.line_ids[1], mode="refund")
        kinds = payment.receipt_ids.sorted("number").mapped(
            lambda receipt: receipt.outbox_ids.mapped("kind")
        )
        self.assertEqual(kinds, [["issue"], ["replace"], ["adjust"]])
        other = self._paid(self._owing(), at="09/11/2026 14:00")
        self._reverse(other, other.line_ids, at="09/11/2026 14:30", mode="cancel")
        self.assertEqual(
            sorted(other.receipt_ids.outbox_ids.mapped("kind")), ["cancel", "issue"]
        )

    # -- papers -----------------------------------------------------------------
    def _text(self, action, records, user=None):
        report = self.env["ir.actions.report"].with_user(user or self.cashier)
        content, kind = report.with_context(
            force_report_rendering=True
        )._render_qweb_pdf(f"cchc_onestop.{action}", records.ids)
        self.assertEqual(kind, "pdf")
        reader = PdfReader(io.BytesIO(content))
        self.box = reader.pages[0].mediabox
        return re.sub(r"\s+", " ", " ".join(p.extract_text() for p in reader.pages))

    def test_face_of_a_receipt(self):
        self.partner.street = "Thôn Trường Xuân"
        dossiers = self._owing(2)
        payment = self._paid(dossiers)
        text = self._text("report_fee_receipt_action", payment.receipt_ids)
        for expected in (
            "UBND XÃ HẢI TRƯỜNG",
            "MST: 3200123453",
            "Ký hiệu mẫu: EBL01",
            "Ký hiệu: 26TAB",
            "Số: 00000001",
            "BIÊN LAI THU PHÍ, LỆ PHÍ",
            "(Bản thể hiện của biên lai điện tử)",
            "Người nộp tiền: Nguyễn Thị Hoa",
            "Địa chỉ: Thôn Trường Xuân",
            "045190000123",
            "Phí chứng thực thử",
            dossiers[0].name,
            dossiers[1].name,
            "7.000",
            "14.000",
            "Số tiền bằng chữ: Mười bốn nghìn đồng",
            "Hình thức thanh toán: Tiền mặt",
            "Ngày lập: 09/11/2026",
            "CHỮ KÝ SỐ CỦA CƠ QUAN THU",
            "Lê Thu Ngân",
        ):
            with self.subTest(expected=expected):
                self.assertIn(expected, text)
        self.assertAlmostEqual(float(self.box.width), 148 / 25.4 * 72, delta=0.5)
        self._reverse(payment, payment.line_ids, mode="cancel")
        self.assertIn(
            "ĐÃ HỦY", self._text("report_fee_receipt_action", payment.receipt_ids)
        )

    def test_payment_slip(self):
        bank = self.env["res.partner.bank"].create(
            {
                "acc_number": "3511 0 1234567 00000",
                "partner_id": self.commune.partner_id.id,
                "bank_id": self.env["res.bank"].create({"name": "Kho bạc Nhà nước"}).id,
            }
        )
        self.commune.cchc_fee_bank_id = bank
        payment = self._payment(self._owing(2))
        text = self._text("report_payment_slip_action", payment)
        for expected in (
            "PHIẾU THANH TOÁN PHÍ, LỆ PHÍ",
            f"Số: {payment.name}",
            "Người nộp: Nguyễn Thị Hoa",
            "2 trang × 2.000 + 3 trang × 1.000",
            "14.000",
            "Mười bốn nghìn đồng",
            "3511 0 1234567 00000",
            "Kho bạc Nhà nước",
            f"Nội dung: {payment.name} Nguyễn Thị Hoa",
            "không thay biên lai",
        ):
            with self.subTest(expected=expected):
                self.assertIn(expected, text)

    # -- lists ------------------------------------------------------------------
    def _list(self, kind, user=None, **values):
        report = (
            self.env["cchc.fee.report"]
            .with_user(user or self.cashier)
            .create(
                {
                    "kind": kind,
                    "company_id": self.commune.id,
                    "date_from": "2026-11-01",
                    "date_to": "2026-11-30",
                    **values,
                }
            )
        )
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(user or self.cashier)
            ._render("cchc_onestop.fee_report_xlsx_action", report.ids, {})
        )
        rows = list(load_workbook(io.BytesIO(content)).active.values)
        return report, [row for row in rows if any(row)]

    def test_summary_of_e_receipts(self):
        payment = self._paid(self._owing(2))
        self._reverse(payment, payment.line_ids[0], mode="cancel")
        _report, rows = self._list("receipts")
        head = next(at for at, row in enumerate(rows) if row[0] == "STT")
        self.assertEqual(
            list(rows[head]),
            [
                "STT",
                "Ký hiệu mẫu số",
                "Ký hiệu",
                "Số",
                "Ngày lập",
                "Tên loại thuế, phí, lệ phí",
                "Số tiền",
                "Tỷ giá",
                "Trạng thái",
                "Kỳ điều chỉnh",
                "Thông tin biên lai liên quan",
                "Giải trình",
                "Ghi chú",
            ],
        )
        first, second = rows[head + 1 : head + 3]
        self.assertEqual(first[3:5], ("00000001", "09/11/2026"))
        self.assertEqual((first[6], first[8]), (14000, "Bị thay thế"))
        self.assertEqual((second[6], second[8]), (7000, "Thay thế"))
        self.assertEqual(second[10], "EBL01 26TAB 00000001")
        self.assertEqual(rows[head + 3][6], 7000)
        _report, rows = self._list("wrong")
        self.assertEqual(rows[-1][3], "00000001")
        self.assertEqual(rows[-1][6:9], ("Thay thế", "26TAB 00000002", "Thu nhầm"))

    def test_day_list_remittance_and_exemptions(self):
        self.rule.write({"share_kept": 50, "budget": "commune"})
        self._paid(self._owing(2))
        self._paid(self._owing(), user=self.cashier2)
        self._owing(
            fee_group_ids=[(6, 0, self.env.ref("cchc_onestop.fee_group_poor").ids)],
        )
        report, rows = self._list("day")
        self.assertIn(21000, [row[8] for row in rows])
        notes = " ".join(row[0] for row in rows if isinstance(row[0], str))
        self.assertIn("26TAB số 00000001; 1 biên lai", notes)
        self.assertIn("Phan Thu Quỹ", notes)
        table = report._make_table()
        self.assertEqual(table["total"][8], 21000)
        only = self._list("day", cashier_id=self.cashier2.id)[0]._make_table()
        self.assertEqual(only["total"][8], 7000)
        remitted = self._list("remittance")[0]._make_table()
        self.assertEqual(
            remitted["rows"][0][5:], [21000, 50, 10500, 10500, "05/12/2026"]
        )
        exempt = self._list("exemptions", user=self.auditor)[0]._make_table()
        self.assertEqual(exempt["rows"][0][5:9], ["Hộ nghèo", 100, 7000, 7000])
        text = self._text("fee_report_pdf_action", report)
        self.assertIn("BẢNG KÊ THU PHÍ, LỆ PHÍ", text)

    def test_texts_that_look_like_formulas(self):
        self.rule.name = "=1+1"
        names = ("=HYPERLINK(1)", "+84", "-1", "@SUM(A1)")
        for name in names:
            payment = self._payment(self._owing())
            payment.payer_name = name
            with freeze_time(local("09/11/2026 10:00")):
                payment.action_pay()
        report, _rows = self._list("day")
        content, _kind = self.env["ir.actions.report"]._render(
            "cchc_onestop.fee_report_xlsx_action", report.ids, {}
        )
        sheet = load_workbook(io.BytesIO(content)).active
        cells = {
            cell.value: cell.data_type for row in sheet.iter_rows() for cell in row
        }
        for text in ("=1+1", *names):
            self.assertEqual(cells[text], "s", text)
