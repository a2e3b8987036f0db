import io
from unittest.mock import patch

from pypdf import PdfReader

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..tools import pdf

BODY = """
<html><head><style>{style}</style></head><body><main>
<section class="cchc-document" t-foreach="docs" t-as="doc">
{content}
</section></main></body></html>
"""
ROWS = """<table><thead><tr><th>Cột tiêu đề</th></tr></thead><tbody>
<tr t-foreach="range(120)" t-as="row"><td>dòng <t t-out="row" /></td></tr>
</tbody></table>"""


@tagged("post_install", "-at_install")
class TestPdfEngine(TransactionCase):
    """Reports flagged for WeasyPrint; all others keep Odoo's engine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create(
            [{"name": "Nguyễn Thị Ưỡng"}, {"name": "Trần Văn Đễ"}]
        )
        cls.report = cls._make_report("<p t-out='doc.name' />")

    @classmethod
    def _make_report(cls, content, style="", **vals):
        view = cls.env["ir.ui.view"].create(
            {
                "type": "qweb",
                "name": "cchc_test",
                "key": f"cchc_onestop.test_{cls.env['ir.ui.view'].search_count([])}",
                "arch": BODY.format(content=content, style=style).strip(),
            }
        )
        return cls.env["ir.actions.report"].create(
            {
                "name": "Test form",
                "model": "res.partner",
                "report_name": view.key,
                "cchc_engine": "weasyprint",
                "paperformat_id": cls.env.ref("cchc_onestop.paperformat_a5").id,
                **vals,
            }
        )

    def _print(self, report=None, records=None):
        content, kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(
                (report or self.report).report_name, (records or self.partners).ids
            )
        )
        self.assertEqual(kind, "pdf")
        return PdfReader(io.BytesIO(content))

    def test_vietnamese_text_is_searchable(self):
        reader = self._print(records=self.partners[0])
        self.assertIn("Nguyễn Thị Ưỡng", reader.pages[0].extract_text())

    def test_each_record_is_a_document_in_order(self):
        texts = [page.extract_text() for page in self._print().pages]
        self.assertEqual(len(texts), 2)
        self.assertIn("Nguyễn Thị Ưỡng", texts[0])
        self.assertIn("Trần Văn Đễ", texts[1])

    def test_same_record_twice(self):
        records = self.partners + self.partners[0]
        content, _kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(self.report.id, [*records.ids[:2], records.ids[0]])
        )
        self.assertEqual(len(PdfReader(io.BytesIO(content)).pages), 3)

    def test_paper_format_gives_the_page_size(self):
        box = self._print().pages[0].mediabox
        self.assertAlmostEqual(float(box.width), 148 / 25.4 * 72, delta=0.5)
        self.assertAlmostEqual(float(box.height), 210 / 25.4 * 72, delta=0.5)

    def test_template_page_rule_wins(self):
        report = self._make_report("<p>a</p>", "@page { size: A4 landscape }")
        box = self._print(report).pages[0].mediabox
        self.assertAlmostEqual(float(box.width), 297 / 25.4 * 72, delta=0.5)

    def test_page_numbers_start_anew_and_table_heads_repeat(self):
        style = (
            "@page { @bottom-right { content: counter(page) ' trên ' counter(pages) } }"
        )
        reader = self._print(self._make_report(ROWS, style))
        texts = [page.extract_text() for page in reader.pages]
        half = len(texts) // 2
        self.assertGreater(half, 1)
        for index, text in enumerate(texts):
            self.assertIn("Cột tiêu đề", text)
            self.assertIn(f"{index % half + 1} trên {half}", text)

    def test_kept_attachment_per_record(self):
        report = self._make_report(
            "<p t-out='doc.name' />", attachment="'form-%s.pdf' % object.id"
        )
        self._print(report)
        kept = (
            self.env["ir.attachment"]
            .search(
                [("res_model", "=", "res.partner"), ("res_id", "in", self.partners.ids)]
            )
            .filtered(lambda attachment: attachment.name.startswith("form-"))
        )
        self.assertEqual(len(kept), 2)
        for attachment in kept:
            text = PdfReader(io.BytesIO(attachment.raw)).pages[0].extract_text()
            self.assertIn(self.env["res.partner"].browse(attachment.res_id).name, text)

    def test_addresses_outside_are_refused(self):
        for address in (
            "http://127.0.0.1/x.png",
            "https://example.com/x.png",
            "file:///etc/hostname",
            "/etc/hostname",
            "/base/static/../__manifest__.py",
            "/base/models/res_users.py",
            "ftp://example.com/x.png",
        ):
            with self.subTest(address=address):
                report = self._make_report(f'<img src="{address}" />')
                with self.assertRaisesRegex(UserError, "may not"):
                    self._print(report)
        report = self._make_report("<p>a</p>", "@import url(http://127.0.0.1/x.css);")
        with self.assertRaisesRegex(UserError, "127.0.0.1"):
            self._print(report)

    @mute_logger("weasyprint")
    def test_picture_inside_svg_is_refused(self):
        svg = (
            "%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'%3E"
            "%3Cimage href='file:///etc/hostname' width='5' height='5'/%3E%3C/svg%3E"
        )
        report = self._make_report(f'<img src="data:image/svg+xml,{svg}" />')
        with self.assertRaisesRegex(UserError, "hostname"):
            self._print(report)

    def test_static_files_and_data_are_allowed(self):
        report = self._make_report(
            '<img src="/base/static/description/icon.png" />'
            "<img src=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'"
            " width='9' height='9'/%3E\" />"
        )
        self.assertTrue(self._print(report).pages[0].images)

    def test_attachment_needs_the_right_to_read_it(self):
        png = self.env["ir.attachment"].create(
            {
                "name": "seal.png",
                "raw": self._png(),
                "res_model": "ir.config_parameter",
                "res_id": self.env["ir.config_parameter"].search([], limit=1).id,
            }
        )
        report = self._make_report(f'<img src="/web/image/{png.id}" />')
        self.assertTrue(self._print(report).pages[0].images)
        user = self.env["res.users"].create(
            {
                "name": "Reader",
                "login": "reader",
                "group_ids": [(6, 0, [self.env.ref("base.group_user").id])],
            }
        )
        with self.assertRaisesRegex(UserError, f"/web/image/{png.id}"):
            self.env["ir.actions.report"].with_user(user).with_context(
                force_report_rendering=True
            )._render_qweb_pdf(report.id, self.partners[0].ids)

    @staticmethod
    def _png():
        from PIL import Image

        target = io.BytesIO()
        Image.new("RGB", (8, 8), "red").save(target, "PNG")
        return target.getvalue()

    def test_missing_library_is_one_sentence(self):
        with (
            patch.object(pdf, "load_engine", side_effect=pdf.EngineMissing("pango")),
            self.assertRaisesRegex(UserError, "libpango"),
            self.assertLogs("odoo.addons.cchc_onestop", "INFO"),
        ):
            self._print()

    def test_works_without_wkhtmltopdf(self):
        with patch(
            "odoo.addons.base.models.ir_actions_report._wkhtml",
            side_effect=AssertionError("asked for wkhtmltopdf"),
        ):
            self.assertEqual(len(self._print().pages), 2)

    def test_other_reports_keep_the_engine(self):
        self.report.cchc_engine = "wkhtmltopdf"
        with patch("odoo.addons.base.models.ir_actions_report._run_wkhtmltopdf") as run:
            run.side_effect = InterruptedError
            with self.assertRaises(InterruptedError):
                self._print(records=self.partners[0])

    def test_default_engine_is_odoos(self):
        report = self.env["ir.actions.report"].create(
            {"name": "x", "model": "res.partner", "report_name": "x.y"}
        )
        self.assertEqual(report.cchc_engine, "wkhtmltopdf")
        stock = self.env["ir.actions.report"].search(
            [("report_name", "not like", "cchc_")]  # those of our addons
        )
        self.assertEqual(set(stock.mapped("cchc_engine")), {"wkhtmltopdf"})

    def test_stamp_keeps_the_pages(self):
        before = pdf.render_pdf(["<p>một</p>", "<p>hai</p>"])
        texts = [
            page.extract_text()
            for page in PdfReader(io.BytesIO(pdf.stamp(before, "ĐÃ HỦY"))).pages
        ]
        self.assertEqual(len(texts), 2)
        self.assertIn("một", texts[0])
        for text in texts:
            self.assertIn("ĐÃ HỦY", text)
