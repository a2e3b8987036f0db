import json
from decimal import Decimal

from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, tagged

from odoo.addons.cchc_onestop.tests.common import local
from odoo.addons.cchc_onestop.tools.guard import unlocked

from ..tools.objective import passes, trend, value_of
from .common import IsoCase


class TestObjectiveArithmetic(BaseCase):
    """Figures are whole numbers over whole numbers; targets are met exactly."""

    def test_a_hair_below_the_target_is_missed(self):
        self.assertEqual(value_of(8999999, 10000000, "percent"), Decimal("90.00"))
        self.assertFalse(
            passes(8999999, 10000000, "percent", Decimal("90"), "at_least")
        )
        self.assertTrue(passes(9, 10, "percent", Decimal("90"), "at_least"))

    def test_nothing_to_measure_is_neither_met_nor_missed(self):
        self.assertIsNone(passes(0, 0, "percent", Decimal("90"), "at_least"))
        self.assertIsNone(value_of(0, 0, "ratio"))
        self.assertTrue(passes(0, 0, "count", Decimal("0"), "at_most"))

    def test_trend_knows_in_which_direction_a_figure_improves(self):
        self.assertEqual(trend(Decimal(2), Decimal(1), "high"), "better")
        self.assertEqual(trend(Decimal(2), Decimal(1), "low"), "worse")
        self.assertEqual(trend(Decimal(1), Decimal(1), "low"), "same")
        self.assertIsNone(trend(Decimal(1), None, "low"))

    @settings(deadline=None, max_examples=200)
    @given(st.integers(0, 10**12), st.integers(1, 10**12), st.integers(0, 10000))
    def test_both_directions_agree_only_on_the_target(self, top, bottom, hundredths):
        target = Decimal(hundredths) / 100
        least = passes(top, bottom, "percent", target, "at_least")
        most = passes(top, bottom, "percent", target, "at_most")
        self.assertTrue(least or most)
        self.assertEqual(least and most, top * 10000 == hundredths * bottom)


@tagged("post_install", "-at_install")
class TestObjective(IsoCase):
    """Mục tiêu chất lượng (TCVN ISO 9001 6.2), and the rule about late dossiers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.objectives = cls.env["cchc.iso.objective"]
        cls.measures = cls.env["cchc.iso.objective.measure"]
        with freeze_time(local("02/07/2026 08:00")):
            cls.on_time = cls._ended(cls, "03/07/2026 16:00")
            cls.late = cls._ended(cls, "20/07/2026 16:00")

    def _ended(self, moment, **values):
        """Return a dossier whose end and timeliness are as if settled then."""
        dossier = self._draft(self, **values)
        dossier.action_accept()
        at = local(moment)
        late = at > dossier.due_at
        unlocked(dossier.sudo()).write(
            {
                "state": "done",
                "is_open": False,
                "ended_at": at,
                "timeliness": "late" if late else "on_time",
            }
        )
        return dossier.sudo()

    def _objective(self, approve=True, **vals):
        objective = self.objectives.with_user(self.secretary).create(
            {
                "name": "Tỷ lệ hồ sơ trễ hạn",
                "year": 2026,
                "company_id": self.commune.id,
                "system_id": self.system.id,
                "metric": "late_share",
                "target": 2,
                "plan_ids": [
                    Command.create(
                        {"name": "Họp rà soát hằng tuần", "user_id": self.head.id}
                    )
                ],
                **vals,
            }
        )
        if approve:
            objective.request_validation()
            objective.with_user(self.head).validate_tier()
            self.assertEqual(objective.state, "approved")
        return objective

    def _of(self, objective, split=""):
        return self.measures.search(
            [
                ("objective_id", "=", objective.id),
                ("split_key", "=like", f"{split}%")
                if split
                else ("split_key", "=", ""),
                ("is_current", "=", True),
            ],
            order="period_from",
        )

    def test_direction_follows_the_figure(self):
        self.assertEqual(self._objective(approve=False).direction, "at_most")
        other = self._objective(approve=False, metric="on_time_share", target=98)
        self.assertEqual(other.direction, "at_least")

    def test_approved_by_a_leader_and_then_kept(self):
        objective = self._objective(approve=False)
        with self._refused(UserError, "begins as a draft"):
            self._objective(approve=False, state="approved")
        objective.request_validation()
        with self._refused(AccessError, "another person"):
            objective.with_user(self.secretary).validate_tier()
        objective.with_user(self.head).validate_tier()
        with self._refused(UserError, "in force"):
            objective.target = 50
        objective.plan_ids[:1].done_on = "2026-09-01"
        with self.assertRaises(AccessError):
            objective.with_user(self.member).write({"note": "x"})

    def test_each_period_is_measured_with_its_denominator(self):
        with freeze_time(local("05/10/2026 08:00")):
            objective = self._objective()
            objective.with_user(self.member).action_measure()
        rows = self._of(objective)
        self.assertEqual(rows.mapped("period_name")[2], "Quarter 3/2026")
        third = rows[2]
        self.assertEqual((third.numerator, third.denominator), (1, 2))
        self.assertEqual((third.value, third.verdict), (50.0, "fail"))
        self.assertEqual(rows[0].verdict, "no_data")
        self.assertEqual(rows.mapped("is_final"), [True, True, True, False])
        self.assertTrue(third.source and third.parameters and third.measured_at)
        self.assertEqual(objective.last_value, 50.0)
        self.assertEqual(objective.last_verdict, "fail")

    def test_closed_period_never_changes_a_correction_is_a_new_row(self):
        with freeze_time(local("05/10/2026 08:00")):
            objective = self._objective()
            objective.sudo()._measure()
            first = self._of(objective)[2]
            unlocked(self.late).write({"timeliness": "on_time"})
            objective.sudo()._measure()
            self.assertEqual(self._of(objective)[2], first)
            self.assertEqual(first.numerator, 1)
            with self._refused(AccessError, "ISO secretary"):
                first.with_user(self.member).action_measure_again()
            first.with_user(self.secretary).action_measure_again()
        second = self._of(objective)[2]
        self.assertEqual((second.corrects_id, second.version), (first, 2))
        self.assertEqual((first.numerator, first.value), (1, 50.0))
        self.assertFalse(first.is_current)
        self.assertEqual((second.numerator, second.verdict), (0, "pass"))
        with self._refused(UserError, "cannot be changed"):
            first.with_user(self.secretary).write({"value": 0})
        with self._refused(UserError, "ever deleted"):
            unlocked(first).unlink()
        first.with_user(self.secretary).note = "Nhập bù dữ liệu"

    def test_running_period_is_measured_over(self):
        with freeze_time(local("10/07/2026 08:00")):
            objective = self._objective()
            objective.sudo()._measure()
            row = self._of(objective)[2]
            self.assertFalse(row.is_final)
        with freeze_time(local("25/07/2026 08:00")):
            objective.sudo()._measure()
        self.assertEqual(self._of(objective)[2], row)
        self.assertEqual(row.denominator, 2)

    def test_rule_opens_one_finding_per_period_and_department(self):
        departments = {
            self.late: self.department,
            self.on_time: self.other_department,
        }
        for dossier, department in departments.items():
            step = dossier.step_ids.filtered(lambda step: step.role == "handle")
            unlocked(step).write({"department_id": department.id})
        with freeze_time(local("05/10/2026 08:00")):
            objective = self._objective(
                split="department", consequence="nonconformity", category="major"
            )
            for _run in range(3):
                objective.sudo()._measure()
        ncs = self.env["mgmtsystem.nonconformity"].search(
            [("rule_key", "like", f"objective/{objective.id}/")]
        )
        self.assertEqual(len(ncs), 1)
        self.assertEqual(ncs.department_id, self.department)
        self.assertEqual(ncs.dossier_ids, self.late)
        self.assertEqual(ncs.category, "major")
        self.assertIn(self.late.name, ncs.evidence)
        self.assertIn("1/1", ncs.evidence)
        self.assertEqual(ncs.edition_id, self.system.edition_id)
        measure = self._of(objective, "department:").filtered("nonconformity_id")
        self.assertEqual(measure.nonconformity_id, ncs)

    def test_rule_waits_for_the_end_and_for_enough_dossiers(self):
        with freeze_time(local("25/07/2026 08:00")):
            objective = self._objective(consequence="nonconformity")
            objective.sudo()._measure()
        few = self._objective(consequence="nonconformity", min_count=3)
        with freeze_time(local("05/10/2026 08:00")):
            self.assertFalse(self._of(objective).nonconformity_id)
            (objective | few).sudo()._measure()
        self.assertEqual(len(self._of(objective).nonconformity_id), 1)
        self.assertFalse(self._of(few).nonconformity_id)

    def test_missed_target_opens_an_action(self):
        with freeze_time(local("05/10/2026 08:00")):
            objective = self._objective(consequence="action")
            objective.sudo()._measure()
            objective.sudo()._measure()
        action = self._of(objective).action_id
        self.assertEqual(len(action), 1)
        self.assertEqual(action.user_id, objective.responsible_id)

    def test_every_figure_can_be_measured(self):
        with freeze_time(local("05/10/2026 08:00")):
            for metric in dict(self.env["cchc.iso.metric"]._selection()):
                with self.subTest(metric):
                    objective = self._objective(metric=metric, target=10)
                    objective.sudo()._measure()
                    rows = self._of(objective)
                    self.assertEqual(len(rows), 0 if metric == "manual" else 4)

    def test_satisfaction_comes_from_the_slips(self):
        for dossier, level in (
            (self.late, "dissatisfied"),
            (self.on_time, "satisfied"),
        ):
            unlocked(dossier).write({"returned_at": local("21/07/2026 08:00")})
            with freeze_time(local("22/07/2026 08:00")):
                self.env["cchc.evaluation"].with_user(self.desk).create(
                    {"dossier_id": dossier.id, "level": level}
                )
        with freeze_time(local("05/10/2026 08:00")):
            objective = self._objective(metric="satisfaction", target=90)
            objective.sudo()._measure()
        third = self._of(objective)[2]
        self.assertEqual((third.numerator, third.denominator), (1, 2))

    def test_scope_that_a_figure_does_not_know_is_refused(self):
        with self._refused(ValidationError, "not counted per"):
            self._objective(
                approve=False, metric="actions_on_time", sector_id=self.sector.id
            )

    def test_figure_entered_by_hand_names_its_source(self):
        with freeze_time(local("05/10/2026 08:00")):
            objective = self._objective(metric="manual", target=90, period="year")
            entry = self.env["cchc.iso.objective.entry"].with_user(self.secretary)
            entry.create(
                {
                    "objective_id": objective.id,
                    "numerator": 18,
                    "denominator": 20,
                    "source": "Danh sách ký tập huấn",
                }
            ).action_enter()
        row = self._of(objective)
        self.assertEqual((row.value, row.verdict), (90.0, "pass"))
        self.assertEqual(row.source, "Danh sách ký tập huấn")

    def test_neighbour_sees_nothing(self):
        objective = self._objective()
        foreign = self._new_iso_user("foreign", "group_officer", company=self.neighbour)
        self.assertFalse(
            self.objectives.with_user(foreign).search([("id", "=", objective.id)])
        )

    def test_next_year_begins_as_a_draft(self):
        objective = self._objective()
        action = objective.with_user(self.secretary).action_next_year()
        copy = self.objectives.search(action["domain"])
        self.assertEqual((copy.year, copy.state), (2027, "draft"))
        self.assertEqual(copy.plan_ids.mapped("name"), ["Họp rà soát hằng tuần"])
        self.assertFalse(copy.measure_ids)

    def test_trend_carries_points_target_and_verdict(self):
        with freeze_time(local("05/10/2026 08:00")):
            objective = self._objective()
            objective.sudo()._measure()
        graph = json.loads(objective.graph)
        self.assertEqual((graph["target"], graph["direction"]), (2, "at_most"))
        self.assertEqual([point["verdict"] for point in graph["points"]], ["fail"])
        self.assertEqual(graph["points"][0]["shown"], objective.last_shown)
        self.assertIn("(1/2)", objective.last_shown)

    def test_what_a_missed_target_opened_is_reached_from_the_objective(self):
        with freeze_time(local("05/10/2026 08:00")):
            objective = self._objective(consequence="nonconformity")
            objective.sudo()._measure()
            row = self._of(objective)[2]
            unlocked(self.late).write({"timeliness": "on_time"})
            row.with_user(self.secretary).action_measure_again()
        nc = row.nonconformity_id
        self.assertEqual(objective.nonconformity_count, 1)
        action = objective.with_user(self.member).action_open_nonconformities()
        self.assertEqual(action["domain"], [("id", "in", nc.ids)])
        corrected = self._of(objective)[2]
        self.assertEqual(corrected.corrects_id, row)
        self.assertEqual(corrected.nonconformity_id, nc)

    def test_paper_of_the_year_holds_plan_and_results(self):
        with freeze_time(local("05/10/2026 08:00")):
            objective = self._objective(consequence="nonconformity")
            other = self._objective(
                approve=False, name="Người dân hài lòng", metric="satisfaction"
            )
            gone = self._objective(name="Đã rút")
            gone.with_user(self.head).action_withdraw()
            objective.sudo()._measure()
            self.assertEqual((objective | other)._one_per_year(), objective)
            html = self._paper(objective)
        for text in (
            "Mục tiêu chất lượng năm",
            "2026",
            "Họp rà soát hằng tuần",
            "Không quá 2%",
            "Người dân hài lòng",
            "Kết quả thực hiện từng kỳ",
            "50,00",
            "Không đạt",
            self._of(objective)[2].nonconformity_id.ref,
            "DỰ THẢO",
        ):
            self.assertIn(text, html)
        self.assertNotIn("Đã rút", html)
        content, kind = self.env["ir.actions.report"]._render_xlsx(
            "cchc_iso.objectives_xlsx", (objective | other).ids, {}
        )
        self.assertEqual((kind, content[:2]), ("xlsx", b"PK"))

    def _paper(self, objective):
        report = self.env["ir.actions.report"].with_user(self.member)
        return report._render_qweb_html("cchc_iso.report_objectives", objective.ids)[
            0
        ].decode()
