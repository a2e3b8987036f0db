import hashlib
import json

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common import local
from odoo.addons.cchc_onestop.tools import guard, ledger

from .common import IsoCase


class RecordCase(IsoCase):
    """Dossiers of the commune lived through in May 2026, and their records."""

    def _lived(self, **values):
        """Return a dossier of 4 May 2026, its result ready a day later, in time."""
        with freeze_time(local("04/05/2026 08:00")):
            dossier = self._accepted(**values)
        with freeze_time(local("04/05/2026 14:00")):
            dossier.with_user(self.handler).action_pass_step()
        with freeze_time(local("05/05/2026 08:30")):
            dossier.with_user(self.leader).action_sign()
        with freeze_time(local("05/05/2026 09:00")):
            dossier.with_user(self.desk).action_pass_step()
        return dossier

    def _record(self, dossiers):
        """Write the records of dossiers as the scheduled action does."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cchc_iso_record_queue SET ready_at = '2000-01-01' "
            "WHERE dossier_id = ANY(%s)",
            (dossiers.ids,),
        )
        while self.env["cchc.iso.record"]._record_batch(100):
            self.env.invalidate_all()
        return self.env["cchc.iso.record"].search(
            [("dossier_id", "in", dossiers.ids)], order="year, number"
        )


@tagged("post_install", "-at_install")
class TestRecord(RecordCase):
    """A process record holds what was planned beside what happened."""

    def test_the_end_of_a_dossier_makes_one_record(self):
        dossier = self._lived()
        record = self._record(dossier).with_user(self.secretary)
        self.assertEqual(len(record), 1)
        self.assertEqual(record.kind, "end")
        self.assertEqual((record.year, record.number), (2026, 1))
        self.assertEqual(record.previous_sha256, ledger.GENESIS)
        self.assertEqual(record.company_id, self.commune)
        self.assertEqual(record.code, dossier.name)
        self.assertEqual(record.step_count, 5)
        self.assertFalse(record.is_late)
        self.assertEqual(
            record.sha256,
            hashlib.sha256(
                record.previous_sha256.encode() + b"\n" + record.payload.encode()
            ).hexdigest(),
        )

    def test_planned_beside_actual_in_working_minutes(self):
        data = self._record(self._lived())._data()
        steps = {step["name"]: step for step in data["steps"]}
        handled = steps["Thụ lý"]
        # 8:00 to 14:00 without the break at noon
        self.assertEqual(handled["planned_minutes"], 480)
        self.assertEqual(handled["actual_minutes"], 240)
        self.assertEqual(handled["late_minutes"], 0)
        self.assertEqual(handled["done_by"]["name"], "Handler")
        self.assertEqual(handled["done_by"]["post"], "Chức vụ handler")
        self.assertEqual(handled["candidates"][0]["id"], self.handler.id)
        self.assertIs(handled["right_person"], True)
        self.assertEqual(handled["right_by"], "candidate")
        self.assertIs(handled["in_order"], True)
        # 14:00 to 17:00 and 7:30 to 8:30
        self.assertEqual(steps["Ký duyệt"]["actual_minutes"], 240)
        self.assertTrue(steps["Ký duyệt"]["late"])
        self.assertEqual(steps["Ký duyệt"]["late_minutes"], 120)
        self.assertEqual(steps["Ký duyệt"]["right_by"], "department")
        self.assertEqual(data["dossier"]["actual_minutes"], 510)
        self.assertEqual(data["process"]["committed_minutes"], 1350)

    def test_payload_is_canonical_and_ends_the_ledger(self):
        dossier = self._lived()
        record = self._record(dossier)
        data = record._data()
        self.assertEqual(record.payload.encode(), ledger.canonical(data))
        events = dossier.sudo().event_ids.sorted("sequence")
        self.assertEqual(
            data["events"],
            {
                "count": len(events),
                "first_hash": events[0].hash,
                "last_hash": events[-1].hash,
            },
        )
        self.assertEqual(record.event_hash, events[-1].hash)
        self.assertEqual(data["retention"]["years"], 20)
        self.assertEqual(data["retention"]["until"], "2046-05-05")

    def test_what_comes_after_the_end_is_a_supplement(self):
        dossier = self._lived()
        first = self._record(dossier)
        self.assertFalse(self._record(dossier) - first)
        with freeze_time(local("06/05/2026 08:00")):
            dossier.with_user(self.desk).action_return_result()
        payload = first.payload
        records = self._record(dossier)
        supplement = records - first
        self.assertEqual(supplement.kind, "supplement")
        self.assertEqual(supplement.first_id, first)
        self.assertEqual(supplement.supplement_no, 1)
        self.assertEqual(first.payload, payload)
        data = supplement._data()
        self.assertEqual(data["first"]["sha256"], first.sha256)
        self.assertEqual(data["result"]["returned_at"], "2026-05-06T01:00:00Z")
        self.assertEqual(first._latest(), supplement)

    def test_numbers_follow_each_other_in_an_agency_and_year(self):
        dossiers = self._lived()
        for _count in range(2):
            dossiers |= self._lived()
        records = self._record(dossiers)
        self.assertEqual(records.mapped("number"), [1, 2, 3])
        for before, after in zip(records, records[1:], strict=False):
            self.assertEqual(after.previous_sha256, before.sha256)

    def test_nobody_writes_or_deletes_a_record(self):
        record = self._record(self._lived())
        for env_record in (
            record.sudo(),
            record.with_user(self.env.ref("base.user_root")),
        ):
            with self._refused(UserError, "cannot be changed"):
                env_record.write({"is_late": True})
            with self._refused(UserError, "ever deleted"):
                env_record.unlink()
            with self._refused(UserError, "ever deleted"):
                guard.unlocked(env_record).unlink()
        with self._refused(UserError, "cannot be changed"):
            record.with_user(self.secretary).write({"is_late": True})
        with self._refused(AccessError, "Process Record"):
            guard.unlocked(record.with_user(self.secretary)).write({"is_late": True})

    def test_who_reads_records(self):
        record = self._record(self._lived())
        for user in (self.secretary, self.head):
            self.assertTrue(record.with_user(user).payload)
        for user in (self.member, self.desk, self.outsider):
            with self._refused(AccessError, "Process Record"):
                record.with_user(user).read(["payload"])
        stranger = self._new_iso_user(
            "stranger", "group_officer", company=self.neighbour
        )
        self.assertFalse(
            self.env["cchc.iso.record"]
            .with_user(stranger)
            .search([("id", "=", record.id)])
        )

    def test_payload_holds_no_float(self):
        def walk(value):
            self.assertNotIsInstance(value, float)
            for part in value.values() if isinstance(value, dict) else ():
                walk(part)
            for part in value if isinstance(value, list) else ():
                walk(part)

        walk(json.loads(self._record(self._lived()).payload))
