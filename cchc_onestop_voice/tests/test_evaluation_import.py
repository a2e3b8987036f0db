"""Paper slips that come as a list: looked at, tried, entered once."""

import base64
import json
from unittest.mock import patch

from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged

from odoo.addons.cchc_onestop.tests.common import local
from odoo.addons.cchc_onestop.tests.test_dossier_import import _no_commit, _no_step
from odoo.addons.cchc_onestop.tests.test_dossier_import_parser import workbook

from ..tools.slip_import_row import COLUMNS, HEADINGS, read_row
from .common import VoiceCase

_CELL = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.sampled_from(["2", "Hài lòng", "31/02/2026", "=1+1", "#N/A", "1 2 3", "0123"]),
)


@tagged("post_install", "-at_install")
class TestSlipParser(BaseCase):
    """Whatever a cell holds, a row has values or says what is wrong."""

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.fixed_dictionaries({}, optional={name: _CELL for name in COLUMNS}))
    def test_no_cell_breaks_the_reader(self, cells):
        row = read_row(2, cells)
        if not row.problems:
            json.dumps(row.values)
            self.assertIn(row.values["level"], ("1", "2", "3"))
            self.assertLessEqual(set(row.values["marks"]), set("0123"))
            return
        self.assertEqual(len(row.source), len(COLUMNS))

    def test_what_people_write(self):
        row = read_row(
            3,
            {
                "code": " h50.21-261109-0001 ",
                "day": "10/11/2026",
                "level": "KHÔNG HÀI LÒNG",
                "marks": 1223,
            },
        )
        self.assertFalse(row.problems)
        self.assertEqual(row.values["code"], "H50.21-261109-0001")
        self.assertEqual(row.values["day"], "2026-11-10")
        self.assertEqual(row.values["level"], "3")
        self.assertEqual(row.values["marks"], "1223")


@tagged("post_install", "-at_install")
@freeze_time(local("12/11/2026 15:00"))
class TestEvaluationImport(VoiceCase):
    def setUp(self):
        super().setUp()
        # each was returned on Monday 09-11-2026
        self.first, self.second, self.third = (self._returned() for _number in range(3))

    def _import(self, *rows, user=None, **values):
        """Return an import of these rows, after its preview."""
        record = (
            self.env["cchc.evaluation.import"]
            .with_user(user or self.desk)
            .create(
                {
                    "file": base64.b64encode(workbook(*rows, headings=HEADINGS)),
                    "file_name": "phieu.xlsx",
                    **values,
                }
            )
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
        return (
            {
                "code": self.first.name.lower(),
                "day": "10/11/2026",
                "level": "Rất hài lòng",
                "marks": "111211000",
                "comment": "Nhanh",
            },
            {"code": self.second.name, "level": 3},
        )

    def _slips(self):
        return self.env["cchc.evaluation"].search(
            [("dossier_id", "in", (self.first | self.second | self.third).ids)]
        )

    def test_list_is_looked_at_tried_and_entered_once(self):
        record = self._import(*self._rows())
        self.assertEqual(
            (record.state, record.new_count, record.faulty_count), ("preview", 2, 0)
        )
        self.assertFalse(self._slips())
        self._run(record, trial=True)
        self.assertIn("2 rows would be entered", record.message)
        self.assertFalse(self._slips())
        self._run(record)
        self.assertEqual((record.state, record.entered_count), ("done", 2))
        slip = self._slips().filtered(lambda slip: slip.dossier_id == self.first)
        self.assertEqual(slip.level, "very_satisfied")
        self.assertEqual(slip.comment, "Nhanh")
        self.assertEqual(slip.entered_by_id, self.desk)
        self.assertEqual(str(slip.evaluated_at), "2026-11-10 16:59:00")
        self.assertEqual(
            {answer.criterion_id.code: answer.level for answer in slip.answer_ids}["d"],
            "satisfied",
        )
        other = self._slips() - slip
        self.assertEqual(other.level, "dissatisfied")
        self.assertTrue(other.followup_ids, "as if it was typed")
        # no second copy of what citizens wrote
        self.assertFalse(record.file)
        self.assertFalse(any(record.line_ids.mapped("data")))

        again = self._import(*self._rows(), {"code": self.third.name, "level": 2})
        self.assertEqual((again.new_count, again.unchanged_count), (1, 2))
        self.assertFalse(any(again.line_ids.mapped("remark")))
        self._run(again)
        self.assertEqual(len(self._slips()), 3)
        with self._refused(UserError, "nothing to enter"):
            self._import(*self._rows()).action_import()

    def test_wrong_rows_are_told_line_by_line(self):
        waiting = self._accepted()
        fourth, fifth = self._returned(), self._returned()
        record = self._import(
            {"code": "H50.21-000000-9999", "level": 2},
            {"code": waiting.name, "level": 2},
            {"code": self.first.name, "level": 2, "day": "08/11/2026"},
            {"code": self.second.name, "level": 2, "day": "13/11/2026"},
            {"code": self.third.name, "level": "tốt"},
            {"code": fourth.name, "level": 2, "marks": "12"},
            {"code": fifth.name, "level": 2, "marks": "129"},
            {"level": 2},
        )
        self.assertEqual((record.faulty_count, record.new_count), (8, 0))
        sentences = (
            "no dossier of the agency",
            "was not returned yet",
            "before the return",
            "lies in the future",
            "is no level; write one of: 1 Rất hài lòng",
            "write 9 figures",
            "else than figures",
            "is empty",
        )
        first = record.line_ids[0].number
        for number, (line, sentence) in enumerate(
            zip(record.line_ids, sentences, strict=True)
        ):
            self.assertIn(sentence, line.remark)
            self.assertIn(f"Row {first + number}", line.remark)
        action = record.action_error_file()
        self.assertIn("phieu-can-sua.xlsx", action["url"])
        self.assertFalse(self._slips())

    def test_rest_is_entered_when_a_row_is_refused_late(self):
        record = self._import(*self._rows())
        self._slip(self.first)
        self._run(record)
        self.assertEqual((record.entered_count, record.unchanged_count), (1, 1))
        self.assertEqual(len(self._slips()), 2)

    def test_nothing_is_said_of_a_slip_that_is_there(self):
        self._slip(self.first, level="dissatisfied")
        remarks = [
            self._import({"code": self.first.name, "level": level}).line_ids.read(
                ["status", "remark"]
            )[0]
            for level in (1, 2, 3)
        ]
        self.assertEqual({row["status"] for row in remarks}, {"unchanged"})
        self.assertEqual({row["remark"] for row in remarks}, {False})

    def test_only_who_imports_reads_the_rows(self):
        record = self._import(*self._rows())
        colleague = self._new_user("desk_other", "group_desk")
        stranger = self._new_user(
            "desk_neighbour", "group_desk", company=self.neighbour
        )
        for user in (self.handler, colleague, stranger, self.manager):
            for rows in (record, record.line_ids):
                with self.assertRaises(AccessError):
                    rows.with_user(user).read(
                        ["company_id" if rows == record else "code"]
                    )
        foreign = self._import(
            *self._rows(), user=stranger, company_id=self.neighbour.id
        )
        self.assertEqual(foreign.faulty_count, 2)
        with self.assertRaises(AccessError):
            record.line_ids.write({"status": "new"})

    def test_many_rows_cost_the_same(self):
        record = self._import(*self._rows())
        values = [
            read_row(number, row).values for number, row in enumerate(self._rows())
        ]
        record._dossiers_of(values)
        with self.assertQueryCount(2):
            record._dossiers_of(values * 20)
