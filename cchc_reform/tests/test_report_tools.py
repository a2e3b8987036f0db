from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import TransactionCase, tagged

from ..tools import report_text
from ..tools.report_text import Value
from ..tools.report_window import DayRule, WindowRule, before, year_before

QUARTER_1 = WindowRule(DayRule(15, 12, -1), DayRule(14, 3), DayRule(20, 3))
MONTH = WindowRule(DayRule(15, -1), DayRule(14, 0), DayRule(20, 0), monthly=True)


@tagged("post_install", "-at_install")
class TestReportWindow(TransactionCase):
    """Windows of reports (domain text 4.4 and 7.5 no. 10)."""

    def test_first_quarter(self):
        window = QUARTER_1.window(2026)
        self.assertEqual(
            window, (date(2025, 12, 15), date(2026, 3, 14), date(2026, 3, 20))
        )
        self.assertEqual(QUARTER_1.containing(date(2025, 12, 15)), window)
        self.assertEqual(QUARTER_1.containing(date(2026, 3, 14)), window)
        self.assertIsNone(QUARTER_1.containing(date(2026, 3, 15)))
        self.assertIsNone(QUARTER_1.containing(date(2025, 12, 14)))

    @settings(max_examples=200, deadline=None)
    @given(st.dates(date(2011, 1, 1), date(2060, 12, 31)))
    def test_a_day_lies_in_the_window_that_contains_it(self, day):
        found = QUARTER_1.containing(day)
        first = (day.month, day.day) >= (12, 15)
        if first or (day.month, day.day) <= (3, 14):
            year = day.year + first
            self.assertEqual(found, QUARTER_1.window(year))
            self.assertLessEqual(found.date_from, day)
            self.assertLessEqual(day, found.date_to)
        else:
            self.assertIsNone(found)

    @settings(max_examples=200, deadline=None)
    @given(st.dates(date(2011, 1, 1), date(2060, 12, 31)))
    def test_months_leave_no_hole(self, day):
        found = MONTH.containing(day)
        self.assertLessEqual(found.date_from, day)
        self.assertLessEqual(day, found.date_to)
        following = MONTH.containing(found.date_to + timedelta(days=1))
        self.assertEqual(following.date_from, found.date_to + timedelta(days=1))

    def test_days_that_a_month_does_not_have(self):
        rule = WindowRule(DayRule(1, 2), DayRule(31, 2), DayRule(30, 2))
        self.assertEqual(rule.window(2028).date_to, date(2028, 2, 29))
        self.assertEqual(rule.window(2026).due, date(2026, 2, 28))
        with self.assertRaises(ValueError):
            DayRule(0, 1)
        with self.assertRaises(ValueError):
            DayRule(1, 13).in_year(2026)
        with self.assertRaises(ValueError):
            WindowRule(DayRule(1, 6), DayRule(1, 5), DayRule(1, 7)).window(2026)

    def test_what_lies_before(self):
        for days, expected in (
            (
                (date(2025, 12, 15), date(2026, 3, 14)),
                (date(2025, 9, 15), date(2025, 12, 14)),
            ),
            (
                (date(2025, 12, 15), date(2026, 12, 14)),
                (date(2024, 12, 15), date(2025, 12, 14)),
            ),
            (
                (date(2026, 1, 1), date(2026, 3, 31)),
                (date(2025, 10, 1), date(2025, 12, 31)),
            ),
            (
                (date(2026, 5, 4), date(2026, 5, 10)),
                (date(2026, 4, 27), date(2026, 5, 3)),
            ),
        ):
            self.assertEqual(before(*days), expected)
        self.assertEqual(
            year_before(date(2024, 1, 1), date(2024, 2, 29)),
            (date(2023, 1, 1), date(2023, 2, 28)),
        )


@tagged("post_install", "-at_install")
class TestReportText(TransactionCase):
    """Sentences are filled from figures, and a person's words stay."""

    VALUES = {
        "done": Value("31", 31),
        "share": Value("41,3%", 0.41, "31", "75"),
        "late": Value("0", 0),
        "rate": Value("–", None, "0", "0"),
    }

    def test_filling(self):
        template = """Hoàn thành {share.part}/{share.of} nhiệm vụ ({share}).
            {?late}Có {late} hồ sơ quá hạn.
            {!late}Không có hồ sơ quá hạn.
            Quá hạn {late} hồ sơ.
            Tỷ lệ {rate}; {done} nhiệm vụ.
            Không có {unknown}.

            Văn bản khác."""
        self.assertEqual(
            list(report_text.fill(template, self.VALUES).values()),
            [
                "Hoàn thành 31/75 nhiệm vụ (41,3%).",
                "Không có hồ sơ quá hạn.",
                "Văn bản khác.",
            ],
        )
        self.assertEqual(
            report_text.keys(template), {"share", "late", "rate", "done", "unknown"}
        )

    def test_filling_again_keeps_what_a_person_wrote(self):
        before = {"1": "Xong 3 việc.", "2": "Nhận 10 hồ sơ.", "3": "Trễ 1 hồ sơ."}
        text = "Xong 3 việc.\nUBND xã đã họp.\nNhận 10 hồ sơ, chủ yếu hộ tịch.\n"
        after = {"1": "Xong 4 việc.", "2": "Nhận 12 hồ sơ.", "4": "Họp 2 lần."}
        merged = report_text.merge(text + "Trễ 1 hồ sơ.", before, after)
        self.assertEqual(
            merged.text.split("\n"),
            [
                "Xong 4 việc.",
                "Họp 2 lần.",
                "UBND xã đã họp.",
                "Nhận 10 hồ sơ, chủ yếu hộ tịch.",
            ],
        )
        self.assertEqual(merged.open, ["Nhận 12 hồ sơ."])

    @settings(max_examples=200, deadline=None)
    @given(
        st.dictionaries(st.sampled_from("abcd"), st.text("xyz ", min_size=1)),
        st.dictionaries(st.sampled_from("abcd"), st.text("xyz ", min_size=1)),
        st.lists(st.text("uvw", min_size=1), max_size=4),
    )
    def test_own_paragraphs_always_stay(self, before, after, own):
        text = "\n".join([*before.values(), *own])
        merged = report_text.merge(text, before, after)
        self.assertEqual([line for line in merged.text.split("\n") if line in own], own)
        again = report_text.merge(merged.text, after, after)
        self.assertEqual(again.text, merged.text)

    def test_an_empty_text_takes_all(self):
        merged = report_text.merge("", {}, {"1": "A", "2": "B"})
        self.assertEqual(merged, ("A\nB", []))
