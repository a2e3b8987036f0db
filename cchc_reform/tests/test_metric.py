from datetime import date, datetime
from fractions import Fraction

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common_statistic import NOW, StatisticCase

from ..tools.figure import Figure, add_up, percent, vietnamese
from .common import ReformCase

QUARTER = date(2026, 6, 15), date(2026, 9, 14)


class MetricCase(ReformCase):
    """Measures as a reform officer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.metrics = cls.env["cchc.reform.metric"].with_user(cls.officer)

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(NOW))

    def _measure(self, *keys, user=None, companies=None, period=QUARTER):
        companies = companies or self.commune
        figures = (
            self.metrics.with_user(user or self.officer)
            .with_context(allowed_company_ids=(user or self.officer).company_id.ids)
            ._measure(keys, companies.ids, *period)
        )
        if len(companies) == 1:
            return {key: figures[companies.id, key] for key in keys}
        return figures

    def _all(self, source):
        metrics = self.metrics.search([("source_key", "=", source)])
        return metrics, metrics.mapped("key")


@tagged("post_install", "-at_install")
class TestMetric(MetricCase, StatisticCase):
    """Figures are counted once for everybody and opened down to what they count."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(NOW):
            cls._generate(400, [cls.commune, cls.neighbour])
        cls.province_officer = cls._new_reform_user(
            "province_officer", "group_officer", company=cls.province
        )

    def test_dossiers_are_counted_as_the_statutory_report_does(self):
        report = StatisticCase._report(self, start=QUARTER[0], end=QUARTER[1])
        total = report.line_ids.filtered(lambda line: not line.row_id).figures
        _metrics, keys = self._all("dossier")
        found = self._measure(*keys)
        for key, columns in {
            "dossier_total": ("c3",),
            "dossier_received": ("c4", "c5"),
            "dossier_online": ("c4",),
            "dossier_carried": ("c6",),
            "dossier_settled": ("c7",),
            "dossier_settled_early": ("c8",),
            "dossier_settled_in_time": ("c8", "c9"),
            "dossier_settled_late": ("c10",),
            "dossier_open": ("c11",),
            "dossier_open_overdue": ("c13",),
            "dossier_late": ("c10", "c13"),
        }.items():
            expected = sum(total[column] for column in columns)
            self.assertEqual(found[key], Figure(expected, None), key)
        self.assertGreater(total["c10"], 0)
        self.assertEqual(
            found["dossier_late_received"],
            Figure(total["c10"] + total["c13"], total["c3"]),
        )
        self.assertEqual(
            found["dossier_late_settled"], Figure(total["c10"], total["c7"])
        )
        self.assertEqual(
            found["dossier_on_time_settled"].numerator + total["c10"], total["c7"]
        )
        self.assertEqual(
            found["dossier_on_time_received"].share
            + found["dossier_late_received"].share,
            1,
        )

    def test_a_figure_opens_exactly_what_it_counts(self):
        user = self._new_reform_user("both", "group_officer")
        user.group_ids += self.env.ref("cchc_onestop.group_leader")
        metrics, keys = self._all("dossier")
        found = self._measure(*keys)
        dossiers = self.env["cchc.dossier"].with_user(user)
        for metric in metrics.with_user(user):
            action = metric._action(self.commune.ids, *QUARTER)
            self.assertEqual(action["res_model"], "cchc.dossier")
            self.assertEqual(
                dossiers.search_count(action["domain"]),
                found[metric.key].numerator,
                metric.key,
            )

    def test_text_that_names_no_figure(self):
        company = self.commune.id
        for text in (
            "",
            "1",
            f"no_figure/{company}/2026-01-01/2026-02-01",
            "task_total//2026-01-01/2026-02-01",
            f"task_total/{company}/2026-13-01/2026-02-01",
        ):
            with (
                self.subTest(text),
                self.assertRaisesRegex(UserError, "names no figure"),
            ):
                self.env["cchc.dossier"].search([("cchc_counted_in", "=", text)])

    def test_a_province_costs_one_statement_per_source(self):
        companies = self.commune + self.neighbour + self.province
        _metrics, keys = self._all("dossier")
        user = self.province_officer
        self._measure(*keys, user=user, companies=companies)  # warm
        self.env.flush_all()
        statements = []
        original = self.env.cr.execute

        def execute(query, *args, **kwargs):
            text = getattr(query, "code", query)
            if "FROM cchc_dossier d" in str(text):
                statements.append(text)
            return original(query, *args, **kwargs)

        self.patch(self.env.cr, "execute", execute)
        found = self._measure(*keys, user=user, companies=companies)
        self.assertEqual(len(statements), 1)
        one = self._measure("dossier_total")["dossier_total"]
        self.assertEqual(found[self.commune.id, "dossier_total"], one)
        self.assertGreater(found[self.neighbour.id, "dossier_total"].numerator, 0)
        self.assertEqual(found[self.province.id, "dossier_late_settled"], Figure(0, 0))

    def test_only_agencies_that_one_sees(self):
        for companies in (self.neighbour, self.province):
            with self._refused(AccessError, "do not work in or above"):
                self._measure("dossier_total", companies=companies)

    def test_a_key_that_nobody_measures(self):
        with self._refused(UserError, "Nothing measures “dossier_of_nobody”"):
            self._measure("dossier_of_nobody", "dossier_total")
        with self._refused(ValidationError, "No source of figures"):
            self.env["cchc.reform.metric"].create(
                {"key": "x", "name": "X", "source_key": "nowhere"}
            )

    def test_figures_before_any_regime_of_reports(self):
        """Years before the first regime are told by its rules (2019)."""
        found = self._measure(
            "dossier_total", period=(date(2018, 12, 15), date(2019, 6, 14))
        )
        self.assertEqual(found, {"dossier_total": Figure(0, None)})


@tagged("post_install", "-at_install")
class TestTaskMetric(MetricCase):
    """Tasks done over tasks counted."""

    def test_tasks_as_they_stood_on_the_last_day(self):
        plan = self._new_plan("Một", "Hai", "Ba")
        one, two, three = plan.task_ids
        three.date_deadline = "2026-12-15"
        kept = self._new_task(
            plan, name="Bốn", deadline_type="regular", date_deadline=False
        )
        left = self._new_task(plan, name="Năm")
        # Not counted: a draft, and a part of the year that its plan tells already.
        self._new_plan("Nháp")
        quarter = self._new_plan(
            "Sáu",
            parent_id=plan.id,
            level="quarter",
            date_from="2026-07-01",
            date_to="2026-09-30",
        )
        self._approve(plan)
        self._approve(quarter)
        self._report_progress(one, "2026-06-20", "done")
        self._report_progress(two, "2026-10-20", "done")
        self._report_progress(kept, "2026-08-20", "going", product_text="Tin bài")
        self._report_progress(left, "2026-08-20", "cancelled", authority="1/TB-UBND")
        metrics, keys = self._all("task")
        found = self._measure(*keys)
        self.assertEqual(found["task_done_share"], Figure(2, 4))
        self.assertEqual(found["task_total"], Figure(4))
        self.assertEqual(found["task_overdue"], Figure(1))
        self.assertEqual(found["task_done_late"], Figure(0))
        self.assertEqual(found["task_kept_up"], Figure(1, 1))
        self.assertEqual(found["task_left_out"], Figure(1))
        self.assertEqual(found["task_done_share_direction"], Figure(2, 4))
        self.assertEqual(found["task_done_share_finance"], Figure(0, 0))
        self.assertEqual(found["plan_done_share_reform"], Figure(2, 4))
        for metric in metrics:
            action = metric._action(self.commune.ids, *QUARTER)
            self.assertEqual(
                self.env["cchc.reform.task"]
                .with_user(self.officer)
                .search_count(action["domain"]),
                found[metric.key].numerator,
                metric.key,
            )
        year = date(2025, 12, 15), date(2026, 12, 14)
        with freeze_time("2026-12-20 03:00:00"):
            found = self._measure("task_done_share", "task_done_late", period=year)
        self.assertEqual(found["task_done_share"], Figure(3, 4))
        self.assertEqual(found["task_done_late"], Figure(1))
        self.commune.cchc_count_regular = False
        found = self._measure("task_done_share")
        self.assertEqual(found["task_done_share"], Figure(1, 3))

    def _report_progress(self, task, day, outcome, **values):
        with freeze_time(f"{day} 03:00:00"):
            self._report(task, day=day, outcome=outcome, **values)


@tagged("post_install", "-at_install")
class TestFigure(ReformCase):
    """Arithmetic of figures: no ORM, exact."""

    def test_a_rate_keeps_its_denominator(self):
        """Bến Cát 2019: 336 late is 1.1 % of received and 1.2 % of returned."""
        received, returned = Figure(336, 31_000), Figure(336, 29_000)
        self.assertEqual(received.share, Fraction(336, 31_000))
        self.assertEqual(percent(received.share), "1,1%")
        self.assertEqual(percent(returned.share), "1,2%")
        # Sơn La, first half of 2025
        self.assertEqual(percent(Figure(31, 75).share, 2), "41,33%")

    def test_nothing_to_share(self):
        self.assertIsNone(Figure(0, 0).value)
        self.assertEqual(percent(Figure(0, 0).share), "–")
        self.assertEqual(Figure(5).value, 5)

    def test_agencies_are_added_up_by_weight(self):
        self.assertEqual(add_up([Figure(1, 2), Figure(0, 8)]), Figure(1, 10))
        self.assertEqual(add_up([Figure(1), Figure(2)]), Figure(3))

    def test_the_sum_is_as_old_as_its_oldest_part(self):
        old, new = datetime(2026, 11, 16, 2), datetime(2026, 11, 23, 2)
        parts = [Figure(1, 2, new), Figure(0, 0), Figure(1, 8, old)]
        self.assertEqual(add_up(parts), Figure(2, 10, old))

    def test_numbers_as_papers_write_them(self):
        for number, digits, text in (
            (31_000, 0, "31.000"),
            (Fraction(1, 8) * 100, 1, "12,5"),
            (Fraction(25, 2), 0, "13"),
            (0.4, 0, "0"),
            (1234.5, 2, "1.234,5"),
            (-0.2, 0, "0"),
        ):
            self.assertEqual(vietnamese(number, digits), text)
