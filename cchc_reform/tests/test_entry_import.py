import base64
import io
import zipfile
from datetime import date

from freezegun import freeze_time
from openpyxl import Workbook, load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.cchc_reform_entry_import import KINDS
from ..tools.year_import import LAYOUTS, read_quantity
from .common import ReformCase


def workbook(kind, *rows):
    """Return the bytes of a filled-in template: rows of ``{column: cell}``."""
    book = Workbook()
    sheet = book.active
    headings = LAYOUTS[kind].headings
    sheet.append([f"{text} *" for text in headings.values()])
    for row in rows:
        sheet.append([row.get(name) for name in headings])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@freeze_time("2026-08-10 03:00:00")
@tagged("post_install", "-at_install")
class TestEntryImport(ReformCase):
    """Lists of entries: a verdict for each row, all together or none, once only."""

    def _import(self, kind, *rows, user=None, archive=None, **values):
        record = (
            self.env["cchc.reform.entry.import"]
            .with_user(user or self.officer)
            .create(
                {
                    "kind": kind,
                    "file": base64.b64encode(workbook(kind, *rows)),
                    "file_name": "so-lieu.xlsx",
                    "archive": archive and base64.b64encode(archive),
                    **values,
                }
            )
        )
        record.action_preview()
        return record

    def test_communications(self):
        rows = (
            {
                "date": "10/3/2026",
                "channel": "Phát thanh",
                "code": "Dịch vụ công trực tuyến",
                "quantity": 2,
                "quantity2": "0:30",
                "place": "Thôn 1",
            },
            {
                "date": date(2026, 3, 11),
                "channel": "tin",
                "code": "Tin tháng 3",
                "quantity": "1.200",
            },
        )
        record = self._import("communication", *rows)
        self.assertEqual((record.new_count, record.faulty_count), (2, 0))
        record.action_dry_run()
        entries = self.env["cchc.reform.communication"]
        self.assertFalse(entries.search([("company_id", "=", self.commune.id)]))
        record.action_import()
        entries = entries.search([("company_id", "=", self.commune.id)], order="date")
        self.assertEqual(entries.mapped("quantity1"), [2, 1200])
        self.assertEqual(entries[0].minutes, 30)
        self.assertEqual(entries[0].create_uid, self.officer)
        again = self._import("communication", *rows)
        self.assertEqual((again.new_count, again.unchanged_count), (0, 2))
        with self.assertRaisesRegex(UserError, "nothing to import"):
            again.action_import()
        more = self._import("communication", *rows, {**rows[0], "place": "Thôn 2"})
        more.action_import()
        self.assertEqual((more.imported_count, more.unchanged_count), (1, 2))

    def test_a_list_as_offices_keep_it(self):
        """Title above, sums below, levels without “cấp”, empty cells."""
        headings = LAYOUTS["award"].headings
        book = Workbook()
        sheet = book.active
        sheet.append(["KHEN THƯỞNG VỀ CẢI CÁCH HÀNH CHÍNH"])
        sheet.append(["TT", *headings.values()])
        row = {"code": "Giấy khen", "recipient": "Phòng Kinh tế", "level": "Tỉnh"}
        for number, name in enumerate(("Xã", "tỉnh", "Trung ương"), 1):
            cells = {**row, "level": name, "date": f"1{number}/3/2026"}
            sheet.append([number, *(cells.get(column) for column in headings)])
        sheet.append([4, None, "Phòng Văn hóa", None, None, "1/3/2026"])
        sheet.append([])
        sheet.append(["Tổng cộng", None, 4])
        sheet.append([None, "Cộng: 4"])
        stream = io.BytesIO()
        book.save(stream)
        record = (
            self.env["cchc.reform.entry.import"]
            .with_user(self.officer)
            .create(
                {
                    "kind": "award",
                    "file": base64.b64encode(stream.getvalue()),
                    "file_name": "khen-thuong.xlsx",
                }
            )
        )
        record.action_preview()
        self.assertEqual((record.new_count, record.faulty_count), (3, 1))
        self.assertEqual(
            record.line_ids.filtered("reason").reason,
            "Row 6, column “Danh hiệu” is empty; fill it in.",
        )
        self.assertEqual(
            [line.data["level"] for line in record.line_ids[:3]],
            ["commune", "province", "national"],
        )

    def test_each_fault_in_one_sentence_and_nothing_comes_in(self):
        record = self._import(
            "communication",
            {"date": "10/3/2026", "channel": "tin", "code": "Tốt", "quantity": 1},
            {"date": "11/8/2026", "channel": "tin", "code": "Mai", "quantity": 1},
            {"date": "31/02/2026", "channel": "tin", "code": "Ngày", "quantity": 1},
            {"date": "1/3/2026", "channel": "trống", "code": "Kênh", "quantity": 1},
            {"date": "1/3/2026", "channel": "tin", "code": "Số", "quantity": "vài"},
            {
                "date": "1/3/2026",
                "channel": "tin",
                "code": "Hai đơn vị",
                "quantity": 1,
                "quantity2": 3,
            },
            {"date": "10/3/2026", "channel": "tin", "code": "Tốt", "quantity": 1},
        )
        reasons = [line.reason for line in record.line_ids if line.reason]
        for reason, part in zip(
            reasons,
            (
                "lies in the future",
                "“31/02/2026” is no date",
                "is none of: Bài viết",
                "“vài” is no quantity",
                "is counted in one unit only",
                "stands in row 2 as well",
            ),
            strict=True,
        ):
            self.assertIn(part, reason)
            self.assertEqual(len(reason.splitlines()), 1)
        with self.assertRaisesRegex(UserError, "6 rows are faulty"):
            record.action_import()
        self.assertFalse(
            self.env["cchc.reform.communication"].search(
                [("company_id", "=", self.commune.id)]
            )
        )
        self.assertTrue(record.error_file)

    def test_documents_with_files(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("ke-hoach.pdf", b"%PDF-1.4")
        rows = (
            {
                "direction": "Đến",
                "code": "156/KH-UBND",
                "date": "5/7/2023",
                "issuer": "UBND thị xã",
                "type": "Kế hoạch",
                "subject": "Nâng cao chỉ số",
                "files": "ke-hoach.pdf",
            },
            {
                "direction": "Đi",
                "code": "99/KH-UBND",
                "date": "03/3/2022",
                "subject": "Khắc phục tiêu chí bị trừ điểm chỉ số CCHC năm 2022",
            },
            {
                "direction": "Đến",
                "code": "19-QĐ/ĐU",
                "date": "03/06/2021",
                "issuer": "Đảng ủy xã",
                "subject": "Kiện toàn Ban Chỉ đạo",
            },
        )
        record = self._import("document", *rows, archive=stream.getvalue())
        self.assertFalse(record.faulty_count, record.line_ids.mapped("reason"))
        self.assertIn("To be checked", record.line_ids[1].remark)
        record.action_import()
        documents = self.env["cchc.issued.document"].search(
            [("company_id", "=", self.commune.id)], order="date desc"
        )
        self.assertEqual(
            documents.mapped("reference"), ["156/KH-UBND", "99/KH-UBND", "19-QĐ/ĐU"]
        )
        self.assertEqual(documents[0].dms_file_count, 1)
        self.assertEqual(documents[2].type_id.key, "QĐ")
        self.assertEqual(documents[1].issuer_id.agency_id, self.commune)
        # the same document under another spelling of its issuer
        again = self._import(
            "document",
            {
                **rows[0],
                "issuer": "Ủy ban nhân dân thị xã",
                "subject": "Khác",
                "files": None,
            },
        )
        self.assertEqual(again.unchanged_count, 1)

    def test_documents_that_cannot_be_read(self):
        record = self._import(
            "document",
            {
                "direction": "Đến",
                "code": "không số",
                "date": "1/1/2026",
                "subject": "A",
            },
            {"direction": "Đi", "code": "1/KH-A", "date": "1/1/2026"},
        )
        reasons = "\n".join(record.line_ids.mapped("reason"))
        self.assertIn("is no number with its symbol", reasons)
        self.assertIn("column “Trích yếu”", reasons)

    def test_visits_make_their_inspections(self):
        row = {
            "inspection": "Kiểm tra CCHC năm 2026",
            "form": "Đột xuất",
            "day": "15/5/2026",
        }
        record = self._import(
            "visit",
            {
                **row,
                "code": "văn phòng - thống kê",
                "weakness": "Niêm yết thiếu",
                "due": "30/5/2026",
            },
            {**row, "code": "Trường THCS", "day": "14/5/2026"},
        )
        record.action_import()
        inspection = self.env["cchc.reform.inspection"].search(
            [("company_id", "=", self.commune.id)]
        )
        self.assertEqual(inspection.form, "surprise")
        self.assertEqual(str(inspection.date_from), "2026-05-14")
        self.assertEqual(inspection.visit_count, 2)
        self.assertEqual(inspection.visit_ids.department_id, self.department)
        self.assertEqual(
            inspection.finding_ids.responsible_department_id.id, self.department.id
        )
        self.assertEqual(inspection.overdue_count, 1)

    def test_the_other_kinds(self):
        rows = {
            "training": {
                "code": "Ký số",
                "topic": "chữ ký số",
                "date": "1/4/2026",
                "persons": 35,
                "cost": "1.500.000",
            },
            "appointment": {
                "code": "Lê Văn A",
                "kind": "Bổ nhiệm lại",
                "date": "1/6/2026",
                "department": "Phòng Kinh tế",
            },
            "initiative": {"code": "Mô hình 1", "date": "1/6/2026", "prize": "Giải Ba"},
            "award": {"code": "Giấy khen", "recipient": "A", "date": "1/6/2026"},
            "index": {
                "code": "SIPAS",
                "year": 2025,
                "value": "85,6",
                "rank": 3,
                "rank_of": 34,
            },
        }
        for kind, row in rows.items():
            with self.subTest(kind):
                record = self._import(kind, row)
                self.assertFalse(record.faulty_count, record.line_ids.reason)
                record.action_import()
                action = record.action_entries()
                found = self.env[action["res_model"]].search(action["domain"])
                self.assertEqual(len(found), 1)
                self.assertEqual(found.company_id, self.commune)
                self.assertEqual(self._import(kind, row).unchanged_count, 1)

    def test_the_templates_are_read_by_the_import(self):
        for kind, _label in KINDS:
            with self.subTest(kind):
                record = (
                    self.env["cchc.reform.entry.import"]
                    .with_user(self.officer)
                    .create({"kind": kind})
                )
                action = record.action_template()
                id_ = int(action["url"].split("/")[-1].split("?")[0])
                raw = self.env["ir.attachment"].browse(id_).raw
                sheet = load_workbook(io.BytesIO(raw)).worksheets[0]
                self.assertEqual(sheet.title, LAYOUTS[kind].title)
                record.write({"file": base64.b64encode(raw), "file_name": "a.xlsx"})
                with self.assertRaisesRegex(UserError, "headings but no rows"):
                    record.action_preview()

    def test_quantities_as_people_write_them(self):
        for text, number in (
            ("1,5", 1.5),
            ("1.000", 1000),
            ("1.000,5", 1000.5),
            ("2:15", 2.25),
            (3, 3),
            ("", ""),
        ):
            self.assertEqual(read_quantity(text), number)

    def test_only_officers_import(self):
        with self.assertRaises(AccessError):
            self._import("award", user=self.member)
        with self.assertRaises(AccessError):
            self._import("award", user=self.chief)
