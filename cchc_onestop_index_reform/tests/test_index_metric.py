from datetime import date
from fractions import Fraction

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.cchc_onestop.tests.common import local
from odoo.addons.cchc_onestop_index.tests.common import IndexCase
from odoo.addons.cchc_reform.tests.common import ReformCase
from odoo.addons.cchc_reform.tests.index_common import IndexCase as ParIndexCase
from odoo.addons.cchc_reform.tools.figure import Figure

TOTALS = ("index766_total", "index766_of_all", "index766_known")
ON_TIME = "index766_component_dossier_on_time"
SYNC = "index766_component_dossier_sync"
QUARTER = (date(2026, 10, 1), date(2026, 12, 31))
#: When the preview of the tests is counted, in Việt Nam.
COUNTED = "23/11/2026 09:00"


@tagged("post_install", "-at_install")
class TestIndexMetric(ReformCase, IndexCase):
    """Index of QĐ 766 as figures of reports, targets and the PAR index."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].search([]).cchc_index_day = "off"
        cls.startClassPatcher(freeze_time(local("15/12/2026 10:00")))
        cls.metrics = cls.env["cchc.reform.metric"].with_user(cls.officer)

    def setUp(self):
        super().setUp()
        with self._at("09/11/2026 08:00"):
            self._accepted()
            self._accepted()
        self.preview = self._take(COUNTED)

    def _take(self, text):
        return self.env["cchc.index.snapshot"]._take(self.commune, local(text))

    def _figures(self, *keys, companies=None, days=QUARTER):
        companies = companies or self.commune
        return self.metrics._measure(keys, companies.ids, *days)

    def _one(self, key, **kwargs):
        return self._figures(key, **kwargs)[self.commune.id, key]

    def _row(self, code):
        return self.preview.line_ids.filtered(lambda line: line.code == code)

    # --- The figures

    def test_every_component_is_a_figure(self):
        components = self.env["cchc.index.component"].search([])
        keys = {
            f"index766_component_{code.lower()}" for code in components.mapped("code")
        }
        found = self.metrics.search([("topic", "=", "index766")])
        self.assertEqual(set(found.mapped("key")), keys | set(TOTALS))
        self.assertEqual(set(found.mapped("unit")), {"share"})
        data = found.get_external_id()
        self.assertFalse([name for name in data.values() if not name])

    def test_total(self):
        figures = self._figures(*TOTALS)
        values = [figures[self.commune.id, key] for key in TOTALS]
        points, known, most = (
            Fraction(str(self.preview[name]))
            for name in ("points", "known_maximum", "maximum")
        )
        self.assertEqual(most, 100)
        self.assertLess(0, points)
        self.assertLess(known, most)
        self.assertEqual(
            [figure[:2] for figure in values],
            [(points, known), (points, most), (known, most)],
        )
        self.assertEqual({figure.as_of for figure in values}, {local(COUNTED)})
        percent = round(float(100 * values[0].share), 1)
        self.assertEqual(percent, self.preview.percent)

    def test_component(self):
        row = self._row("DOSSIER_ON_TIME")
        self.assertEqual(row.state, "known")
        points = Fraction(str(row.points))
        self.assertEqual(self._one(ON_TIME), Figure(points, 20, local(COUNTED)))

    def test_what_is_not_known_is_not_zero(self):
        self.assertEqual(self._row("DOSSIER_SYNC").state, "unknown")
        self.assertEqual(self._one(SYNC), Figure(0, 0))
        self.assertIsNone(self._one(SYNC).value)

    def test_last_preview_of_the_period(self):
        later = self._take("30/11/2026 09:00")
        self.assertEqual(self._one("index766_total").as_of, local("30/11/2026 09:00"))
        days = (date(2026, 10, 1), date(2026, 11, 29))
        self.assertEqual(self._one("index766_total", days=days).as_of, local(COUNTED))
        self.assertNotEqual(later, self.preview)
        none = (date(2026, 10, 1), date(2026, 10, 31))
        self.assertIsNone(self._one("index766_total", days=none).value)

    def test_day_of_counting_is_that_of_viet_nam(self):
        early = self._take("01/12/2026 00:30")
        days = (date(2026, 12, 1), date(2026, 12, 31))
        self.assertEqual(self._one("index766_total", days=days).as_of, early.counted_at)

    def test_one_statement_for_all(self):
        agencies = self.commune | self.neighbour
        keys = self.metrics.search([("topic", "=", "index766")]).mapped("key")
        scope = self.env["cchc.reform.metric"]._scope(keys, agencies, *QUARTER)
        self.env.flush_all()
        with self.assertQueryCount(1):
            rows = list(self.env["cchc.reform.metric"].sudo()._source_index766(scope))
        known = self.preview.line_ids.filtered(lambda line: line.state != "unknown")
        self.assertEqual(len(rows), len(TOTALS) + len(known))

    def test_a_component_that_is_added_is_a_figure_at_once(self):
        first = self.env["cchc.index.component"].with_user(self.manager)
        added = first.create({"code": "MOI_1", "name": "Thành phần mới", "maximum": 2})
        found = self.metrics.search([("key", "=", "index766_component_moi_1")])
        self.assertEqual(found.name, "QĐ 766/QĐ-TTg: Thành phần mới")
        added.valid_to = "2026-12-31"
        first.create(
            {
                "code": "MOI_1",
                "name": "Bản sau",
                "maximum": 3,
                "valid_from": "2027-01-01",
            }
        )
        self.assertEqual(
            self.metrics.search([("key", "=", "index766_component_moi_1")]), found
        )
        added.code = "MOI_2"
        self.assertTrue(
            self.metrics.search_count([("key", "=", "index766_component_moi_2")])
        )

    # --- What is behind them

    def _opened(self, key, user):
        metric = self.metrics.with_user(user).search([("key", "=", key)])
        action = metric._action(user.company_id.ids, *QUARTER)
        if not action:
            return action
        records = self.env[action["res_model"]].with_user(user)
        return records.with_context(allowed_company_ids=user.company_id.ids).search(
            action["domain"]
        )

    def test_records_behind_a_figure(self):
        for user in (self.officer, self.chief):
            with self.subTest(user.login):
                for key in TOTALS:
                    self.assertEqual(self._opened(key, user), self.preview)
                row = self._opened(ON_TIME, user)
                self.assertEqual(row, self._row("DOSSIER_ON_TIME").with_user(user))
                self.assertEqual(row.points, self._one(ON_TIME).numerator)
                # the screen opens with what they may read
                Form(self.preview.with_user(user))

    def test_members_read_figures_and_not_previews(self):
        self.assertFalse(self._opened("index766_total", self.member))
        with self._refused(AccessError, "."):
            self.preview.with_user(self.member).read(["points"])
        for user in (self.officer, self.chief):
            with self._refused((AccessError, UserError), "."):
                self.preview.with_user(user).write({"points": 100})
            with self._refused((AccessError, UserError), "."):
                self.preview.with_user(user).unlink()

    def test_other_agencies(self):
        other = self._new_reform_user(
            "elsewhere", "group_officer", company=self.neighbour
        )
        with self._refused(AccessError, "do not work in or above"):
            self.metrics.with_user(other)._measure(
                ["index766_total"], self.commune.ids, *QUARTER
            )
        for record in (self.preview, self.preview.line_ids[:1]):
            self.assertFalse(
                record.with_user(other).search_count([("id", "=", record.id)])
            )

    # --- Who uses them

    def test_target_is_as_old_as_its_preview(self):
        plan = self._new_plan()
        target = plan.env["cchc.reform.target"].create(
            {
                "plan_id": plan.id,
                "name": "Chỉ số phục vụ đạt từ 80% trở lên",
                "target": 80,
                "metric_id": self.metrics.search([("key", "=", TOTALS[0])]).id,
            }
        )
        target.action_measure()
        self.assertAlmostEqual(target.actual, self.preview.percent, places=1)
        self.assertEqual(target.actual_on, date(2026, 11, 23))
        # points are no whole numbers: 51,25/88, never 205/4/88
        self.assertRegex(target.actual_text, r"^[\d.,]+/[\d.,]+ = [\d.,]+%$")
        opened = target.action_records()
        self.assertEqual(opened["res_model"], "cchc.index.snapshot")

    def test_report_says_of_when_its_figure_is(self):
        rule = self.env.ref("cchc_reform.report_rule_year")
        section = rule.outline_id.section_ids[:1]
        for key in (TOTALS[0], SYNC):
            section.item_ids.create(
                {
                    "section_id": section.id,
                    "metric_id": self.metrics.search([("key", "=", key)]).id,
                }
            )
        reports = self.env["cchc.reform.report"].with_user(self.officer)
        with self._at("14/12/2026 10:00"):
            report = reports.create({"rule_id": rule.id, "company_id": self.commune.id})
            report.action_collect()
        total, unknown = (
            report.figure_ids.filtered(lambda figure, key=key: figure.key == key)
            for key in (TOTALS[0], SYNC)
        )
        self.assertEqual(total.as_of, local(COUNTED))
        self.assertEqual(total.numerator, self.preview.points)
        self.assertEqual(total.denominator, self.preview.known_maximum)
        self.assertEqual(total.action_open()["res_model"], "cchc.index.snapshot")
        self.assertFalse(unknown.has_value)
        self.assertEqual(unknown.shown, "–")
        self.assertEqual(unknown.as_of, local("14/12/2026 10:00"))


@tagged("post_install", "-at_install")
class TestSettlementMetric(ReformCase, IndexCase):
    """The nine indices of a published evaluation as figures of reform."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.metrics = cls.env["cchc.reform.metric"].with_user(cls.officer)
        cls.keys = [f"settlement_index_{number}" for number in range(1, 10)]

    def _evaluate(self, day):
        """Return the evaluation of the month in which a day lies, published."""
        review = self._review(day)
        with self._at("08/12/2026 09:00"):
            review.action_compute()
            review.line_ids.filtered(lambda line: line.number == 8)._appraise(
                1.5, "Đã kiểm tra sổ tiếp nhận"
            )
            review.action_submit()
            review.with_user(self.leader).validate_tier()
            review.action_publish()
        return review

    def _figures(self, *keys, days=QUARTER):
        with self._at("15/12/2026 10:00"):
            return self.metrics._measure(keys, self.commune.ids, *days)

    def _one(self, key, **kwargs):
        return self._figures(key, **kwargs)[self.commune.id, key]

    def test_every_index_is_a_figure(self):
        found = self.metrics.search([("topic", "=", "settlement")])
        self.assertEqual(set(found.mapped("key")), {*self.keys, "settlement_total"})
        self.assertFalse(
            [name for name in found.get_external_id().values() if not name]
        )

    def test_points_of_the_published_evaluation(self):
        review = self._evaluate("2026-11-15")
        figures = self._figures(*self.keys, "settlement_total")
        as_of = local("08/12/2026 09:00")
        for line in review.line_ids:
            with self.subTest(line.number):
                figure = figures[self.commune.id, f"settlement_index_{line.number}"]
                if line.is_final_known:
                    points = Fraction(str(line.final_points))
                    self.assertEqual(figure, Figure(points, 2, as_of))
                else:
                    self.assertEqual(figure, Figure(0, 0))
        self.assertEqual(
            figures[self.commune.id, "settlement_index_8"].numerator, Fraction("1.5")
        )
        self.assertEqual(
            figures[self.commune.id, "settlement_total"],
            Figure(
                Fraction(str(review.final_points)),
                Fraction(str(review.known_maximum)),
                as_of,
            ),
        )
        self.assertTrue(review.unknown_count)

    def test_last_evaluation_that_ended_in_the_period(self):
        october, november = map(self._evaluate, ("2026-10-15", "2026-11-15"))
        key = "settlement_total"
        self.assertEqual(self._opened(key), november)
        days = (date(2026, 10, 1), date(2026, 11, 29))
        self.assertEqual(self._opened(key, days=days), october)
        none = (date(2026, 10, 1), date(2026, 10, 30))
        self.assertIsNone(self._one(key, days=none).value)
        self.assertFalse(self._opened(key, days=none))

    def test_what_is_not_published_is_no_figure(self):
        review = self._review()
        with self._at("08/12/2026 09:00"):
            review.action_compute()
        self.assertIsNone(self._one("settlement_total").value)
        self.assertFalse(self._opened("settlement_total"))

    def _opened(self, key, days=QUARTER):
        """Return the records that a reform officer finds behind a figure."""
        metric = self.metrics.search([("key", "=", key)])
        with self._at("15/12/2026 10:00"):
            action = metric._action(self.commune.ids, *days)
            records = self.env[action["res_model"]].with_user(self.officer)
            return records.search(action["domain"])

    def test_records_behind_a_figure(self):
        review = self._evaluate("2026-11-15")
        self.assertEqual(self._opened("settlement_total"), review)
        line = self._opened("settlement_index_8")
        self.assertEqual((line.review_id, line.number), (review, 8))
        # the screen opens with what they may read
        Form(review.with_user(self.officer))

    def test_one_statement_for_all(self):
        review = self._evaluate("2026-11-15")
        agencies = self.commune | self.neighbour
        metrics = self.env["cchc.reform.metric"]
        scope = metrics._scope([*self.keys, "settlement_total"], agencies, *QUARTER)
        self.env.flush_all()
        with self.assertQueryCount(1):
            rows = list(metrics.sudo()._source_settlement(scope))
        self.assertEqual(len(rows), 1 + 9 - review.unknown_count)


@tagged("post_install", "-at_install")
class TestIndexLeaf(ParIndexCase):
    """A leaf of the PAR index that is measured by the index of service quality."""

    def test_leaf_takes_points_of_the_preview(self):
        leaf = self.set.criterion_ids.filtered(lambda row: row.code == "I.3")
        metrics = self.env["cchc.reform.metric"]
        leaf.metric_id = metrics.search([("key", "=", TOTALS[0])])
        with freeze_time(local(COUNTED)):
            preview = self.env["cchc.index.snapshot"]._take(self.commune)
            assessment = self._new_assessment()
        with freeze_time(local("15/12/2026 10:00")):
            assessment.action_measure()
        line = self._line(assessment, "I.3")
        self.assertTrue(preview.points)
        self.assertEqual(line.achieved, preview.points)
        self.assertEqual(line.planned, preview.known_maximum)
        self.assertEqual(line.measured_at, local(COUNTED))
        self.assertEqual(line.action_measured()["res_model"], "cchc.index.snapshot")
