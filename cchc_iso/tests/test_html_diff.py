from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import document_code, html_diff

TEXTS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)


@tagged("post_install", "-at_install")
class TestHtmlDiff(BaseCase):
    """Differences of issues, codes of documents: plain Python."""

    def test_rows_paragraphs_and_items_are_compared(self):
        old = (
            "<h2>5.4. Thời gian</h2><p>3 ngày</p>"
            "<table><tr><td>B1</td><td>Tiếp nhận</td></tr></table><ul><li>A</li></ul>"
        )
        new = old.replace("3 ngày", "2 ngày").replace(
            "<li>A</li>", "<li>A</li><li>B</li>"
        )
        self.assertEqual(
            html_diff.changes(old, new),
            [
                ("5.4. Thời gian", "3 ngày", "2 ngày"),
                ("5.4. Thời gian", "", "B"),
            ],
        )
        self.assertIn(("5.4. Thời gian", "B1 | Tiếp nhận"), html_diff.lines(old))

    def test_nothing_is_different_from_itself(self):
        for text in ("", "x", "<p>a</p>b<br>c", "<div><p>a<b>b</b></p></div>"):
            self.assertEqual(html_diff.changes(text, text), [])
        self.assertEqual(html_diff.changes("", "<p>a</p>"), [("", "", "a")])

    @given(st.lists(TEXTS, max_size=6), st.lists(TEXTS, max_size=6))
    def test_what_is_new_or_gone_is_named(self, old, new):
        def page(texts):
            return "".join(f"<p>{text}</p>" for text in texts)

        found = html_diff.changes(page(old), page(new))
        gone = {text for change in found for text in change.before.split("\n")}
        come = {text for change in found for text in change.after.split("\n")}
        self.assertLessEqual(set(old) - set(new), gone)
        self.assertLessEqual(set(new) - set(old), come)
        self.assertEqual(bool(found), old != new)

    @given(st.integers(1, 10**6), TEXTS)
    def test_the_number_of_a_code_is_found_again(self, number, parent):
        pattern, values = "BM-{parent}.{number:2}", {"parent": parent}
        code = document_code.render(pattern, values, number)
        self.assertEqual(document_code.number_in(pattern, values, code), number)

    def test_patterns_that_give_no_codes_are_refused(self):
        for pattern in ("QT-{nummer}", "QT-{number", "{number}{number}"):
            with self.assertRaises(document_code.PatternError):
                document_code.check(pattern)
        document_code.check("QT-{sector}-{number:3}")
        self.assertEqual(document_code.stem("QT-HT04"), "HT04")
        self.assertEqual(document_code.stem("STCL"), "STCL")
