import io

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools.sheet_page import row_height
from .common import ReformCase, check_page


@tagged("post_install", "-at_install")
@freeze_time("2026-08-10 03:00:00")
class TestYearRegister(ReformCase):
    """Registers of a period, printed and as a workbook."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env(user=cls.officer.id)
        documents = env["cchc.issued.document"]
        for number, day in ((10, "2026-02-01"), (9, "2026-02-01"), (1, "2025-12-31")):
            documents.create(
                {
                    "reference": f"{number}/KH-UBND",
                    "date": day,
                    "subject": "=Kế hoạch & biểu",
                    "type_id": cls.env.ref("cchc_reform.document_type_plan").id,
                }
            )
        channel = env.ref("cchc_reform.channel_broadcast")
        for hours in (0.5, 1):
            env["cchc.reform.communication"].create(
                {
                    "channel_id": channel.id,
                    "name": "Phát thanh",
                    "date": "2026-03-01",
                    "quantity1": 2,
                    "quantity2": hours,
                }
            )
        inspection = env["cchc.reform.inspection"].create(
            {"name": "Kiểm tra CCHC", "date_from": "2026-04-01"}
        )
        visits = env["cchc.reform.inspection.visit"].create(
            [
                {
                    "inspection_id": inspection.id,
                    "unit_name": name,
                    "day": "2026-04-02",
                }
                for name in ("Trường THCS", "Trạm Y tế")
            ]
        )
        env["cchc.reform.inspection.finding"].create(
            [
                {
                    "visit_id": visits[0].id,
                    "weakness": text,
                    "date_due": "2026-05-01",
                }
                for text in ("Niêm yết thiếu", "Chưa số hóa")
            ]
        )

    def _register(self, kind, **values):
        return (
            self.env["cchc.reform.year.register"]
            .with_user(self.member)
            .create({"kind": kind, **values})
        )

    def _xlsx(self, register):
        report = self.env["ir.actions.report"].with_user(self.member)
        raw, _kind = report._render(
            "cchc_reform.report_year_register_xlsx_action", register.ids
        )
        sheet = load_workbook(io.BytesIO(raw)).active
        check_page(self, sheet, 4)
        return [[cell.value for cell in row] for row in sheet.iter_rows()]

    def test_register_of_documents_in_the_order_of_numbers(self):
        rows = self._xlsx(self._register("outgoing"))
        self.assertEqual([row[1] for row in rows[4:6]], ["9/KH-UBND", "10/KH-UBND"])
        self.assertEqual(rows[4][3], "Kế hoạch =Kế hoạch & biểu")
        self.assertIn("Tổng số: 2 văn bản.", [row[0] for row in rows])

    def test_the_type_of_a_document_is_told_once(self):
        own = [("company_id", "=", self.commune.id), ("date", "=", "2026-02-01")]
        documents = self.env["cchc.issued.document"].search(own)
        plan = documents.filtered(lambda row: row.reference == "10/KH-UBND")
        plan.subject = "Kế hoạch cải cách hành chính năm 2026"
        rows = self._xlsx(self._register("outgoing"))
        self.assertEqual(rows[5][3], "Kế hoạch cải cách hành chính năm 2026")
        self.assertEqual(rows[4][3], "Kế hoạch =Kế hoạch & biểu")

    def test_rows_are_as_high_as_their_text(self):
        widths = [10, 40]
        self.assertGreater(row_height(["a", "chữ " * 40], widths), 60)
        self.assertEqual(row_height(["1", "hai\ndòng"], widths), 2 * 16 + 2)
        # no spreadsheet knows higher rows
        self.assertEqual(row_height(["1", "chữ " * 4000], widths), 409)

    def test_communications_log_adds_up_both_units(self):
        rows = self._xlsx(self._register("communication"))
        self.assertEqual(rows[4][0], "Phát thanh (loa truyền thanh): 4 buổi, 1,5 giờ")

    def test_inspections_with_findings(self):
        rows = self._xlsx(self._register("inspection"))
        self.assertEqual(rows[4][0], "Kiểm tra CCHC (theo kế hoạch)")
        self.assertEqual(
            rows[-1][0],
            "Tổng số: 2 lượt kiểm tra; 0 trường hợp vi phạm; đã khắc phục 0/2 tồn "
            "tại, hạn chế.",
        )
        self.assertIn("Quá hạn khắc phục", [row[7] for row in rows[5:8]])

    def test_printed(self):
        register = self._register("inspection")
        report = self.env["ir.actions.report"].with_user(self.member)
        html, _kind = report._render_qweb_html(
            "cchc_reform.report_year_register", register.ids
        )
        text = html.decode()
        self.assertIn("DANH SÁCH KIỂM TRA", text)
        self.assertIn("(Từ ngày 01/01/2026 đến ngày 10/08/2026)", text)

    def test_an_empty_period(self):
        with self.assertRaisesRegex(UserError, "Nothing is entered"):
            self._register("training").action_pdf()
        with self.assertRaisesRegex(UserError, "ends before it begins"):
            self._register("outgoing", date_to="2025-01-01").action_xlsx()
