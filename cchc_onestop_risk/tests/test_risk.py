"""The chance of an open dossier to be late, from acceptance to the end."""

from datetime import UTC
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import MONDAY, RiskCase, local


@tagged("post_install", "-at_install")
class TestRisk(RiskCase):
    """Dossiers of Monday 9 November 2026 09:00, due on Thursday 17:00 (28.5 hours)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._usual_past()

    def _dossier(self):
        with freeze_time(local(MONDAY)):
            self._build()
            dossier = self._accepted()
        self.assertEqual(dossier.due_at, local("12/11/2026 17:00"))
        return dossier

    def _at(self, moment, dossier):
        with freeze_time(local(moment)):
            self._sweep()
        return round(dossier.risk_late, 2), dossier.risk_level, dossier.risk_base

    def test_chance_grows_as_time_passes(self):
        dossier = self._dossier()
        self.assertFalse(dossier.risk_base, "acceptance does not wait for an estimate")
        for moment, spent, left in (
            ("09/11/2026 09:00", 0.0, 28.5),
            ("10/11/2026 09:00", 7.5, 21.0),
            ("11/11/2026 09:00", 15.0, 13.5),
            ("12/11/2026 09:00", 22.5, 6.0),
            ("12/11/2026 14:30", 26.0, 2.5),
        ):
            chance, _level, base = self._at(moment, dossier)
            if spent < 25:
                expected = round(self._naive_chance(spent, left), 2)
                self.assertEqual(chance, expected, moment)
            self.assertEqual(base, "step")
            self.assertEqual(dossier.risk_count, 60)
        # the ten that stayed longest stand for it; one of them was quick enough
        self.assertEqual(chance, 0.9)

    def test_levels_by_the_thresholds(self):
        dossier = self._dossier()
        self.assertEqual(self._at("09/11/2026 09:00", dossier)[1], "low")
        threshold = self.env["cchc.risk.threshold"].create(
            {
                "name": "Xã",
                "company_id": self.commune.id,
                "valid_from": "2026-11-01",
                "watch": 5,
                "high": 8,
            }
        )
        self.assertEqual(self._at("09/11/2026 09:00", dossier)[1], "high")
        threshold.high = 50
        self.assertEqual(self._at("09/11/2026 09:00", dossier)[1], "watch")

    def test_overdue_is_certain(self):
        dossier = self._dossier()
        self.assertEqual(self._at("13/11/2026 08:00", dossier), (1.0, "high", "late"))

    def test_not_enough_history_is_said(self):
        other = self._new_procedure("9.800002", "Thủ tục khác")
        with freeze_time(local(MONDAY)):
            self._build()
            dossier = self._accepted(procedure=other)
        chance, level, base = self._at("10/11/2026 09:00", dossier)
        self.assertEqual((base, dossier.risk_count), ("sector", 60))
        other.sector_id = self.env["cchc.sector"].create({"name": "Lĩnh vực mới"})
        chance, level, base = self._at("10/11/2026 09:00", dossier)
        self.assertEqual((chance, level, base), (0.0, False, "none"))

    def test_a_changed_step_falls_back_to_the_procedure(self):
        self.env.cr.execute("UPDATE cchc_dossier_step SET name = 'Bước cũ'")
        self.env.invalidate_all()
        dossier = self._dossier()
        self.assertEqual(self._at("10/11/2026 09:00", dossier)[2], "procedure")

    def test_a_stopped_clock_stops_the_chance(self):
        dossier = self._dossier()
        with freeze_time(local("10/11/2026 09:00")):
            dossier.with_user(self.handler).action_request_supplement("Thiếu")
        before = round(dossier.risk_late, 2)
        self.assertEqual(before, round(self._naive_chance(7.5, 21.0), 2))
        self.assertEqual(self._at("16/11/2026 09:00", dossier)[0], before)
        with freeze_time(local("16/11/2026 09:00")):
            dossier.with_user(self.handler).action_resume()
        # the day of asking counts, the days up to that of completion do not
        left = self.working.elapsed(
            local("16/11/2026 09:00").replace(tzinfo=UTC),
            dossier.due_at.replace(tzinfo=UTC),
        )
        self.assertEqual(
            round(dossier.risk_late, 2), round(self._naive_chance(7.5, left), 2)
        )

    def test_estimated_anew_by_each_move(self):
        dossier = self._dossier()
        chance, *_rest = self._at("12/11/2026 09:00", dossier)
        self.assertGreater(chance, 0.5)
        with freeze_time(local("12/11/2026 09:00")):
            dossier.with_user(self.handler).action_pass_step()
            self.assertEqual(dossier.risk_late, 0.0, "signature and registry take 2.5")
            self.assertEqual((dossier.risk_level, dossier.risk_base), ("low", "step"))
            dossier.with_user(self.leader).action_sign()
            self.assertEqual(dossier.current_step_id.role, "clerk")
            self.assertEqual(dossier.risk_base, "step")
            dossier.with_user(self.desk).action_pass_step()
        self.assertEqual(dossier.state, "done")
        self.assertEqual(
            (dossier.risk_late, dossier.risk_level, dossier.risk_base),
            (0.0, False, False),
        )

    def test_nothing_happened_to_the_dossier(self):
        dossier = self._dossier()
        before = dossier.write_date, dossier.write_uid, len(dossier.event_ids)
        self._at("12/11/2026 09:00", dossier)
        after = dossier.write_date, dossier.write_uid, len(dossier.event_ids)
        self.assertEqual(before, after)
        self.assertEqual(dossier.risk_at, local("12/11/2026 09:00"))

    def test_rows_that_stay_are_not_written(self):
        dossier = self._dossier()
        self._at("12/11/2026 09:00", dossier)
        self.env.cr.execute(
            "SELECT ctid FROM cchc_dossier WHERE id = %s", (dossier.id,)
        )
        before = self.env.cr.fetchone()
        self._at("12/11/2026 09:00", dossier)
        self.env.cr.execute(
            "SELECT ctid FROM cchc_dossier WHERE id = %s", (dossier.id,)
        )
        self.assertEqual(self.env.cr.fetchone(), before)

    def test_nobody_types_a_chance_in(self):
        dossier = self._dossier()
        for name, value in (("risk_late", 0.0), ("risk_level", "low")):
            with self._refused(UserError, "estimated, not typed in"):
                dossier.with_user(self.manager).write({name: value})
        with self._refused(UserError, "estimated, not typed in"):
            self.env["cchc.dossier"].with_user(self.desk).create(
                {"procedure_id": self.procedure.id, "risk_late": 0.5}
            )
        for model in ("cchc.risk.model", "cchc.risk.agency", "cchc.risk.check"):
            with self._refused(UserError, "."):
                self.env[model].with_user(self.manager).create(
                    {"company_id": self.commune.id}
                )

    def test_acceptance_does_nothing_for_it(self):
        with freeze_time(local(MONDAY)):
            self._build()
            drafts = [self._draft() for _number in range(2)]
            dossiers = self.env.registry["cchc.dossier"]
            with patch.object(dossiers, "_cchc_refresh_risk", autospec=True) as asked:
                drafts[0].action_accept()
            asked.assert_not_called()

    def test_as_many_statements_for_many(self):
        with freeze_time(local(MONDAY)):
            self._build()
            for _number in range(2):
                self._accepted()
            self._sweep()
        with freeze_time(local("10/11/2026 09:00")):
            self._sweep()
        counts = []
        for number, at in ((0, "10/11/2026 10:30"), (6, "11/11/2026 09:30")):
            with freeze_time(local(MONDAY)):
                for _each in range(number):
                    self._accepted()
            self.env.flush_all()
            groups = self.env["cchc.risk.model"]._samples(self.commune.ids)
            ids = self.env["cchc.dossier"].search([("is_open", "=", True)]).ids
            before = self.env.cr.sql_log_count
            with freeze_time(local(at)):
                self.env["cchc.dossier"]._cchc_estimate(
                    ids, local(at), groups[self.commune.id]
                )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_scheduled_actions(self):
        dossier = self._dossier()
        with (
            freeze_time(local("11/11/2026 09:00")),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            agencies = self.env(cr=cr)["cchc.risk.agency"]
            agencies._cron_build()
            agencies._cron_sweep()
        self.env.invalidate_all()
        row = self.agencies.search([("company_id", "=", self.commune.id)])
        self.assertEqual(row.built_at, local("11/11/2026 09:00"))
        self.assertEqual((row.finished_count, row.open_count), (60, 1))
        self.assertEqual(dossier.risk_base, "step")
        self.assertTrue(row.checked_at)

    def test_an_office_without_hours_holds_nobody_up(self):
        self._usual_past(company=self.neighbour, calendar_id=False)
        self.neighbour.resource_calendar_id = False
        with (
            freeze_time(local(MONDAY)),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
            self.assertLogs("odoo.addons.cchc_onestop_risk", "ERROR") as logs,
        ):
            self.env(cr=cr)["cchc.risk.agency"]._cron_build()
        self.assertEqual(len(logs.output), 1)
        self.env.invalidate_all()
        row = self.agencies.search([("company_id", "=", self.commune.id)])
        self.assertEqual(row.finished_count, 60)

    # -- views
    def test_worklists(self):
        dossier = self._dossier()
        self._at("12/11/2026 10:30", dossier)
        self.assertEqual(dossier.risk_level, "high")
        mine = self.env["cchc.dossier"].with_user(self.handler)
        action = self.env.ref("cchc_onestop_risk.cchc_dossier_action_at_risk")
        domain = mine._cchc_at_risk_domain()
        self.assertEqual(mine.search(domain), dossier)
        self.assertIn("risk_level", action.domain)
        for user in (self.handler, self.leader, self.auditor, self.desk):
            views = (
                mine.with_user(user).get_views(
                    [(False, "list"), (False, "kanban"), (False, "form")]
                )
            )["views"]
            for kind in ("list", "kanban", "form"):
                self.assertIn("cchc_risk", views[kind]["arch"], kind)
        self.assertIn('default_order="due_at, id"', views["list"]["arch"])
        with Form(dossier.with_user(self.handler)) as form:
            self.assertEqual(form.risk_base, "step")

    def test_others_see_nothing(self):
        dossier = self._dossier()
        self._at("12/11/2026 10:30", dossier)
        others = self.env["cchc.dossier"].with_user(self.outsider)
        self.assertFalse(others.search(others._cchc_at_risk_domain()))
        with self._refused(AccessError, "."):
            dossier.with_user(self.outsider).action_explain_risk()

    def test_the_province_reads_totals(self):
        dossier = self._dossier()
        self._at("12/11/2026 10:30", dossier)
        officer = self._new_user("province", "group_leader", company=self.province)
        totals = self.env["cchc.risk.agency"].with_user(officer)
        row = totals.search([("company_id", "=", self.commune.id)])
        self.assertEqual((row.high_count, row.open_count), (1, 1))
        for model in ("cchc.risk.model", "cchc.risk.workload", "cchc.dossier"):
            self.assertFalse(
                self.env[model]
                .with_user(officer)
                .search_count([("company_id", "=", self.commune.id)]),
                model,
            )
        neighbour = totals.with_user(self.outsider)
        self.assertFalse(neighbour.search([("company_id", "=", self.commune.id)]))

    def test_tiles(self):
        dossier = self._dossier()
        self._at("12/11/2026 10:30", dossier)
        with freeze_time(local("12/11/2026 10:30")):
            data = (
                self.env["cchc.dashboard"]
                .with_user(self.leader)
                .with_context(allowed_company_ids=self.commune.ids)
                .get_risk()
            )
        self.assertEqual(data["risk"], 1)
        found = self.env["cchc.dossier"].search(data["domains"]["risk"])
        self.assertEqual(found, dossier)
