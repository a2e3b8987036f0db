from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import part_name

PATTERN = "{code}_{part code}_{nn}.pdf"
#: What codes of dossiers and parts are made of.
CODES = st.text("ABCĐ0123456789.-_ ", min_size=1, max_size=24).filter(
    lambda text: text == text.strip(" .-")
)


@tagged("post_install", "-at_install")
class TestPartName(BaseCase):
    """Names of files and separators can be read back, whatever a scanner sends."""

    @given(CODES, CODES, st.integers(1, 999))
    @settings(max_examples=150, deadline=None)
    def test_what_is_built_is_read_back(self, code, key, number):
        name = part_name.build(PATTERN, code, key, number)
        self.assertIn(
            (" ".join(code.split()), " ".join(key.split()), number),
            part_name.readings(PATTERN, name),
        )

    @given(st.text(max_size=120))
    @settings(max_examples=200, deadline=None)
    def test_any_name_is_read_or_left(self, name):
        for code, key, number in part_name.readings(PATTERN, name):
            self.assertTrue(code and key)
            self.assertGreaterEqual(number, 0)

    @given(st.text(max_size=200))
    @settings(max_examples=200, deadline=None)
    def test_any_text_is_a_separator_or_not(self, text):
        found = part_name.read_separator(text)
        if found:
            self.assertEqual(len(found), 2)
            self.assertTrue(text.startswith(f"{part_name.MARK}|"))

    @given(CODES, CODES)
    @settings(max_examples=100, deadline=None)
    def test_separators_are_read_back(self, code, key):
        text = part_name.separator_text(code, key)
        self.assertEqual(part_name.read_separator(text), (code.strip(), key.strip()))

    @given(st.lists(st.text("AB01|. ", max_size=6), max_size=12))
    @settings(max_examples=200, deadline=None)
    def test_each_part_has_a_key_of_its_own(self, codes):
        keys = part_name.part_keys(list(enumerate(codes, 1)))
        self.assertEqual(sorted(keys), list(range(1, len(codes) + 1)))
        upper = [key.upper() for key in keys.values()]
        self.assertEqual(len(set(upper)), len(upper))
        self.assertTrue(all(upper))
        for key in keys.values():
            self.assertIsNotNone(
                part_name.read_separator(part_name.separator_text("H1-1", key)), key
            )

    def test_a_later_row_changes_no_key(self):
        before = part_name.part_keys([(7, "TK"), (9, "")])
        after = part_name.part_keys([(7, "TK"), (9, ""), (12, "TP02")])
        self.assertEqual(before, {7: "TK", 9: "TP02"})
        self.assertEqual(after[7], "TK")
        self.assertNotEqual(after[9], after[12])

    def test_names_that_people_send(self):
        own = ("H50.21-261123-0001", "GCN", 1)
        for name in (
            "H50.21-261123-0001_GCN_01.pdf",
            "H50.21-261123-0001_GCN_01.PDF",
            "H50.21-261123-0001_GCN_1.jpg",
            "H50.21-261123-0001_GCN_01 (2).pdf",
        ):
            self.assertIn(own, part_name.readings(PATTERN, name), name)
        for name in ("", "scan001.pdf", "_GCN_01.pdf", "a_b_c.pdf", "../../x_y_1.pdf"):
            self.assertNotIn(own, part_name.readings(PATTERN, name))
        self.assertFalse(part_name.readings(PATTERN, "scan001.pdf"))

    def test_patterns_that_cannot_be_read_back(self):
        part_name.check_pattern(PATTERN)
        part_name.check_pattern("HS {part code}--{code}.{nn}.pdf")
        for pattern in (
            "{code}_{nn}.pdf",
            "{code}{part code}_{nn}.pdf",
            "{code}/{part code}_{nn}.pdf",
            "{code}_{part code}_{nn}_{nn}.pdf",
            "{code}_{part code}_{nn}.{x}.pdf",
            "{code}_{part code}_{nn}.doc",
        ):
            with self.assertRaises(part_name.PatternError, msg=pattern):
                part_name.check_pattern(pattern)

    def test_other_codes_are_no_separators(self):
        for text in (
            "",
            "CCHC-TP1",
            "CCHC-TP1|H50|",
            "CCHC-TP1||TK",
            "CCHC-TP2|H50|TK",
            "CCHC-TP1|H50|TK|x",
            "CCHC-TP1|H50|T\nK",
            f"CCHC-TP1|{'9' * 101}|TK",
            "045190000123||Nguyễn Thị Hoa|08031990|Nữ|Thôn Trường Xuân|01012022",
        ):
            self.assertIsNone(part_name.read_separator(text), text)
