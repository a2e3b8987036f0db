"""How good the warnings were: replayed from nothing but what had ended before."""

from freezegun import freeze_time

from odoo.tests import tagged

from ..tools import history
from .common import MONDAY, RiskCase, local


@tagged("post_install", "-at_install")
class TestCheck(RiskCase):
    """The last 90 days before 9 November 2026 are checked."""

    def _checks(self):
        self.env["cchc.risk.check"]._measure(self.commune)
        found = self.env["cchc.risk.check"].search(
            [("company_id", "=", self.commune.id)], order="share"
        )
        self.assertEqual(found.mapped("share"), [50, 75])
        return found

    @freeze_time(local(MONDAY))
    def test_precision_and_recall(self):
        # learnt: half took 4 hours, half 30; at half of 22.5 hours only these are open
        self._past([4.0] * 30 + [30.0] * 30, begin="02/03/2026")
        self._past([4.0] * 5 + [30.0] * 3 + [14.0] * 2, begin="07/09/2026")
        half, later = self._checks()
        self.assertEqual(half.dossier_count, 5)
        self.assertEqual(half.estimated_count, 5)
        self.assertEqual(half.late_count, 3)
        self.assertEqual((half.warned_count, half.hit_count), (5, 3))
        self.assertEqual((half.precision, half.recall), (60.0, 100.0))
        self.assertEqual(half.rule_warned_count, 3, "open at 80 % of the time")
        self.assertEqual(half.rule_precision, 100.0)
        self.assertEqual((half.brier, half.base_brier), (0.4, 0.24))
        self.assertEqual(later.recall, 100.0)

    @freeze_time(local(MONDAY))
    def test_nothing_of_the_days_themselves_is_learnt(self):
        self._past([4.0] * 60, begin="07/09/2026")
        half, later = self._checks()
        self.assertEqual((half.dossier_count, half.estimated_count), (0, 0))
        self._past([30.0] * 60, begin="14/09/2026")
        half, later = self._checks()
        self.assertEqual((half.dossier_count, half.estimated_count), (60, 0))
        self.assertFalse(half.warned_count)

    @freeze_time(local(MONDAY))
    def test_without_a_past_there_is_no_row(self):
        self.env["cchc.risk.check"]._measure(self.neighbour)
        self.assertFalse(
            self.env["cchc.risk.check"].search([("company_id", "=", self.neighbour.id)])
        )

    @freeze_time(local(MONDAY))
    def test_once_a_week(self):
        self._usual_past()
        self._build()
        row = self.agencies.search([("company_id", "=", self.commune.id)])
        first = row.checked_at
        self.assertTrue(first)
        with freeze_time(local("11/11/2026 02:00")):
            self._build()
            self.assertEqual(row.checked_at, first)
        with freeze_time(local("16/11/2026 02:00")):
            self._build()
            self.assertGreater(row.checked_at, first)

    @freeze_time(local(MONDAY))
    def test_the_replay_is_the_estimate_of_that_moment(self):
        """What the check says at 50 % is what the worklist would have said then."""
        self._usual_past(begin="02/03/2026")
        self._build()
        groups = self.env["cchc.risk.model"]._samples(self.commune.ids)
        with freeze_time(local("09/11/2026 07:30")):
            dossier = self._accepted()
        self.env["cchc.dossier"].flush_model()
        moment = local("10/11/2026 11:30")
        (row, _raw) = self.env["cchc.risk.history"]._open(dossier.ids, moment)[0]
        # reception took no time at all here, so handling began with the clock
        as_finished = history.Finished(
            dossier.id,
            row.procedure,
            row.sector,
            row.elapsed + row.left,
            99.0,
            True,
            (history.Stay(row.role, row.step, 0.0, 99.0),),
        )
        share = row.elapsed / (row.elapsed + row.left)
        ((again, _late),) = history.replay([as_finished], share)
        group = groups[self.commune.id]
        ours = history.estimate([row], group, 50)[dossier.id]
        replayed = history.estimate([again], group, 50)[dossier.id]
        self.assertAlmostEqual(ours.chance, replayed.chance)
        self.assertEqual(ours.base, "step")
