from odoo.tests import HttpCase, tagged

from .index_common import IndexCase


@tagged("post_install", "-at_install", "cchc_tour")
class TestIndexTour(IndexCase, HttpCase):
    """An index is scored, appraised twice, published, and its losses are planned."""

    def _walk(self, name, user):
        self.start_tour(
            f"/odoo/index-assessments/{self.mine.id}",
            f"cchc_reform_{name}",
            login=user.login,
        )
        self.env.invalidate_all()

    def test_from_the_score_to_the_remedy(self):
        document = (
            self.env["cchc.issued.document"]
            .with_user(self.officer)
            .create(
                {
                    "company_id": self.commune.id,
                    "reference": "77/KH-UBND",
                    "date": "2026-01-25",
                    "subject": "Kế hoạch cải cách hành chính năm 2026",
                }
            )
        )
        round_ = self._new_round(self.commune, decision_date="2026-11-20")
        self.mine = round_.sudo().assessment_ids.with_user(self.officer)
        self._fill(self.mine)
        for code in ("I.1", "I.2", "I.4"):
            self._line(self.mine, code).write(
                {"entry": False, "evidence_note": "Sổ" if code == "I.4" else False}
            )
        self._walk("officer_scores_index", self.officer)
        plan, issued, told = (self._line(self.mine, f"I.{n}") for n in (1, 2, 4))
        self.assertEqual((plan.self_score, told.self_score), (5.4, 1.5))
        self.assertEqual(issued.evidence_document_ids, document)
        self._walk("leader_approves_index", self.chief)
        self.assertEqual(self.mine.approved_by_id, self.chief)
        self._walk("officer_sends_index", self.officer)
        self.assertEqual(self.mine.evidence_ids.document_id, document)
        self._walk("appraiser_appraises_index", self.appraiser)
        self.assertEqual((issued.self_score, issued.appraised_score), (4, 1))
        self._walk("officer_explains_index", self.officer)
        self.assertEqual(issued.explanation, "Đã trình đúng hạn")
        self._walk("appraiser_publishes_index", self.appraiser)
        self.assertEqual(
            (self.mine.state, self.mine.decision_number, self.mine.rank_text),
            ("published", "268/QĐ-UBND", "1/1"),
        )
        # lost: 0.6 of the plan, 1 of its issue, 0.5 of communication
        self.assertEqual(self.mine.final_total, 89.5)
        self._walk("officer_makes_remedy", self.officer)
        self.assertEqual(
            self.mine.remedy_plan_id.task_ids.sorted("sequence").assessment_line_id,
            plan | issued | told,
        )
