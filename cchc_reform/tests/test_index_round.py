from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .index_common import IndexCase


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 03:00:00")
class TestIndexRound(IndexCase):
    """A round of a province over its communes: who sees and writes what, ranking."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.round = cls._new_round(
            deadline_self="2026-10-05",
            deadline_explain="2026-11-05",
        )
        rows = cls.round.sudo().assessment_ids
        cls.mine = rows.filtered(lambda row: row.company_id == cls.commune)
        cls.mine = cls.mine.with_user(cls.officer)
        cls.other = rows - cls.mine.sudo()

    def test_opened_for_all_at_once(self):
        self.assertEqual(self.round.assessment_count, 2)
        self.assertIn("Hải Lăng", self.round.missing)
        self.assertEqual(len(self.mine.line_ids), 9)
        self.assertFalse(self.mine.is_own)

    def test_superior_sees_only_what_was_sent(self):
        seen = self.env["cchc.index.assessment"].with_user(self.appraiser)
        self.assertFalse(seen.search([("round_id", "=", self.round.id)]))
        with self.assertRaises(AccessError):
            self.mine.with_user(self.appraiser).read(["self_total"])
        self._fill(self.mine)
        self._approve_and_send(self.mine)
        self.assertEqual(
            seen.search([("round_id", "=", self.round.id)]).ids, self.mine.ids
        )
        self.assertEqual(self.round.sent_count, 1)
        with self.assertRaises(AccessError):
            self.mine.with_user(self.neighbour_officer).read(["self_total"])

    def test_a_round_goes_on_without_who_sent_nothing(self):
        mine = self.mine
        with self.assertRaisesRegex(UserError, "only .* takes an agency out"):
            mine.active = False
        with self.assertRaisesRegex(UserError, "only .* takes an agency out"):
            mine.unlink()
        self._fill(mine)
        self._approve_and_send(mine)
        rounds = self.round.with_user(self.appraiser)
        rounds.action_drop_missing()
        self.assertEqual(self.round.sudo().assessment_ids, mine.sudo())
        self.assertFalse(self.other.active)
        self.assertFalse(rounds.missing)
        with self.assertRaisesRegex(UserError, "waits for no self-score"):
            rounds.action_drop_missing()
        mine.with_user(self.appraiser).action_appraise_1()
        mine.action_explain()
        mine.with_user(self.appraiser).action_appraise_2()
        self.assertEqual(rounds.appraised_count, rounds.assessment_count)
        rounds.action_add_agencies()
        self.assertTrue(self.other.active)
        self.assertEqual(rounds.assessment_count, 2)

    def test_the_appraiser_writes_appraised_scores_only(self):
        self._fill(self.mine)
        self._approve_and_send(self.mine)
        line = self._line(self.mine, "I.1").with_user(self.appraiser)
        line.write({"appraised_1": 5, "comment_1": "Thiếu phụ lục"})
        for vals in ({"achieved": 3}, {"explanation": "x"}, {"appraised_2": 6}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                line.write(vals)
        for user in (self.officer, self.chief, self.neighbour_officer):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                line.with_user(user).write({"appraised_1": 6})
        with self.assertRaises(AccessError):
            self.mine.action_appraise_1()
        self.mine.with_user(self.appraiser).action_appraise_1()
        with self.assertRaises(AccessError):
            line.write({"explanation": "x"})
        line.with_user(self.officer).write({"explanation": "Phụ lục kèm theo"})
        with self.assertRaisesRegex(UserError, "may explain until 05/11/2026"):
            self.mine.with_user(self.appraiser).action_end_explanation()

    def test_deadlines(self):
        self._fill(self.mine)
        self.mine.action_submit()
        self.mine.with_user(self.chief).validate_tier()
        with freeze_time("2026-10-06 03:00:00"):
            with self.assertRaisesRegex(UserError, "05/10/2026 is over"):
                self.mine.action_send()
            self.round.deadline_self = "2026-10-07"
            self.mine.action_send()
        self.mine.with_user(self.appraiser).action_appraise_1()
        with freeze_time("2026-11-06 03:00:00"):
            with self.assertRaisesRegex(UserError, "05/11/2026 is over"):
                self.mine.action_explain()
            self.mine.with_user(self.appraiser).action_end_explanation()
        self.assertEqual(self.mine.state, "explained")

    def test_sent_back(self):
        self._fill(self.mine)
        self._approve_and_send(self.mine)
        self.env["cchc.index.decide"].with_user(self.appraiser).create(
            {
                "assessment_id": self.mine.id,
                "what": "return",
                "reason": "Thiếu phụ lục",
            }
        ).action_apply()
        self.assertEqual(self.mine.state, "draft")
        self._line(self.mine, "I.1").entry = "95/100"
        self._approve_and_send(self.mine)
        self.assertEqual(self.mine.state, "submitted")

    def _finish(self, assessment, officer, chief, **entries):
        assessment = assessment.with_user(officer)
        self._fill(assessment, **entries)
        self._approve_and_send(assessment, officer, chief)
        judged = assessment.with_user(self.appraiser)
        judged.action_appraise_1()
        judged.with_user(officer).action_explain()
        judged.action_appraise_2()

    def test_ranks_ties_and_classes(self):
        self._finish(self.mine, self.officer, self.chief, I_2="không")
        self._finish(
            self.other, self.neighbour_officer, self.neighbour_chief, I_2="không"
        )
        self.round.action_assessments()
        rows = self.round.assessment_ids
        self.assertEqual(rows.mapped("rank_text"), ["1/2", "1/2"])
        self.assertEqual(rows.mapped("class_name"), ["Tốt", "Tốt"])
        self.env["cchc.index.decide"].with_user(self.appraiser).create(
            {
                "assessment_id": self.mine.id,
                "what": "extra",
                "score": -0.5,
                "reason": "Nộp chậm báo cáo",
            }
        ).action_apply()
        self.round.action_assessments()
        self.assertEqual((self.mine.rank, self.other.rank), (2, 1))
        self.assertEqual((self.mine.final_total, self.mine.class_name), (79.5, "Khá"))
        with self.assertRaisesRegex(UserError, "number and date"):
            self.round.action_publish()
        self.round.write(
            {"decision_number": "99/QĐ-UBND", "decision_date": "2026-12-28"}
        )
        self.round.action_publish()
        self.assertEqual(self.mine.state, "published")
        self.assertEqual(self.mine.decision_number, "99/QĐ-UBND")
        with self.assertRaises(UserError):
            self.round.sudo().write({"deadline_self": "2027-01-01"})
        with self.assertRaises(UserError):
            self.mine.sudo().write({"rank": 1})
        kinds = self.mine.log_ids.filtered(lambda row: row.kind == "extra")
        self.assertEqual((kinds.score_before, kinds.score_after), ("0", "-0.5"))

    def test_not_published_before_all_are_appraised(self):
        self.round.write(
            {"decision_number": "99/QĐ-UBND", "decision_date": "2026-12-28"}
        )
        with self.assertRaisesRegex(UserError, "is not finished"):
            self.round.action_publish()

    def test_only_agencies_below(self):
        stranger = self._new_company("Xã tỉnh khác", "H99.1")
        with self.assertRaisesRegex(UserError, "no agency below"):
            self._new_round_of(stranger)

    def _new_round_of(self, company):
        self.round.group_ids.sudo().copy(
            {"name": "Khác", "member_ids": [(6, 0, company.ids)]}
        )
        group = self.env["cchc.index.group"].search([("name", "=", "Khác")])
        new = self.round.copy({"group_ids": [(6, 0, group.ids)]})
        new.action_open_round()

    def _to_do(self, user):
        return self.mine.sudo().activity_ids.filtered(lambda todo: todo.user_id == user)

    def test_the_agency_is_told_what_comes_back(self):
        self._fill(self.mine)
        self._approve_and_send(self.mine)
        self.assertFalse(self._to_do(self.officer))
        appraised = self.mine.with_user(self.appraiser)
        appraised.with_context(cchc_reason="Thiếu minh chứng").action_return()
        told = self._to_do(self.officer)
        self.assertIn("Thiếu minh chứng", told.summary)
        self.assertEqual(str(told.date_deadline), "2026-10-05")
        self._approve_and_send(self.mine)
        self.assertFalse(self._to_do(self.officer))
        line = self._line(self.mine, "I.1").with_user(self.appraiser)
        line.write({"appraised_1": 5, "comment_1": "Thiếu phụ lục"})
        appraised.action_appraise_1()
        told = self._to_do(self.officer)
        self.assertEqual(str(told.date_deadline), "2026-11-05")
        self.mine.action_explain()
        self.assertFalse(self._to_do(self.officer))

    def test_an_appraisal_without_deductions_asks_for_nothing(self):
        self._fill(self.mine)
        self._approve_and_send(self.mine)
        self.mine.with_user(self.appraiser).action_appraise_1()
        self.assertFalse(self._to_do(self.officer))

    def test_the_cause_of_a_remedy_is_why_points_were_taken(self):
        self._fill(self.mine, I_1="95/100", I_4="1; 1")
        self._approve_and_send(self.mine)
        kept = self._line(self.mine, "I.1").with_user(self.appraiser)
        given = self._line(self.mine, "I.4").with_user(self.appraiser)
        kept.write({"appraised_1": 5, "comment_1": "Thiếu phụ lục"})
        given.write({"appraised_1": 0, "comment_1": "Thiếu ảnh"})
        self.mine.with_user(self.appraiser).action_appraise_1()
        self.mine.action_explain()
        given.write({"appraised_2": given.self_score, "comment_2": "Chấp nhận"})
        self.mine.with_user(self.appraiser).action_appraise_2()
        self.mine.action_remedy()
        tasks = self.mine.remedy_plan_id.task_ids
        self.assertEqual(
            [(task.assessment_line_id.code, task.lost_cause) for task in tasks],
            [("I.1", "Thiếu phụ lục"), ("I.4", False)],
        )

    def test_groups_of_the_ranking_show_means(self):
        """What a list adds up under a group of agencies is the mean of their points."""
        totals = ("self_total", "appraised_total", "final_total", "previous_total")
        for field in self.round.assessment_ids.fields_get(totals).values():
            self.assertEqual(field["aggregator"], "avg", field["string"])
        action = self.round.action_assessments()
        self.assertFalse(action["context"]["search_default_by_group"])
