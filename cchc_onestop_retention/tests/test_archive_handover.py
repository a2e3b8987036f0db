import io
from datetime import date

from freezegun import freeze_time
from openpyxl import load_workbook
from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import RetentionCase


@tagged("post_install", "-at_install")
class TestArchiveHandover(RetentionCase):
    """Ended work goes to the archive within one year (NĐ 30/2020 Đ.30)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule.years = 20

    def _handover(self, dossiers):
        handover = (
            self.env["cchc.archive.handover"]
            .with_user(self.archivist)
            .create({"name": "Hồ sơ 2025", "company_id": self.commune.id})
        )
        handover._add(dossiers)
        return handover

    def test_term(self):
        dossier = self._refresh(self._ended_on("29/02/2024 10:00"))
        self.assertEqual(dossier.archive_due_on, date(2025, 2, 28))
        self.rule.years = 4
        self.assertFalse(self._refresh(dossier).archive_due_on)
        self.rule.permanent = True
        self.assertTrue(self._refresh(dossier).archive_due_on)

    def test_construction_has_a_term_of_its_own(self):
        self.env["cchc.archive.rule"].create(
            {
                "name": "Xây dựng",
                "months": 3,
                "legal_basis": "NĐ 30/2020 Đ.30",
                "valid_from": "2020-03-05",
                "sector_ids": self.sector.ids,
            }
        )
        dossier = self._refresh(self._ended_on("30/11/2025 10:00"))
        self.assertEqual(dossier.archive_due_on, date(2026, 2, 28))

    def test_handed_over(self):
        dossier = self._refresh(self._ended_on("10/03/2025 10:00"))
        handover = self._handover(dossier)
        self.assertEqual(dossier.archive_handover_id, handover)
        with self._refused(UserError, "who receives"):
            handover.action_done()
        handover.receiver_id = self.archivist
        with self._refused(UserError, "Use the button"):
            handover.state = "done"
        handover.action_done()
        self.assertEqual(dossier.archived_on, handover.date)
        self.assertEqual(dossier.event_ids.sorted("sequence")[-1].kind, "archive")
        self.assertIsNone(self.env["cchc.dossier.event"]._verify(dossier.ids))
        for action in (
            lambda: handover.write({"name": "khác"}),
            handover.unlink,
            handover.line_ids.unlink,
            handover.action_done,
        ):
            with self._refused(UserError, "stays as it was"):
                action()

    def test_in_one_list_only(self):
        dossier = self._refresh(self._ended_on("10/03/2025 10:00"))
        handover = self._handover(dossier)
        handover.line_ids.unlink()
        self.assertFalse(dossier.archive_handover_id)
        with self._refused(ValidationError, "has not ended"):
            self._handover(self._settled())
        with self.assertRaises(AccessError):
            handover.with_user(self.handler).write({"name": "x"})

    def test_reminded_once(self):
        with freeze_time("2026-01-20 02:00:00"):
            soon = self._refresh(self._ended_on("10/03/2025 10:00"))
            later = self._refresh(self._ended_on("10/06/2025 10:00"))
            handovers = self.env["cchc.archive.handover"]
            self.env["cchc.retention.rule"]._cron_refresh()
            made = handovers.search([("company_id", "=", self.commune.id)])
            self.assertEqual(made.line_ids.dossier_id, soon)
            activity = made.activity_ids.filtered(
                lambda activity: activity.user_id == self.archivist
            )
            self.assertEqual(activity.date_deadline, date(2026, 3, 10))
            handovers._remind()
            self.assertEqual(len(made.activity_ids), len(made.activity_ids.user_id))
            made.with_user(self.archivist).action_fill()
            self.assertNotIn(later, made.line_ids.dossier_id)

    def test_printed(self):
        dossier = self._refresh(self._ended_on("10/03/2025 10:00"))
        handover = self._handover(dossier)
        handover.line_ids.write({"box": "07", "sheets": 12})
        handover.receiver_id = self.archivist
        reports = self.env["ir.actions.report"].with_user(self.archivist)
        for name, words in (
            ("handover_list_report", (dossier.name, "20 năm", "07")),
            ("handover_minutes_report", ("12", "Bên giao", "hai bản")),
        ):
            content, _kind = reports.with_context(
                force_report_rendering=True
            )._render_qweb_pdf(f"cchc_onestop_retention.{name}", handover.ids)
            text = " ".join(
                page.extract_text() for page in PdfReader(io.BytesIO(content)).pages
            )
            for word in words:
                self.assertIn(word, text, name)
        content, _kind = reports._render_xlsx(
            "cchc_onestop_retention.handover_xlsx", handover.ids, {}
        )
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        self.assertEqual([cell.value for cell in sheet[4]][:3], [1, "07", dossier.name])
