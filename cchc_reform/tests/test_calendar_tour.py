from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import ReformCase


@tagged("post_install", "-at_install", "cchc_tour")
class TestCalendarTour(ReformCase, HttpCase):
    def test_an_inspection_without_a_last_day_is_shown(self):
        today = fields.Date.today()
        self.env["cchc.reform.inspection"].with_user(self.officer).create(
            [
                {"name": "Kiểm tra một ngày", "date_from": today},
                {
                    "name": "Kiểm tra nhiều ngày",
                    "date_from": today - timedelta(days=1),
                    "date_to": today,
                },
            ]
        )
        self.start_tour(
            "/odoo/reform-inspections",
            "cchc_reform_officer_reads_calendar",
            login=self.officer.login,
        )
