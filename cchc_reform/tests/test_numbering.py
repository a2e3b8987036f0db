from odoo.tests import BaseCase, tagged

from ..tools.numbering import letter, number_tasks, roman


@tagged("post_install", "-at_install")
class TestNumbering(BaseCase):
    """Numbers of tasks as the annex of a plan prints them."""

    def test_roman(self):
        self.assertEqual(
            [roman(number) for number in (1, 4, 7, 9, 14, 40, 1999)],
            ["I", "IV", "VII", "IX", "XIV", "XL", "MCMXCIX"],
        )
        with self.assertRaises(ValueError):
            roman(0)

    def test_letters_of_the_vietnamese_outline(self):
        self.assertEqual(
            [letter(number) for number in (1, 4, 5, 6, 23, 24)],
            ["a", "d", "đ", "e", "y", "aa"],
        )

    def test_tasks_by_area_with_parts(self):
        tasks = [
            ("plan", "I", None),
            ("report", "I", None),
            ("draft", "I", "report"),
            ("send", "I", "report"),
            ("review", "II", None),
            ("free", "", None),
        ]
        self.assertEqual(
            number_tasks(tasks),
            {
                "plan": "I.1",
                "report": "I.2",
                "draft": "I.2.a",
                "send": "I.2.b",
                "review": "II.1",
                "free": "1",
            },
        )

    def test_printed_numbers_stay(self):
        tasks = [("new", "I", None), ("old", "I", None), ("part", "I", "old")]
        self.assertEqual(
            number_tasks(tasks, {"old": "I.1"}),
            {"old": "I.1", "new": "I.2", "part": "I.1.a"},
        )
