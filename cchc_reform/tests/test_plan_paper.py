import io

from openpyxl import load_workbook
from pypdf import PdfReader

from odoo.tests import tagged

from .common import ReformCase, check_page


def _right_edge(page):
    """Return how far to the right a line of a table reaches on a page, in points."""
    edges = []

    def look(operator, operands, matrix, _text_matrix):
        if operator == b"l":
            edges.append(matrix[0] * float(operands[0]) + matrix[4])

    page.extract_text(visitor_operand_before=look)
    return max(edges)


@tagged("post_install", "-at_install")
class TestPlanPaper(ReformCase):
    """The plan as a paper with its annex, and as a spreadsheet (4.2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._new_plan(
            number="05/KH-UBND",
            date="2026-01-10",
            purpose="<p>Phục vụ người dân</p>",
            goals="<p>Hoàn thành 100%</p>",
            organisation="<p>Các phòng thực hiện</p>",
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

    def test_sections_without_text_leave_no_bare_heading(self):
        self.plan.write({"goals": "<p><br></p>", "organisation": False})
        text = "\n".join(page.extract_text() for page in self._print())
        for words in (
            "I. MỤC ĐÍCH, YÊU CẦU",
            "II. NHIỆM VỤ",
            "III. KINH PHÍ",
        ):
            self.assertIn(words, text)
        self.assertNotIn("CHỈ TIÊU", text)
        self.assertNotIn("TỔ CHỨC THỰC HIỆN", text)

    def test_annex_of_long_texts_stays_on_its_pages(self):
        """No column beyond the edge; a long row goes on below the head."""
        words = "Rà soát, đánh giá việc tiếp nhận và giải quyết hồ sơ; "
        task = self.plan.task_ids.filtered(lambda t: t.name == "Rà soát văn bản")
        task.write({"name": words * 60, "note": words * 20})
        pages = [p for p in self._print() if p.mediabox.width > p.mediabox.height]
        self.assertGreaterEqual(len(pages), 3)
        for page in pages:
            self.assertIn("Cơ quan chủ trì", page.extract_text())
            self.assertLess(_right_edge(page), float(page.mediabox.width) - 30)
        found = "".join(page.extract_text() for page in pages)
        self.assertEqual(found.count("soát"), 80)

    def test_who_approved_signs_where_nobody_else_is_named(self):
        self.plan.signer_id = False
        self._approve(self.plan)
        text = "\n".join(page.extract_text() for page in self._print())
        self.assertIn(self.plan.approved_by_id.name, text)

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
        check_page(self, sheet, 4)
