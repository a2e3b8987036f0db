from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.period import PeriodRule

RULES = st.builds(
    PeriodRule,
    months=st.sampled_from((1, 2, 3, 4, 6, 12)),
    day=st.integers(1, 31),
    month=st.integers(1, 12),
    previous_year=st.booleans(),
)
DAYS = st.dates(date(1999, 1, 1), date(2060, 12, 31))
DAY = timedelta(days=1)
REPORTING = PeriodRule(months=3, day=15, month=12, previous_year=True)


@tagged("post_install", "-at_install")
class TestPeriod(BaseCase):
    """Periods of report (NĐ 09/2019/NĐ-CP and calendar)."""

    @settings(max_examples=200, deadline=None)
    @given(RULES, st.integers(1999, 2060))
    def test_periods_tile_the_year(self, rule, year):
        """Neither hole nor overlap, within the year and at its boundary."""
        periods = rule.periods(year) + rule.periods(year + 1)[:1]
        for period, following in zip(periods, periods[1:], strict=False):
            self.assertLessEqual(period.start, period.end)
            self.assertEqual(period.end + DAY, following.start)
        length = (periods[-1].start - periods[0].start).days
        self.assertIn(length, (365, 366))

    @settings(max_examples=200, deadline=None)
    @given(RULES, DAYS)
    def test_a_period_contains_its_day(self, rule, day):
        period = rule.containing(day)
        self.assertLessEqual(period.start, day)
        self.assertLessEqual(day, period.end)
        self.assertEqual(rule.period(period.year, period.number), period)
        self.assertEqual(rule.containing(period.start), period)
        self.assertEqual(rule.containing(period.end), period)

    @settings(max_examples=100, deadline=None)
    @given(RULES, DAYS)
    def test_the_period_before_ends_the_day_before(self, rule, day):
        period = rule.containing(day)
        self.assertEqual(rule.before(period).end + DAY, period.start)

    def test_reporting_quarters(self):
        self.assertEqual(
            [(p.start, p.end) for p in REPORTING.periods(2026)],
            [
                (date(2025, 12, 15), date(2026, 3, 14)),
                (date(2026, 3, 15), date(2026, 6, 14)),
                (date(2026, 6, 15), date(2026, 9, 14)),
                (date(2026, 9, 15), date(2026, 12, 14)),
            ],
        )
        self.assertEqual(REPORTING.containing(date(2026, 12, 15)).year, 2027)
        self.assertEqual(REPORTING.containing(date(2026, 12, 14)).number, 4)

    def test_leap_year_and_short_months(self):
        monthly = PeriodRule(months=1, day=31)
        self.assertEqual(monthly.period(2024, 2).start, date(2024, 2, 29))
        self.assertEqual(monthly.period(2025, 2).start, date(2025, 2, 28))
        self.assertEqual(monthly.period(2024, 1).end, date(2024, 2, 28))

    def test_half_year_and_year(self):
        half = PeriodRule(months=6, day=15, month=12, previous_year=True)
        year = PeriodRule(months=12, day=15, month=12, previous_year=True)
        self.assertEqual(half.period(2026, 1).end, date(2026, 6, 14))
        self.assertEqual(year.period(2026, 1).start, date(2025, 12, 15))
        self.assertEqual(year.period(2026, 1).end, half.period(2026, 2).end)

    def test_impossible_rules_are_refused(self):
        for values in ({"months": 5}, {"months": 3, "day": 0}, {"months": 0}):
            with self.assertRaises(ValueError):
                PeriodRule(**values)
        with self.assertRaises(ValueError):
            PeriodRule(months=3).period(2026, 5)
