from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_record import RecordCase

CHECKS = "odoo.addons.cchc_iso.models.cchc_iso_record_check"


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
