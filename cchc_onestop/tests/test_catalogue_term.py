from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.term import UNITS, Term, fits, hours, share, shorten


@tagged("post_install", "-at_install")
class TestCatalogueTerm(BaseCase):
    """Times in different units compare by working hours, the safe way round."""

    def test_calendar_days_give_at_least_these_working_days(self):
        # a weekend can always lie in between; a last day on it moves to Monday
        for days, least, most in (
            (1, 1, 1),
            (2, 1, 2),
            (3, 1, 3),
            (4, 2, 4),
            (7, 5, 6),
            (15, 11, 11),
            (30, 21, 22),
        ):
            with self.subTest(days=days):
                term = Term(days, "calendar_day")
                self.assertEqual(hours(term) / 8, least)
                self.assertEqual(hours(term, longest=True) / 8, most)

    def test_other_units(self):
        self.assertEqual(hours(Term(3, "working_hour")), 3)
        self.assertEqual(hours(Term(0.5, "working_day"), 7), 3.5)
        self.assertEqual(hours(Term(1, "same_day"), 7), 7)
        self.assertEqual(hours(Term(1, "month")), 20 * 8)

    def test_promise_against_law(self):
        self.assertTrue(fits(Term(3, "working_day"), Term(3, "working_day")))
        self.assertFalse(fits(Term(4, "working_day"), Term(3, "working_day")))
        self.assertTrue(fits(Term(11, "working_day"), Term(15, "calendar_day")))
        self.assertFalse(fits(Term(12, "working_day"), Term(15, "calendar_day")))
        self.assertTrue(fits(Term(1, "same_day"), Term(1, "same_day")))
        self.assertTrue(fits(Term(8, "working_hour"), Term(1, "same_day")))
        self.assertFalse(fits(Term(30, "calendar_day"), Term(21, "working_day")))

    def test_shortened_times(self):
        for term, rate, amount, unit in (
            (Term(10, "working_day"), 0.3, 7, "working_day"),
            (Term(5, "working_day"), 0.3, 3.5, "working_day"),
            (Term(0.5, "working_day"), 0.9, 0.5, "working_day"),
            (Term(15, "calendar_day"), 0.3, 10, "calendar_day"),
            (Term(1, "month"), 0.5, 14, "calendar_day"),
            (Term(1, "same_day"), 0.5, 1, "same_day"),
            (Term(3, "working_day"), 0, 3, "working_day"),
        ):
            with self.subTest(term=term, rate=rate):
                self.assertEqual(shorten(term, rate)[:2], (amount, unit))
                self.assertTrue(fits(shorten(term, rate), term))

    @settings(max_examples=200, deadline=None)
    @given(
        st.sampled_from(UNITS),
        st.integers(1, 60),
        st.integers(0, 20),
        st.sets(st.integers(0, 6), min_size=1),
    )
    def test_longer_limits_never_give_less(self, unit, amount, more, weekdays):
        weekdays = frozenset(weekdays)
        short, long = Term(amount, unit), Term(amount + more, unit)
        self.assertLessEqual(
            hours(short, weekdays=weekdays), hours(long, weekdays=weekdays)
        )
        self.assertLessEqual(
            hours(short, weekdays=weekdays),
            hours(short, weekdays=weekdays, longest=True),
        )

    @settings(max_examples=300, deadline=None)
    @given(
        st.integers(1, 40_000),
        st.lists(st.floats(0, 10, allow_subnormal=False), min_size=1, max_size=10),
    )
    def test_shares_add_up_to_the_total(self, cents, weights):
        total = cents / 100
        parts = share(total, weights)
        self.assertTrue(all(part >= 0 for part in parts), parts)
        self.assertAlmostEqual(sum(parts), total if any(weights) else 0, 6)
