import io
import subprocess
from datetime import date

from freezegun import freeze_time
from openpyxl import load_workbook
from pypdf import PdfReader

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..wizards import cchc_register
from .common_statistic import NOW, StatisticCase

START, END = date(2026, 3, 15), date(2026, 6, 14)


@tagged("post_install", "-at_install")
class TestStatisticPaper(StatisticCase):
    """The reports as workbooks and on paper, in the official layout."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(NOW):
            cls._generate(300, [cls.commune, cls.neighbour])

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(NOW))

    def _text(self, report, records):
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.leader)
            .with_context(
                allowed_company_ids=self.commune.ids, force_report_rendering=True
            )
            ._render_qweb_pdf(report, records.ids)
        )
        done = subprocess.run(
            ["pdftotext", "-layout", "-", "-"],
            input=content,
            capture_output=True,
            check=True,
        )
        return " ".join(done.stdout.decode().split()), content

    def _check_landscape(self, content):
        box = PdfReader(io.BytesIO(content)).pages[0].mediabox
        self.assertEqual((round(box.width), round(box.height)), (842, 595))

    def test_workbook_of_every_form(self):
        xlsx = (
            self.env["report.cchc_onestop.statistic_xlsx"]
            .with_user(self.leader)
            .with_context(active_model="cchc.statistic")
        )
        for form in ("06a", "07a", "07b", "766"):
            report = self._report(form, start=START, end=END)
            content, kind = xlsx.create_xlsx_report(report.ids, {})
            self.assertEqual(kind, "xlsx")
            sheet = load_workbook(io.BytesIO(content)).active
            rows = list(sheet.iter_rows(values_only=True))
            self.assertEqual(rows[0][0], f"Biểu số {report._form_code()}")
            total = next(row for row in rows if row[1] == "Tổng cộng")
            figures = report.table["rows"][-1]["figures"]
            self.assertEqual(list(total[2 : 2 + len(figures)]), figures)
            numbers = next(row for row in rows if row[0] == "(1)")
            width = len(report.table["numbers"])
            self.assertEqual(numbers[width - 1], f"({width})")
            self.assertTrue(any("NGƯỜI LẬP BIỂU" in row for row in rows))

    def test_page_of_form_06a(self):
        report = self._report(start=START, end=END)
        text, content = self._text("cchc_onestop.report_statistic", report)
        for words in (
            *("Biểu số II.06a/VPCP/KSTT", "Quý II năm 2026"),
            "(Từ ngày 15/03/2026 đến ngày 14/06/2026)",
            *("Đơn vị báo cáo: UBND xã Hải Trường", "Đơn vị tính: Số hồ sơ TTHC"),
            "Đơn vị nhận báo cáo: Tỉnh Quảng Trị",
            *("(1)", "(13)", "NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ", "Tổng cộng"),
            "Hồ sơ rút, dừng giải quyết được tính là đã giải quyết đúng hạn",
        ):
            self.assertIn(words, text)
        self._check_landscape(content)
        report.action_close()
        text, _content = self._text("cchc_onestop.report_statistic", report)
        self.assertIn(report.checksum[:20], text)

    def test_page_of_the_register(self):
        book = (
            self.env["cchc.register"]
            .with_user(self.leader)
            .with_context(allowed_company_ids=self.commune.ids)
            .create({"date_from": START, "date_to": END})
        )
        text, content = self._text("cchc_onestop.report_register", book)
        for words in ("SỔ THEO DÕI HỒ SƠ", "Quyển số: 01", "Năm: 2026", "Ký nhận"):
            self.assertIn(words, text)
        self.assertGreater(text.count("Mã hồ sơ"), 1, "head repeated on each page")
        for row in list(book._rows())[:3]:
            self.assertIn(row[1], text)
        self.patch(cchc_register, "ON_PAPER", 3)
        with self._refused(UserError, "choose a shorter period"):
            book.action_pdf()
        self._check_landscape(content)
