from fractions import Fraction as F

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import scoring
from ..tools.scoring import Band, Criterion, Declared, ScoringError

COUNTS = st.integers(0, 10_000).map(F)
MAXIMA = st.integers(1, 80).map(lambda quarter: F(quarter, 4))


def ratio(achieved, planned):
    return Declared(achieved=scoring.exact(achieved), planned=scoring.exact(planned))


@tagged("post_install", "-at_install")
class TestScoring(BaseCase):
    """Rules of the index (domain text 5.2) and acceptance check 7.5 no. 11."""

    def test_thresholds_are_exact(self):
        leaf = Criterion(F(7), scoring.RATIO_THRESHOLD)
        for achieved, points in (
            ("89.99", 0),
            ("90", F("6.3")),
            ("95", F("6.65")),
            ("100", 7),
            ("120", 7),
        ):
            with self.subTest(achieved=achieved):
                self.assertEqual(scoring.score(leaf, ratio(achieved, 100)), points)

    def test_letter_of_2022_on_the_communication_plan(self):
        leaf = Criterion(F(1), scoring.RATIO_THRESHOLD)
        self.assertEqual(scoring.score(leaf, ratio(4, 5)), 0)
        bands = (Band(F(1), scoring.BY_SHARE), Band(F("0.8"), scoring.BY_RATIO))
        lower = Criterion(F(1), scoring.RATIO_THRESHOLD, bands=bands)
        self.assertEqual(scoring.score(lower, ratio(4, 5)), F("0.8"))

    def test_nothing_planned(self):
        for rule in scoring.OF_RATIO:
            with self.subTest(rule=rule):
                self.assertIsNone(scoring.score(Criterion(F(2), rule), ratio(0, 0)))
                full = Criterion(F(2), rule, empty=F(1))
                self.assertEqual(scoring.score(full, ratio(0, 0)), 2)

    def test_parts_of_communication(self):
        leaf = Criterion(
            F(1),
            scoring.PER_ITEM,
            items={"board": F("0.25"), "site": F("0.25"), "usual": F("0.5")},
            limits={"board": F(1), "site": F(1), "usual": F(1)},
        )
        declared = Declared(counts={"board": F(3), "usual": F(1)})
        self.assertEqual(scoring.score(leaf, declared), F("0.75"))
        with self.assertRaises(ScoringError) as caught:
            scoring.score(leaf, Declared(counts={"leaflet": F(1)}))
        self.assertEqual(
            (caught.exception.key, caught.exception.value), ("item", "leaflet")
        )

    def test_options_of_a_survey_form(self):
        shares = {"A": F(1), "B": F("0.6"), "C": F("0.2"), "D": F(0)}
        leaf = Criterion(F(5), scoring.OPTIONS, options=shares)
        points = [scoring.score(leaf, Declared(option=option)) for option in "ABCD"]
        self.assertEqual(points, [5, 3, 1, 0])
        with self.assertRaises(ScoringError):
            scoring.score(leaf, Declared(option="E"))

    def test_penalty_and_bonus_have_a_floor_and_a_ceiling(self):
        penalty = Criterion(F(2), scoring.PENALTY, items={"officer": F("0.5")})
        bonus = Criterion(F(5), scoring.BONUS, items={"idea": F(2)})
        for count, left, more in ((0, 2, 0), (1, F("1.5"), 2), (9, 0, 5)):
            counts = F(count)
            with self.subTest(count=count):
                declared = Declared(counts={"officer": counts})
                self.assertEqual(scoring.score(penalty, declared), left)
                declared = Declared(counts={"idea": counts})
                self.assertEqual(scoring.score(bonus, declared), more)

    def test_points_of_a_person_stay_within(self):
        leaf = Criterion(F(2), scoring.MANUAL)
        self.assertEqual(scoring.score(leaf, Declared(points=F("1.25"))), F("1.25"))
        for points, key in ((F("2.01"), "beyond"), (F("-0.5"), "negative")):
            with self.assertRaises(ScoringError) as caught:
                scoring.score(leaf, Declared(points=points))
            self.assertEqual(caught.exception.key, key)

    def test_survey(self):
        leaf = Criterion(F(10), scoring.SURVEY)
        declared = Declared(percent=F("82.66"))
        self.assertEqual(scoring.score(leaf, declared), F("8.266"))
        self.assertEqual(scoring.rounded(scoring.score(leaf, declared)), F("8.27"))
        with self.assertRaises(ScoringError):
            scoring.score(leaf, Declared(percent=F("100.01")))

    def test_bands_that_do_not_fall_are_refused(self):
        for starts in (("0.9", "1"), ("0.9", "0.9"), ("1.2", "0.9")):
            with self.subTest(starts=starts), self.assertRaises(ScoringError):
                Criterion(
                    F(1),
                    scoring.RATIO_THRESHOLD,
                    bands=tuple(Band(F(start)) for start in starts),
                )

    def test_not_applicable_leaves_the_denominator(self):
        applied = Criterion(F(6), scoring.MANUAL)
        other = Criterion(F(4), scoring.MANUAL)
        total = scoring.add_up([(applied, F(3)), (other, None)])
        self.assertEqual((total.points, total.maximum, total.whole), (3, 6, 10))
        self.assertEqual(total.rescaled, 5)
        self.assertIsNone(scoring.add_up([(other, None)]).rescaled)

    def test_bonus_stands_beside_the_total(self):
        base = Criterion(F(100), scoring.MANUAL)
        bonus = Criterion(F(5), scoring.BONUS)
        total = scoring.add_up([(base, F(90)), (bonus, F(2))])
        self.assertEqual((total.whole, total.rescaled), (100, 92))

    def test_ward_of_hai_phong_2021(self):
        # Kiến An: 60 for appraisal, 40 for satisfaction; Nam Sơn 43.26 + 39.95
        parts = [(F("43.26") / 60, F(60)), (F("39.95") / 40, F(40))]
        self.assertEqual(scoring.weighted(parts), F("83.21"))

    def test_a_missing_survey_gives_its_weight_away(self):
        parts = [(F("0.8"), F(70)), (None, F(30))]
        self.assertEqual(scoring.weighted(parts), 80)
        self.assertIsNone(scoring.weighted([(None, F(30))]))

    def test_ranks_with_ties(self):
        scores = [F(90), F(95), F(90), None, F(80)]
        self.assertEqual(scoring.ranks(scores), [2, 1, 2, None, 4])
        self.assertEqual(scoring.ranks(scores, dense=True), [2, 1, 2, None, 3])

    def test_classes(self):
        classes = [(F(90), "A"), (F(80), "B"), (F(0), "C")]
        found = [
            scoring.class_of(points, classes) for points in (F(90), F("89.99"), F(3))
        ]
        self.assertEqual(found, ["A", "B", "C"])
        self.assertIsNone(scoring.class_of(F(3), classes[:2]))
        self.assertIsNone(scoring.class_of(None, classes))

    def test_what_would_raise_a_ratio(self):
        leaf = Criterion(F(2), scoring.RATIO_THRESHOLD)
        found = [
            (step.needed, step.gain) for step in scoring.steps(leaf, ratio(88, 100))
        ]
        self.assertEqual(found, [(2, F("1.8")), (12, 2)])
        self.assertEqual(scoring.steps(leaf, ratio(100, 100)), [])
        self.assertEqual(scoring.steps(leaf, Declared(applies=False)), [])

    def test_steps_of_tasks_are_whole(self):
        leaf = Criterion(F(2), scoring.RATIO_THRESHOLD)
        first = scoring.steps(leaf, ratio(5, 7))[0]
        # nine tenths of 7 are 6.3: only the seventh task reaches them
        self.assertEqual((first.needed, first.gain), (2, 2))

    @settings(deadline=None, derandomize=True, max_examples=200)
    @given(maximum=MAXIMA, achieved=COUNTS, more=COUNTS, planned=COUNTS)
    def test_more_never_costs_points(self, maximum, achieved, more, planned):
        for rule in scoring.OF_RATIO:
            leaf = Criterion(maximum, rule, empty=F(0))
            low = scoring.score(leaf, ratio(achieved, planned))
            high = scoring.score(leaf, ratio(achieved + more, planned))
            self.assertLessEqual(0, low)
            self.assertLessEqual(low, high)
            self.assertLessEqual(high, maximum)

    @settings(deadline=None, derandomize=True, max_examples=200)
    @given(maximum=MAXIMA, achieved=COUNTS, planned=COUNTS)
    def test_each_step_brings_what_it_says(self, maximum, achieved, planned):
        leaf = Criterion(maximum, scoring.RATIO_THRESHOLD)
        before = ratio(achieved, planned)
        steps = scoring.steps(leaf, before)
        for step in steps:
            after = scoring.score(leaf, ratio(achieved + step.needed, planned))
            self.assertEqual(after, scoring.score(leaf, before) + step.gain)
        if steps:
            self.assertEqual(scoring.score(leaf, before) + steps[-1].gain, maximum)

    @settings(deadline=None, derandomize=True, max_examples=200)
    @given(
        st.lists(
            st.tuples(MAXIMA, st.none() | st.integers(0, 100)), min_size=1, max_size=30
        )
    )
    def test_rescaling_keeps_the_share(self, rows):
        pairs = [
            (Criterion(maximum, scoring.MANUAL), percent and maximum * percent / 100)
            for maximum, percent in rows
        ]
        pairs = [
            (leaf, F(0) if percent == 0 else points)
            for (leaf, points), (_maximum, percent) in zip(pairs, rows, strict=True)
        ]
        total = scoring.add_up(pairs)
        if total.share is None:
            self.assertTrue(all(points is None for _leaf, points in pairs))
        else:
            self.assertEqual(total.rescaled, total.share * total.whole)
            self.assertLessEqual(total.rescaled, total.whole)

    @settings(deadline=None, derandomize=True)
    @given(st.lists(st.none() | st.integers(0, 20).map(F), max_size=30))
    def test_ranks_count_who_is_better(self, scores):
        for place, value in zip(scoring.ranks(scores), scores, strict=True):
            better = [
                s for s in scores if s is not None and value is not None and s > value
            ]
            self.assertEqual(place, None if value is None else len(better) + 1)
