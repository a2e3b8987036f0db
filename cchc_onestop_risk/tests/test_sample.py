"""The arithmetic of early warning beside naive counting."""

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import history, score
from ..tools.sample import LEAST, Clock, Query, Sample, mean, quantile

_HOURS = st.integers(0, 400).map(lambda quarters: quarters / 4)
_PAIRS = st.lists(
    st.tuples(_HOURS, _HOURS).map(lambda pair: (pair[0], pair[0] + pair[1])),
    min_size=1,
    max_size=80,
)
_SCORED = st.lists(
    st.tuples(st.sampled_from((0.0, 0.2, 0.5, 0.6, 0.9, 1.0)), st.booleans()),
    max_size=40,
)


@tagged("post_install", "-at_install")
class TestSample(BaseCase):
    """Chances, quantiles and what is left of a step."""

    @settings(max_examples=200, deadline=None)
    @given(_PAIRS, _HOURS, st.lists(st.integers(-50, 500), min_size=2, max_size=8))
    def test_between_zero_and_one_and_falling_with_the_time_left(
        self, pairs, spent, lefts
    ):
        chances = Sample(pairs).chances([Query(spent, left) for left in sorted(lefts)])
        self.assertTrue(all(0 <= chance <= 1 for chance in chances))
        self.assertEqual(chances, sorted(chances, reverse=True))

    @settings(max_examples=200, deadline=None)
    @given(_PAIRS, _HOURS, st.integers(-50, 0))
    def test_certain_once_no_time_is_left(self, pairs, spent, left):
        self.assertEqual(Sample(pairs).chance(spent, left), 1.0)

    @settings(max_examples=300, deadline=None)
    @given(_PAIRS, st.lists(st.tuples(_HOURS, _HOURS), max_size=6))
    def test_as_counted_one_by_one(self, pairs, queries):
        queries = [Query(spent, left + 0.25) for spent, left in queries]
        expected = []
        for spent, left in queries:
            chosen = [pair for pair in pairs if pair[0] > spent]
            if len(chosen) < LEAST:
                chosen = sorted(pairs, reverse=True)[:LEAST]
                spent = min([spent, *(stay for stay, _rest in chosen)])
            late = [rest for _stay, rest in chosen if rest - spent > left]
            expected.append(len(late) / len(chosen))
        self.assertEqual(Sample(pairs).chances(queries), expected)

    def test_only_those_that_stayed_as_long_count(self):
        # 40 quick ones, 20 that stayed ten hours and needed thirty
        sample = Sample([(1, 2)] * 40 + [(10, 30)] * 20)
        self.assertEqual(sample.chance(0, 25), 20 / 60)
        self.assertEqual(sample.chance(1.5, 25), 1.0, "all that are left were slow")
        self.assertEqual(sample.chance(1.5, 28.5), 0.0)

    def test_longer_than_nearly_all(self):
        sample = Sample([(hours, hours + 2) for hours in range(1, 61)])
        count, spent = sample.chosen(75)
        self.assertEqual((count, spent), (LEAST, 51), "the ten longest stand for it")
        self.assertEqual(sample.chance(75, 1), sample.chance(51, 1))

    def test_nothing_to_compare_with(self):
        self.assertIsNone(Sample([]).chance(1, 1))
        self.assertEqual(Sample([]).chance(1, 0), 1.0)
        self.assertIsNone(quantile([], 0.5))
        self.assertIsNone(mean([]))

    @settings(max_examples=300, deadline=None)
    @given(
        st.lists(_HOURS, min_size=1, max_size=60),
        st.sampled_from((0.01, 0.1, 0.25, 0.5, 0.8, 0.9, 1.0)),
    )
    def test_quantile(self, values, share):
        ordered = sorted(values)
        found = quantile(ordered, share)
        number = len(ordered)
        self.assertGreaterEqual(sum(v <= found for v in ordered) + 1e-6, share * number)
        below = [v for v in ordered if v < found]
        if below:
            covered = sum(v <= below[-1] for v in ordered)
            self.assertLess(covered, share * number)

    @settings(max_examples=200, deadline=None)
    @given(_PAIRS, _HOURS)
    def test_what_is_left_of_the_step(self, pairs, spent):
        sample = Sample(pairs)
        staying = sample.staying(spent)
        self.assertEqual(staying, sorted(staying))
        self.assertTrue(all(hours >= 0 for hours in staying))
        self.assertAlmostEqual(sample.mean_stay(spent), mean(staying), places=6)
        self.assertEqual(len(sample.remaining(spent)), len(staying))

    @settings(max_examples=300, deadline=None)
    @given(
        st.lists(st.integers(0, 60), unique=True, max_size=8),
        st.integers(0, 60),
        st.integers(0, 60),
    )
    def test_stops_do_not_count(self, cuts, origin, position):
        cuts = sorted(cuts)[: len(cuts) // 2 * 2]
        stops = list(zip(cuts[::2], cuts[1::2], strict=True))
        running = [not any(a <= hour < b for a, b in stops) for hour in range(61)]
        first, last = sorted((origin, position))
        expected = sum(running[first:last]) * (1 if position >= origin else -1)
        self.assertEqual(Clock(origin, stops).at(position), expected)


@tagged("post_install", "-at_install")
class TestEstimate(BaseCase):
    """Which history an estimate rests on."""

    def _finished(self, number, procedure=1, sector=1, name="Thụ lý", **values):
        return [
            history.Finished(
                **{
                    "id": each,
                    "procedure": procedure,
                    "sector": sector,
                    "limit": 20.0,
                    "total": 10.0 + each % 20,
                    "late": each % 20 > 10,
                    "stays": (history.Stay("handle", name, 1.0, 9.0 + each % 20),),
                    **values,
                }
            )
            for each in range(number)
        ]

    def _row(self, **values):
        return history.Open(
            **{
                "id": 7,
                "procedure": 1,
                "sector": 1,
                "role": "handle",
                "step": "Thụ lý",
                "spent": 2.0,
                "elapsed": 3.0,
                "left": 17.0,
                **values,
            }
        )

    def _base(self, finished, least=50, **values):
        row = self._row(**values)
        found = history.estimate([row], history.samples(finished), least)[row.id]
        return found.base, found.count

    def test_the_closest_group_with_enough(self):
        finished = self._finished(50)
        self.assertEqual(self._base(finished), ("step", 50))
        self.assertEqual(self._base(finished, step="Bước mới"), ("procedure", 50))
        self.assertEqual(self._base(finished, procedure=2), ("sector", 50))
        self.assertEqual(self._base(finished, procedure=2, sector=2), ("none", 0))
        self.assertEqual(self._base(self._finished(49)), ("none", 0))
        self.assertEqual(self._base(finished, left=0.0), ("late", 0))
        self.assertEqual(self._base(finished, late=True), ("late", 0))

    def test_a_field_compares_shares_of_the_limit(self):
        finished = self._finished(60, limit=10.0, total=12.0)
        row = self._row(procedure=2, elapsed=30.0, left=30.0)
        groups = history.samples(finished)
        self.assertEqual(history.query("sector", row), Query(0.5, 0.5))
        self.assertEqual(history.estimate([row], groups, 50)[7].chance, 1.0)

    def test_levels(self):
        self.assertEqual(history.level(0.29, 0.3, 0.6), "low")
        self.assertEqual(history.level(0.3, 0.3, 0.6), "watch")
        self.assertEqual(history.level(0.6, 0.3, 0.6), "high")

    def test_replay_sees_nothing_of_what_came_after(self):
        dossier = history.Finished(
            1,
            1,
            1,
            20.0,
            30.0,
            True,
            (
                history.Stay("assign", "Phân công", 0.0, 4.0),
                history.Stay("handle", "Thụ lý", 4.0, 30.0),
            ),
        )
        ((row, late),) = history.replay([dossier], 0.5)
        self.assertTrue(late)
        self.assertEqual((row.role, row.spent, row.left), ("handle", 6.0, 10.0))
        self.assertEqual(row.elapsed, 10.0)
        self.assertFalse(
            history.replay([dossier._replace(total=9.0)], 0.5), "not open any more"
        )


@tagged("post_install", "-at_install")
class TestScore(BaseCase):
    """Precision, recall, Brier score and AUC beside naive counting."""

    @settings(max_examples=200, deadline=None)
    @given(_SCORED)
    def test_as_counted(self, pairs):
        result = score.score(pairs, 0.6)
        hits = len([1 for chance, late in pairs if chance >= 0.6 and late])
        warned = len([1 for chance, _late in pairs if chance >= 0.6])
        late = len([1 for _chance, late in pairs if late])
        self.assertEqual(result.precision, hits / warned if warned else None)
        self.assertEqual(result.recall, hits / late if late else None)

    @settings(max_examples=200, deadline=None)
    @given(_SCORED)
    def test_area(self, pairs):
        late = [chance for chance, is_late in pairs if is_late]
        timely = [chance for chance, is_late in pairs if not is_late]
        if not late or not timely:
            self.assertIsNone(score.area(pairs))
            return
        above = sum(
            1.0 if mine > other else 0.5 if mine == other else 0.0
            for mine in late
            for other in timely
        )
        self.assertAlmostEqual(score.area(pairs), above / len(late) / len(timely))

    def test_brier(self):
        self.assertEqual(score.brier([(1.0, True), (0.5, False)]), 0.125)
        self.assertIsNone(score.brier([]))
