from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .index_common import IndexCase


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 03:00:00")
class TestIndexAssessment(IndexCase):
    """Self-scoring, appraisal, log and lock (acceptance checks 7.5 no. 11 and 12)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls._new_assessment()

    def test_thresholds_and_not_applicable(self):
        mine = self.mine
        self._fill(mine)
        plan = self._line(mine, "I.1")
        for text, points in (
            ("89,99/100", 0),
            ("90/100", 5.4),
            ("95%", 5.7),
            ("100/100", 6),
            ("120/100", 6),
        ):
            with self.subTest(text=text):
                plan.entry = text
                self.assertEqual(plan.self_score, points)
        self.assertEqual(mine.self_total, 100)
        self._line(mine, "I.2").entry = "không"
        self.assertEqual(mine.self_total, 80)
        # 4 points leave the denominator: 12 of 16
        self._line(mine, "I.3").entry = "KAD"
        self.assertEqual(mine.self_total, 75)
        self.assertEqual(self._line(mine, "I").self_maximum, 12)
        self.assertEqual(self._line(mine, "I").self_score, 8)

    def test_what_is_not_scored_gives_nothing(self):
        mine = self.mine
        self.assertEqual((mine.self_total, mine.unfilled_count), (0, 7))
        with self.assertRaisesRegex(UserError, "7 criteria are not scored yet"):
            mine.action_submit()
        self._line(mine, "II.1").is_filled = True
        self.assertEqual(mine.self_total, 10)

    def test_only_some_may_not_apply(self):
        mine = self.mine
        with self.assertRaisesRegex(ValidationError, "applies to every agency"):
            self._line(mine, "I.2").entry = "KAD"

    def test_what_cannot_be_understood(self):
        mine = self.mine
        for code, text, sentence in (
            ("I.1", "chín mươi", "45/50"),
            ("I.2", "có lẽ", "có, không"),
            ("I.4", "1;2;3", "2"),
            ("II.2", "120", "between 0 and 100"),
            ("I.1", "-4/10", "number"),
        ):
            with (
                self.subTest(text=text),
                self.assertRaisesRegex(ValidationError, sentence),
            ):
                self._line(mine, code).entry = text

    def test_parts_bonus_and_deductions(self):
        mine = self.mine
        self._fill(mine, I_4="5; 1", II_1="1", II_3="9")
        scores = {
            code: self._line(mine, code).self_score for code in ("I.4", "II.1", "II.3")
        }
        self.assertEqual(scores, {"I.4": 1.5, "II.1": 1.5, "II.3": 1})
        self.assertEqual(mine.self_total, 96)

    def test_counts_typed_over_others(self):
        mine = self.mine
        self._line(mine, "I.4").entry = "2; 2"
        with (
            Form(mine) as form,
            form.line_ids.edit(
                mine.line_ids.ids.index(self._line(mine, "I.4").id)
            ) as row,
        ):
            row.entry = "2; 0"
            self.assertEqual((row.entry, row.self_score), ("2; 0", 1))
        self.assertEqual(self._line(mine, "I.4").self_score, 1)

    def test_override_needs_a_reason(self):
        """Letter 244/PNV of 2022: 4 of 5 is given 0,8 although its floor is 90 %."""
        mine = self.mine
        line = self._line(mine, "I.1")
        line.entry = "4/5"
        self.assertEqual(line.self_score, 0)
        with self.assertRaises(ValidationError) as caught:
            line.write({"is_overridden": True, "override_points": 4.8})
        self.assertIn("Say why", caught.exception.args[0])
        with self.assertRaises(ValidationError):
            line.write(
                {
                    "is_overridden": True,
                    "override_points": 6.01,
                    "override_reason": "CV 244/PNV",
                }
            )
        line.write(
            {
                "is_overridden": True,
                "override_points": 4.8,
                "override_reason": "Ví dụ của CV 244/PNV",
            }
        )
        self.assertEqual((line.rule_score, line.self_score), (0, 4.8))
        self.assertEqual(line.log_ids.sorted("id")[-1].reason, "Ví dụ của CV 244/PNV")

    def test_each_change_is_noted(self):
        mine = self.mine
        line = self._line(mine, "I.1")
        line.entry = "90/100"
        # by the parent, by the part: whatever way it comes
        mine.write({"line_ids": [(1, line.id, {"achieved": 95})]})
        parts = self._line(mine, "I.4")
        parts.count_ids[0].count = 1
        with Form(line) as form:
            form.achieved = 100
        rows = [
            (row.code, row.kind, row.score_before, row.score_after, row.user_id)
            for row in mine.log_ids.sorted("id")
        ]
        self.assertEqual(
            rows,
            [
                ("I.1", "self", "–", "5.4", self.officer),
                ("I.1", "self", "5.4", "5.7", self.officer),
                ("I.4", "self", "–", "0.5", self.officer),
                ("I.1", "self", "5.7", "6", self.officer),
            ],
        )

    def test_the_log_stays(self):
        mine = self.mine
        self._line(mine, "I.1").entry = "90/100"
        for records in (mine.log_ids, mine.log_ids.sudo()):
            with self.assertRaises(UserError):
                records.write({"score_before": "6"})
            with self.assertRaises(UserError):
                records.unlink()
        with self.assertRaises(UserError):
            self.env["cchc.index.score.log"].create({"assessment_id": mine.id})
        with self.assertRaisesRegex(UserError, "archive"):
            mine.unlink()

    def test_who_scores(self):
        mine = self.mine
        line = self._line(mine, "I.1")
        for user in (self.member, self.chief, self.appraiser, self.neighbour_officer):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                line.with_user(user).write({"achieved": 1})
        with self.assertRaises(UserError):
            line.write({"appraised_1": 3})
        with self.assertRaises(UserError):
            line.write({"self_score": 6})
        with self.assertRaises(UserError):
            self._line(mine, "I").write({"points": 3})

    def test_superior_elsewhere(self):
        """The whole life where the superior has no round here."""
        mine = self.mine
        self._fill(mine)
        self._approve_and_send(mine)
        self.assertEqual(mine.state, "submitted")
        self.assertTrue(mine.submitted_at)
        line = self._line(mine, "I.1")
        with self.assertRaises(UserError):
            line.write({"achieved": 3})
        line.write({"appraised_1": 4, "comment_1": "Thiếu minh chứng"})
        mine.action_appraise_1()
        self.assertEqual(mine.final_total, 90)
        line.write({"explanation": "Đã bổ sung"})
        mine.action_explain()
        line.write({"appraised_2": 5, "comment_2": "Chấp nhận một phần"})
        mine.action_appraise_2()
        self.assertEqual((mine.appraised_total, mine.lost_count), (95, 1))
        self.env["cchc.index.decide"].with_user(self.officer).create(
            {
                "assessment_id": mine.id,
                "what": "publish",
                "number": "45/QĐ-UBND",
                "date": "2026-12-20",
                "rank": 2,
                "rank_count": 16,
            }
        ).action_apply()
        self.assertEqual(
            (mine.state, mine.rank_text, mine.class_name), ("published", "2/16", "Tốt")
        )
        kinds = [
            (r.kind, r.score_before, r.score_after) for r in line.log_ids.sorted("id")
        ]
        self.assertEqual(
            kinds,
            [
                ("self", "–", "6"),
                ("appraised_1", "6", "4"),
                ("appraised_2", "4", "5"),
            ],
        )
        for records, vals in (
            (line, {"appraised_2": 6}),
            (line, {"achieved": 1}),
            (mine, {"year": 2025}),
            (mine, {"active": False}),
            (self._line(mine, "I.4").count_ids, {"count": 4}),
        ):
            for user in (self.officer, self.env.ref("base.user_root")):
                with self.subTest(vals=vals, user=user.name):
                    with self.assertRaises(UserError):
                        records.with_user(user).write(vals)

    def test_deductions_need_a_comment(self):
        mine = self.mine
        self._fill(mine)
        self._approve_and_send(mine)
        line = self._line(mine, "I.2")
        line.appraised_1 = 0
        with self.assertRaisesRegex(UserError, "why points of “I.2"):
            mine.action_appraise_1()

    def test_evidence_or_a_remark(self):
        mine = self.mine
        self._fill(mine)
        self._line(mine, "I.2").evidence_note = False
        self.assertEqual(mine.no_evidence_count, 1)
        with self.assertRaisesRegex(UserError, "no evidence, first “I.2"):
            mine.action_submit()

    def test_approval_by_a_leader(self):
        mine = self.mine
        self._fill(mine)
        mine.action_submit()
        with self.assertRaises(UserError):
            self._line(mine, "I.1").write({"achieved": 3})
        with self.assertRaises(UserError):
            mine.action_send()
        mine.with_user(self.chief).validate_tier()
        self.assertEqual(mine.state, "self_scored")
        mine.action_amend()
        self.assertEqual(mine.state, "draft")

    def test_ward_nam_son(self):
        """Kiến An (Hải Phòng) 2021: 60 for appraisal, 40 for satisfaction."""
        index_set = self.env["cchc.index.set"].create(
            {
                "name": "Kiến An",
                "code": "KA",
                "company_id": self.commune.id,
                "decision_number": "1/QĐ-UBND",
                "decision_date": "2021-01-05",
                "year_from": 2021,
                "total": 60,
                "appraisal_weight": 60,
                "survey_weight": 40,
                "class_ids": [(0, 0, {"name": "Tốt", "threshold": 80})],
                "criterion_ids": [
                    (0, 0, {"code": "1", "name": "x", "maximum": 60, "rule": "manual"})
                ],
            }
        )
        index_set.action_publish()
        mine = (
            self.env["cchc.index.assessment"]
            .with_user(self.officer)
            .create({"company_id": self.commune.id, "set_id": index_set.id})
        )
        mine.line_ids.write({"entry": "43,26", "evidence_note": "x"})
        self.assertEqual(mine.self_total, 43.26)
        self._approve_and_send(mine)
        decide = self.env["cchc.index.decide"].with_user(self.officer)
        survey = {"assessment_id": mine.id, "what": "survey", "score": 39.95}
        with self.assertRaisesRegex(UserError, "Name the document"):
            decide.create(survey).action_apply()
        survey.update(source="12/TB-UBND ngày 05/12/2021", answers=420)
        decide.create(survey).action_apply()
        mine.action_appraise_1()
        mine.action_explain()
        mine.action_appraise_2()
        decide.create(
            {
                "assessment_id": mine.id,
                "what": "publish",
                "number": "9/QĐ-UBND",
                "date": "2022-01-20",
                "rank": 3,
                "rank_count": 10,
            }
        ).action_apply()
        self.assertEqual(
            (mine.appraised_total, mine.survey_points, mine.final_total),
            (43.26, 39.95, 83.21),
        )
        self.assertEqual((mine.rank_text, mine.class_name), ("3/10", "Tốt"))
        row = mine.log_ids.filtered(lambda row: row.kind == "survey")
        self.assertEqual((row.score_after, row.reason), ("39.95/40", survey["source"]))
