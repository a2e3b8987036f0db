import io

from openpyxl import load_workbook

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import VoiceCase


@tagged("post_install", "-at_install")
class TestPetitionPapers(VoiceCase):
    """Letter of the answer and register with the columns of the reports."""

    def test_letter(self):
        petition = self._accepted_petition()
        with self._refused(UserError, "once a leader approved"):
            petition.action_print_letter()
        petition = self._answered_petition()
        report = self.env["report.cchc_onestop_voice.report_petition_answer"]
        [sheet] = report.with_user(self.officer)._get_report_values(petition.ids)[
            "sheets"
        ]
        self.assertEqual(sheet["to"], "Nguyễn Văn An")
        self.assertEqual(sheet["finding"], "đúng")
        self.assertEqual(sheet["signer"]["name"], self.leader.name)
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.officer)
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("cchc_onestop_voice.report_petition_answer", petition.ids)
        )
        self.assertEqual(content[:4], b"%PDF")

    def test_register(self):
        answered = self._answered_petition(subject='=HYPERLINK("x")')
        refused = self._petition(sender_kind="anonymous", sender_name=False)
        refused.action_refuse("Không rõ")
        petitions = answered | refused
        report = self.env["report.cchc_onestop_voice.report_petition_register"]
        action = petitions.action_print_register()
        values = report.with_user(self.officer)._get_report_values([], action["data"])
        self.assertEqual(
            values["columns"],
            (
                "TT",
                "Tên tổ chức, cá nhân",
                "Nội dung",
                "Loại",
                "Ngày nhận",
                "Cơ quan xử lý",
                "Thời hạn",
                "Kết quả",
                "Công khai",
            ),
        )
        self.assertEqual(len(values["rows"]), 2)
        # an auditor prints it without names
        values = report.with_user(self.auditor)._get_report_values(petitions.ids)
        self.assertNotIn("Nguyễn Văn An", str(values["rows"]))
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.officer)
            ._render_xlsx(
                "cchc_onestop_voice.petition_register_xlsx", petitions.ids, {}
            )
        )
        sheet = load_workbook(io.BytesIO(content)).active
        rows = list(sheet.iter_rows(min_row=5, values_only=True))
        self.assertIn("HYPERLINK", str(rows))
        self.assertTrue(all(cell.data_type != "f" for row in sheet for cell in row))
