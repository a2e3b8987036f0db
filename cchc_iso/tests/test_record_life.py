import hashlib

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common import local

from .common_document import DocumentCase
from .test_record import RecordCase


@tagged("post_install", "-at_install")
class TestRecordLife(RecordCase, DocumentCase):
    """What happens in the life of a dossier, as its record tells it."""

    def _steps_of(self, dossier):
        data = self._record(dossier)._data()
        return data, {step["name"]: step for step in data["steps"]}

    def _finish(self, dossier):
        with freeze_time(local("08/05/2026 08:00")):
            dossier.with_user(self.leader).action_sign()
        with freeze_time(local("08/05/2026 08:30")):
            if dossier.late_at:
                self._explain(dossier)
            dossier.with_user(self.desk).action_pass_step()

    def test_a_dossier_received_under_issue_1_keeps_issue_1(self):
        """7.5 no. 3, also when issue 2 is in force before the record is written."""
        with freeze_time(local("01/04/2026 08:00")):
            page = self._issued()
        early = self._lived()
        with freeze_time(local("05/05/2026 13:00")):
            self._approve(self._issue(page, effective_from="2026-05-05"))
        with freeze_time(local("06/05/2026 08:00")):
            late = self._ready()
        records = self._record(early | late)
        issues = {record.dossier_id: record for record in records}
        self.assertEqual(issues[early].issue_id.issue_no, 1)
        self.assertEqual(issues[late].issue_id.issue_no, 2)
        issue = issues[early]._data()["process"]["issue"]
        self.assertEqual(issue["issue_no"], "1")
        self.assertEqual(issue["sha256"], issues[early].issue_id.content_sha256)

    def test_time_in_which_the_clock_stood_is_left_out(self):
        with freeze_time(local("04/05/2026 08:00")):
            dossier = self._accepted()
        with freeze_time(local("04/05/2026 09:00")):
            dossier.with_user(self.handler).action_request_supplement(
                content="Bổ sung tờ khai"
            )
        with freeze_time(local("06/05/2026 09:00")):
            dossier.with_user(self.desk).action_resume("Đã bổ sung")
        with freeze_time(local("06/05/2026 10:00")):
            dossier.with_user(self.handler).action_pass_step()
        self._finish(dossier)
        data, steps = self._steps_of(dossier)
        self.assertEqual(steps["Thụ lý"]["actual_minutes"], 120)
        self.assertFalse(steps["Thụ lý"]["late"])
        self.assertEqual(data["pauses"][0]["minutes"], 900)
        self.assertEqual(data["dossier"]["supplement_count"], 1)
        self.assertIn("02", [paper["form"] for paper in data["papers"]])

    def test_both_rounds_of_a_dossier_sent_back_count(self):
        with freeze_time(local("04/05/2026 08:00")):
            dossier = self._accepted()
        with freeze_time(local("04/05/2026 09:00")):
            dossier.with_user(self.handler).action_pass_step()
        with freeze_time(local("04/05/2026 10:00")):
            dossier.with_user(self.leader).action_send_back("Thiếu chữ ký nháy")
        with freeze_time(local("04/05/2026 10:30")):
            dossier.with_user(self.handler).action_pass_step()
        self._finish(dossier)
        data, steps = self._steps_of(dossier)
        self.assertEqual(steps["Thụ lý"]["rounds"], 2)
        self.assertEqual(steps["Thụ lý"]["actual_minutes"], 90)
        self.assertEqual(steps["Ký duyệt"]["rounds"], 2)
        done = [step for step in steps.values() if step["done_by"]]
        self.assertTrue(all(step["in_order"] for step in done))
        self.assertIn("sent_back", [line["outcome"] for line in data["approvals"]])

    def test_who_acted_against_who_should(self):
        with freeze_time(local("04/05/2026 08:00")):
            dossier, assigned = self._accepted(), self._accepted()
        with freeze_time(local("04/05/2026 09:00")):
            # the manager may act for anybody; the process does not name him
            dossier.with_user(self.manager).action_pass_step()
            assigned.with_user(self.leader).action_assign(self.colleague)
            assigned.with_user(self.colleague).action_pass_step()
        self._finish(dossier)
        self._finish(assigned)
        _data, steps = self._steps_of(dossier)
        self.assertIs(steps["Thụ lý"]["right_person"], False)
        self.assertEqual(self._record(dossier).wrong_person_count, 1)
        _data, steps = self._steps_of(assigned)
        self.assertEqual(steps["Thụ lý"]["right_by"], "assigned")

    def test_files_and_papers_are_there_with_their_checksums(self):
        with freeze_time(local("04/05/2026 08:00")):
            dossier = self._accepted()
            file = self.env["ir.attachment"].create(
                {"name": "to_khai.pdf", "raw": b"%PDF-1.4 to khai"}
            )
            dossier.sudo().document_ids[0].attachment_ids = file
        with freeze_time(local("04/05/2026 09:00")):
            dossier.with_user(self.handler).action_pass_step()
        self._finish(dossier)
        record = self._record(dossier)
        self.assertEqual(
            record._data()["documents"][0]["files"],
            [
                {
                    "name": "to_khai.pdf",
                    "size": 16,
                    "sha256": hashlib.sha256(b"%PDF-1.4 to khai").hexdigest(),
                }
            ],
        )
        reader = record.with_user(self.secretary)
        self.assertEqual(reader.action_verify()["params"]["type"], "success")
        file.raw = b"%PDF-1.4 sua roi"
        self.assertIn("to_khai.pdf", reader.action_verify()["params"]["message"])

    def test_a_batch_takes_the_same_statements_for_any_number(self):
        few = self._lived() | self._lived()
        many = few.union(*(self._lived() for _count in range(4))) - few
        records = self.env["cchc.iso.record"]
        self._record(self._lived())
        counts = []
        for dossiers in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records._record_dossiers(dossiers.ids)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
        self.assertLessEqual(counts[0], 45)

    def test_dossiers_ended_elsewhere_have_no_record(self):
        """Nothing of their process happened here, so nothing here proves it."""
        row = {
            "procedure_id": self.procedure.id,
            "company_id": self.commune.id,
            "receiving_company_id": self.commune.id,
            "applicant_name": "Trần Văn Cũ",
            "received_at": local("02/03/2026 08:00"),
            "ended_at": local("04/03/2026 08:00"),
            "returned_at": local("04/03/2026 09:00"),
            "state": "returned",
        }
        old = self.env["cchc.dossier"].sudo()._take_over([row])
        self.assertFalse(self._record(old))
        missing = self.env["cchc.iso.record"]._missing_problems(self.commune.ids)
        self.assertNotIn(old.name, [problem["code"] for problem in missing])
