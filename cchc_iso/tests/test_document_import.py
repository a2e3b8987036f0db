import base64
import io
import zipfile

import xlsxwriter

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools.document_import_row import HEADINGS
from .common_document import DocumentCase

PDF = b"%PDF-1.4 quy trinh"


@tagged("post_install", "-at_install")
class TestDocumentImport(DocumentCase):
    """An office takes over the documents that it has."""

    def _import(self, rows, files=(), user=None, **values):
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream) as book:
            sheet = book.add_worksheet("Danh mục")
            sheet.write_row(2, 0, list(HEADINGS.values()))
            for number, row in enumerate(rows, 3):
                sheet.write_row(number, 0, [row.get(name, "") for name in HEADINGS])
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as packed:
            for name in files:
                packed.writestr(name, PDF)
        record = (
            self.env["cchc.iso.document.import"]
            .with_user(user or self.secretary)
            .create(
                {
                    "file": base64.b64encode(stream.getvalue()),
                    "file_name": "danh-muc.xlsx",
                    "archive": base64.b64encode(archive.getvalue()) if files else False,
                    "archive_name": "tep.zip",
                    "system_id": self.system.id,
                    **values,
                }
            )
        )
        record.action_preview()
        return record

    ROW = {
        "code": "QT-07",
        "name": "Quy trình xác nhận thử nghiệm",
        "type": "Quy trình giải quyết TTHC",
        "number": "02",
        "day": "15/03/2025",
        "procedure": "9.800001",
        "unit": "Văn phòng - Thống kê",
        "files": "QT-07.pdf",
    }

    def test_documents_come_with_their_issues_and_files(self):
        rows = [self.ROW, {**self.ROW, "number": 1, "day": "01/02/2024", "files": ""}]
        record = self._import(rows, ["quy-trinh/QT-07.pdf"])
        self.assertEqual((record.new_count, record.issue_count), (1, 1))
        self.assertFalse(record.faulty_count)
        record.action_dry_run()
        self.assertIn("nothing was kept", record.message)
        pages = self.env["document.page"].search([("system_id", "=", self.system.id)])
        self.assertFalse(pages)
        record.action_import()
        page = self.env["document.page"].search([("system_id", "=", self.system.id)])
        self.assertEqual(page.code, "QT-07")
        self.assertEqual(page.department_id, self.department)
        self.assertEqual(page.process_id, self.process)
        issue = page.issue_id
        self.assertEqual((issue.issue_no, issue.is_imported), (2, True))
        self.assertEqual(base64.b64decode(issue.file), PDF)
        first = page.issue_ids - issue
        self.assertEqual(str(first.effective_to), "2025-03-14")
        self.assertEqual(
            self.env["document.page.history"]._cchc_in_force(self.process, self.today),
            issue,
        )
        with self._refused(UserError, "closed"):
            issue.with_user(self.secretary).write({"file": False})
        again = self._import(rows, ["QT-07.pdf"])
        self.assertEqual(again.unchanged_count, 1)
        with self._refused(UserError, "nothing to take over"):
            again.action_import()

    def test_what_is_wrong_is_said_row_by_row(self):
        rows = [
            {**self.ROW, "code": ""},
            {**self.ROW, "code": "QT-08", "procedure": "9.999999", "files": ""},
            {**self.ROW, "code": "QT-09", "number": "hai"},
            {**self.ROW, "code": "QT-10", "procedure": "", "files": ""},
            {**self.ROW, "code": "QT-11", "unit": "Phòng không có", "files": ""},
            {**self.ROW, "code": "QT-12", "files": "mat.pdf"},
            {**self.ROW, "code": "QT-13", "type": "Thơ"},
            {**self.ROW, "code": "QT-14", "files": "x.exe"},
        ]
        record = self._import(rows, ["QT-07.pdf"])
        self.assertEqual(record.faulty_count, len(rows))
        reasons = " ".join(record.line_ids.mapped("reason"))
        for words in (
            "Row 4, column “Mã hiệu” is empty",
            "“9.999999” is no procedure",
            "“hai” is no issue number",
            "is the process of a procedure",
            "“Phòng không có” is no department",
            "“mat.pdf” is not in the archive",
            "“Thơ” is no type",
            "“x.exe” is no document file",
        ):
            self.assertIn(words, reasons)
        self.assertTrue(record.error_file)

    def test_documents_of_old_processes_are_to_be_updated(self):
        record = self._import([{**self.ROW, "files": ""}], describe_current=False)
        record.action_import()
        page = record.line_ids.page_id
        self.assertTrue(page.to_update)
        self.assertFalse(page.issue_id.process_id)

    def test_nothing_is_half_saved(self):
        rows = [{**self.ROW, "files": ""}, {**self.ROW, "code": "QT-20", "files": ""}]
        record = self._import(rows)
        self.env["document.page"].with_user(self.secretary).create(
            {
                "name": "Khác",
                "code": "QT-20",
                "doc_type_id": self.env.ref("cchc_iso.document_type_manual").id,
                "system_id": self.system.id,
                "company_id": self.commune.id,
            }
        )
        # the second row meets a document of another kind that came in between
        with self._refused(UserError, "QT-20"):
            record.action_import()
        self.assertFalse(self.env["document.page"].search([("code", "=", "QT-07")]))

    def test_only_the_secretary_imports(self):
        with self._refused(AccessError, "."):
            self._import([self.ROW], user=self.member)
