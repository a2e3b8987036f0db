from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import amount_words, fee, receipt_symbol

_MONEY = st.integers(0, 500_000)
_TIERS = st.lists(
    st.tuples(st.integers(2, 400), _MONEY), max_size=4, unique_by=lambda tier: tier[0]
).map(lambda tiers: tuple(sorted(tiers)))
_TARIFFS = st.builds(
    fee.Tariff,
    amount=_MONEY,
    tiers=_TIERS,
    cap=st.one_of(st.just(0), st.integers(1, 1_000_000)),
    factor=st.sampled_from((0, 50, 75, 100)),
)
_QUANTITY = st.integers(0, 1000)


@tagged("post_install", "-at_install")
class TestFeeTool(BaseCase):
    """Arithmetic of fees in whole đồng."""

    CERTIFIED = fee.Tariff(2000, ((3, 1000),), 200_000)

    def test_certified_copy(self):
        for pages, due in ((0, 0), (1, 2000), (2, 4000), (3, 5000), (5, 7000)):
            self.assertEqual(fee.charge(self.CERTIFIED, pages).due, due)
        self.assertEqual(fee.charge(self.CERTIFIED, 198).due, 200_000)
        self.assertEqual(fee.charge(self.CERTIFIED, 199).due, 200_000)
        self.assertEqual(fee.charge(self.CERTIFIED, 5, 3).due, 21_000)
        self.assertEqual(fee.charge(self.CERTIFIED, 500, 2).due, 400_000)

    def test_how_it_was_worked_out(self):
        self.assertEqual(
            fee.explain(fee.charge(self.CERTIFIED, 5), "trang"),
            "2 trang × 2.000 + 3 trang × 1.000",
        )
        self.assertEqual(
            fee.explain(
                fee.charge(self.CERTIFIED, 300, 2, 50), "trang", "bản", "tối đa"
            ),
            "(2 trang × 2.000 + 298 trang × 1.000, tối đa 200.000) × 2 bản − 50%",
        )
        half = fee.Tariff(8000, factor=50)
        self.assertEqual(
            fee.explain(fee.charge(half, 1), "bản"), "(1 bản × 8.000) × 50%"
        )

    def test_not_stated_is_never_zero(self):
        unknown = fee.Tariff(stated=False)
        for percent in (0, 50, 100):
            self.assertIsNone(fee.charge(unknown, 3, 2, percent))
        self.assertEqual(fee.explain(None), "")

    def test_what_cannot_be_a_tariff(self):
        for bad in (
            {"amount": -1},
            {"tiers": ((1, 5),)},
            {"tiers": ((4, 5), (3, 5))},
            {"tiers": ((3, -5),)},
        ):
            with self.assertRaises(ValueError):
                fee.Tariff(**bad)
        with self.assertRaises(ValueError):
            fee.charge(self.CERTIFIED, -1)
        with self.assertRaises(ValueError):
            fee.charge(self.CERTIFIED, 1, exempt_percent=101)

    @settings(max_examples=300, deadline=None)
    @given(_TARIFFS, _QUANTITY, st.integers(0, 20))
    def test_sum_piece_by_piece_cap_and_monotone(self, tariff, quantity, items):
        result = fee.charge(tariff, quantity, items)
        prices = {1: tariff.amount, **dict(tariff.tiers)}
        one, price = 0, 0
        for unit in range(1, quantity + 1):
            price = prices.get(unit, price)
            one += price
        self.assertEqual(result.one, one)
        self.assertEqual(sum(part.count for part in result.parts), quantity)
        if tariff.cap:
            self.assertLessEqual(
                result.gross, fee.percent_of(tariff.cap * items, tariff.factor)
            )
        more = fee.charge(tariff, quantity + 1, items)
        self.assertGreaterEqual(more.gross, result.gross)
        self.assertGreaterEqual(
            fee.charge(tariff, quantity, items + 1).gross, result.gross
        )

    @settings(max_examples=300, deadline=None)
    @given(_TARIFFS, _QUANTITY, st.lists(st.integers(0, 100), max_size=4))
    def test_one_exemption_the_best_and_it_never_raises(
        self, tariff, quantity, percents
    ):
        full = fee.charge(tariff, quantity)
        best = fee.charge(tariff, quantity, exempt_percent=fee.best_percent(percents))
        self.assertLessEqual(best.due, full.gross)
        self.assertEqual(best.due + best.exempted, best.gross)
        for percent in percents:
            self.assertLessEqual(
                best.due, fee.charge(tariff, quantity, exempt_percent=percent).due
            )
        self.assertEqual(fee.charge(tariff, quantity, exempt_percent=0).due, full.gross)
        self.assertEqual(fee.charge(tariff, quantity, exempt_percent=100).due, 0)

    @settings(max_examples=200, deadline=None)
    @given(_TARIFFS)
    def test_a_packed_tariff_comes_back(self, tariff):
        text = fee.pack(tariff.tiers, tariff.cap, tariff.factor)
        self.assertEqual(fee.unpack(text, tariff.amount), tariff)


@tagged("post_install", "-at_install")
class TestAmountWords(BaseCase):
    """Amounts in words as a Vietnamese receipt states them."""

    def test_the_traps(self):
        for amount, words in (
            (0, "Không đồng"),
            (1, "Một đồng"),
            (5, "Năm đồng"),
            (10, "Mười đồng"),
            (15, "Mười lăm đồng"),
            (21, "Hai mươi mốt đồng"),
            (11, "Mười một đồng"),
            (24, "Hai mươi bốn đồng"),
            (55, "Năm mươi lăm đồng"),
            (101, "Một trăm lẻ một đồng"),
            (110, "Một trăm mười đồng"),
            (1001, "Một nghìn không trăm lẻ một đồng"),
            (1021, "Một nghìn không trăm hai mươi mốt đồng"),
            (8000, "Tám nghìn đồng"),
            (21000, "Hai mươi mốt nghìn đồng"),
            (105000, "Một trăm lẻ năm nghìn đồng"),
            (200000, "Hai trăm nghìn đồng"),
            (1005000, "Một triệu không trăm lẻ năm nghìn đồng"),
            (1000000000, "Một tỷ đồng"),
            (2000000015, "Hai tỷ không trăm mười lăm đồng"),
            (
                3005000000000,
                "Ba nghìn không trăm lẻ năm tỷ đồng",
            ),
            (-8000, "Âm tám nghìn đồng"),
        ):
            with self.subTest(amount=amount):
                self.assertEqual(amount_words.amount_words(amount), words)
        self.assertEqual(
            amount_words.amount_words(105, zero="linh"), "Một trăm linh năm đồng"
        )

    @settings(max_examples=300, deadline=None)
    @given(st.integers(0, 10**12))
    def test_the_words_say_the_number(self, number):
        self.assertEqual(_number(amount_words.number_words(number)), number)


def _number(words):
    """Read Vietnamese words back, by another way than they are made."""
    digits = {
        word: digit
        for digit, word in enumerate(
            "không một hai ba bốn năm sáu bảy tám chín".split()
        )
    } | {"mốt": 1, "lăm": 5}
    total, group, digit = 0, 0, None
    for word in words.split():
        if word in digits:
            digit = digits[word]
        elif word == "trăm":
            group, digit = group + digit * 100, None
        elif word == "mươi":
            group, digit = group + digit * 10, None
        elif word == "mười":
            group, digit = group + 10, None
        elif word in ("nghìn", "triệu", "tỷ"):
            size = {"nghìn": 10**3, "triệu": 10**6, "tỷ": 10**9}[word]
            group += digit or 0
            if word == "tỷ":
                total = (total + group) * size
            else:
                total += group * size
            group, digit = 0, None
    return total + group + (digit or 0)


_PATTERN, _LETTERS, _DIGITS = "{yy}T{letters:2}", "ABCDEGHKLMNPQRSTUVXY", 8
_PIECES = st.one_of(
    st.sampled_from(("{yy}", "{yyyy}", "{letters:1}", "{letters:3}")),
    st.sampled_from(("T", "-", "BL/", ".", "+")),
)


@tagged("post_install", "-at_install")
class TestReceiptSymbol(BaseCase):
    """Symbols and numbers of receipts by what a rule says."""

    def _problem(self, symbol, year):
        return receipt_symbol.problem(symbol, year, _PATTERN, _LETTERS)

    def test_symbols(self):
        self.assertIsNone(self._problem("26TAB", 2026))
        self.assertEqual(self._problem("26TAB", 2027), "year")
        self.assertEqual(self._problem("26TAF", 2026), "letter")
        for bad in ("", None, "26TA", "26tab", "26XAB", "2TABC", "26TABC", "26T1A"):
            self.assertEqual(self._problem(bad, 2026), "form", bad)
        self.assertEqual(receipt_symbol.next_year("26TAB", 2026, _PATTERN), "27TAB")
        self.assertEqual(receipt_symbol.next_year("99TAB", 2099, _PATTERN), "00TAB")
        self.assertEqual(receipt_symbol.next_year("BI-26T", 2026, ""), "BI-26T")
        self.assertEqual(receipt_symbol.example(2026, _PATTERN, _LETTERS), "26TAB")
        for bad in ("{year}", "{letters}", "{letters:0}", "26}", "{{yy}}"):
            with self.assertRaises(ValueError):
                receipt_symbol.example(2026, bad, _LETTERS)

    @settings(deadline=None)
    @given(st.lists(_PIECES, max_size=6).map("".join), st.integers(1900, 2999))
    def test_any_pattern_knows_its_own_symbols(self, pattern, year):
        symbol = receipt_symbol.example(year, pattern, _LETTERS)
        self.assertIsNone(receipt_symbol.problem(symbol, year, pattern, _LETTERS))
        following = receipt_symbol.next_year(symbol, year, pattern)
        self.assertIsNone(
            receipt_symbol.problem(following, year + 1, pattern, _LETTERS)
        )
        if "{yy" in pattern:
            self.assertNotEqual(following, symbol)
            self.assertEqual(
                receipt_symbol.problem(symbol, year + 1, pattern, _LETTERS), "year"
            )

    @settings(deadline=None)
    @given(st.integers(1, 99_999_999), st.integers(1, 99_999_999))
    def test_numbers_keep_their_order_and_differ(self, one, other):
        first = receipt_symbol.render(one, _DIGITS)
        second = receipt_symbol.render(other, _DIGITS)
        self.assertEqual(len(first), 8)
        self.assertEqual(int(first), one)
        self.assertEqual(one < other, first < second)

    def test_a_full_book(self):
        for number in (0, -1, 100_000_000):
            with self.assertRaises(ValueError):
                receipt_symbol.render(number, _DIGITS)
