from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import seal

EXAMPLES = settings(
    deadline=None,
    max_examples=100,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
VALUES = st.dictionaries(
    st.text('aăđẽ "', max_size=5), st.integers() | st.text("bốn\n", max_size=9)
)


@tagged("post_install", "-at_install")
class TestSeal(BaseCase):
    """The checksum over what is kept as it was."""

    @EXAMPLES
    @given(VALUES)
    def test_order_does_not_matter(self, values):
        turned = dict(reversed(list(values.items())))
        self.assertEqual(seal.checksum(values), seal.checksum(turned))

    @EXAMPLES
    @given(VALUES, st.integers())
    def test_any_change_shows(self, values, number):
        self.assertNotEqual(
            seal.checksum([values, number]), seal.checksum([values, number + 1])
        )

    def test_what_was_changed_stays_on_the_screen(self):
        whole = seal.verdict(True, "as it was", "changed")["params"]
        broken = seal.verdict(False, "as it was", "changed")["params"]
        self.assertEqual((whole["message"], whole["sticky"]), ("as it was", False))
        self.assertEqual((broken["message"], broken["sticky"]), ("changed", True))
