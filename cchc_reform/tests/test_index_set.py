from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .index_common import IndexCase


@tagged("post_install", "-at_install")
class TestIndexSet(IndexCase):
    """Sets of criteria: what adds up, what stays, what a new version copies."""

    def test_parts_make_the_maximum(self):
        self.assertFalse(self.set.problem)
        leaf = self.set.criterion_ids.filtered(lambda node: node.code == "I.1")
        leaf.maximum = 5
        with self.assertRaises(UserError) as caught:
            self.set.action_publish()
        self.assertIn("I “Chỉ đạo”", caught.exception.args[0])
        self.assertIn("15", caught.exception.args[0])
        self.assertIn("16", caught.exception.args[0])
        leaf.maximum = 6
        self.set.action_publish()
        self.assertEqual(self.set.state, "published")

    def test_areas_make_the_total(self):
        self.set.total = 21
        with self.assertRaisesRegex(UserError, "20 points, but the set says 21"):
            self.set.action_publish()

    def test_bonus_stands_beside(self):
        self.assertEqual(self.set.bonus, 1)
        bonus = self.set.criterion_ids.filtered(lambda node: node.code == "II.3")
        bonus.maximum = 5
        self.assertFalse(self.set.problem)

    def test_a_rule_needs_its_parameters(self):
        leaf = self.set.criterion_ids.filtered(lambda node: node.code == "I.4")
        leaf.item_ids.unlink()
        with self.assertRaisesRegex(UserError, "Name the parts that “I.4"):
            self.set.action_publish()

    def test_thresholds_are_checked(self):
        leaf = self.set.criterion_ids.filtered(lambda node: node.code == "I.1")
        bands = self.env["cchc.index.band"]
        for start in (90, 90):
            bands.create({"criterion_id": leaf.id, "start": start, "kind": "ratio"})
        with self.assertRaisesRegex(UserError, "thresholds of “I.1"):
            self.set.action_publish()

    def test_published_stays_for_everybody(self):
        self.set.action_publish()
        leaf = self.set.criterion_ids.filtered(lambda node: node.code == "I.4")
        for records, vals in (
            (self.set, {"total": 21}),
            (leaf, {"maximum": 3}),
            (leaf.item_ids, {"points": 1}),
            (self.set.class_ids, {"threshold": 1}),
        ):
            with self.subTest(model=records._name), self.assertRaises(UserError):
                records.sudo().write(vals)
        with self.assertRaises(UserError):
            self.set.unlink()
        with self.assertRaises(UserError):
            self.env["cchc.index.criterion"].create(
                {"set_id": self.set.id, "code": "IX", "name": "X", "maximum": 1}
            )

    def test_a_new_version_copies_the_tree(self):
        self.set.action_publish()
        action = self.set.action_new_version()
        new = self.env["cchc.index.set"].browse(action["res_id"])
        self.assertEqual((new.version, new.state), (2, "draft"))
        self.assertEqual(new.previous_id, self.set)
        self.assertEqual(
            new.criterion_ids.sorted("path").mapped("code"),
            self.set.criterion_ids.sorted("path").mapped("code"),
        )
        self.assertFalse(new.problem)
        parts = new.criterion_ids.filtered(lambda node: node.code == "I.4")
        self.assertEqual(parts.item_ids.mapped("name"), ["Bảng tin", "Mạng xã hội"])
        self.assertEqual(parts.previous_ids.set_id, self.set)
        self.assertFalse(new.dropped_text or new.added_text)
        self.assertEqual(parts.parent_id.set_id, new)
        new.write({"decision_number": "2/QĐ-UBND", "decision_date": "2027-01-05"})
        new.action_publish()
        self.assertEqual(self.set.state, "replaced")

    def test_agencies_below_read_it(self):
        self.set.action_publish()
        read = self.set.with_user(self.member)
        self.assertEqual(len(read.criterion_ids), 9)
        with self.assertRaises(AccessError):
            self.set.with_user(self.officer).write({"note": "x"})

    def test_a_criterion_is_not_part_of_itself(self):
        with self.assertRaises(ValidationError):
            self.area_node["I"].parent_id = self.set.criterion_ids.filtered(
                lambda node: node.code == "I.1"
            )
