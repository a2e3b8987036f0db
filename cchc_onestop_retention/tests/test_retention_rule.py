from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import RetentionCase


@tagged("post_install", "-at_install")
class TestRetentionRule(RetentionCase):
    """Terms of files are data; the narrowest rule counts."""

    def test_narrowest_rule_counts(self):
        dossier = self._ended_on("10/03/2020 10:00")
        wide, day = self.rule, "10/03/2020"
        self.assertEqual(self._refresh(dossier).retention_rule_id, wide, day)
        steps = [
            ({"outcome": "settled", "years": 3}, 2023),
            ({"company_id": self.commune.id, "years": 4}, 2024),
            ({"sector_ids": self.sector.ids, "years": 5}, 2025),
            ({"procedure_ids": self.procedure.ids, "years": 6}, 2026),
            (
                {
                    "procedure_ids": self.procedure.ids,
                    "company_id": self.commune.id,
                    "years": 7,
                },
                2027,
            ),
        ]
        for values, year in steps:
            rule = self._rule(f"{year}", **values)
            self._refresh(dossier)
            self.assertEqual(dossier.retention_rule_id, rule)
            self.assertEqual(dossier.retention_until, date(year, 3, 10))
        self._rule(
            "người khác",
            procedure_ids=self.procedure.ids,
            years=9,
            company_id=self.neighbour.id,
        )
        self._rule(
            "từ chối", procedure_ids=self.procedure.ids, years=9, outcome="refused"
        )
        self.assertEqual(self._refresh(dossier).retention_until, date(2027, 3, 10))

    def test_rule_of_the_day_of_the_end(self):
        self._rule(
            "cũ", procedure_ids=self.procedure.ids, years=1, valid_to="2020-12-31"
        )
        self._rule(
            "mới", procedure_ids=self.procedure.ids, years=8, valid_from="2021-01-01"
        )
        old = self._ended_on("31/12/2020 23:30")
        new = self._ended_on("01/01/2021 00:10")
        self._refresh(old | new)
        self.assertEqual(old.retention_until, date(2021, 12, 31))
        self.assertEqual(new.retention_until, date(2029, 1, 1))

    def test_29_february(self):
        dossier = self._ended_on("29/02/2024 16:00")
        self.assertEqual(self._refresh(dossier).retention_until, date(2026, 2, 28))
        self.rule.years = 4
        self.assertEqual(self._refresh(dossier).retention_until, date(2028, 2, 29))

    def test_start_events(self):
        dossier = self._ended_on(
            "30/12/2023 10:00", returned_at="2024-01-04 03:00:00", state="returned"
        )
        self.rule.start_event = "returned"
        self.assertEqual(self._refresh(dossier).retention_until, date(2026, 1, 4))
        self.rule.start_event = "year_end"
        self.assertEqual(self._refresh(dossier).retention_until, date(2025, 12, 31))

    def test_outcomes(self):
        refused = self._ended_on("10/03/2020 10:00", state="rejected_result")
        withdrawn = self._ended_on("10/03/2020 10:00", state="withdrawn")
        self._rule("từ chối", outcome="refused", years=5)
        self._rule("rút", outcome="broken_off", years=6)
        self._refresh(refused | withdrawn)
        self.assertEqual(refused.retention_until.year, 2025)
        self.assertEqual(withdrawn.retention_until.year, 2026)

    def test_permanent_and_no_rule(self):
        dossier = self._ended_on("10/03/2020 10:00")
        self.rule.permanent = True
        self._refresh(dossier)
        self.assertTrue(dossier.retention_permanent)
        self.assertFalse(dossier.retention_until)
        self.rule.active = False
        self._refresh(dossier)
        self.assertFalse(dossier.retention_rule_id or dossier.retention_permanent)
        self.assertIn("no rule", dossier._retention_obstacles()[dossier])

    def test_open_dossiers_have_no_term(self):
        dossier = self._settled()
        self.assertFalse(self._refresh(dossier).retention_rule_id)

    def test_only_what_changed_is_written(self):
        dossiers = self._ended_on("10/03/2020 10:00") | self._ended_on(
            "11/03/2020 10:00"
        )
        refresh = self.env["cchc.dossier"]._retention_refresh
        self.assertEqual(refresh(dossiers.ids), 2)
        self.assertEqual(refresh(dossiers.ids), 0)

    def test_one_statement_for_any_number(self):
        dossiers = self.env["cchc.dossier"].union(
            *(self._ended_on("10/03/2020 10:00", files=0) for _number in range(5))
        )
        self.env.flush_all()
        with self.assertQueryCount(1):
            dossiers._retention_refresh(dossiers.ids)

    def test_nobody_types_a_term(self):
        dossier = self._ended_on("10/03/2020 10:00")
        for vals in (
            {"retention_until": "2000-01-01"},
            {"destroyed_at": fields.Datetime.now()},
            {"retention_hold": False},
        ):
            with self._refused((UserError, AccessError), "recorded by the system"):
                dossier.with_user(self.manager).write(vals)

    def test_rules_are_the_managers(self):
        with self.assertRaises(AccessError):
            self.rule.with_user(self.archivist).years = 0
        self.rule.with_user(self.manager).years = 3

    @settings(max_examples=15, deadline=None)
    @given(
        ended=st.dates(date(2000, 1, 1), date(2040, 12, 31)), years=st.integers(0, 70)
    )
    def test_term_ends_on_the_same_day(self, ended, years):
        with self.env.cr.savepoint() as savepoint:
            self.rule.years = years
            dossier = self._ended_on(f"{ended:%d/%m/%Y} 12:00", files=0)
            until = self._refresh(dossier).retention_until
            self.assertEqual(until.year, ended.year + years)
            self.assertEqual(until.month, ended.month)
            leap = (ended.month, ended.day) == (2, 29)
            self.assertIn(until.day, (28, 29) if leap else (ended.day,))
            savepoint.rollback()
        self.env.invalidate_all()
