import io

from openpyxl import load_workbook
from pypdf import PdfReader

from odoo.tests import tagged

from .common import ReformCase


@tagged("post_install", "-at_install")
class TestPlanPaper(ReformCase):
    """The plan as a paper with its annex, and as a spreadsheet (4.2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._new_plan(
            number="05/KH-UBND", date="2026-01-10", purpose="<p>Phục vụ người dân</p>"
        )
        whole = cls._new_task(cls.plan, name="Sắp xếp", date_deadline=False)
        for number in range(30):
            cls._new_task(
                cls.plan,
                name=f"Nhiệm vụ thứ {number}",
                product="=1+1",
                parent_id=whole.id,
                budget=1_500_000,
            )
        cls._new_task(
            cls.plan,
            name="Rà soát văn bản",
            area_id=cls.area["institution"].id,
            deadline_type="quarterly",
            date_deadline=False,
        )

    def _print(self):
        env = self.env(context={"force_report_rendering": True})
        reports = env["ir.actions.report"]
        content, kind = reports._render_qweb_pdf(
            "cchc_reform.report_plan_action", self.plan.ids
        )
        self.assertEqual(kind, "pdf")
        return PdfReader(io.BytesIO(content)).pages

    def test_sections_and_annex(self):
        pages = self._print()
        text = "\n".join(page.extract_text() for page in pages)
        for words in (
            "DỰ THẢO",
            "05/KH-UBND",
            "I. MỤC ĐÍCH, YÊU CẦU",
            "Phục vụ người dân",
            "II. MỤC TIÊU, CHỈ TIÊU",
            "III. NHIỆM VỤ",
            "IV. KINH PHÍ",
            "45.000.000 đồng",
            "V. TỔ CHỨC THỰC HIỆN",
            "VII.1.a",
            "Hằng quý",
        ):
            self.assertIn(words, text)
        annex = [page for page in pages if "Cơ quan chủ trì" in page.extract_text()]
        # the head of the table comes again on each page, and the page lies on its side
        self.assertGreaterEqual(len(annex), 2)
        for page in annex:
            self.assertGreater(page.mediabox.width, page.mediabox.height)
        self.assertLess(pages[0].mediabox.width, pages[0].mediabox.height)

    def test_what_is_approved_is_no_draft(self):
        self._approve(self.plan)
        self.assertNotIn("DỰ THẢO", self._print()[0].extract_text())

    def test_spreadsheet(self):
        content, _kind = self.env["ir.actions.report"]._render_xlsx(
            "cchc_reform.plan_xlsx", self.plan.ids, {}
        )
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        self.assertEqual(rows[3][:2], ["TT", "Nội dung nhiệm vụ"])
        self.assertEqual(rows[4][0], "I. Cải cách thể chế")
        self.assertEqual(rows[5][:2], ["I.1", "Rà soát văn bản"])
        cell = next(c for row in sheet.iter_rows() for c in row if c.value == "=1+1")
        self.assertEqual(cell.data_type, "s")
