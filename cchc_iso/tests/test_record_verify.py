import hashlib
import json
import tempfile
from pathlib import Path

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.cchc_onestop.tools import ledger

from ..cli.cchc_verify_records import read_anchors
from ..tools import record_header
from .test_record import RecordCase

CHECKS = "odoo.addons.cchc_iso.models.cchc_iso_record_check"


#: SQL that harms the chain of four records (``%s``: id of the second, or of the one
#: that stands beside it), what the check must find in it, and where.
HARMS = {
    "altered content": (
        "UPDATE cchc_iso_record SET payload = replace(payload, 'Handler', 'Other') "
        "WHERE number = 2",
        {("content", 2)},
    ),
    "altered content of the same length in a name": (
        "UPDATE cchc_iso_record SET payload = "
        'regexp_replace(payload, \'"owner":"(.)\', \'"owner":"Ư\') '
        "WHERE number = 3",
        {("content", 3)},
    ),
    "altered column": (
        "UPDATE cchc_iso_record SET timeliness = 'late' WHERE number = 2",
        {("columns", 2)},
    ),
    "column altered by a fraction of a second": (
        "UPDATE cchc_iso_record SET ended_at = ended_at + interval '1 millisecond' "
        "WHERE number = 4",
        {("columns", 4)},
    ),
    "column emptied": (
        "UPDATE cchc_iso_record SET department_id = NULL, code = NULL WHERE number = 2",
        {("columns", 2)},
    ),
    "deleted record": ("DELETE FROM cchc_iso_record WHERE number = 3", {("gap", 3)}),
    "first record deleted": (
        "DELETE FROM cchc_iso_record WHERE number = 1",
        {("gap", 1)},
    ),
    "inserted record": (
        """
        DROP INDEX cchc_iso_record_number_uniq;
        INSERT INTO cchc_iso_record (company_id, year, number, kind, supplement_no,
               dossier_id, procedure_id, ended_at, recorded_at, payload,
               previous_sha256, sha256)
        SELECT company_id, year, 2, 'supplement', 9, dossier_id, procedure_id,
               ended_at, recorded_at, payload, previous_sha256, sha256
          FROM cchc_iso_record WHERE number = 2
        """,
        {("double", 2)},
    ),
    "swapped records": (
        """
        UPDATE cchc_iso_record SET number = -number WHERE number IN (2, 3);
        UPDATE cchc_iso_record SET number = 5 + number WHERE number < 0
        """,
        {("number", 2), ("number", 3)},
    ),
    "changed digest": (
        "UPDATE cchc_iso_record SET sha256 = repeat('a', 64) WHERE number = 2",
        {("content", 2)},
    ),
    "changed digest of the one before": (
        "UPDATE cchc_iso_record SET previous_sha256 = repeat('a', 64) WHERE number = 3",
        {("content", 3)},
    ),
    "tail cut off": ("DELETE FROM cchc_iso_record WHERE number >= 3", {("cut", 3)}),
}


@tagged("post_install", "-at_install")
class TestRecordVerify(RecordCase):
    """Whatever is altered by SQL is found and named."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls()
        dossiers = cls.env["cchc.dossier"].union(*(case._lived() for _i in range(4)))
        cls.records = case._record(dossiers)

    def _sql(self, query, *values):
        self.env.flush_all()
        self.env.cr.execute(query, values)
        self.env.invalidate_all()

    def _found(self):
        """Return ``(kind, number)`` of what the commune's chain is found to suffer."""
        return [
            (problem["kind"], problem["number"])
            for problem in self.env["cchc.iso.record"]._verify()
            if problem["company_id"] == self.commune.id
        ]

    def test_an_untouched_chain_is_whole(self):
        """Also with limits in calendar days, of which no office time is known."""
        other = self._new_procedure(
            "9.800088", "Thủ tục theo ngày", amount=10, unit="calendar_day"
        )
        record = self._record(self._lived(procedure=other))
        self.assertIsNone(record._data()["process"]["committed_minutes"])
        self.assertEqual(self._found(), [])

    def _plain(self):
        """Check the chain of the commune anew in plain Python, row by row; return the
        numbers at which something is wrong.
        """
        self.env.cr.execute(
            "SELECT * FROM cchc_iso_record WHERE company_id = %s ORDER BY number, id",
            (self.commune.id,),
        )
        wrong, number, previous = set(), 0, ledger.GENESIS
        for row in self.env.cr.dictfetchall():
            number += 1
            text = f"{row['previous_sha256']}\n{row['payload']}".encode()
            told = json.loads(row["payload"]).get("record")
            stands = record_header.header(row)
            stands.update(
                {
                    name: row[name].isoformat() + "Z"
                    for name, kind in record_header.COLUMNS.items()
                    if kind == record_header.MOMENT and row[name]
                }
            )
            if (
                row["number"] != number
                or row["previous_sha256"] != previous
                or row["sha256"] != hashlib.sha256(text).hexdigest()
                or stands != told
            ):
                wrong.add(row["number"])
            number, previous = row["number"], row["sha256"]
        self.env.cr.execute(
            "SELECT last_number, last_sha256 FROM cchc_iso_record_chain "
            "WHERE company_id = %s",
            (self.commune.id,),
        )
        if self.env.cr.fetchone() != (number, previous):
            wrong.add("end")
        return wrong

    def test_two_verifications_find_every_harm(self):
        self.assertEqual(self._found(), [])
        self.assertEqual(self._plain(), set())
        for name, (statement, wanted) in HARMS.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                self._sql(statement)
                found = {f for f in self._found() if f[0] != "missing"}
                self.assertEqual(found & wanted, wanted)
                self.assertTrue(self._plain())
                # and nothing that was left alone is blamed for its content
                self.assertLessEqual(
                    {
                        number
                        for kind, number in found
                        if kind in ("content", "columns")
                    },
                    {number for _kind, number in wanted},
                )
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertEqual(self._found(), [])
        self.assertEqual(self._plain(), set())

    def test_a_chain_written_anew_is_found_by_a_package_of_before(self):
        """Somebody changes a record and works out every hash after it."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "package.zip"
            _name, content = (
                self.env["cchc.iso.record"]
                .with_user(self.secretary)
                ._job_package(
                    {
                        "company_id": self.commune.id,
                        "date_from": "2026-05-01",
                        "date_to": "2026-05-31",
                    },
                    lambda _done, _total: None,
                )
            )
            path.write_bytes(content)
            anchors = read_anchors(path)
        self._record(self._lived())
        verify = self.env["cchc.iso.record"]._verify
        self.assertEqual(verify(anchors), [])
        self._write_anew_from(2)
        self.assertEqual(self._found(), [])
        self.assertEqual(self._plain(), set())
        found = [(p["kind"], p["number"]) for p in verify(anchors)]
        self.assertEqual(found, [("anchor", 2)])

    def _write_anew_from(self, number):
        self._sql(
            "UPDATE cchc_iso_record SET payload = replace(payload, 'Handler', 'Other') "
            "WHERE company_id = %s AND number = %s",
            self.commune.id,
            number,
        )
        self.env.cr.execute(
            "SELECT id, number, payload, previous_sha256 FROM cchc_iso_record "
            "WHERE company_id = %s AND number >= %s ORDER BY number",
            (self.commune.id, number),
        )
        rows = self.env.cr.fetchall()
        previous = rows[0][3]
        for record_id, _number, payload, _before in rows:
            sha256 = hashlib.sha256(f"{previous}\n{payload}".encode()).hexdigest()
            self._sql(
                "UPDATE cchc_iso_record SET previous_sha256 = %s, sha256 = %s "
                "WHERE id = %s",
                previous,
                sha256,
                record_id,
            )
            previous = sha256
        self._sql(
            "UPDATE cchc_iso_record_chain SET last_number = %s, last_sha256 = %s "
            "WHERE company_id = %s",
            rows[-1][1],
            previous,
            self.commune.id,
        )

    def test_a_changed_payload(self):
        self._sql(
            "UPDATE cchc_iso_record SET payload = replace(payload, 'Handler', 'Other') "
            "WHERE id = %s",
            self.records[1].id,
        )
        self.assertEqual(self._found(), [("content", 2)])
        sentences = self.env["cchc.iso.record"]._problem_sentences(
            self.env["cchc.iso.record"]._verify()
        )
        self.assertIn(f"000002/2026 ({self.records[1].code})", "".join(sentences))

    def test_a_changed_column(self):
        self._sql(
            "UPDATE cchc_iso_record SET is_late = NOT is_late, late_step_count = 0 "
            "WHERE id = %s",
            self.records[2].id,
        )
        problem = self.env["cchc.iso.record"]._verify()[0]
        self.assertEqual((problem["kind"], problem["number"]), ("columns", 3))
        self.assertEqual(problem["columns"], ["is_late", "late_step_count"])

    def test_a_removed_record(self):
        self._sql("DELETE FROM cchc_iso_record WHERE id = %s", self.records[1].id)
        self.assertEqual([f for f in self._found() if f[0] != "missing"], [("gap", 2)])

    def test_a_chain_cut_off_at_its_end(self):
        self._sql(
            "DELETE FROM cchc_iso_record WHERE id = ANY(%s)", self.records[2:].ids
        )
        self.assertEqual([f for f in self._found() if f[0] != "missing"], [("cut", 3)])

    def test_a_chain_removed_whole(self):
        self._sql("DELETE FROM cchc_iso_record WHERE id = ANY(%s)", self.records.ids)
        self.assertIn(("cut", 1), self._found())

    def test_a_cut_chain_whose_end_was_moved_too(self):
        self.env["cchc.iso.record.check"]._run(self.commune.ids)
        self._sql(
            "DELETE FROM cchc_iso_record WHERE id = ANY(%s)", self.records[3:].ids
        )
        self._sql(
            "UPDATE cchc_iso_record_chain SET last_number = 3, last_sha256 = %s "
            "WHERE company_id = %s",
            self.records[2].sha256,
            self.commune.id,
        )
        self.assertEqual(
            [f for f in self._found() if f[0] != "missing"], [("anchor", 4)]
        )

    def test_a_renumbered_record(self):
        self._sql("DELETE FROM cchc_iso_record WHERE id = %s", self.records[1].id)
        self._sql(
            "UPDATE cchc_iso_record SET number = 2 WHERE id = %s", self.records[2].id
        )
        found = self._found()
        self.assertIn(("number", 2), found)
        self.assertIn(("gap", 3), found)

    def test_a_record_put_in_the_place_of_another(self):
        """Payload and hash fit each other, the next one remembers the old hash."""
        self._sql(
            """
            UPDATE cchc_iso_record SET payload = replace(payload, 'Handler', 'Other')
             WHERE id = %s
            """,
            self.records[1].id,
        )
        self._sql(
            """
            UPDATE cchc_iso_record SET sha256 = encode(sha256(convert_to(
                   previous_sha256 || E'\\n' || payload, 'UTF8')), 'hex')
             WHERE id = %s
            """,
            self.records[1].id,
        )
        problem = self.env["cchc.iso.record"]._verify()[0]
        self.assertEqual((problem["kind"], problem["number"]), ("link", 3))
        self.assertEqual(problem["before"], 2)

    def test_an_inserted_record(self):
        self._sql(
            """
            INSERT INTO cchc_iso_record (company_id, year, number, kind, supplement_no,
                   dossier_id, procedure_id, ended_at, recorded_at, payload,
                   previous_sha256, sha256)
            SELECT company_id, year, 5, 'supplement', 9, dossier_id, procedure_id,
                   ended_at, recorded_at, '{}', sha256, repeat('a', 64)
              FROM cchc_iso_record WHERE id = %s
            """,
            self.records[3].id,
        )
        self.assertIn(("content", 5), self._found())

    def test_the_event_log_behind_a_record(self):
        self._sql(
            "UPDATE cchc_dossier_event SET hash = repeat('0', 64) WHERE id = ("
            "SELECT max(id) FROM cchc_dossier_event WHERE dossier_id = %s)",
            self.records[0].dossier_id.id,
        )
        self.assertEqual(self._found(), [("ledger", 1)])

    def test_a_missing_record_is_told_and_written(self):
        dossier = self._lived()
        self._sql("DELETE FROM cchc_iso_record_queue WHERE dossier_id = %s", dossier.id)
        check = self.env["cchc.iso.record.check"]._run(self.commune.ids)
        self.assertEqual(check.state, "behind")
        self.assertIn(dossier.name, check.report)
        self.assertTrue(self._record(dossier))

    def test_the_nightly_check_keeps_what_it_found(self):
        check = self.env["cchc.iso.record.check"]
        self.assertEqual(check._run(self.commune.ids).state, "whole")
        self._sql(
            "UPDATE cchc_iso_record SET payload = payload || ' ' WHERE id = %s",
            self.records[0].id,
        )
        with self.assertLogs(CHECKS, "ERROR"):
            check._cron_check()
        last = check.with_user(self.secretary).search([], limit=1)
        self.assertEqual(last.state, "touched")
        self.assertIn(self.records[0].code, last.report)

    def test_a_finding_is_told_once_to_secretaries_and_leaders(self):
        check = self.env["cchc.iso.record.check"]
        activities = self.env["mail.activity"].with_context(active_test=False)
        check._cron_check()
        told = Domain("res_model", "=", check._name)
        told &= Domain("user_id", "in", (self.secretary | self.head | self.member).ids)
        self.assertFalse(activities.search(told))
        self._sql(
            "UPDATE cchc_iso_record SET payload = payload || ' ' WHERE id = %s",
            self.records[0].id,
        )
        with mute_logger(CHECKS):
            check._cron_check()
        found = activities.search(told)
        self.assertEqual(found.user_id, self.secretary | self.head)
        self.assertEqual(len(found), 2)
        self.assertIn(self.commune.name, found[0].summary)
        self.assertIn(self.records[0].code, found[0].note)
        found.filtered(lambda a: a.user_id == self.head).with_user(
            self.head
        ).action_feedback("Đã báo cơ quan quản lý cơ sở dữ liệu")
        # Still the same: nobody is told again, also when something else lags behind.
        waiting = self._lived()
        self._sql("DELETE FROM cchc_iso_record_queue WHERE dossier_id = %s", waiting.id)
        with mute_logger(CHECKS):
            check._cron_check()
        self.assertEqual(activities.search(told), found)
        self._sql(
            "UPDATE cchc_iso_record SET code = 'X' WHERE id = %s", self.records[2].id
        )
        with mute_logger(CHECKS):
            check._cron_check()
        fresh = activities.search(told) - found
        self.assertEqual(fresh.user_id, self.secretary | self.head)
        self.assertNotIn(self.records[0].code, fresh[0].note)

    def test_the_secretary_checks_and_the_member_does_not(self):
        check = self.env["cchc.iso.record.check"]
        with mute_logger(CHECKS):
            action = check.with_user(self.secretary).action_check_now()
        self.assertEqual(check.browse(action["res_id"]).user_id, self.secretary)
        with self.assertRaisesRegex(Exception, "ISO secretary"):
            check.with_user(self.member).action_check_now()

    def test_one_record_with_its_files(self):
        record = self.records[2].with_user(self.secretary)
        self.assertEqual(record.action_verify()["params"]["type"], "success")
        self._sql(
            "UPDATE cchc_iso_record SET code = 'X' WHERE id = %s", self.records[2].id
        )
        params = record.action_verify()["params"]
        self.assertEqual(params["type"], "danger")
        self.assertIn("Dossier Code", params["message"])
