import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import sampling

COUNTS = st.dictionaries(st.integers(0, 500), st.integers(0, 400), max_size=12)
POSITIONS = [684928, 559577, 143103, 587682, 698001, 953268]
STRATIFIED = [(10, 1), (6, 1), (16, 1), (13, 2), (1, 2), (20, 3)]
SEEDS = st.text(alphabet="0123456789abcdef", min_size=1, max_size=16)


@tagged("post_install", "-at_install")
class TestSampling(BaseCase):
    """The draw: the same everywhere from the same seed, fair, of the size wanted."""

    @settings(max_examples=200, deadline=None)
    @given(SEEDS, st.integers(0, 2000), st.integers(0, 2500))
    def test_positions(self, seed, count, size):
        drawn = sampling.positions(seed, count, size)
        self.assertEqual(drawn, sampling.positions(seed, count, size))
        self.assertEqual(len(drawn), min(size, count))
        self.assertEqual(len(set(drawn)), len(drawn))
        self.assertTrue(all(0 <= position < count for position in drawn))

    def test_the_documented_algorithm_by_hand(self):
        expected, number = [], 0
        while len(expected) < 5:
            digest = hashlib.sha256(f"c0ffee//{number}".encode()).hexdigest()
            position = int(digest[:16], 16) % 1000
            if position not in expected:
                expected.append(position)
            number += 1
        self.assertEqual(sampling.positions("c0ffee", 1000, 5), expected)

    def test_the_same_on_any_machine(self):
        """Values that no later version may give otherwise: printed samples are
        repeated from them."""
        self.assertEqual(sampling.ALGORITHM, "cchc-draw/1")
        self.assertEqual(
            sampling.positions("0123456789abcdef", 1_000_000, 6), POSITIONS
        )
        self.assertEqual(
            sampling.draw("0123456789abcdef", sampling.grouped([1, 2] * 10 + [3]), 6),
            STRATIFIED,
        )

    def test_each_position_is_as_likely(self):
        hits = [0] * 10
        for seed in range(3000):
            for position in sampling.positions(str(seed), 10, 3):
                hits[position] += 1
        # 900 expected each, standard deviation about 25
        self.assertLess(max(abs(hit - 900) for hit in hits), 130)

    @settings(max_examples=300, deadline=None)
    @given(COUNTS, st.integers(0, 1500))
    def test_shares(self, counts, size):
        shares = sampling.allocate(counts, size)
        total = sum(counts.values())
        self.assertEqual(sum(shares.values()), min(size, total))
        filled = {key: count for key, count in counts.items() if count}
        self.assertEqual(set(shares), set(filled))
        for key, share in shares.items():
            self.assertLessEqual(share, filled[key])
            if size >= len(filled):
                self.assertGreaterEqual(share, 1)

    def test_shares_by_the_largest_remainder(self):
        # 10 of 100: 5.7, 2.6, 1.7 → 5, 2, 1 and the two largest remainders
        self.assertEqual(
            sampling.allocate({"a": 57, "b": 26, "c": 17}, 10),
            {"a": 6, "b": 2, "c": 2},
        )
        # a small stratum is not left out
        self.assertEqual(sampling.allocate({1: 990, 2: 10}, 20), {1: 19, 2: 1})
        # fewer than there are strata: the largest
        self.assertEqual(sampling.allocate({1: 5, 2: 9, 3: 9}, 2), {1: 0, 2: 1, 3: 1})

    @settings(max_examples=150, deadline=None)
    @given(SEEDS, st.lists(st.integers(0, 6), max_size=300), st.integers(0, 320))
    def test_strata(self, seed, keys, size):
        drawn = sampling.draw(seed, sampling.grouped(keys), size)
        self.assertEqual(drawn, sampling.draw(seed, sampling.grouped(keys), size))
        places = [place for place, _key in drawn]
        self.assertEqual(len(drawn), min(size, len(keys)))
        self.assertEqual(len(set(places)), len(places))
        self.assertTrue(all(keys[place] == key for place, key in drawn))

    def test_table_of_sizes(self):
        rows = [(1, 10, 20), (11, 100, 15), (101, None, 30)]
        self.assertEqual(sampling.size_for(rows, 7), 7)
        self.assertEqual(sampling.size_for(rows, 11), 11)
        self.assertEqual(sampling.size_for(rows, 100), 15)
        self.assertEqual(sampling.size_for(rows, 10**6), 30)
        self.assertIsNone(sampling.size_for(rows[:2], 101))

    def test_numbers_of_postgresql(self):
        numbers = [0, 1, 255, 2**31 - 1]
        packed = b"".join(number.to_bytes(4, "big") for number in numbers)
        self.assertEqual(list(sampling.unpack(packed)), numbers)
        self.assertEqual(list(sampling.unpack(None)), [])

    def test_fingerprint(self):
        self.assertEqual(
            sampling.fingerprint(["A", "B"]), hashlib.sha256(b"A\nB").hexdigest()
        )
