"""Dossiers of other software: looked at, tried, imported once, and never twice."""

import base64
import io
import json
import random
from unittest.mock import patch

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..models import cchc_dossier_import
from .common import OnestopCase, local
from .test_dossier_import_parser import SOUND, archive, workbook

NOW = "2026-11-20 03:00:00"


class ImportCase(OnestopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.imports = cls.env["cchc.dossier.import"].with_user(cls.manager)

    def _import(self, *rows, content=None, name="ho-so.xlsx", **values):
        """Return an import of these rows, after its preview."""
        content = workbook(*rows) if content is None else content
        record = self.imports.create(
            {"file": base64.b64encode(content), "file_name": name, **values}
        )
        record.action_preview()
        return record

    def _run(self, record, trial=False):
        if trial:
            record.action_dry_run()
        else:
            record.action_import()
        work_off(self, record)
        return record

    def _imported(self, *rows, **values):
        self._run(self._import(*rows, **values))
        codes = [row["code"] for row in rows]
        found = self.env["cchc.dossier"].search([("name", "in", codes)])
        return found.sorted(lambda dossier: codes.index(dossier.name))

    def _reasons(self, record):
        return "\n".join(record.line_ids.filtered("reason").mapped("reason"))

    def _faulty(self, record):
        """Return the rows of the error sheet."""
        record.action_error_file()
        book = load_workbook(io.BytesIO(base64.b64decode(record.sudo().error_file)))
        return list(book.active.iter_rows(values_only=True))


def work_off(case, record):
    """Do the background work as the scheduler does, but in this transaction."""
    job = record.job_id.sudo()
    with patch.object(case.registry["ir.cron"], "_commit_progress", _no_commit):
        with patch.object(case.registry["cchc.job"], "_step", _no_step):
            outcome = job._run()
            job._finish(outcome)
    case.env.invalidate_all()
    case.assertEqual(job.state, "done", job.message)


def _no_commit(_self, *_args, **_kwargs):
    return float("inf")


def _no_step(_self, _done, _total):
    """Tell nobody: that takes a cursor that does not see this transaction."""


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestDossierImport(ImportCase):
    # -- the dossiers
    def test_ended_dossier(self):
        dossier = self._imported({**SOUND, "fee": 8000, "note": "1+1"})
        self.assertEqual(dossier.name, SOUND["code"])
        self.assertEqual(dossier.external_code, SOUND["code"])
        self.assertEqual(dossier.state, "returned")
        self.assertEqual(dossier.accepted_at, local("02/11/2026 08:15"))
        self.assertEqual(dossier.due_at, local("05/11/2026 17:00"))
        self.assertEqual(dossier.first_due_at, local("05/11/2026 17:00"))
        self.assertEqual(dossier.ended_at, local("04/11/2026 09:00"))
        self.assertEqual(dossier.returned_at, local("04/11/2026 10:00"))
        self.assertEqual(dossier.timeliness, "early")
        self.assertFalse(dossier.late_at)
        self.assertFalse(dossier.alert_next_at)
        self.assertFalse(dossier.step_ids)
        self.assertTrue(dossier.imported)
        self.assertTrue(dossier.due_imported)
        with self._refused(UserError, "was imported, not worked out here"):
            dossier.with_user(self.desk).action_explain()
        self.assertEqual(dossier.imported_fee, 8000)
        self.assertEqual(dossier.version_id.procedure_id, self.procedure)
        self.assertEqual(dossier.partner_id, self.partner, "matched by its number")
        self.assertFalse(dossier.message_ids, "nobody is told of the past")

    def test_ledger_says_where_the_due_date_is_from(self):
        dossier = self._imported(SOUND)
        event = dossier.event_ids
        self.assertEqual(event.kind, "import")
        self.assertEqual(event.user_id, self.manager)
        self.assertIn("ho-so.xlsx", event.content)
        self.assertEqual(event.data["imported"]["due_at"], "2026-11-05T10:00:00Z")
        self.assertEqual(event.data["imported"]["row"], 2)
        self.assertIsNone(self.env["cchc.dossier.event"]._verify(dossier.ids))
        self.env.cr.execute(
            "UPDATE cchc_dossier SET due_at = due_at + interval '1 day' WHERE id = %s",
            dossier.ids,
        )
        self.env.invalidate_all()
        broken = self.env["cchc.dossier.event"]._verify(dossier.ids)
        self.assertEqual(broken["problem"], "dossier")

    def test_late_by_our_rule(self):
        late, session, day = self._imported(
            {
                **SOUND,
                "ended_at": "06/11/2026 07:31",
                "returned_at": "",
                "state": "9",
                "late_reason": "Khối lượng hồ sơ tăng đột biến",
            },
            {
                **SOUND,
                "code": "X-2",
                "ended_at": "05/11/2026 15:00",
                "returned_at": "",
                "state": "9",
            },
            {
                **SOUND,
                "code": "X-3",
                "ended_at": "05/11/2026",
                "returned_at": "",
                "state": "9",
            },
        )
        self.assertEqual(late.timeliness, "late")
        self.assertEqual(late.late_at, local("05/11/2026 17:00"))
        self.assertEqual(
            late.late_reason_id, self.env.ref("cchc_onestop.reason_late_a")
        )
        self.assertEqual(session.timeliness, "on_time")
        self.assertEqual(day.timeliness, "on_time")

    def test_no_appointment(self):
        ended, opened = self._imported(
            {**SOUND, "due_at": ""},
            {
                **SOUND,
                "code": "X-2",
                "due_at": "",
                "state": "4",
                "ended_at": "",
                "returned_at": "",
            },
        )
        self.assertEqual(ended.timeliness, "on_time")
        self.assertFalse(ended.due_imported)
        self.assertFalse(opened.due_imported)
        self.assertEqual(opened.due_at, local("05/11/2026 17:00"), "worked out here")

    def test_open_dossier_goes_on(self):
        (dossier,) = self._imported(self._open_row(handler="Colleague"))
        self.assertEqual(dossier.state, "processing")
        self.assertTrue(dossier.is_open)
        self.assertTrue(dossier.is_overdue)
        self.assertTrue(dossier.alert_next_at)
        self.assertEqual(dossier.user_id, self.colleague)
        self.assertEqual(dossier.current_step_id.name, "Thụ lý")
        self.assertEqual(dossier.current_step_id.user_id, self.colleague)
        dossier.with_user(self.colleague).action_pass_step()
        self.assertEqual(dossier.late_at, local("05/11/2026 17:00"))
        self.assertIsNone(self.env["cchc.dossier.event"]._verify(dossier.ids))

    def test_chosen_department_takes_open_ones(self):
        other = self.env["hr.department"].create(
            {"name": "Địa chính", "company_id": self.commune.id}
        )
        (dossier,) = self._imported(self._open_row(), department_id=other.id)
        self.assertEqual(dossier.department_id, other)
        self.assertFalse(dossier.user_id)

    def test_imported_appointment_is_only_moved_by_stops(self):
        (dossier,) = self._imported(self._open_row(due_at="01/12/2026 10:00"))
        dossier.with_user(self.handler).action_request_supplement("Thiếu giấy tờ")
        with freeze_time("2026-11-23 03:00:00"):
            dossier.with_user(self.desk).action_resume()
        self.assertEqual(dossier.due_at, local("02/12/2026 10:00"))
        self.assertEqual(dossier.first_due_at, local("01/12/2026 10:00"))
        self.assertFalse(
            self.env["cchc.dossier"]._redating(self.calendar), "not worked out anew"
        )

    def test_clock_that_stands_still(self):
        (dossier,) = self._imported(
            self._open_row(state="5", due_at="01/12/2026 10:00")
        )
        self.assertEqual(dossier.state, "supplement")
        self.assertFalse(dossier.overdue_from)
        dossier.with_user(self.desk).action_resume()
        self.assertEqual(dossier.state, "processing")

    def _open_row(self, **values):
        return {**SOUND, "state": "4", "ended_at": "", "returned_at": "", **values}

    # -- owners
    def test_owners_are_not_doubled(self):
        self.partner.cchc_old_identity = "191234567"
        rows = [
            {**SOUND, "code": "X-1", "identity": "191234567"},
            {**SOUND, "code": "X-2", "identity": "038090000001", "name": "Lê Văn An"},
            {**SOUND, "code": "X-3", "identity": "038090000001", "name": "LÊ VĂN AN"},
            {**SOUND, "code": "X-4", "identity": "", "name": "Không rõ"},
            {**SOUND, "code": "X-5", "identity": "192345678"},
        ]
        alias, one, same, none, old = self._imported(*rows)
        self.assertEqual(alias.partner_id, self.partner, "by the old number")
        self.assertEqual(one.partner_id, same.partner_id)
        self.assertEqual(one.partner_id.sudo().cchc_identity, "038090000001")
        self.assertFalse(none.partner_id)
        self.assertEqual(old.partner_id.sudo().cchc_old_identity, "192345678")

    # -- codes
    def test_our_own_numbers_go_on_behind_imported_ones(self):
        self._imported(
            {
                **SOUND,
                "code": "H50.21-261120-0007",
                "received_at": "20/11/2026 08:00",
                "state": "4",
                "due_at": "25/11/2026",
                "ended_at": "",
                "returned_at": "",
            }
        )
        accepted = self._accepted()
        self.assertEqual(accepted.name, "H50.21-261120-0008")
        _sentence, whole = self.env["cchc.dossier.event"].sudo()._verify_sentence()
        self.assertTrue(whole)

    def test_code_of_a_dossier_of_ours(self):
        accepted = self._accepted()
        record = self._import({**SOUND, "code": accepted.name})
        self.assertEqual(record.faulty_count, 1)
        self.assertIn("not imported from this list", self._reasons(record))

    # -- rows
    def test_unknown_code_and_its_table(self):
        record = self._import({**SOUND, "procedure": "CU-01"}, {**SOUND, "code": "X-2"})
        self.assertEqual((record.new_count, record.faulty_count), (1, 1))
        self.assertIn("“CU-01” is no procedure", self._reasons(record))
        self.assertEqual(record.alias_ids.code, "CU-01")
        record.alias_ids.procedure_id = self.procedure
        record.action_preview()
        self.assertEqual((record.new_count, record.faulty_count), (2, 0))
        self._run(record)
        self.assertEqual(record.line_ids.dossier_id.procedure_id, self.procedure)

    def test_code_with_the_agency_behind_it(self):
        record = self._import({**SOUND, "procedure": "9.800001.000.00.00.H50"})
        self.assertEqual(record.new_count, 1)

    def test_future_is_refused(self):
        record = self._import(
            {
                **SOUND,
                "received_at": "21/11/2026",
                "due_at": "",
                "ended_at": "",
                "returned_at": "",
                "state": "4",
            },
            {
                **SOUND,
                "code": "X-2",
                "ended_at": "20/11/2026 10:01",
                "returned_at": "",
                "state": "9",
            },
            {
                **SOUND,
                "code": "X-3",
                "ended_at": "20/11/2026",
                "returned_at": "",
                "state": "9",
            },
        )
        self.assertEqual((record.new_count, record.faulty_count), (1, 2))
        self.assertIn("lies in the future", self._reasons(record))

    def test_error_sheet_is_corrected_and_imported(self):
        record = self._import(
            {**SOUND, "name": "Trần A", "note": "-1+2"},
            {**SOUND, "code": "X-2", "identity": "12345", "note": "+cmd|' /C calc'!A0"},
            {**SOUND, "code": "X-3", "name": "=cmd|' /C calc'!A0"},
        )
        self.assertEqual((record.new_count, record.faulty_count), (1, 2))
        headings, *rows = self._faulty(record)
        self.assertEqual(len(rows), 2)
        self.assertIn("Số định danh", rows[0][-1])
        self.assertIn("12345", rows[0][-1])
        self.assertEqual(rows[0][headings.index("Ghi chú")], "+cmd|' /C calc'!A0")
        content = io.BytesIO(base64.b64decode(record.sudo().error_file))
        book = load_workbook(content)
        book.active.cell(2, headings.index("Số định danh") + 1).value = "038090000001"
        book.active.cell(3, headings.index("Chủ hồ sơ") + 1).value = "Lê B"
        mended = io.BytesIO()
        book.save(mended)
        again = self._run(self._import(content=mended.getvalue()))
        self.assertEqual(again.imported_count, 2)

    def test_json(self):
        record = {
            "MaHoSo": "G09.20-20261102-0092637",
            "MaTTHC": "9.800001",
            "ChuHoSo": "Lê Văn An",
            "NgayTiepNhan": "20261102081500",
            "NgayHenTra": "20261105170000",
            "NgayKetThucXuLy": "20261104090000",
            "TrangThaiHoSo": "9",
        }
        done = self._run(
            self._import(content=json.dumps([record]).encode(), name="mc.json")
        )
        self.assertEqual(done.line_ids.dossier_id.state, "done")

    def test_files_that_cannot_be_read(self):
        for name, content, sentence in (
            ("a.csv", b"x", "A .csv file cannot be read"),
            ("a.json", b"{", "not valid JSON|holds no list"),
            ("a.xlsx", b"PK\x03\x04", "cannot be read as an Excel"),
            ("a.xlsx", workbook(), "has no dossiers"),
        ):
            with self._refused(UserError, sentence):
                self._import(content=content, name=name)

    # -- again
    def test_second_run_changes_nothing(self):
        dossiers = self._imported(SOUND, self._open_row(code="X-2"))
        self.env.cr.execute("SELECT xmin, id FROM cchc_dossier ORDER BY id")
        before = self.env.cr.fetchall()
        again = self._import(SOUND, self._open_row(code="X-2"))
        self.assertEqual((again.new_count, again.changed_count), (0, 0))
        self.assertEqual(again.unchanged_count, 2)
        with self._refused(UserError, "nothing to import"):
            again.action_import()
        self.env.cr.execute("SELECT xmin, id FROM cchc_dossier ORDER BY id")
        self.assertEqual(self.env.cr.fetchall(), before)
        self.assertEqual([len(d.event_ids) for d in dossiers], [1, 1])

    def test_open_dossier_ends_in_a_later_file(self):
        (dossier,) = self._imported(self._open_row())
        again = self._import(SOUND)
        self.assertEqual(again.changed_count, 1)
        self.assertIn("Đã trả kết quả", again.line_ids.changes)
        self._run(again)
        self.assertEqual(dossier.state, "returned")
        self.assertEqual(dossier.ended_at, local("04/11/2026 09:00"))
        self.assertEqual(dossier.timeliness, "early")
        self.assertFalse(dossier.overdue_from)
        self.assertFalse(dossier.alert_next_at)
        self.assertFalse(dossier.current_step_id)
        self.assertEqual(dossier.event_ids.mapped("kind"), ["import", "import"])
        self.assertEqual(dossier.event_ids[-1].from_state, "processing")
        self.assertIsNone(self.env["cchc.dossier.event"]._verify(dossier.ids))
        third = self._import(SOUND)
        self.assertEqual(third.unchanged_count, 1)

    def test_what_a_later_file_may_not_change(self):
        (dossier,) = self._imported(SOUND)
        for values, sentence in (
            ({"name": "Người khác"}, "cannot be changed by an import"),
            ({"due_at": "09/11/2026"}, "cannot be changed by an import"),
            ({"ended_at": "04/11/2026 08:00"}, "cannot be changed by an import"),
            ({"state": "4", "ended_at": "", "returned_at": ""}, "is no way on from"),
        ):
            with self.subTest(values=values):
                record = self._import({**SOUND, **values})
                self.assertEqual(record.faulty_count, 1)
                self.assertRegex(self._reasons(record), sentence)
        self.assertEqual(len(dossier.event_ids), 1)

    def test_address_may_change(self):
        (dossier,) = self._imported(SOUND)
        self._run(self._import({**SOUND, "address": "Thôn Mới"}))
        self.assertEqual(dossier.applicant_address, "Thôn Mới")
        self.assertIsNone(self.env["cchc.dossier.event"]._verify(dossier.ids))

    def test_dossier_that_was_worked_on_here(self):
        (dossier,) = self._imported(self._open_row())
        dossier.with_user(self.handler).action_pass_step()
        record = self._import(SOUND)
        self.assertEqual(record.faulty_count, 1)
        self.assertIn("has been worked on here", self._reasons(record))
        self.assertEqual(dossier.state, "to_sign")

    def test_dossier_that_is_worked_on_after_the_preview(self):
        (dossier,) = self._imported(self._open_row())
        record = self._import(SOUND)
        self.assertEqual(record.changed_count, 1)
        dossier.with_user(self.handler).action_pass_step()
        self._run(record)
        self.assertEqual(record.faulty_count, 1)
        self.assertEqual(self._faulty(record)[1][0], SOUND["code"])
        self.assertEqual(dossier.state, "to_sign")

    def test_files_come_with_a_later_archive(self):
        row = {**SOUND, "files": "a.pdf"}
        (dossier,) = self._imported(row, without_files=True)
        content = base64.b64encode(archive(**{"a.pdf": b"%PDF-1"}))
        self._run(self._import(row, archive=content))
        self.assertEqual(dossier.document_ids.attachment_ids.mapped("name"), ["a.pdf"])
        self.assertEqual(self._import(row, archive=content).unchanged_count, 1)

    # -- trial
    def test_trial_run_keeps_nothing(self):
        record = self._import(SOUND, {**SOUND, "code": "X-2"})
        self._run(record, trial=True)
        self.assertIn("2 rows would be imported", record.message)
        self.assertFalse(
            self.env["cchc.dossier"].search([("name", "in", (SOUND["code"], "X-2"))])
        )
        self._run(record)
        self.assertEqual(record.imported_count, 2)

    def test_one_impossible_row_does_not_stop_the_others(self):
        bare = self.env["cchc.procedure"].create(
            {
                "code": "9.800077",
                "name": "Không có phiên bản",
                "sector_id": self.sector.id,
            }
        )
        rows = [{**SOUND, "code": f"X-{number}"} for number in range(9)]
        rows.insert(5, self._open_row(code="Y-1", procedure=bare.code))
        record = self._run(self._import(*rows))
        self.assertEqual((record.imported_count, record.faulty_count), (9, 1))
        self.assertIn("no published version", self._reasons(record))
        self.assertEqual(self._faulty(record)[1][0], "Y-1")

    # -- documents
    def test_files_are_attached_and_filed(self):
        row = {**SOUND, "files": "a.pdf; thu-muc/b.pdf"}
        content = archive(**{"a.pdf": b"%PDF-1", "thu-muc/b.pdf": b"%PDF-2"})
        (dossier,) = self._imported(row, archive=base64.b64encode(content))
        attachments = dossier.document_ids.attachment_ids
        self.assertEqual(sorted(attachments.mapped("name")), ["a.pdf", "b.pdf"])
        self.assertEqual(sorted(attachments.mapped("raw")), [b"%PDF-1", b"%PDF-2"])
        dossier.with_user(self.manager).action_file_to_dms()
        self.assertEqual(dossier.dms_file_count, 2)
        again = self._import(row, archive=base64.b64encode(content))
        self.assertEqual(again.unchanged_count, 1)

    def test_files_that_are_not_there(self):
        row = {**SOUND, "files": "a.pdf"}
        record = self._import(row)
        self.assertIn("there is no archive", self._reasons(record))
        record = self._import(row, archive=base64.b64encode(archive(**{"b.pdf": b"1"})))
        self.assertIn("“a.pdf” is not in the archive", self._reasons(record))
        big = random.Random(7).randbytes(26_400_000)
        record = self._import(row, archive=base64.b64encode(archive(**{"a.pdf": big})))
        self.assertIn("larger than 25 MB", self._reasons(record))
        record = self._import(row, without_files=True)
        self.assertEqual(record.new_count, 1)

    def test_archive_that_leads_out(self):
        with self._refused(UserError, "leads out of it"):
            self._import(SOUND, archive=base64.b64encode(archive(**{"../a.pdf": b"1"})))

    # -- people
    def test_only_managers(self):
        for user in (
            self.desk,
            self.handler,
            self.leader,
            self.catalogue,
            self.auditor,
        ):
            with self.assertRaises(AccessError):
                self.imports.with_user(user).create({"file": base64.b64encode(b"{}")})

    def test_other_agencies_do_not_see_it(self):
        record = self._import(SOUND)
        foreign = self._new_user("far_manager", "group_manager", company=self.neighbour)
        with self.assertRaises(AccessError):
            record.with_user(foreign).read(["file_name"])
        with self.assertRaises(AccessError):
            record.line_ids.with_user(foreign).read(["code"])
        with self.assertRaises(AccessError):
            self.imports.create({"file": b"e30=", "company_id": self.neighbour.id})

    def test_rows_are_not_written_by_hand(self):
        record = self._import(SOUND)
        with self.assertRaises(AccessError):
            record.line_ids.write({"status": "new"})
        (dossier,) = self._imported(SOUND)
        with self._refused(UserError, "written by the import"):
            dossier.with_user(self.manager).write({"import_digest": "x"})

    def test_screen(self):
        form = Form(self.imports)
        form.file = base64.b64encode(workbook(SOUND))
        record = form.save()
        record.file_name = "a.xlsx"
        self.assertEqual(record.name, "a.xlsx")
        self.assertEqual(record.action_template()["type"], "ir.actions.act_url")
        record.action_preview()
        self.assertEqual(record.state, "preview")
        record.action_back()
        self.assertEqual(record.state, "draft")
        self.assertFalse(record.line_ids)

    # -- cost
    def test_statements_per_thousand_rows(self):
        def statements(count):
            rows = [
                {
                    **SOUND,
                    "code": f"{count}-{number}",
                    "identity": f"0380{count:04}{number:04}",
                    **(
                        {"state": "4", "ended_at": "", "returned_at": ""}
                        if number % 10 == 0
                        else {}
                    ),
                }
                for number in range(count)
            ]
            record = self._import(*rows)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._run(record)
            self.assertEqual(record.imported_count, count)
            return self.env.cr.sql_log_count - before

        statements(20)
        self.assertLess(statements(1000) - statements(100), 60)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestDossierImportBatches(ImportCase):
    """What is left of a file is imported later, by the next turn of the scheduler."""

    def test_turn_of_the_scheduler_ends(self):
        rows = [{**SOUND, "code": f"X-{number}"} for number in range(7)]
        record = self._import(*rows)
        record.action_import()
        job = record.job_id.sudo()
        said = []

        def progress(_self, *_args, remaining=None):
            """Say that the turn is over, each time."""
            said.append(remaining)
            return 0

        with (
            patch.object(cchc_dossier_import, "WRITE_BATCH", 3),
            patch.object(self.registry["ir.cron"], "_commit_progress", progress),
            patch.object(self.registry["cchc.job"], "_step", _no_step),
        ):
            seen = []
            while not seen or job.state == "queued":
                self.env["cchc.job"]._cron_run()
                # The scheduler comes back at once only when something is left.
                self.assertEqual(said[-1], int(job.state == "queued"))
                seen.append(record.imported_count)
                record.invalidate_recordset()
                self.assertLess(len(seen), 9)
        self.assertEqual(job.state, "done")
        self.assertEqual(record.state, "done")
        self.assertEqual(len(seen), 3)
        self.assertEqual(record.imported_count, 7)

    def test_reading_goes_on_in_the_next_turn(self):
        rows = [{**SOUND, "code": f"X-{number}"} for number in range(5)]
        rows.append(rows[0])
        with (
            patch.object(cchc_dossier_import, "AT_ONCE", 0),
            patch.object(cchc_dossier_import, "READ_BATCH", 2),
            patch.object(cchc_dossier_import, "READ_SECONDS", -1),
            patch.object(self.registry["ir.cron"], "_commit_progress", _no_commit),
            patch.object(self.registry["cchc.job"], "_step", _no_step),
        ):
            record = self._import(*rows)
            self.assertEqual(record.state, "draft")
            job = record.job_id.sudo()
            job._finish(job._run())
        self.assertEqual(record.state, "preview")
        self.assertEqual((record.new_count, record.faulty_count), (5, 1))
        self.assertEqual(len(record.line_ids), 6)

    def test_stopped_server_is_no_failure(self):
        record = self._import(SOUND)
        record.action_import()
        job = record.job_id.sudo()
        self.env.cr.execute(
            "UPDATE cchc_job SET state = 'running' WHERE id = %s", job.ids
        )
        self.env.invalidate_all()
        self.env["cchc.job"]._fail_lost()
        self.assertEqual(job.state, "queued")

    def test_one_work_at_a_time(self):
        record = self._import(SOUND)
        record.action_import()
        with self._refused(UserError, "is being worked on"):
            record.action_import()
