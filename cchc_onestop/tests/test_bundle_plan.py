from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import bundle_plan


@st.composite
def graphs(draw):
    """Parts that wait for earlier ones only, and which of them are wanted."""
    count = draw(st.integers(1, 9))
    after = {
        part: draw(st.sets(st.integers(0, part - 1))) if part else set()
        for part in range(count)
    }
    return after, draw(st.sets(st.sampled_from(range(count))))


@tagged("post_install", "-at_install")
class TestBundlePlan(BaseCase):
    """The order of the parts of a group, for any order that has no circle."""

    @settings(deadline=None, derandomize=True, max_examples=300)
    @given(graphs(), st.randoms(use_true_random=False))
    def test_no_part_begins_early_and_all_begin(self, graph, rng):
        after, chosen = graph
        needed = bundle_plan.needs(after, chosen)
        self.assertEqual(set(needed), chosen)
        started, done = set(), set()
        while len(done) < len(chosen):
            fresh = bundle_plan.ready(needed, started, done)
            for part in fresh:
                self.assertLessEqual(self._wanted_before(after, chosen, part), done)
            started.update(fresh)
            running = sorted(started - done)
            self.assertTrue(running, "nothing can go on")
            done.add(rng.choice(running))
        self.assertEqual(done, chosen)
        self.assertFalse(bundle_plan.ready(needed, started, done))

    def _wanted_before(self, after, chosen, part):
        """All wanted parts before ``part``, found the plain way: by walking back."""
        found, stack = set(), list(after[part])
        while stack:
            before = stack.pop()
            if before in chosen:
                found.add(before)
            stack += after[before]
        return found

    @settings(deadline=None, derandomize=True, max_examples=200)
    @given(graphs(), st.lists(st.integers(0, 9), min_size=9, max_size=9))
    def test_no_part_ends_before_those_it_waits_for(self, graph, times):
        after, chosen = graph
        needed = bundle_plan.needs(after, chosen)
        ends = bundle_plan.ends(needed, {part: times[part] for part in chosen})
        for part, end in ends.items():
            self.assertGreaterEqual(end, times[part])
            for before in needed[part]:
                if before in ends:
                    self.assertGreaterEqual(end - times[part], ends[before])

    def test_circle_is_named(self):
        with self.assertRaises(bundle_plan.CycleError) as caught:
            bundle_plan.order({1: [], 2: [1, 3], 3: [2], 4: [1]})
        self.assertEqual(set(caught.exception.args[0]), {2, 3})

    def test_dependents(self):
        needed = bundle_plan.needs({1: [], 2: [1], 3: [2], 4: [1], 5: []}, range(1, 6))
        self.assertEqual(bundle_plan.dependents(needed, {2}), {3})
        self.assertEqual(bundle_plan.dependents(needed, {1}), {2, 3, 4})
