import base64

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ReformCase

PDF = b"%PDF-1.4 /Type /Sig /ByteRange [0 1 2 3] %%EOF"


@freeze_time("2026-08-10 03:00:00")
@tagged("post_install", "-at_install")
class TestIssuedDocument(ReformCase):
    """Register of documents: entry, dates that cannot be, library, tasks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.documents = cls.env["cchc.issued.document"].with_user(cls.officer)
        cls.town = cls.env["cchc.issued.document.issuer"].create(
            {"name": "UBND thị xã Nghĩa Lộ"}
        )

    def _incoming(self, **values):
        return self.documents.create(
            {
                "direction": "incoming",
                "reference": "156/KH-UBND",
                "date": "2026-07-05",
                "received_on": "2026-07-08",
                "issuer_id": self.town.id,
                "subject": "Nâng cao chỉ số cải cách hành chính",
                **values,
            }
        )

    def test_a_document_takes_number_and_abstract(self):
        form = Form(self.documents)
        form.reference = "96/KH-UBND"
        form.subject = "Tuyên truyền cải cách hành chính năm 2026"
        document = form.save()
        self.assertEqual((document.number, document.symbol), ("96", "KH-UBND"))
        self.assertEqual(document.type_id.key, "KH")
        self.assertEqual(document.issuer_id.agency_id, self.commune)
        self.assertEqual(str(document.date), "2026-08-10")
        self.assertFalse(document.warning)

    def test_party_number(self):
        document = self._incoming(reference="19-QĐ/ĐU")
        self.assertEqual((document.number, document.symbol), ("19", "QĐ/ĐU"))
        self.assertEqual(document.reference, "19-QĐ/ĐU")
        with self.assertRaisesRegex(UserError, "is no number with its symbol"):
            document.reference = "mười chín"

    def test_found_without_accents(self):
        document = self._incoming()
        for text in ("nang cao chi so", "156 nghia lo", "NÂNG CAO", "kh-ubnd"):
            with self.subTest(text):
                found = self.documents.search([("display_name", "ilike", text)])
                self.assertIn(document, found)
        self.assertNotIn(
            document, self.documents.search([("display_name", "ilike", "ben cat")])
        )

    def test_known_by_issuer_number_symbol_and_date(self):
        self._incoming()
        other = self.env["cchc.issued.document.issuer"].create({"name": "UBND tỉnh"})
        self._incoming(date="2025-07-05")
        self._incoming(issuer_id=other.id)
        with (
            self.assertRaises(UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self._incoming(reference="156/kh-ubnd")

    def test_a_body_stands_once(self):
        with self.assertRaisesRegex(ValidationError, "use that one"):
            self.town.create({"name": "Ủy ban nhân dân thị xã Nghĩa Lộ"})

    def test_remedy_plan_dated_before_the_index_was_known(self):
        # 003_b55b15e027c9510e.txt prints 99/KH-UBND of 03/3/2022, index of 2022
        document = self._incoming(
            reference="99/KH-UBND",
            date="2022-03-03",
            received_on=False,
            subject="Khắc phục các tiêu chí bị trừ điểm chỉ số CCHC năm 2022",
        )
        self.assertTrue(document.needs_check)
        self.assertIn("ended on 31/12/2022", document.warning)
        self.assertIn("Perhaps 03/03/2023 is meant", document.warning)
        self.assertIn(document, self.documents.search([("needs_check", "=", True)]))
        with self.assertRaisesRegex(UserError, "Say why"):
            document.accept_dates("  ")
        wizard = Form(
            self.env["cchc.issued.document.accept"]
            .with_user(self.officer)
            .with_context(default_document_id=document.id)
        )
        wizard.reason = "In nhầm năm trong báo cáo"
        wizard.save().action_accept()
        self.assertFalse(document.needs_check)
        self.assertEqual(document.confirmed_by_id, self.officer)
        self.assertNotIn(document, self.documents.search([("needs_check", "=", True)]))
        document.date = "2022-03-04"
        self.assertTrue(document.needs_check, "what was accepted was another date")
        document.date = "2023-03-03"
        self.assertFalse(document.warning)

    def test_reports_may_be_signed_before_their_window_ends(self):
        # xã Đưng K'Nớ: 31/BC-UBND of 07/3/2025 for the first quarter
        document = self._incoming(
            reference="31/BC-UBND",
            date="2025-03-07",
            received_on=False,
            type_id=self.env.ref("cchc_reform.document_type_report").id,
            subject="Công tác cải cách hành chính quý I năm 2025",
        )
        self.assertEqual(str(document.period_to), "2025-03-14")
        self.assertFalse(document.warning)

    def test_future_and_arrival_before_issue(self):
        future = self._incoming(date="2026-08-11", received_on=False)
        self.assertIn("lies in the future", future.warning)
        arrived = self._incoming(reference="7/CV-SNV", received_on="2026-07-01")
        self.assertIn("before it was issued on 05/07/2026", arrived.warning)
        found = self.documents.search([("needs_check", "=", True)])
        self.assertLessEqual(future | arrived, found)
        with freeze_time("2026-08-11 03:00:00"):
            future.invalidate_recordset()
            self.assertFalse(future.warning)

    def test_acceptance_cannot_be_written(self):
        document = self._incoming(date="2026-08-11")
        with self.assertRaises(AccessError):
            document.write({"confirmed_at": "2026-08-10 00:00:00"})
        forged = self._incoming(reference="1/QĐ-A", confirmed_at="2026-08-10 00:00:00")
        self.assertFalse(forged.confirmed_at)

    def test_pasted_text_becomes_documents(self):
        paste = Form(self.env["cchc.issued.document.paste"].with_user(self.officer))
        paste.text = (
            "Kế hoạch số 156/KH-UBND ngày 5/7/2023 của UBND thị xã về nâng cao chỉ số\n"
            "Quyết định số 19-QĐ/ĐU ngày 03/6/2021 của Đảng ủy xã về kiện toàn BCĐ"
        )
        action = paste.save().action_register()
        found = self.documents.search(action["domain"], order="date")
        self.assertEqual(found.mapped("reference"), ["19-QĐ/ĐU", "156/KH-UBND"])
        self.assertEqual(found.mapped("type_id.key"), ["QĐ", "KH"])
        self.assertEqual(found[1].issuer_id.name, "UBND thị xã")
        self.assertEqual(set(found.mapped("direction")), {"incoming"})
        again = self.env["cchc.issued.document.paste"].with_user(self.officer)
        again = again.create(
            {"text": "156/KH-UBND ngày 05/07/2023 của UBND thị xã về A"}
        )
        with self.assertRaisesRegex(UserError, "stands in the register already"):
            again.action_register()

    def test_pasted_text_without_a_date(self):
        paste = self.env["cchc.issued.document.paste"].with_user(self.officer)
        paste = paste.create({"text": "101/UBND-VP của UBND huyện về rà soát"})
        with self.assertRaisesRegex(UserError, "“101/UBND-VP” lacks: date"):
            paste.action_register()

    def test_files_stand_in_the_library(self):
        file = self.env["ir.attachment"].with_user(self.officer)
        file = file.create(
            {"name": "ke-hoach.pdf", "raw": PDF, "mimetype": "application/pdf"}
        )
        document = self._incoming(attachment_ids=[file.id])
        self.assertEqual((file.res_model, file.res_id), (document._name, document.id))
        self.assertEqual(document.signature_state, "digital")
        filed = document.with_user(self.member).dms_file_ids
        self.assertEqual(len(filed), 1)
        self.assertEqual(filed.name, "156-KH-UBND_05072026 ke-hoach.pdf")
        self.assertEqual(base64.b64decode(filed.content), PDF)
        self.assertEqual(filed.directory_id.parent_id.name, "Văn bản đến")
        with self.assertRaisesRegex(UserError, "change it there"):
            filed.sudo().name = "other.pdf"
        document.attachment_ids = [(5,)]
        self.assertFalse(document.dms_file_ids)
        self.assertTrue(file.exists())
        document.attachment_ids = [(4, file.id)]
        document.unlink()
        self.assertFalse(filed.exists())

    def test_documents_of_another_agency_are_not_seen(self):
        document = self._incoming()
        outsider = self._new_reform_user(
            "outsider", "group_officer", company=self.neighbour
        )
        self.assertFalse(
            self.documents.with_user(outsider).search([("id", "=", document.id)])
        )
        with self.assertRaises(AccessError):
            document.with_user(outsider).read(["subject"])
        with self.assertRaises(AccessError):
            document.with_user(self.member).write({"subject": "x"})


@freeze_time("2026-08-10 03:00:00")
@tagged("post_install", "-at_install")
class TestAssignedTask(ReformCase):
    """Tasks that arise from a document, with their due dates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.document = (
            cls.env["cchc.issued.document"]
            .with_user(cls.officer)
            .create(
                {
                    "direction": "incoming",
                    "reference": "156/KH-UBND",
                    "date": "2026-07-05",
                    "issuer_id": cls.env["cchc.issued.document.issuer"]
                    .create({"name": "UBND thị xã"})
                    .id,
                    "subject": "Nâng cao chỉ số CCHC",
                    "area_id": cls.area["direction"].id,
                }
            )
        )

    def _assign(self, **values):
        return (
            self.env["cchc.reform.task"]
            .with_user(self.officer)
            .create(
                {
                    "origin_document_id": self.document.id,
                    "name": "Báo cáo kết quả tự chấm điểm",
                    "lead_department_id": self.department.id,
                    "date_deadline": "2026-08-01",
                    **values,
                }
            )
        )

    def test_assigned_from_the_document(self):
        action = self.document.action_assign_task()
        form = Form(
            self.env["cchc.reform.task"]
            .with_user(self.officer)
            .with_context(**action["context"]),
            view="cchc_reform.cchc_reform_task_view_form_assigned",
        )
        self.assertEqual(form.name, "Nâng cao chỉ số CCHC")
        form.lead_department_id = self.department
        form.date_deadline = "2026-09-01"
        task = form.save()
        self.assertEqual(task.plan_id.plan_type, "assigned")
        self.assertEqual(task.plan_id.state, "approved")
        self.assertEqual(task.plan_id.year, 2026)
        self.assertEqual(task.area_id, self.area["direction"])
        self.assertEqual(self.document.task_count, 1)
        self.assertEqual(str(self.document.task_due), "2026-09-01")
        self.assertFalse(self.document.task_overdue_count)

    def test_a_leader_assigns_and_the_officer_changes_the_deadline(self):
        task = self._assign().with_user(self.chief)
        other = task.create(
            {
                "origin_document_id": self.document.id,
                "name": "Họp giao ban",
                "lead_user_id": self.member.id,
                "date_deadline": "2026-08-20",
            }
        )
        self.assertEqual(other.plan_id, task.plan_id)
        action = other.action_edit_assigned()
        with Form(other.with_user(self.officer), view=action["views"][0][0]) as form:
            form.date_deadline = "2026-08-25"
        self.assertEqual(str(other.next_due), "2026-08-25")
        with self.assertRaises(AccessError):
            other.with_user(self.member).date_deadline = "2026-12-31"

    def test_overdue_shows_on_the_document(self):
        task = self._assign()
        self.assertEqual(task.status, "overdue")
        self.assertEqual(self.document.task_overdue_count, 1)
        self.assertEqual(
            self.document.search([("task_overdue_count", ">", 0)]), self.document
        )
        self._report(task, outcome="done")
        self.document.invalidate_recordset()
        self.assertEqual(task.progress_state, "done_late")
        self.assertFalse(self.document.task_overdue_count)
        self.assertEqual(self.document.task_done_count, 1)

    def test_one_plan_a_year_and_agency(self):
        first, second = self._assign(), self._assign(name="Khác")
        self.assertEqual(first.plan_id, second.plan_id)
        later = self._assign(date_deadline="2027-01-15")
        self.assertNotEqual(later.plan_id, first.plan_id)

    def test_a_task_needs_lead_and_deadline(self):
        with self.assertRaisesRegex(ValidationError, "who, leads"):
            self._assign(lead_department_id=False)
        with self.assertRaisesRegex(ValidationError, "Enter the deadline"):
            self._assign(date_deadline=False)
        self.assertTrue(
            self._assign(date_deadline=False, deadline_type="regular").plan_id
        )

    def test_the_plan_makes_itself_only(self):
        plan = self._assign().plan_id
        with self.assertRaisesRegex(UserError, "makes itself"):
            plan.with_user(self.officer).write({"state": "draft"})
        with self.assertRaisesRegex(UserError, "makes itself"):
            self._new_plan(plan_type="assigned")
        with self.assertRaisesRegex(UserError, "makes itself"):
            plan.with_user(self.officer).unlink()

    def test_what_is_reported_is_not_deleted(self):
        task = self._assign()
        task.date_deadline = "2026-09-30"
        self._report(task, percent=30)
        with self.assertRaisesRegex(UserError, "not deleted any more"):
            task.unlink()
        self._assign(name="Nhầm").unlink()

    def test_a_list_of_documents_costs_a_fixed_number_of_queries(self):
        self._assign()
        documents = self.document
        for number in range(20):
            documents |= self.document.copy(
                {"number": str(number + 1), "symbol": "CV-UBND"}
            )
        self.env.flush_all()
        self.env.invalidate_all()
        names = ["reference", "task_due", "task_overdue_count", "warning", "issuer_id"]
        documents.with_user(self.member).search_read([], names)
        self.env.invalidate_all()
        with self.assertQueryCount(5):
            self.env["cchc.issued.document"].with_user(self.member).search_read(
                [("id", "in", documents.ids)], names
            )
