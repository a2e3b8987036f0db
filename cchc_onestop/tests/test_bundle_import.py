"""Results that other agencies give as a list: looked at, tried, entered once."""

import base64
import io
import json
from unittest.mock import patch

from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, Form, tagged

from ..tools.dossier_import_file import read_file
from ..tools.result_import_row import COLUMNS, HEADINGS, LAYOUT, read_row
from .common import local
from .common_bundle import BundleCase
from .test_dossier_import import _no_commit, _no_step
from .test_dossier_import_parser import archive, workbook

_CELL = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.lists(st.text(max_size=9), max_size=3),
    st.sampled_from(["9", "Từ chối", "31/02/2026", "=1+1", "#N/A", "10/11/2026"]),
)


@tagged("post_install", "-at_install")
class TestResultParser(BaseCase):
    """Whatever a cell holds, a row has values or says what is wrong."""

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.fixed_dictionaries({}, optional={name: _CELL for name in COLUMNS}))
    def test_no_cell_breaks_the_reader(self, cells):
        row = read_row(2, cells)
        if not row.problems:
            json.dumps(row.values)
            self.assertTrue(row.values["code"])
            return
        self.assertEqual(len(row.source), len(COLUMNS))

    def test_national_service_with_files_and_numbers(self):
        record = {
            "MaHoSo": "BH-1",
            "MaHoSoMotCua": "H50.21-261109-0004",
            "TrangThaiHoSo": 9,
            "NgayKetThucXuLy": "20261110093000",
            "DanhSachGiayToKetQua": [
                {
                    "MaGiayToKetQua": "TE1",
                    "DuongDanTepTinKetQua": "https://x.vn/ket-qua/the.pdf?ma=1",
                }
            ],
        }
        content = json.dumps({"data": [record]}).encode()
        (row,) = read_file(io.BytesIO(content), False, LAYOUT)
        self.assertFalse(row.problems)
        self.assertEqual(row.values["number"], "TE1")
        self.assertEqual(row.values["files"], ["the.pdf"])
        self.assertEqual(row.values["ended_at"], "2026-11-10T09:30:00")
        self.assertEqual(row.values["state"], "9")


@tagged("post_install", "-at_install")
@freeze_time(local("10/11/2026 15:00"))
class TestBundleImport(BundleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.imports = cls.env["cchc.bundle.import"].with_user(cls.desk)
        with freeze_time(local("09/11/2026 09:00")):
            cls.group = cls._running()
            cls.other = cls._running()
        line = cls._line(cls.group, cls.third)
        line.with_user(cls.desk).external_code = "BH-1"

    @classmethod
    def _running(cls):
        """Return a group whose insurance card is being made outside."""
        draft = cls._draft(cls, procedure=cls.whole)
        draft.action_accept()
        cls._settle(cls._part(draft, cls.first))
        return draft

    def _import(self, *rows, user=None, content=None, name="kq.xlsx", **values):
        """Return an import of these rows, after its preview."""
        content = workbook(*rows, headings=HEADINGS) if content is None else content
        record = self.imports.with_user(user or self.desk).create(
            {"file": base64.b64encode(content), "file_name": name, **values}
        )
        record.action_preview()
        return record

    def _run(self, record, trial=False):
        """Do the work as the scheduler does, but in this transaction."""
        record.action_dry_run() if trial else record.action_import()
        job = record.job_id.sudo()
        with patch.object(self.registry["ir.cron"], "_commit_progress", _no_commit):
            with patch.object(self.registry["cchc.job"], "_step", _no_step):
                job._finish(job._run())
        self.env.invalidate_all()
        self.assertEqual(job.state, "done", job.message)
        return record

    def _rows(self):
        """Return a list of two results: one by its external code, one by ours."""
        return (
            {
                "code": "BH-1",
                "state": "Đã xử lý xong",
                "ended_at": "10/11/2026 10:00",
                "number": "TE1450000012345",
                "files": "the.pdf",
            },
            {
                "code": "BH-2",
                "part": self._part(self.other, self.third).name,
                "state": 8,
                "ended_at": "10/11/2026",
                "note": "Trẻ đã có thẻ",
            },
        )

    def _events(self):
        dossiers = (self.group | self.other) | (self.group | self.other).child_ids
        return self.env["cchc.dossier.event"].search(
            [("dossier_id", "in", dossiers.ids)]
        )

    def test_list_is_looked_at_tried_and_entered_once(self):
        files = {"archive": base64.b64encode(archive(**{"the.pdf": b"%PDF-1.4 the"}))}
        record = self._import(*self._rows(), **files)
        before = self._events()
        self.assertEqual(
            (record.state, record.result_count, record.faulty_count), ("preview", 2, 0)
        )
        self._run(record, trial=True)
        self.assertIn("2 rows would be entered", record.message)
        self.assertEqual(self._events(), before)
        self.assertEqual(self._line(self.group, self.third).state, "running")
        self._run(record)
        self.assertEqual((record.state, record.entered_count), ("done", 2))
        line = self._line(self.group, self.third)
        self.assertEqual(line.state, "done")
        self.assertEqual(line.result_number, "TE1450000012345")
        self.assertEqual(line.result_file_ids.raw, b"%PDF-1.4 the")
        event = line.dossier_id.event_ids.filtered(
            lambda event: event.kind == "external_result"
        )
        self.assertEqual(event.user_id, self.desk)
        self.assertEqual(event.data["number"], "TE1450000012345")
        self.assertEqual(event.data["ended_on"], "2026-11-10 03:00:00")
        refused = self._line(self.other, self.third)
        self.assertEqual(
            (refused.state, refused.external_code, refused.dossier_id.state),
            ("failed", "BH-2", "rejected_result"),
        )
        self.assertIn("Trẻ đã có thẻ", refused.dossier_id.event_ids[-1].content)
        after = self._events()
        again = self._import(*self._rows(), **files)
        self.assertEqual(again.unchanged_count, 2)
        with self._refused(UserError, "nothing to enter"):
            again.action_import()
        # What another list says of them is not entered over them.
        changed = self._import(
            {**self._rows()[0], "number": "TE9", "files": ""},
            {**self._rows()[1], "state": 9, "code": "BH-2"},
        )
        self.assertEqual(changed.faulty_count, 2)
        self.assertIn("TE1450000012345", changed.line_ids[0].reason)
        self.assertIn("Settlement Refused", changed.line_ids[1].reason)
        self.assertEqual(self._events(), after)

    def test_work_that_was_stopped_goes_on_where_it_was(self):
        record = self._import(
            *({**row, "files": ""} for row in self._rows()),
        )
        record.action_import()
        with patch.object(type(record), "_batch_size", 1):
            self.assertTrue(record._enter_batch(False, _no_step.__get__(record)))
            self.assertEqual(record.line_ids.mapped("is_done"), [True, False])
            self.assertFalse(record._enter_batch(False, _no_step.__get__(record)))
        self.assertEqual(record.entered_count, 2)
        kinds = self._part(self.group, self.third).event_ids.mapped("kind")
        self.assertEqual(kinds.count("external_result"), 1)

    def test_what_cannot_be_used_is_said_and_can_be_mended(self):
        sound = self._rows()[1]
        first = self._part(self.group, self.first).name
        record = self._import(
            {"code": "BH-404", "state": 9, "ended_at": "10/11/2026"},
            {"code": "BH-8", "state": "chưa biết"},
            {"code": "BH-3", "state": 8, "ended_at": "10/11/2026"},
            {"code": "BH-4", "state": 9},
            {"code": "BH-5", "state": 4, "number": "7"},
            {**self._rows()[0], "ended_at": "10/11/2026 16:00", "files": ""},
            {**sound, "code": "BH-6", "ended_at": "08/11/2026"},
            {**sound, "code": "BH-7", "files": "a.pdf"},
            {"code": "HT-1", "part": first, "state": 9, "ended_at": "10/11/2026"},
            {**sound, "code": "BH-7"},
            {**sound, "part": "H50.21-261109-9999"},
        )
        self.assertEqual(record.faulty_count, 11, record.line_ids.mapped("status"))
        for line, words in zip(
            record.line_ids,
            (
                "external code of no part",
                "is no status",
                "write why",
                "write when it ended",
                "has a value, but the status is “Đang xử lý”",
                "lies in the future",
                "before the part began on 09/11/2026 09:00",
                "there is no archive",
                "settled in this database by UBND xã Hải Trường",
                "stands in row 9 as well",
                "code of no part of a group",
            ),
            strict=True,
        ):
            with self.subTest(line.number, words=words):
                self.assertIn(words, line.reason)
                self.assertIn(f"Row {line.number}", line.reason)
        record.action_error_file()
        content = base64.b64decode(record.sudo().error_file)
        rows = list(load_workbook(io.BytesIO(content)).active.values)
        self.assertEqual(len(rows), 12)
        self.assertIn("lies in the future", rows[6][-1])
        again = self._import(content=content)
        self.assertEqual(again.faulty_count, 11)
        mixed = self._import({**sound, "code": "BH-1"})
        self.assertIn("is the external code of", mixed.line_ids.reason)

    def test_news_of_the_other_software_and_held_parts(self):
        records = [{"MaHoSo": "BH-1", "TrangThaiHoSo": "5"}]
        content = json.dumps(records).encode()
        record = self._import(content=content, name="kq.json")
        self.assertEqual(record.progress_count, 1)
        self._run(record)
        line = self._line(self.group, self.third)
        self.assertEqual(line.external_state, "Yêu cầu bổ sung giấy tờ")
        self.assertEqual(line.state, "running")
        again = self._import(content=content, name="kq.json")
        self.assertEqual(again.unchanged_count, 1)
        line.dossier_id.with_user(self.leader).action_request_supplement("Thiếu ảnh")
        held = self._import({**self._rows()[0], "files": ""})
        self.assertIn("“Supplement Requested”", held.line_ids.reason)

    def test_one_code_in_two_softwares_needs_the_software(self):
        line = self._line(self.other, self.third).with_user(self.desk)
        line.write({"external_code": "BH-1", "external_system": "VssID"})
        row = {**self._rows()[0], "files": ""}
        self.assertIn("name the software", self._import(row).line_ids.reason)
        record = self._import({**row, "system": "vssid"})
        self.assertEqual(record.line_ids.line_id, line)
        self.assertEqual(record.result_count, 1)

    def test_only_the_desk_that_received_the_group_enters_results(self):
        row = {**self._rows()[0], "files": ""}
        with self.assertRaises(AccessError):
            self._import(row, user=self.handler)
        foreign = self._import(row, user=self.neighbour_desk)
        self.assertIn("no part", foreign.line_ids.reason)
        self.assertFalse(foreign.line_ids.line_id)

    def test_single_result_is_entered_beside_its_part(self):
        line = self._line(self.group, self.third).with_user(self.desk)
        action = line.action_external_result()
        form = Form(
            self.env["cchc.bundle.external"]
            .with_user(self.desk)
            .with_context(**action["context"])
        )
        self.assertEqual(form.external_code, "BH-1")
        form.result_number = "TE7"
        form.save().action_confirm()
        self.assertEqual((line.state, line.result_number), ("done", "TE7"))
