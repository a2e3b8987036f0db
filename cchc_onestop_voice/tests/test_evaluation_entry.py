from odoo.tests import Form, tagged

from .common import VoiceCase


@tagged("post_install", "-at_install")
class TestEvaluationEntry(VoiceCase):
    """Quick entry of paper slips: good lines are entered, the others say why not."""

    def test_lines_are_entered_one_by_one(self):
        first, second, done = (self._returned() for _number in range(3))
        self._slip(done)
        open_dossier = self._accepted()
        with Form(self.env["cchc.evaluation.entry"].with_user(self.desk)) as form:
            self.assertEqual(form.legend, "a, b, c, d, đ, e, g, h, i")
            for code, level, marks in (
                (first.name.lower(), "very_satisfied", "111211000"),
                (f" {second.name} ", "satisfied", ""),
                (first.name, "satisfied", ""),
                (done.name, "satisfied", ""),
                ("H50.21-000000-0000", "satisfied", ""),
                (open_dossier.name, "satisfied", ""),
            ):
                with form.line_ids.new() as line:
                    line.code, line.level, line.marks = code, level, marks
        entry = form.save()
        entry.action_enter()
        self.assertEqual(entry.done_count, 2)
        self.assertEqual(len(entry.line_ids), 4)
        problems = entry.line_ids.mapped("problem")
        self.assertIn("another line", problems[0])
        self.assertIn("evaluated already", problems[1])
        self.assertIn("No dossier", problems[2])
        self.assertIn("after its result was returned", problems[3])
        slip = self.env["cchc.evaluation"].search([("dossier_id", "=", first.id)])
        self.assertEqual(slip.entered_by_id, self.desk)
        self.assertEqual(
            {answer.criterion_id.code: answer.level for answer in slip.answer_ids}["d"],
            "satisfied",
        )
        self.assertEqual(len(slip.answer_ids.filtered("level")), 6)

    def test_wrong_marks_and_days(self):
        dossier = self._returned()
        entry = (
            self.env["cchc.evaluation.entry"]
            .with_user(self.desk)
            .create(
                {
                    "line_ids": [
                        (0, 0, {"code": dossier.name, "marks": "12"}),
                    ]
                }
            )
        )
        entry.action_enter()
        self.assertIn("9 figures", entry.line_ids.problem)
        entry.line_ids.marks = False
        entry.evaluated_on = "2026-11-01"
        entry.action_enter()
        self.assertIn("before the return", entry.line_ids.problem)
        entry.evaluated_on = "2026-11-10"
        entry.action_enter()
        self.assertFalse(entry.line_ids)
        slip = self.env["cchc.evaluation"].search([("dossier_id", "=", dossier.id)])
        self.assertEqual(str(slip.evaluated_at), "2026-11-10 16:59:00")

    def test_another_agency_is_not_found(self):
        dossier = self._returned()
        stranger = self._new_user(
            "desk_neighbour", "group_desk", company=self.neighbour
        )
        entry = (
            self.env["cchc.evaluation.entry"]
            .with_user(stranger)
            .create({"line_ids": [(0, 0, {"code": dossier.name})]})
        )
        entry.action_enter()
        self.assertIn("No dossier", entry.line_ids.problem)
