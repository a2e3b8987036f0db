from datetime import datetime, timedelta

from odoo.tests import HttpCase, tagged

from .common_statistic import StatisticCase


@tagged("post_install", "-at_install", "cchc_tour")
class TestStatisticTours(StatisticCase, HttpCase):
    """The reports in a real browser, as the leader of the agency."""

    def test_the_report_of_the_quarter(self):
        self._generate(400, [self.commune], now=datetime.now().replace(microsecond=0))
        self.start_tour(
            "/odoo/cchc-reports", "cchc_quarter_report", login=self.leader.login
        )
        report = self.env["cchc.statistic"].search(
            [("company_id", "=", self.commune.id)]
        )
        self.assertEqual((report.form, report.state), ("06a", "closed"))
        self.assertEqual(report.closed_by_id, self.leader)
        self.assertTrue(report._is_intact())
        self.assertEqual(
            report.date_to + timedelta(days=1),
            self.period_rule._to_rule().containing(datetime.now().date()).start,
        )

    def test_the_dashboard(self):
        self._generate(200, [self.commune], now=datetime.now().replace(microsecond=0))
        self.start_tour(
            "/odoo/cchc-dashboard", "cchc_dashboard", login=self.leader.login
        )
