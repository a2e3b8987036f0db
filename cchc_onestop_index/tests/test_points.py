from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import points
from ..tools.points import Formula

F = Fraction
pairs = st.integers(0, 10_000).flatmap(
    lambda d: st.tuples(st.integers(0, d), st.just(d))
)
formulas = st.builds(
    Formula,
    st.sampled_from((points.SHARE, points.TARGET, points.FACTOR)),
    st.integers(1, 20).map(F),
    st.integers(1, 100).map(lambda n: F(n, 100)),
    st.integers(1, 40).map(lambda n: F(n, 4)),
    st.sampled_from((points.UNKNOWN, points.ZERO, points.FULL)),
)


@tagged("post_install", "-at_install")
class TestPoints(BaseCase):
    """Exact arithmetic, rounded once; not known is never zero."""

    @given(formulas, pairs)
    def test_points_stay_within_the_maximum(self, formula, pair):
        value = points.points(formula, *pair)
        if value is None:
            self.assertEqual((pair[1], formula.empty), (0, points.UNKNOWN))
        else:
            self.assertTrue(0 <= value <= formula.maximum)

    @given(formulas, pairs)
    def test_more_of_the_numerator_never_costs(self, formula, pair):
        numerator, denominator = pair
        gain = points.unit(formula, numerator, denominator)
        self.assertGreaterEqual(gain, 0)
        if denominator and numerator < denominator:
            now = points.points(formula, numerator, denominator)
            after = points.points(formula, numerator + 1, denominator)
            self.assertEqual(now + gain, after)

    @given(formulas)
    def test_unknown_figures_have_no_points(self, formula):
        self.assertIsNone(points.points(formula, None, 5))
        self.assertIsNone(points.points(formula, 5, None))
        self.assertEqual(points.unit(formula, None, None), 0)

    @given(st.lists(st.integers(0, 2), min_size=1))
    def test_mean_is_the_exact_mean_rounded_half_up(self, given):
        mean = points.mean(sum(given), len(given))
        self.assertLessEqual(abs(F(mean) - F(sum(given), len(given))), F(1, 20))

    def test_mean_over_nothing_is_not_known(self):
        self.assertIsNone(points.mean(0, 0))
        self.assertEqual(points.mean(0, 3), Decimal("0.0"))
        self.assertEqual(points.mean(5, 4), Decimal("1.3"))  # 1,25

    # -- formulas of the facts file, with worked numbers
    def test_progress(self):
        formula = Formula(points.SHARE, F(20))
        self.assertEqual(points.rounded(points.points(formula, 2, 3)), Decimal("13.33"))
        self.assertIsNone(points.points(formula, 0, 0))

    def test_dossier_satisfaction_reaches_the_maximum_at_ninety_percent(self):
        formula = Formula(points.TARGET, F(6), F(9, 10), empty=points.ZERO)
        self.assertEqual(points.points(formula, 90, 100), 6)
        self.assertEqual(points.points(formula, 89, 100), F(6 * 89, 90))
        self.assertEqual(points.points(formula, 100, 100), 6)
        self.assertEqual(points.points(formula, 0, 0), 0)

    def test_petitions_without_petitions_have_all_points(self):
        formula = Formula(points.SHARE, F(6), empty=points.FULL)
        self.assertEqual(points.points(formula, 0, 0), 6)
        self.assertEqual(points.points(formula, 1, 2), 3)

    def test_online_services(self):
        offered = Formula(points.TARGET, F(2), F(8, 10))
        sent = Formula(points.TARGET, F(6), F(1, 2))
        self.assertEqual(points.points(offered, 40, 100), 1)
        self.assertEqual(points.points(offered, 80, 100), 2)
        self.assertEqual(points.points(sent, 49, 100), F(588, 100))
        self.assertEqual(points.points(sent, 50, 100), 6)

    def test_payment_by_factor_is_capped(self):
        formula = Formula(points.FACTOR, F(2), factor=F(5, 2))
        self.assertEqual(points.points(formula, 1, 2), F(5, 4))
        self.assertEqual(points.points(formula, 9, 10), 2)

    def test_bands_begin_at_their_points(self):
        bands = [(90, "xs"), (80, "t"), (70, "k"), (50, "tb"), (0, "y")]
        for value, name in (
            ("90", "xs"),
            ("89.99", "t"),
            ("80", "t"),
            ("79.99", "k"),
            ("50", "tb"),
            ("49.99", "y"),
        ):
            self.assertEqual(points.band(F(value), bands), name)
        self.assertIsNone(points.band(None, bands))

    # -- indices of a body
    def test_desk(self):
        for received, settled, least, expected in (
            (100, 100, 100, 2),
            (100, 99, 100, 1),
            (100, 50, 50, 2),
            (100, 19, 20, 1),
            (99, 100, 100, 0),
            (100, None, 100, None),
            (None, None, 100, None),
        ):
            self.assertEqual(points.desk(received, settled, least), expected)

    def test_answers(self):
        for total, in_time, dragging, expected in (
            (0, 0, 0, 2),
            (10, 10, 0, 2),
            (10, 9, 0, 1),
            (10, 9, 1, 0),
            (100, 89, 0, 0),
        ):
            self.assertEqual(points.answers(total, in_time, dragging, 90), expected)

    def test_online(self):
        least = (20, 15, 30)
        for numbers, expected in (
            ((20, 100, 30, 100, 0), 2),
            ((20, 100, 29, 100, 0), 1),
            ((19, 100, 30, 100, 0), 1),
            ((20, 100, 15, 100, 0), 1),
            ((20, 100, 14, 100, 0), 0),
            ((20, 100, 90, 100, 1), 0),
            ((0, 0, 1, 1, 0), None),
            ((5, 5, 0, 0, 0), None),
        ):
            self.assertEqual(points.online(*numbers, least), expected, numbers)

    # -- forecast
    @given(
        st.integers(0, 100),
        st.integers(-2, 2),
        st.integers(2, 8),
    )
    def test_forecast_continues_a_line(self, start, slope, weeks):
        first = date(2026, 10, 5)
        history = [
            (first + timedelta(weeks=week), F(start + slope * week))
            for week in range(weeks)
        ]
        ahead = points.forecast(history, first + timedelta(weeks=12), 100)
        self.assertEqual(ahead, min(max(start + 12 * slope, 0), 100))

    def test_forecast_needs_two_days(self):
        self.assertIsNone(points.forecast([(date(2026, 10, 5), 1)], LATER, 100))
        self.assertIsNone(points.forecast([], LATER, 100))


LATER = date(2026, 12, 31)
