from datetime import date

from odoo.tests import tagged

from .common import IsoCase


@tagged("post_install", "-at_install")
class TestEdition(IsoCase):
    """Editions of the standard and their clauses (TCVN ISO 9001)."""

    def test_the_edition_in_force_on_a_day(self):
        edition = self.env["cchc.iso.edition"].create(
            {
                "code": "TCVN ISO 9001:2099",
                "name": "Requirements",
                "state": "published",
                "valid_from": date(2099, 1, 1),
            }
        )
        current = edition.with_user(self.member)._current
        self.assertNotEqual(current(date(2098, 12, 31)), edition)
        self.assertEqual(current(date(2099, 1, 1)), edition)

    def test_clauses_sort_by_number(self):
        edition = self.env["cchc.iso.edition"].create({"code": "X", "name": "X"})
        clauses = self.env["cchc.iso.clause"].create(
            [
                {"edition_id": edition.id, "code": code}
                for code in ("10.1", "4.10", "4.9")
            ]
        )
        self.assertEqual(
            clauses.sorted("sort_key").mapped("code"), ["4.9", "4.10", "10.1"]
        )
