from fractions import Fraction

from odoo.fields import Domain
from odoo.tests import tagged

from ..tools.figure import Figure
from .test_metric import QUARTER, MetricCase

#: Records added up by a figure that is no plain count.
SUMMED = {
    "inspection_violators": "violator_count",
    "communication_cost": "cost",
    "training_persons": "persons",
    "training_certificates": "certificate_count",
    "training_cost": "cost",
    "appointment_total": "total",
}
SOURCES = (
    "document",
    "inspection",
    "inspection_plan",
    "finding",
    "self_inspection",
    "communication",
    "communication_plan",
    "training",
    "appointment",
    "initiative",
    "award",
)


@tagged("post_install", "-at_install")
class TestYearMetric(MetricCase):
    """Figures of the registers of the year open exactly what they count."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env(user=cls.officer.id)
        cls._documents(env)
        cls._inspections(env)
        cls._communications(env)
        env["cchc.reform.training"].create(
            [
                # 001_436c0453bfb773a8.txt (TX. Bến Cát)
                {
                    "name": "Tập huấn công tác thi đua, khen thưởng",
                    "topic": "emulation",
                    "date_from": "2026-07-01",
                    "persons": 210,
                    "certificate_count": 10,
                    "cost": 5_000_000,
                },
                {"name": "Ngoài kỳ", "date_from": "2026-06-14", "persons": 5},
            ]
        )
        env["cchc.reform.appointment"].create(
            [
                # 002_efdf774528209ba3.txt (TX. Nghĩa Lộ)
                {
                    "is_list": True,
                    "date_from": "2026-06-15",
                    "date": "2026-08-31",
                    "total": 28,
                    "new_count": 7,
                    "again_count": 18,
                    "extended_count": 2,
                    "rotated_count": 1,
                },
                {"person": "Lê Văn A", "kind": "new", "date": "2026-07-01"},
                {"person": "Lê Văn B", "kind": "again", "date": "2026-09-10"},
            ]
        )
        env["cchc.reform.initiative"].create(
            [
                {"name": "Mô hình 1", "date": "2026-07-02", "prize": "Giải Ba"},
                {"name": "Mô hình 2", "date": "2026-07-03", "is_recognised": False},
            ]
        )
        env["cchc.reform.award"].create(
            {"name": "Giấy khen", "recipient": "UBND xã", "date": "2026-08-01"}
        )

    @classmethod
    def _documents(cls, env):
        town = env["cchc.issued.document.issuer"].create({"name": "UBND thị xã"})
        incoming = {"direction": "incoming", "issuer_id": town.id, "subject": "Đến"}
        env["cchc.issued.document"].create(
            [
                {
                    "reference": "1/KH-UBND",
                    "date": "2026-06-15",
                    "subject": "Đi",
                    "area_id": cls.area["direction"].id,
                    "signature_state": "digital",
                },
                {"reference": "2/KH-UBND", "date": "2026-09-14", "subject": "Đi"},
                {"reference": "3/KH-UBND", "date": "2026-09-15", "subject": "Đi"},
                {
                    **incoming,
                    "reference": "4/CV-A",
                    "date": "2026-06-14",
                    "received_on": "2026-06-15",
                },
                {**incoming, "reference": "5/CV-A", "date": "2026-06-16"},
            ]
        )

    @classmethod
    def _inspections(cls, env):
        plan = cls._new_plan(plan_type="inspection", name="Kế hoạch kiểm tra")
        inspection = env["cchc.reform.inspection"].create(
            {
                "name": "Kiểm tra kỷ luật, kỷ cương",
                "form": "surprise",
                "plan_id": plan.id,
                "date_from": "2026-07-01",
            }
        )
        visits = env["cchc.reform.inspection.visit"].create(
            [
                {
                    "inspection_id": inspection.id,
                    "unit_name": f"Đơn vị {number}",
                    "day": "2026-07-01",
                }
                for number in range(18)
            ]
            + [{"inspection_id": inspection.id, "unit_name": "Sau", "day": False}]
        )
        own = env["cchc.reform.inspection"].create(
            {
                "name": "Tự kiểm tra",
                "form": "self",
                "inspector_type": "internal",
                "plan_id": False,
                "date_from": "2026-08-01",
            }
        )
        visit = env["cchc.reform.inspection.visit"].create(
            {
                "inspection_id": own.id,
                "department_id": cls.department.id,
                "day": "2026-08-01",
            }
        )
        above = env["cchc.reform.inspection"].create(
            {
                "name": "HĐND giám sát",
                "inspector_type": "council",
                "plan_id": False,
                "date_from": "2026-08-05",
            }
        )
        env["cchc.reform.inspection.visit"].create(
            {
                "inspection_id": above.id,
                "department_id": cls.department.id,
                "day": "2026-08-05",
            }
        )
        findings = env["cchc.reform.inspection.finding"].create(
            [
                {
                    "visit_id": visit.id,
                    "weakness": "Niêm yết thiếu",
                    "date_due": "2026-08-20",
                    "violator_count": 0,
                },
                {
                    "visit_id": visits[0].id,
                    "weakness": "Trễ hẹn",
                    "date_due": "2026-08-20",
                    "violator_count": 2,
                },
            ]
        )
        findings[0].report_remedy("Đã niêm yết", "2026-08-15")
        findings[0].with_user(cls.chief).action_confirm()

    @classmethod
    def _communications(cls, env):
        channels = {
            channel.key: channel for channel in env["cchc.reform.channel"].search([])
        }
        plan = cls._new_plan("Phát thanh", plan_type="communication", name="KH TT")
        targets = env["cchc.reform.communication.target"]
        targets.create(
            {
                "plan_id": plan.id,
                "channel_id": channels["broadcast"].id,
                "planned1": 89,
                "planned2": 72,
            }
        )
        targets.create(
            {
                "plan_id": plan.id,
                "channel_id": channels["news"].id,
                "planned1": 300,
            }
        )
        cls._approve(plan)
        # 004_e3de190988cf87c0.txt (xã Kim Long)
        for key, first, second in (
            ("article", 30, 0),
            ("news", 263, 0),
            ("broadcast", 88, 71),
            ("broadcast", 1, Fraction(1, 3)),
            ("broadcast", 0, Fraction(2, 3)),
            ("banner", 5, 50),
            ("panel", 2, 20),
            ("social", 12, 0),
        ):
            env["cchc.reform.communication"].create(
                {
                    "channel_id": channels[key].id,
                    "name": key,
                    "date": "2026-07-10",
                    "quantity1": first,
                    "quantity2": float(second),
                    "plan_id": plan.id,
                    "cost": 100_000,
                }
            )

    def test_communications_of_kim_long(self):
        found = self._measure(
            "communication_by_article_1",
            "communication_by_news_1",
            "communication_by_broadcast_1",
            "communication_by_broadcast_2",
            "communication_by_banner_2",
            "communication_by_panel_2",
            "communication_channels",
            "communication_channels_online",
            "communication_plan_share",
        )
        self.assertEqual(
            [figure.numerator for figure in found.values()],
            [30, 263, 89, 72, 50, 20, 6, 1, 1],
        )
        self.assertEqual(found["communication_plan_share"], Figure(1, 2))

    def test_inspections_of_nghia_lo(self):
        found = self._measure(
            "inspection_visits",
            "inspection_visits_surprise",
            "inspection_visits_self",
            "inspection_visits_received",
            "inspection_violators",
            "finding_remedied",
            "finding_overdue",
            "inspection_plan_share",
            "inspection_departments",
        )
        self.assertEqual(found["inspection_visits"].value, 19)
        self.assertEqual(found["inspection_visits_surprise"].value, 18)
        self.assertEqual(found["inspection_visits_self"].value, 1)
        self.assertEqual(found["inspection_visits_received"].value, 1)
        self.assertEqual(found["inspection_violators"].value, 2)
        self.assertEqual(found["finding_remedied"], Figure(1, 2))
        self.assertEqual(found["finding_overdue"].value, 1)
        self.assertEqual(found["inspection_plan_share"], Figure(18, 19))
        self.assertEqual(found["inspection_departments"], Figure(1, 2))

    def test_appointments_count_nobody_twice(self):
        found = self._measure(
            "appointment_total",
            "appointment_new",
            "appointment_again",
            "appointment_extended",
            "appointment_rotated",
        )
        self.assertEqual([figure.value for figure in found.values()], [29, 7, 19, 2, 1])

    def test_other_registers(self):
        found = self._measure(
            "training_classes",
            "training_persons",
            "document_issued",
            "document_received",
            "document_direction",
            "document_signed_share",
            "initiative_total",
            "initiative_prizes",
            "award_collective",
            "award_individual",
        )
        self.assertEqual(
            [figure.numerator for figure in found.values()],
            [1, 210, 2, 2, 1, 1, 1, 1, 1, 0],
        )
        self.assertEqual(found["document_signed_share"], Figure(1, 2))

    def test_a_figure_opens_exactly_what_it_counts(self):
        metrics = self.metrics.search([("source_key", "in", SOURCES)])
        self.assertGreater(len(metrics), 40)
        found = self._measure(*metrics.mapped("key"))
        for metric in metrics:
            with self.subTest(metric.key):
                action = metric._action(self.commune.ids, *QUARTER)
                records = (
                    self.env[action["res_model"]]
                    .with_user(self.officer)
                    .search(Domain(action["domain"]))
                )
                counted = len(records)
                key = metric.key
                if key in SUMMED:
                    counted = sum(records.mapped(SUMMED[key]))
                elif key.startswith("appointment_"):
                    kind = key.removeprefix("appointment_")
                    counted = sum(records.mapped(f"{kind}_count"))
                elif key.startswith("communication_by_"):
                    counted = self._amount(records, key[-1])
                elif key.startswith("communication_channels"):
                    counted = len(records.channel_id)
                self.assertEqual(found[key].numerator, counted)

    def _amount(self, records, unit):
        if unit == "1":
            return sum(records.mapped("quantity1"))
        if records and records[0].is_time:
            return Fraction(sum(records.mapped("minutes")), 60)
        return sum(records.mapped("quantity2"))

    def test_one_statement_for_each_source(self):
        metrics = self.metrics.search([("source_key", "=", "communication")])
        keys = metrics.mapped("key")
        companies = self.commune | self.neighbour
        officer = self._new_reform_user("above", "group_officer", company=self.province)
        self._measure(*keys, user=officer, companies=companies)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(9):
            found = self._measure(*keys, user=officer, companies=companies)
        self.assertEqual(
            found[self.neighbour.id, "communication_by_news_1"], Figure(0, None)
        )
