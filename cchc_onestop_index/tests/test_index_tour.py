from odoo.tests import HttpCase, tagged

from .common import IndexCase


@tagged("post_install", "-at_install")
class TestIndexTour(IndexCase, HttpCase):
    """Overview, dossiers that cost points, score, appraise, approve, print."""

    def test_tours(self):
        self.commune.cchc_index_period_rule_id = self.env.ref(
            "cchc_onestop.period_rule_year"
        )
        # long ago within this year: late by now
        today = self.env.cr.now().date()
        with self._at(f"05/01/{today.year} 08:00"):
            dossier = self._accepted()
        review = self._review(day=f"{today.year - 1}-11-15")
        self.start_tour(
            "/odoo/index-overview", "cchc_index_tour", login="onestop_leader"
        )
        self.assertTrue(dossier.exists())
        self.start_tour("/odoo", "cchc_settlement_tour", login="onestop_manager")
        line = self._line(review, 6)
        self.assertEqual((line.final_points, line.appraised_by_id), (2, self.manager))
        self.start_tour("/odoo", "cchc_settlement_approve_tour", login="onestop_leader")
        self.assertEqual(
            (review.state, review.approved_by_id), ("published", self.leader)
        )
        content, kind = (
            self.env["ir.actions.report"]
            .with_user(self.leader)
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("cchc_onestop_index.report_settlement_review", review.ids)
        )
        self.assertEqual((content[:5], kind), (b"%PDF-", "pdf"))
