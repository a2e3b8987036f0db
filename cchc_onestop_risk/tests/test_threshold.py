"""Thresholds are data with dates."""

from datetime import date

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import MONDAY, RiskCase, local


@tagged("post_install", "-at_install")
class TestThreshold(RiskCase):
    """Which row holds for an agency on a day."""

    def _new(self, **values):
        return self.env["cchc.risk.threshold"].create({"name": "Riêng", **values})

    @freeze_time(local(MONDAY))
    def test_as_shipped(self):
        limits = self.env["cchc.risk.threshold"]._of(self.commune)
        self.assertEqual(limits, (0.3, 0.6, 50, 24, 500))

    @freeze_time(local(MONDAY))
    def test_own_before_shared_by_date(self):
        thresholds = self.env["cchc.risk.threshold"]
        self._new(
            company_id=self.commune.id, valid_from="2026-12-01", watch=20, high=40
        )
        self.assertEqual(thresholds._of(self.commune).high, 0.6, "not in force yet")
        with freeze_time(local("01/12/2026 08:00")):
            self.assertEqual(thresholds._of(self.commune).high, 0.4)
            self.assertEqual(thresholds._of(self.neighbour).high, 0.6)

    def test_no_two_on_one_day(self):
        self._new(
            company_id=self.commune.id, valid_from="2026-01-01", valid_to="2026-06-30"
        )
        with self._refused(ValidationError, "already holds"):
            self._new(company_id=self.commune.id, valid_from="2026-06-30")
        self._new(company_id=self.commune.id, valid_from="2026-07-01")

    @mute_logger("odoo.sql_db")
    def test_levels_in_order(self):
        for values in (
            {"watch": 60, "high": 30},
            {"watch": 0},
            {"high": 101},
            {"least": 5},
            {"most": 20},
        ):
            with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self._new(valid_from="2030-01-01", **values)

    def test_a_manager_changes_them(self):
        with Form(self.env["cchc.risk.threshold"].with_user(self.manager)) as form:
            form.name = "Xã Hải Trường"
            form.company_id = self.commune
            form.valid_from = date(2027, 1, 1)
            form.high = 70
        self.assertEqual(form.record.least, 50)
        with self._refused(AccessError, "."):
            form.record.with_user(self.leader).high = 10
