from collections import Counter
from datetime import date

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import statistic as tables
from .common import local
from .common_statistic import NOW, StatisticCase

QUARTERS = (
    (date(2025, 12, 15), date(2026, 3, 14)),
    (date(2026, 3, 15), date(2026, 6, 14)),
    (date(2026, 6, 15), date(2026, 9, 14)),
    (date(2026, 9, 15), date(2026, 12, 14)),
)


@tagged("post_install", "-at_install")
class TestStatistic(StatisticCase):
    """II.06a, II.06b, II.07a, II.07b and the table of QĐ 766 over a generated year."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(NOW):
            cls._generate(1500, [cls.commune, cls.commune, cls.neighbour])

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(NOW))

    def _holds(self, report):
        broken = [check for check in report.check_table if check["state"] == "broken"]
        self.assertFalse(broken, report.display_name)

    # -- the year --------------------------------------------------------------
    def test_every_identity_holds_in_every_field_and_quarter(self):
        """And carried over = left open by the quarter before, closed meanwhile."""
        before = None
        for start, end in QUARTERS:
            report = self._report(start=start, end=end)
            self._holds(report)
            states = {check["key"]: check["state"] for check in report.check_table}
            self.assertEqual(states["carried"], "holds" if before else "none")
            figures = self._figures(report)
            self.assertEqual(len(figures), 4)
            for name, row in figures.items():
                self.assertTrue(all(figure >= 0 for figure in row.values()), name)
                self.assertGreater(row["c3"], 0)
                if before:
                    self.assertEqual(row["c6"], before[name]["c11"])
            before = figures
            report.action_close()

    def test_a_second_way_gives_the_same_figures(self):
        """Python over the rows as the ORM reads them, for all quarters."""
        for start, end in QUARTERS:
            report = self._report(start=start, end=end)
            by_hand = self._by_hand(start, end)
            self.assertEqual(
                {line.row_id or None for line in report.line_ids}, set(by_hand)
            )
            for line in report.line_ids:
                self.assertEqual(
                    {key: n for key, n in line.figures.items() if n},
                    dict(by_hand[line.row_id or None]),
                    line.name,
                )

    def test_every_cell_opens_its_dossiers(self):
        report = self._report(start=QUARTERS[2][0], end=QUARTERS[2][1])
        dossiers = self.env["cchc.dossier"].with_user(self.leader)
        for closed in (False, True):
            if closed:
                report.action_close()
            rows = [(line.row_id, line.figures) for line in report.line_ids]
            for row_id, figures in rows:
                for key, figure in figures.items():
                    action = report.open_cell(row_id, key)
                    self.assertEqual(
                        dossiers.search_count(action["domain"]), figure, (row_id, key)
                    )

    def test_compiled_over_agencies(self):
        """Each row of II.06b is the total of that agency's II.06a."""
        start, end = QUARTERS[1]
        neighbour = self._new_user("neighbour", "group_leader", company=self.neighbour)
        own = {
            user.company_id.name: self._report(user=user, start=start, end=end)
            for user in (self.leader, neighbour)
        }
        for report in own.values():
            report.action_close()
        compiled = self._report("06b", user=self.clerk, start=start, end=end)
        self._holds(compiled)
        states = {check["key"]: check["state"] for check in compiled.check_table}
        self.assertEqual(states["bodies"], "holds")
        figures = self._figures(compiled)
        for name, report in own.items():
            self.assertEqual(figures[name], self._figures(report)["Tổng cộng"])
        self.assertEqual(
            figures["Tổng cộng"]["c3"], sum(figures[name]["c3"] for name in own)
        )

    def test_progress_of_the_index(self):
        for start, end in QUARTERS:
            report = self._report("766", start=start, end=end)
            self._holds(report)
            total = self._figures(report)["Tổng cộng"]
            plain = self._figures(self._report(start=start, end=end))["Tổng cộng"]
            self.assertEqual(total["c3"], plain["c3"])
            self.assertEqual(total["c4"], plain["c6"])
            self.assertEqual(total["c3"], total["c9"] + total["c13"] + total["c16"])

    def test_causes_of_delay(self):
        start, end = QUARTERS[1]
        total = self._figures(self._report("07a", start=start, end=end))["Tổng cộng"]
        late = self._figures(self._report(start=start, end=end))["Tổng cộng"]
        self.assertEqual(total["total"], late["c10"] + late["c13"])
        causes = [n for key, n in total.items() if key.startswith("reason_")]
        self.assertEqual(total["total"], sum(causes) + total["unstated"])
        self.assertGreater(total["unstated"], 0)
        self.assertGreater(sum(causes), 0)

    def test_numbers_of_procedures(self):
        report = self._report("07b", start=QUARTERS[1][0], end=QUARTERS[1][1])
        procedures = self.env["cchc.procedure"].search([])
        in_force = procedures._versions_at(QUARTERS[1][1], self.commune)
        standing = [
            p
            for p in in_force
            if not p.repealed_from or p.repealed_from > QUARTERS[1][1]
        ]
        total = self._figures(report)["Tổng cộng"]
        self.assertEqual(total["c3"], len(standing))
        self.assertEqual(total["c5"], 0)
        action = report.open_cell(0, "c3")
        found = self.env["cchc.procedure"].with_user(self.leader)
        self.assertEqual(found.search_count(action["domain"]), total["c3"])
        self.assertGreater(total["c11"], 0)

    # -- closing ---------------------------------------------------------------
    def test_closed_is_closed(self):
        report = self._report(start=QUARTERS[0][0], end=QUARTERS[0][1])
        report.action_close()
        self.assertEqual(report.state, "closed")
        self.assertEqual(report.closed_by_id, self.leader)
        self.assertEqual(len(report.checksum), 64)
        self.assertTrue(report._is_intact())
        line = report.line_ids[:1].sudo()
        entry = self.env["cchc.statistic.entry"].search(
            [("statistic_id", "=", report.id)], limit=1
        )
        for change in (
            lambda: report.write({"date_to": "2026-03-31"}),
            lambda: report.sudo().write({"receiver_name": "x"}),
            lambda: report.action_compute(),
            lambda: report.sudo().unlink(),
            lambda: line.write({"figures": {}}),
            lambda: line.unlink(),
            lambda: entry.write({"cell": 11}),
            lambda: entry.unlink(),
            lambda: report.sudo().write({"state": "draft"}),
        ):
            with self._refused(UserError, "closed|cannot be"):
                change()
        self.env.cr.execute(
            "UPDATE cchc_statistic_entry SET cell = 11 WHERE id = %s AND cell <> 11",
            (entry.id,),
        )
        if self.env.cr.rowcount:
            self.assertFalse(report._is_intact())

    def test_only_a_leader_closes_and_only_what_is_over(self):
        report = self._report(start=QUARTERS[0][0], end=QUARTERS[0][1])
        with self._refused(AccessError, "Only a leader"):
            report.with_user(self.handler).action_close()
        running = self._report(start=date(2026, 12, 15), end=date(2027, 3, 14))
        self.assertIn("chưa kết thúc", running.notes)
        with self._refused(UserError, "before the period is over"):
            running.action_close()
        twin = self._report(start=QUARTERS[0][0], end=QUARTERS[0][1])
        report.action_close()
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            with self.env.cr.savepoint():
                twin.action_close()

    def test_what_cannot_be_classified_breaks_an_identity(self):
        report = self._report(start=QUARTERS[2][0], end=QUARTERS[2][1])
        action = report.open_cell(0, "c8")
        dossier = self.env["cchc.dossier"].search(action["domain"], limit=1)
        self.env.cr.execute(
            "UPDATE cchc_dossier SET timeliness = NULL WHERE id = %s", (dossier.id,)
        )
        self.env.invalidate_all()
        report.action_compute()
        self.assertTrue(report.has_error)
        with self._refused(UserError, "does not hold"):
            report.action_close()

    def test_later_corrections_stand_beside_the_snapshot(self):
        report = self._report(start=QUARTERS[2][0], end=QUARTERS[2][1])
        report.action_close()
        before = self._figures(report)["Tổng cộng"]
        dossier = self.env["cchc.dossier"].search(
            report.open_cell(0, "c8")["domain"], limit=1
        )
        report.action_compare()
        self.assertFalse(report.correction_ids)
        self.env.cr.execute(
            "UPDATE cchc_dossier SET state = 'void' WHERE id = %s", (dossier.id,)
        )
        self.env.invalidate_all()
        report.action_compare()
        self.assertEqual(report.correction_ids.dossier_id, dossier)
        self.assertIn("Trước hạn", report.correction_ids.before)
        self.assertEqual(report.correction_ids.after, "Not counted")
        self.assertEqual(self._figures(report)["Tổng cộng"], before)
        total = report.table["rows"][-1]
        differences = dict(
            zip(report.table["columns"], total["corrections"], strict=True)
        )
        self.assertEqual(differences["c3"], -1)
        self.assertEqual(differences["c8"], -1)
        self.assertEqual(differences["c10"], 0)
        self.assertTrue(report._is_intact())
        following = self._report(start=QUARTERS[3][0], end=QUARTERS[3][1])
        self._holds(following)

    # -- choices ---------------------------------------------------------------
    def test_choices_of_the_regime_count_and_are_printed(self):
        start, end = QUARTERS[2]
        regime = self.env["cchc.report.regime"]._get(end)
        usual = self._report(start=start, end=end)
        counts = self._figures(usual)["Tổng cộng"]
        ended = self.env["cchc.dossier"].search(
            usual.open_cell(0, "c7")["domain"]
            + [("state", "in", ("withdrawn", "stopped"))]
        )
        words = Counter(ended.mapped("timeliness"))
        self.assertTrue(words["early"] and words["late"])
        regime.withdrawn_as = "timeliness"
        usual.action_compute()
        now = self._figures(usual)["Tổng cộng"]
        self.assertEqual(now["c8"] - counts["c8"], words["early"])
        self.assertIn(tables.NOTES["withdrawn", "timeliness"], usual.notes)
        regime.withdrawn_as = "always_on_time"
        usual.action_compute()
        now = self._figures(usual)["Tổng cộng"]
        self.assertEqual(counts["c10"] - now["c10"], words["late"])
        regime.write({"withdrawn_as": "on_time", "kiosk_as": "online"})
        usual.action_compute()
        now = self._figures(usual)["Tổng cộng"]
        self.assertGreater(now["c4"], counts["c4"])
        self.assertEqual(now["c3"], counts["c3"])
        regime.write({"kiosk_as": "direct", "extension_as": "current"})
        usual.action_compute()
        now = self._figures(usual)["Tổng cộng"]
        self.assertLess(now["c10"] + now["c13"], counts["c10"] + counts["c13"])
        self._holds(usual)

    # -- access ----------------------------------------------------------------
    def test_a_province_sees_totals_but_no_details(self):
        start, end = QUARTERS[1]
        compiled = self._report("06b", user=self.clerk, start=start, end=end)
        line = compiled.line_ids.filtered(lambda row: row.row_id == self.commune.id)
        figure = line.figures["c3"]
        self.assertGreater(figure, 0)
        with self._refused(UserError, "You see the totals"):
            compiled.open_cell(self.commune.id, "c3")
        self.clerk.group_ids += self.env.ref("cchc_onestop.group_subordinate")
        action = compiled.open_cell(self.commune.id, "c3")
        found = self.env["cchc.dossier"].with_user(self.clerk)
        self.assertEqual(found.search_count(action["domain"]), figure)

    def test_agencies_do_not_see_each_other(self):
        report = self._report(start=QUARTERS[1][0], end=QUARTERS[1][1])
        foreign = report.with_user(self.outsider).with_context(
            allowed_company_ids=self.neighbour.ids
        )
        self.assertFalse(foreign.has_access("read"))
        with self.assertRaises(AccessError):
            foreign.open_cell(0, "c3")
        with self.assertRaises(AccessError):
            self.env["cchc.dossier"].with_user(self.outsider).search(
                [("statistic_cell", "=", f"{report.id}/0/c3")]
            )
        clerk = report.with_user(self.clerk).with_context(
            allowed_company_ids=self.province.ids
        )
        self.assertTrue(clerk.has_access("read"))
        self.assertFalse(clerk.has_access("write"))

    def test_figures_are_never_typed_in(self):
        report = self._report(start=QUARTERS[1][0], end=QUARTERS[1][1])
        for values in ({"checks": []}, {"state": "closed"}, {"checksum": "x"}):
            with self._refused(UserError, "cannot be written directly"):
                report.write(values)
        with self._refused(UserError, "cannot be written directly"):
            report.create({"form": "06a", "state": "closed", "checksum": "x"})
        with self._refused((UserError, AccessError), "."):
            report.line_ids[:1].write({"figures": {"c3": 1}})


@tagged("post_install", "-at_install")
class TestStateAtTheEnd(StatisticCase):
    """How a dossier stood at the end of a period that is long over."""

    PERIOD = {"start": date(2026, 9, 15), "end": date(2026, 11, 10)}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.procedure = cls.env["cchc.procedure"].search([("code", "=", "9.800001")])

    def _at(self, moment):
        return freeze_time(local(moment))

    def _total(self, form="06a", **values):
        values = {**self.PERIOD, **values}
        with self._at("20/12/2026 09:00"):
            report = self._report(form, **values)
        return self._figures(report)["Tổng cộng"]

    def _accept(self, moment="09/11/2026 09:00"):
        with self._at(moment):
            return self._accepted()

    def test_waiting_then_is_not_judged_by_what_came_after(self):
        """Supplement asked in time, brought after the end of the period, then late."""
        dossier = self._accept()
        with self._at("10/11/2026 10:00"):
            dossier.with_user(self.handler).action_request_supplement("Thiếu giấy tờ")
        with self._at("16/11/2026 10:00"):
            dossier.with_user(self.handler).action_resume()
        total = self._total()
        self.assertEqual((total["c12"], total["c13"]), (1, 0))
        index = self._total("766")
        self.assertEqual((index["c14"], index["c17"]), (0, 1))
        # Ten days later it has missed the moved date: late there, not here.
        total = self._total(end=date(2026, 11, 30))
        self.assertEqual((total["c12"], total["c13"]), (0, 1))

    def test_late_before_the_supplement_stays_late(self):
        dossier = self._accept("03/11/2026 09:00")
        with self._at("09/11/2026 10:00"):
            dossier.with_user(self.handler).action_request_supplement("Thiếu giấy tờ")
        total = self._total()
        self.assertEqual((total["c12"], total["c13"]), (0, 1))
        self.assertEqual(self._total("766")["c18"], 1)

    def test_extended_is_late_against_the_first_appointment(self):
        dossier = self._accept("03/11/2026 09:00")
        with self._at("05/11/2026 10:00"):
            dossier.with_user(self.leader).action_extend(
                local("20/11/2026 17:00"),
                "Xác minh thực địa",
                self.env.ref("cchc_onestop.reason_late_dd"),
            )
        self.assertEqual(self._total()["c13"], 1)
        self.assertEqual(self._total(end=date(2026, 11, 5))["c12"], 1)
        regime = self.env["cchc.report.regime"]._get(self.PERIOD["end"])
        regime.extension_as = "current"
        self.assertEqual(self._total()["c12"], 1)
        regime.extension_as = "first"
        self.assertEqual(self._total()["c13"], 1)

    def test_ended_after_the_period_counts_as_open_in_it(self):
        with self._at("09/11/2026 09:00"):
            dossier = self._to_sign()
        with self._at("11/11/2026 09:00"):
            dossier.with_user(self.leader).action_sign()
            dossier.with_user(self.desk).action_pass_step()
        total = self._total()
        self.assertEqual((total["c7"], total["c12"]), (0, 1))
        total = self._total(end=date(2026, 11, 11))
        self.assertEqual((total["c7"], total["c11"]), (1, 0))

    def test_days_are_those_of_the_agency(self):
        """Half past midnight in Việt Nam is still the day before in UTC."""
        dossier = self._accept("09/11/2026 09:00")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cchc_dossier SET accepted_at = %s WHERE id = %s",
            (local("11/11/2026 00:30"), dossier.id),
        )
        self.env.invalidate_all()
        self.assertEqual(self._total()["c3"], 0)
        self.assertEqual(self._total(end=date(2026, 11, 11))["c3"], 1)

    def test_neither_void_nor_refused_nor_children_count(self):
        dossier = self._accept()
        child = self._accept()
        void = self._accept()
        with self._at("09/11/2026 10:00"):
            void.action_void("Nhập nhầm")
            self._draft().action_refuse("Không thuộc thẩm quyền")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cchc_dossier SET parent_id = %s WHERE id = %s",
            (dossier.id, child.id),
        )
        self.env.invalidate_all()
        self.assertEqual(self._total()["c3"], 1)

    def test_a_second_supplement_is_late_for_the_index(self):
        dossier = self._accept()
        rule = dossier.sudo().deadline_rule_id
        rule.sudo().supplement_max = 2
        for moment, resume in (("09/11/2026 10:00", "09/11/2026 14:00"),) * 2:
            with self._at(moment):
                dossier.with_user(self.handler).action_request_supplement("Thiếu")
            with self._at(resume):
                dossier.with_user(self.handler).action_resume()
        self.assertEqual(self._total("766")["c15"], 1)
        regime = self.env["cchc.report.regime"]._get(self.PERIOD["end"])
        regime.twice_is_late = False
        self.assertEqual(self._total("766")["c14"], 1)
