from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import aggregate, token
from ..tools.aggregate import REST, Cell

cells = st.builds(Cell, *[st.integers(0, 12)] * 3)
tables = st.dictionaries(st.integers(1, 30), cells, max_size=12)
minimums = st.integers(3, 9)
#: The machine that runs the tests may be slow; the arithmetic is not measured.
calm = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=100
)


@tagged("post_install", "-at_install")
class TestAggregate(BaseCase):
    """Sums that may be shown, and secrets of public pages."""

    @calm
    @given(tables, minimums)
    def test_nothing_small_is_shown_or_worked_out(self, table, minimum):
        shown = aggregate.partition(table, minimum)
        total = sum(cell.number for cell in table.values())
        for cell in shown.values():
            self.assertGreaterEqual(cell.number, minimum)
        hidden = total - sum(cell.number for cell in shown.values())
        # what is hidden is either nothing or all there is
        self.assertIn(hidden, (0, total))
        if hidden:
            self.assertLess(total, minimum)

    @calm
    @given(tables, minimums)
    def test_separate_cells(self, table, minimum):
        shown = aggregate.separate(table, minimum)
        self.assertEqual(shown, {k: c for k, c in table.items() if c.number >= minimum})

    def test_a_single_small_cell_takes_the_next_with_it(self):
        shown = aggregate.partition(
            {1: Cell(3, 2, 1), 2: Cell(20, 0, 0), 3: Cell(0, 0, 1)}, 5
        )
        self.assertEqual(shown, {2: Cell(20, 0, 0), REST: Cell(3, 2, 2)})

    def test_percent_is_half_up_with_one_decimal(self):
        self.assertEqual(aggregate.percent(Cell(1, 1, 1)), 66.7)
        self.assertEqual(aggregate.percent(Cell(0, 1, 15)), 6.3)
        self.assertEqual(aggregate.percent(Cell(7, 0, 0)), 100.0)
        self.assertIsNone(aggregate.percent(Cell()))

    @calm
    @given(cells)
    def test_percent_within_bounds(self, cell):
        percent = aggregate.percent(cell)
        if cell.number:
            self.assertTrue(0 <= percent <= 100)
            exact = 100 * (cell.very_satisfied + cell.satisfied) / cell.number
            self.assertLessEqual(abs(percent - exact), 0.05 + 1e-9)

    @calm
    @given(st.text(max_size=60), st.text(min_size=1, max_size=60))
    def test_typed_secret(self, key, nonce):
        secret = token.typed_secret(key, nonce)
        self.assertRegex(secret, r"^([A-Z2-7]{4}-){2}[A-Z2-7]{4}$")
        self.assertFalse(set(secret) & set("ILOU"))
        self.assertEqual(secret, token.typed_secret(key, nonce))
        typed = secret.lower().replace("-", " ")
        self.assertEqual(token.normal_secret(typed), secret.replace("-", ""))

    def test_tokens_are_long_and_differ(self):
        tokens = {token.new_token() for _number in range(100)}
        self.assertEqual(len(tokens), 100)
        self.assertTrue(all(len(secret) >= 32 for secret in tokens))
        self.assertGreaterEqual(token.TOKEN_BYTES * 8, 128)
        self.assertNotIn(min(tokens), token.digest(min(tokens)))
