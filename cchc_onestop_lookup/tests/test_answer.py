from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import answer

KINDS = [
    answer.TEXT,
    answer.NAME,
    answer.DAY,
    answer.SEX,
    answer.NUMBER,
    answer.ADDRESS,
]
TEXTS = st.text(max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=12,
)


@tagged("post_install", "-at_install")
class TestAnswer(BaseCase):
    """What is read from the answer of a register, and how it is compared."""

    def test_paths(self):
        data = {
            "SoDinhDanh": 45190000123,
            "HoVaTen": {"Ho": "Lê", "ChuDem": None, "Ten": " Cả "},
            "ThuongTru": {"MaTinhThanh": "Quảng Trị", "ChiTiet": "Thôn 1"},
            "Con": [{"Ten": "An"}, {"Ten": "Bình"}],
            "NamSinh": 1955,
        }
        self.assertEqual(answer.value_at(data, "HoVaTen"), "Lê Cả")
        self.assertEqual(answer.value_at(data, "HoVaTen.Ho+HoVaTen.Ten"), "Lê Cả")
        self.assertEqual(answer.value_at(data, "ThuongTru"), "Thôn 1, Quảng Trị")
        self.assertEqual(answer.value_at(data, "NgayThangNamSinh|NamSinh"), "1955")
        self.assertEqual(answer.value_at(data, "Con"), "An, Bình")
        self.assertEqual(answer.value_at(data, "VoChong.HoVaTen"), "")
        self.assertEqual(answer.value_at(data, "SoDinhDanh.Ten"), "")

    def test_days(self):
        for text in ("19900308", "1990-03-08", "08/03/1990"):
            self.assertEqual(answer.parse_day(text), date(1990, 3, 8))
        self.assertIsNone(answer.parse_day("1990"))
        self.assertEqual(answer.show(answer.DAY, "19900308"), "08/03/1990")
        self.assertEqual(answer.show(answer.DAY, "1990"), "1990")

    def test_moments_are_vietnamese(self):
        self.assertEqual(
            answer.parse_moment("20261120090000"), datetime(2026, 11, 20, 2, 0)
        )
        self.assertIsNone(answer.parse_moment("hôm qua"))
        self.assertIsNone(answer.parse_moment(None))

    def test_verdicts(self):
        cases = [
            (answer.NAME, "NGUYỄN THỊ HOA", "Nguyễn  Thị Hoa", answer.SAME),
            # composed and decomposed letters are the same name
            (answer.NAME, "Hòa", "Ho\u0300a", answer.SAME),
            (answer.NAME, "Nguyễn Thị Hoa", "Nguyễn Thị Hoà", answer.DIFFERS),
            (answer.DAY, "1990-03-08", "19900308", answer.SAME),
            (answer.DAY, "1990-03-08", "1990", answer.SAME),
            (answer.DAY, "1990-03-08", "1991", answer.DIFFERS),
            (answer.DAY, "", "19900308", answer.MISSING_HERE),
            (answer.SEX, "female", "2", answer.SAME),
            (answer.SEX, "male", "Nữ", answer.DIFFERS),
            (answer.NUMBER, "0100109106-001", "0100109106001", answer.SAME),
            (answer.ADDRESS, "Thôn 1, xã A", "thôn 1 xã A.", answer.SAME),
            (answer.TEXT, "Trần Thị Hạnh", "", answer.MISSING_THERE),
            (answer.TEXT, "", " ", ""),
        ]
        for kind, ours, theirs, verdict in cases:
            with self.subTest(kind=kind, ours=ours, theirs=theirs):
                self.assertEqual(answer.compare(kind, ours, theirs), verdict)

    def test_masks(self):
        self.assertEqual(answer.mask("045190000123"), "045******123")
        self.assertEqual(answer.mask("1234"), "****")
        self.assertEqual(answer.mask(None), "")

    @given(JSON, st.text(alphabet="ABab.+|", max_size=12))
    def test_no_answer_breaks_the_reader(self, data, path):
        self.assertIsInstance(answer.value_at(data, path), str)

    @given(st.sampled_from(KINDS), TEXTS)
    def test_every_kind_agrees_with_itself(self, kind, text):
        self.assertIn(answer.compare(kind, text, text), (answer.SAME, ""))

    @given(st.sampled_from(KINDS), TEXTS, TEXTS)
    def test_a_verdict_turns_with_the_sides(self, kind, ours, theirs):
        turned = {
            answer.MISSING_HERE: answer.MISSING_THERE,
            answer.MISSING_THERE: answer.MISSING_HERE,
        }
        verdict = answer.compare(kind, ours, theirs)
        if kind != answer.DAY:
            self.assertEqual(
                answer.compare(kind, theirs, ours), turned.get(verdict, verdict)
            )

    @given(TEXTS)
    def test_a_mask_shows_at_most_six(self, text):
        shown = answer.mask(text).replace("*", "")
        self.assertLessEqual(len(shown), 6)
