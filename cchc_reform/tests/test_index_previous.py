from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, Form, tagged

from ..tools.criterion_match import Node, likeness, match
from .index_common import IndexCase

NAMES = st.text("abc ", min_size=1, max_size=8)
NODES = st.lists(
    st.builds(Node, st.integers(), st.sampled_from(("I", "II")), NAMES, st.booleans()),
    unique_by=lambda node: node.key,
    max_size=6,
)


@tagged("post_install", "-at_install")
class TestCriterionMatch(BaseCase):
    """What is proposed: same name, same number, what is most alike."""

    def _node(self, key, code, name, is_leaf=True):
        return Node(key, code, name, is_leaf)

    def test_numbered_anew(self):
        before = [self._node(1, "I.1", "ke hoach"), self._node(2, "I.2", "bao cao")]
        new = [self._node(8, "I.1", "bao cao"), self._node(9, "I.2", "ke hoach")]
        self.assertEqual(match(new, before), {8: 2, 9: 1})

    def test_same_name_twice_goes_by_number(self):
        before = [self._node(1, "I.1", "khac"), self._node(2, "II.1", "khac")]
        self.assertEqual(match([self._node(9, "II.1", "khac")], before), {9: 2})

    def test_reworded(self):
        before = [self._node(1, "I.1", "muc do hoan thanh ke hoach cchc")]
        same = [self._node(9, "I.1", "hoan thanh ke hoach")]
        self.assertEqual(match(same, before), {9: 1})
        moved = [self._node(9, "I.4", "hoan thanh ke hoach")]
        self.assertEqual(match(moved, before), {})

    def test_a_number_alone_is_not_enough(self):
        before = [self._node(1, "I.1", "niem yet thu tuc")]
        self.assertEqual(match([self._node(9, "I.1", "boi duong")], before), {})

    def test_heads_and_leaves_are_apart(self):
        before = [self._node(1, "I", "chi dao", is_leaf=False)]
        self.assertEqual(match([self._node(9, "I", "chi dao")], before), {})

    @settings(deadline=None, suppress_health_check=HealthCheck)
    @given(NODES, NODES)
    def test_each_is_used_once_and_of_its_kind(self, new, before):
        found = match(new, before)
        self.assertEqual(len(set(found.values())), len(found))
        kinds = {node.key: node.is_leaf for node in new}
        then = {node.key: node.is_leaf for node in before}
        for key, other in found.items():
            self.assertEqual(kinds[key], then[other])

    @settings(deadline=None, suppress_health_check=HealthCheck)
    @given(NODES)
    def test_a_set_is_found_in_itself(self, nodes):
        self.assertEqual(len(match(nodes, nodes)), len(nodes))

    @settings(deadline=None, suppress_health_check=HealthCheck)
    @given(NAMES, NAMES)
    def test_likeness_has_no_order(self, first, second):
        one, other = self._node(1, "I", first), self._node(2, "I", second)
        self.assertEqual(likeness(one, other), likeness(other, one))
        self.assertTrue(0 <= likeness(one, other) <= 1)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 03:00:00")
class TestIndexPrevious(IndexCase):
    """A new set merges, splits and drops criteria: years are compared all the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.before = cls._new_assessment(year=2025)
        cls.new = cls.env["cchc.index.set"].create(
            {
                "name": "Bộ chỉ số mới",
                "code": "MOI",
                "company_id": cls.province.id,
                "decision_number": "2/QĐ-UBND",
                "decision_date": "2026-01-05",
                "year_from": 2026,
                "previous_id": cls.set.id,
                "total": 10,
            }
        )
        criteria = cls.env["cchc.index.criterion"]
        cls.area = criteria.create(
            {"set_id": cls.new.id, "code": "A", "name": "Chỉ đạo", "maximum": 10}
        )
        rows = (
            ("A.1", "Hoàn thành kế hoạch", 3),  # one of two parts of I.1
            ("A.2", "Đúng hạn các nhiệm vụ", 2),  # the other part
            ("A.3", "Ban hành kế hoạch và xử lý kiến nghị", 4),  # I.2 and I.3
            ("A.4", "Đo lường mới", 1),
        )
        criteria.create(
            [
                {
                    "set_id": cls.new.id,
                    "parent_id": cls.area.id,
                    "sequence": number,
                    "code": code,
                    "name": name,
                    "maximum": maximum,
                    "rule": "manual",
                }
                for number, (code, name, maximum) in enumerate(rows)
            ]
        )

    def _node(self, code):
        nodes = (self.set | self.new).criterion_ids
        return nodes.filtered(lambda node: node.code == code)

    def _map(self):
        for code, before in {"A.1": "I.1", "A.2": "I.1", "A.3": "I.2 I.3"}.items():
            nodes = self.set.criterion_ids.browse()
            for old in before.split():
                nodes |= self._node(old)
            self._node(code).with_user(self.appraiser).previous_ids = nodes

    def _next_year(self):
        self.new.action_publish()
        return (
            self.env["cchc.index.assessment"]
            .with_user(self.officer)
            .create(
                {"company_id": self.commune.id, "set_id": self.new.id, "year": 2026}
            )
        )

    def test_proposals_and_warnings(self):
        new = self.new.with_user(self.appraiser)
        action = new.action_propose_previous()
        self.assertEqual(action["domain"], [("set_id", "=", new.id)])
        self.assertEqual(self._node("A.1").previous_ids, self._node("I.1"))
        self.assertEqual(self._node("A").previous_ids, self._node("I"))
        self.assertFalse(self._node("A.4").previous_ids)
        self.assertIn("I.3 Xử lý kiến nghị", new.dropped_text)
        self.assertIn("A.4 Đo lường mới", new.added_text)
        self.assertNotIn("I.1 Hoàn thành kế hoạch", new.dropped_text.splitlines())
        # what a person chose is kept
        self._map()
        new.action_propose_previous()
        self.assertEqual(self._node("A.3").previous_ids.mapped("code"), ["I.2", "I.3"])
        self.assertEqual((new.mapped_count, new.leaf_count), (3, 4))
        with Form(new) as form:
            self.assertIn("II.1", form.dropped_text)
        new.previous_id = False
        with self.assertRaisesRegex(UserError, "Choose the set before"):
            new.action_propose_previous()

    def test_merged_and_split_scores_are_compared(self):
        self._fill(self.before, I_1="90/100", I_2="không", I_3="6/8")
        self._map()
        mine = self._next_year()
        lines = {line.code: line for line in mine.line_ids}
        # I.1: 5.4 of 6, so nine tenths at each of its parts
        self.assertEqual(
            [lines[code].previous_score for code in ("A.1", "A.2", "A.4")],
            [2.7, 1.8, 0],
        )
        # I.2 (0 of 4) and I.3 (3 of 4) together: 3 of 8
        self.assertEqual(lines["A.3"].previous_score, 1.5)
        self.assertEqual(lines["A.3"].previous_codes, "I.2 + I.3")
        self.assertEqual(
            self._line(self.before, "I.1").next_line_ids.mapped("code"), ["A.1", "A.2"]
        )
        lines["A.3"].entry = "4"
        self.assertEqual(lines["A.3"].change, 2.5)
        # open criteria count in the forecast as far as they were reached then
        self.assertEqual(mine.forecast, 85)

    def test_a_map_drawn_later_reaches_lines_that_are_there(self):
        self._fill(self.before)
        mine = self._next_year()
        self.assertFalse(self._line(mine, "A.3").previous_line_ids)
        self._map()
        self.assertEqual(self._line(mine, "A.3").previous_score, 4)
        with self.assertRaises(UserError):
            self._node("A.3").name = "Khác"
        with self.assertRaises(AccessError):
            self._node("A.3").with_user(self.officer).previous_ids = False

    def test_remedies_are_followed_through_the_new_set(self):
        self._fill(
            self.before, I_1="90/100", I_2="không", I_3="6/8", I_4="1; 0", II_1="1"
        )
        self._map()
        before = {line.code: line for line in self.before.line_ids}
        codes = ("I.1", "I.2", "I.3", "I.4")
        self.assertEqual([before[code]._recovery() for code in codes], [False] * 4)
        mine = self._next_year()
        self.assertEqual(
            [before[code]._recovery() for code in codes],
            [False, False, False, "dropped"],
        )
        for code, points in {"A.1": "3", "A.2": "1,5", "A.3": "4"}.items():
            self._line(mine, code).entry = points
        # 4.5 of 5 is not more than 5.4 of 6
        self.assertEqual(
            [before[code]._recovery() for code in codes],
            ["not", "recovered", "recovered", "dropped"],
        )
        self._line(mine, "A.2").entry = "1,8"
        self.assertEqual(before["I.1"]._recovery(), "partly")

    def test_what_cannot_be(self):
        with self.assertRaisesRegex(ValidationError, "the same set"):
            self._node("A.1").previous_ids = self._node("A.2")
        self._map()
        with self.assertRaisesRegex(ValidationError, "come from itself"):
            self._node("I.1").previous_ids = [Command.set(self._node("A.1").ids)]
        with self.assertRaisesRegex(ValidationError, "before itself"):
            self.set.previous_id = self.new

    def test_through_a_version_in_between(self):
        """Of three sets the middle one may have scored nobody."""
        self._fill(self.before, I_1="90/100")
        self._map()
        self.new.action_publish()
        action = self.new.action_new_version()
        third = self.env["cchc.index.set"].browse(action["res_id"])
        third.write({"decision_number": "3/QĐ-UBND", "decision_date": "2026-02-01"})
        third.action_publish()
        mine = (
            self.env["cchc.index.assessment"]
            .with_user(self.officer)
            .create({"company_id": self.commune.id, "set_id": third.id, "year": 2026})
        )
        self.assertEqual(self._line(mine, "A.2").previous_score, 1.8)
