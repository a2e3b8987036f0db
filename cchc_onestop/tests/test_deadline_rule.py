from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..tools.working_time import UNITS
from .common import OnestopCase
from .common_calendar import CalendarCase
from .working_time_data import at


@tagged("post_install", "-at_install")
class TestDeadlineRule(CalendarCase):
    def setUp(self):
        super().setUp()
        self.Rule = self.env["cchc.deadline.rule"].with_user(self.administrator)

    def _new_rule(self, **values):
        return self.Rule.create(
            {
                "name": "Quy tắc thử",
                "code": "thu",
                "company_id": self.agency.id,
                **values,
            }
        )

    def _due(self, code, start, amount):
        """Due moment by the rule in force on the day of the start."""
        start = at(start)
        Rule = self.env["cchc.deadline.rule"].with_user(self.officer)
        rule = Rule._get_rule(code, start.date(), self.agency)
        return self.office._cchc_working_time().due(start, amount, rule._to_rule())

    # Shipped ------------------------------------------------------------
    def test_each_unit_has_a_shipped_rule(self):
        for unit in UNITS:
            rule = self.Rule._get_rule(unit, date(2026, 11, 23), self.agency)
            self.assertEqual(rule.unit, unit)
            self.assertTrue(rule.legal_source)

    def test_shipped_rules_give_the_due_dates_of_the_law(self):
        cases = [
            ("working_day", "23-11-2026 09:15", 3, "27-11-2026 17:00"),
            ("same_day", "23-11-2026 15:30", 0, "25-11-2026 17:00"),
            ("same_day", "23-11-2026 14:30", 0, "23-11-2026 17:00"),
            ("working_hour", "23-11-2026 16:30", 2, "25-11-2026 09:00"),
            ("calendar_day", "25-09-2026 10:00", 30, "26-10-2026 17:00"),
            ("month", "30-01-2026 10:00", 1, "02-03-2026 17:00"),
            ("transfer", "23-11-2026 15:30", 1, "25-11-2026 07:30"),
            ("interlinked", "09-11-2026 15:30", 3, "13-11-2026 17:00"),
            ("interlinked", "09-11-2026 14:30", 3, "12-11-2026 17:00"),
        ]
        for code, start, amount, due in cases:
            with self.subTest(code=code, start=start):
                self.assertEqual(self._due(code, start, amount), at(due))

    # Choice ---------------------------------------------------------------
    def test_rule_of_the_agency_then_of_its_province_then_of_all(self):
        rules = {
            company: self.env["cchc.deadline.rule"].create(
                {"name": name, "code": "working_day", "company_id": company.id}
            )
            for company, name in (
                (self.province, "Tỉnh"),
                (self.neighbour, "Láng giềng"),
            )
        }
        day = date(2026, 11, 23)
        self.assertEqual(
            self.Rule._get_rule("working_day", day, self.agency),
            rules[self.province],
        )
        own = self._new_rule(code="working_day", valid_from="2026-11-23")
        self.assertEqual(self.Rule._get_rule("working_day", day, self.agency), own)
        self.assertEqual(
            self.Rule._get_rule("working_day", date(2026, 11, 22), self.agency),
            rules[self.province],
        )
        other = self.env["res.company"].create({"name": "Tỉnh Khác"})
        self.assertEqual(
            self.Rule._get_rule("working_day", day, other),
            self.env.ref("cchc_onestop.cchc_deadline_rule_working_day"),
        )

    def test_edition_in_force_on_the_day_of_reception(self):
        old = self._new_rule(valid_to="2027-02-28", supplement="restart")
        new = self._new_rule(valid_from="2027-03-01")
        self.assertEqual(
            self.Rule._get_rule("thu", date(2027, 2, 28), self.agency), old
        )
        self.assertEqual(self.Rule._get_rule("thu", date(2027, 3, 1), self.agency), new)
        self.assertEqual(old._to_rule().supplement, "restart")

    def test_no_rule_is_one_clear_sentence(self):
        self._new_rule(valid_from="2027-03-01")
        with self.assertRefused(
            UserError, r"No deadline rule thu is in force on 28/02/2027 for Xã Lịch Một"
        ):
            self.Rule._get_rule("thu", date(2027, 2, 28), self.agency)

    def test_two_editions_never_overlap(self):
        self._new_rule(valid_from="2026-01-01", valid_to="2026-12-31")
        for values in (
            {},
            {"valid_from": "2026-12-31"},
            {"valid_to": "2026-01-01"},
            {"valid_from": "2026-05-01", "valid_to": "2026-06-01"},
        ):
            with self.subTest(values=values):
                with self.assertRefused(ValidationError, "in force at the same time"):
                    self._new_rule(**values)
        self._new_rule(valid_from="2027-01-01")
        self._new_rule(valid_to="2025-12-31")

    @freeze_time("2026-11-23 03:00:00")
    def test_new_edition_begins_today_and_ends_the_old_one(self):
        rule = self._new_rule(pause_counting="minute")
        action = rule.action_new_edition()
        edition = self.Rule.browse(action["res_id"])
        self.assertEqual(rule.valid_to, date(2026, 11, 22))
        self.assertEqual(edition.valid_from, date(2026, 11, 23))
        self.assertEqual(edition.code, "thu")
        self.assertEqual(edition._to_rule(), rule._to_rule())
        self.assertFalse(edition.valid_to)

    # Input ---------------------------------------------------------------
    def test_settings_that_contradict_each_other_are_refused(self):
        cases = [
            ({"cutoff_mode": "same_day"}, "within the day only"),
            ({"cutoff_mode": "transfer"}, "within the day only"),
            ({"cutoff_mode": "next_day", "cutoff_hour": 24}, "between 0:00 and 24:00"),
            ({"clock": "same_time", "first_day_counted": True}, "end of the day"),
        ]
        for values, message in cases:
            with self.subTest(values=values):
                with self.assertRefused(ValidationError, message):
                    self._new_rule(**values)

    def test_rule_is_entered_by_form(self):
        with Form(self.Rule) as form:
            form.name = "Trong ngày, sau 16 giờ"
            form.code = "sau_16h"
            form.unit = "same_day"
            form.cutoff_mode = "same_day"
            form.cutoff_hour = 16
        self.assertEqual(form.record._to_rule().cutoff_second, 16 * 3600)
        due = self._due("sau_16h", "09-11-2026 15:30", 0)
        self.assertEqual(due, at("09-11-2026 17:00"))

    # People ------------------------------------------------------------------
    def test_who_may_change_rules(self):
        rule = self._new_rule()
        with self.assertRefused(AccessError, "."):
            rule.with_user(self.officer).supplement = "restart"
        with self.assertRefused(AccessError, "."):
            rule.with_user(self.stranger).supplement = "restart"
        with self.assertRefused(AccessError, "."):
            rule.with_user(self.stranger).read(["name"])
        rule.with_user(self.manager).supplement = "restart"
        self.assertEqual(rule.with_user(self.officer).supplement, "restart")


@tagged("post_install", "-at_install")
class TestDeadlineRuleInUse(OnestopCase):
    @freeze_time("2026-11-09 03:00:00")
    def test_what_dossiers_are_counted_by_stays_as_it_was(self):
        rule = self._accepted().deadline_rule_id.with_user(self.manager)
        for values in ({"supplement": "restart"}, {"clock": "same_time"}):
            with self._refused(UserError, "make a new edition"):
                rule.write(values)
        rule.legal_source = "Nguồn khác"
        edition = rule.browse(rule.action_new_edition()["res_id"])
        edition.supplement = "restart"
        self.assertEqual(self._accepted().deadline_rule_id, edition)
