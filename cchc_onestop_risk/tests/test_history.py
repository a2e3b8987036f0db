"""What of the past counts, and how it is measured."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .common import MONDAY, RiskCase, local


@tagged("post_install", "-at_install")
class TestHistory(RiskCase):
    """Reading finished dossiers."""

    def _finished(self, most=500, months=24):
        now = fields.Datetime.now()
        return self.env["cchc.risk.history"]._finished(
            self.commune, now - timedelta(days=30 * months), now, most
        )

    @freeze_time(local(MONDAY))
    def test_hours_of_the_office(self):
        self._past([4.0])
        (dossier,) = self._finished()
        self.assertEqual((dossier.limit, dossier.total), (22.5, 7.0))
        self.assertFalse(dossier.late)
        self.assertEqual(
            [(stay.role, stay.begin, stay.end) for stay in dossier.stays],
            [
                ("receive", 0.0, 0.5),
                ("handle", 0.5, 4.5),
                ("sign", 4.5, 6.5),
                ("clerk", 6.5, 7.0),
            ],
        )

    @freeze_time(local(MONDAY))
    def test_stops_of_the_clock_do_not_count(self):
        dossier = self._past([12.0])
        self.env.cr.execute(
            "INSERT INTO cchc_dossier_pause (dossier_id, kind, date_from, date_to, "
            "counts) VALUES (%s, 'supplement', %s, %s, TRUE)",
            (dossier.id, local("07/09/2026 08:30"), local("07/09/2026 10:30")),
        )
        (read,) = self._finished()
        self.assertEqual(read.total, 13.0)
        self.assertEqual(read.limit, 20.5)
        handling = next(stay for stay in read.stays if stay.role == "handle")
        self.assertEqual(handling.end - handling.begin, 10.0)

    @freeze_time(local(MONDAY))
    def test_what_counts(self):
        self._past([30.0])
        self._past([4.0], state="void")
        self._past([4.0], state="withdrawn")
        self._past([4.0], state="stopped")
        self._past([4.0], imported=True)
        taken_over = self._past([5.0], imported=True, import_digest="x")
        self._past([4.0], company=self.neighbour)
        self._past([4.0], begin="02/09/2024")
        found = self._finished()
        self.assertEqual(
            sorted(dossier.total for dossier in found),
            [8.0, 33.0],
            "late ones, and imported ones with the times of their steps",
        )
        self.assertIn(taken_over.id, [dossier.id for dossier in found])
        self.assertEqual([d.late for d in found if d.total > 30], [True])

    @freeze_time(local(MONDAY))
    def test_the_latest_of_each_procedure(self):
        self._past([1.0, 2.0, 3.0, 4.0])
        self.assertEqual(
            sorted(dossier.total for dossier in self._finished(most=2)), [6.0, 7.0]
        )

    @freeze_time(local(MONDAY))
    def test_rows_of_the_night(self):
        self._usual_past()
        self._build()
        row = self.env["cchc.risk.model"].search(
            [("company_id", "=", self.commune.id), ("role", "=", "handle")]
        )
        self.assertEqual((row.dossier_count, row.enough), (60, True))
        self.assertEqual((row.stay_median, row.stay_p80, row.stay_p90), (15, 24, 27))
        self.assertEqual(row.rest_median, 17.5)
        # 22.5 hours: late from 19.5 hours of handling on
        self.assertEqual(row.late_share, round(100 * 21 / 60, 1))
        self._build()
        again = self.env["cchc.risk.model"].search(
            [("company_id", "=", self.commune.id), ("role", "=", "handle")]
        )
        self.assertEqual(len(again), 1, "made anew, not twice")
        pace = self.env["cchc.risk.pace"].search([("user_id", "=", self.handler.id)])
        self.assertEqual(pace.step_count, 240)
        self.assertGreater(pace.side_by_side, 0)

    @freeze_time(local(MONDAY))
    def test_as_many_statements_for_many(self):
        self._past([1.0] * 5)
        self._finished()
        with self.assertQueryCount(3):
            self._finished()
        self._past([1.0] * 100)
        with self.assertQueryCount(3):
            self._finished()
