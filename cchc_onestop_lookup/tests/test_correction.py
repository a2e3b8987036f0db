from datetime import timedelta

from lxml.html import document_fromstring as html_document

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import LookupCase


@tagged("post_install", "-at_install")
class TestCorrection(LookupCase):
    """What a register has wrong goes to the body that keeps it, as a letter."""

    def setUp(self):
        super().setUp()
        self.dossier = self._accepted()
        self.request = self._enter(self.dossier)
        settle = self.env["cchc.lookup.settle"].with_user(self.handler)
        self.settle = settle.browse(settle._open(self.request)["res_id"])

    def _discrepancy(self):
        line = self.settle.line_ids[:1]
        line.write({"decision": "wrong", "on_paper": "Nguyễn Thị Hoài"})
        self.settle.evidence = "Giấy khai sinh số 12, ngày 01/02/1990"
        self.settle.action_confirm()
        return self.request.with_user(self.handler).discrepancy_ids

    def test_a_discrepancy_needs_paper_and_evidence(self):
        line = self.settle.line_ids[:1]
        line.write({"decision": "wrong"})
        with self._refused(UserError, "what the paper reads"):
            self.settle.action_confirm()
        line.on_paper = "Nguyễn Thị Hoài"
        with self._refused(UserError, "which paper"):
            self.settle.action_confirm()
        self.assertFalse(self.request.discrepancy_ids)

    def test_from_discrepancy_to_correction(self):
        row = self._discrepancy()
        self.assertEqual(row.returned, "Nguyễn Thị Hoa")
        self.assertEqual(row.partner_id, self.partner)
        self.assertEqual(row.dossier_id, self.dossier)
        action = row.action_request_correction()
        letter = row.correction_id
        self.assertEqual(action["res_id"], letter.id)
        self.assertRegex(letter.name, r"ĐC/\d{4}/\d{4}")
        self.assertEqual(letter.authority_name, "Công an cấp xã")
        with self._refused(UserError, "requested for all"):
            row.action_request_correction()
        self._send(letter)
        self.assertEqual(row.state, "requested")
        with self._refused(UserError, "further discrepancy"):
            row.write({"on_paper": "Khác"})
        with self._refused(UserError, "stays"):
            row.unlink()
        with self._refused(UserError, "what the body answered"):
            letter.action_kept()
        letter.answer = "Dữ liệu đã đúng theo hồ sơ gốc."
        letter.action_kept()
        self.assertEqual(row.state, "kept")
        with self._refused(UserError, "not in the state"):
            letter.action_corrected()

    def _send(self, letter):
        letter.write({"number": "125/UBND-VP", "sent_on": fields.Date.today()})
        letter.action_send()

    def test_a_letter_is_sent_with_its_number_and_date(self):
        self._discrepancy().action_request_correction()
        letter = self.request.with_user(self.handler).discrepancy_ids.correction_id
        today = fields.Date.today()
        for number, day in (("", today), ("  ", today), ("125/UBND-VP", False)):
            letter.write({"number": number, "sent_on": day})
            with self._refused(UserError, "the number and the date of the letter"):
                letter.action_send()
        letter.sent_on = today + timedelta(days=2)
        with self._refused(UserError, "in the future"):
            letter.action_send()
        self.assertEqual(letter.state, "draft")
        self._send(letter)
        self.assertEqual(letter.state, "sent")
        for vals in ({"number": ""}, {"sent_on": today - timedelta(days=1)}):
            with self._refused(UserError, "keeps its number and date"):
                letter.write(vals)
        letter.number = "126/UBND-VP"  # a slip of the pen

    def test_states_follow_the_buttons_only(self):
        row = self._discrepancy()
        row.action_request_correction()
        with self._refused(UserError, "follows its correction request"):
            row.write({"state": "corrected"})
        with self._refused(UserError, "with its buttons"):
            row.correction_id.write({"state": "sent"})
        with self._refused(AccessError, "."):
            row.with_user(self.outsider).read(["name"])
        with self._refused(AccessError, "."):
            row.correction_id.with_user(self.auditor).action_send()

    def test_several_people_get_letters_of_their_own(self):
        row = self._discrepancy()
        other = self.partner.copy(
            {"name": "Lê Văn Cả", "cchc_identity": "045055000777"}
        )
        dossier = self._accepted(partner_id=other.id)
        env = self.env(user=self.handler)
        request = env["cchc.lookup.request"]._enter(
            env["cchc.lookup.service"].browse(self.citizen.id),
            "045055000777",
            env["cchc.lookup.purpose"].browse(self.settling.id),
            env["cchc.dossier"].browse(dossier.id),
            env["res.partner"].browse(other.id),
            [(self.citizen.field_ids[0], "045055000777")],
            source="Phần mềm dân cư",
        )
        second = row.create(
            {
                "request_id": request.id,
                "name": "Năm sinh",
                "on_paper": "1956",
                "evidence": "Sổ hộ khẩu cũ",
            }
        )
        action = (row | second).action_request_correction()
        self.assertEqual(len(action["domain"][0][2]), 2)
        self.assertNotEqual(row.correction_id, second.correction_id)

    def test_the_letter(self):
        row = self._discrepancy()
        row.action_request_correction()
        report = self.env["ir.actions.report"].with_user(self.handler)
        html = report._render_qweb_html(
            "cchc_onestop_lookup.report_correction", row.correction_id.ids
        )[0].decode()
        for text in (
            "Công an cấp xã",
            "Nguyễn Thị Hoài",
            "Giấy khai sinh số 12",
            self.dossier.name,
            "045190000123",
            "Cơ sở dữ liệu quốc gia về dân cư",
        ):
            self.assertIn(text, html)
        # below the number of the letter, in the column of the agency
        [head] = html_document(html).xpath("//div[@class='cchc-agency']")
        self.assertIn("V/v đề nghị rà soát", head.text_content())
        report = report.with_context(force_report_rendering=True)
        pdf = report._render_qweb_pdf(
            "cchc_onestop_lookup.report_correction", row.correction_id.ids
        )[0]
        self.assertTrue(pdf.startswith(b"%PDF"))
