from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common import local

from .common import VoiceCase


@tagged("post_install", "-at_install")
class TestEvaluationResult(VoiceCase):
    """Kết quả đánh giá: one decimal, by field, procedure, criterion."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._new_procedure("9.800002", "Thủ tục hiếm")

    def _result(self, period="month", day="2026-11-01", user=None, compute=True):
        result = (
            self.env["cchc.evaluation.result"]
            .with_user(user or self.leader)
            .create({"period": period, "date_from": day})
        )
        if compute:
            with freeze_time(local("05/01/2027 09:00")):
                result.action_compute()
        return result

    def test_percent_by_everything(self):
        self._slips(7, "very_satisfied")
        self._slips(4, "satisfied")
        self._slips(1, "dissatisfied")
        result = self._result()
        self.assertEqual((result.number, result.percent), (12, 91.7))
        lines = {line.dimension: line for line in result.line_ids}
        self.assertEqual(lines["sector"].sector_id, self.sector)
        self.assertEqual(lines["procedure"].percent, 91.7)
        self.assertEqual(
            (lines["total"].very_satisfied, lines["total"].dissatisfied), (7, 1)
        )

    def test_criteria_count_their_own_answers(self):
        self._slips(6)
        criterion = self.env.ref("cchc_onestop.evaluation_criterion_a")
        with freeze_time(local("10/11/2026 10:00")):
            for level in ("satisfied",) * 5 + ("dissatisfied",):
                self._slip(
                    self._returned("10/11/2026 09:00"),
                    answer_ids=[(0, 0, {"criterion_id": criterion.id, "level": level})],
                )
        line = self._result().line_ids.filtered("criterion_id")
        self.assertEqual(line.criterion_id, criterion)
        self.assertEqual((line.number, line.percent), (6, 83.3))

    def test_small_groups_are_merged(self):
        self._slips(6)
        self._slips(2, "dissatisfied", procedure=self.other)
        lines = self._result().line_ids.filtered(
            lambda line: line.dimension == "procedure"
        )
        # two alone would tell; with the next they are all, so nothing is by itself
        self.assertEqual(lines.mapped("is_rest"), [True])
        self.assertEqual(lines.number, 8)

    def test_voided_slips_do_not_count(self):
        slips = self._slips(6)
        slips[0].with_user(self.manager)._void("Nhập nhầm")
        self.assertEqual(self._result().number, 5)

    def test_other_agencies_and_months_do_not_count(self):
        self._slips(6)
        self.assertFalse(self._result(day="2026-10-01").is_known)
        self.assertEqual(self._result().number, 6)

    def test_not_before_the_period_is_over(self):
        result = self._result(compute=False)
        with (
            freeze_time(local("30/11/2026 09:00")),
            self._refused(UserError, "lasts until 30/11/2026"),
        ):
            result.action_compute()

    def test_periods_are_whole(self):
        for period, day in (
            ("month", "2026-11-02"),
            ("quarter", "2026-11-01"),
            ("year", "2026-07-01"),
        ):
            with self.subTest(period=period), self.assertRaises(ValidationError):
                self._result(period, day, compute=False)

    def test_overlapping_periods_tell_nothing_more(self):
        self._slips(6, at="10/11/2026 09:00")
        november = self._result()
        self._slips(
            2, "dissatisfied", at="10/12/2026 09:00", at_return="09/12/2026 09:00"
        )
        # quarter minus November would be the two of December
        quarter = self._result("quarter", "2026-10-01", compute=False)
        with (
            freeze_time(local("05/01/2027 09:00")),
            self._refused(UserError, "subtraction"),
        ):
            quarter.action_compute()
        october = self._result(day="2026-10-01")
        december = self._result(day="2026-12-01")
        self.assertFalse(december.is_known)
        with freeze_time(local("05/01/2027 10:00")):
            november.action_publish()
            with self._refused(UserError, "fewer than 5 slips"):
                december.action_publish()
            with self._refused(UserError, "subtraction"):
                quarter.action_compute()
        self.assertFalse(october.is_known)

    def test_a_longer_period_is_the_sum_of_what_is_published(self):
        for month, count in ((10, 6), (11, 5), (12, 7)):
            with freeze_time(local(f"20/{month}/2026 09:00")):
                slips = self.env["cchc.evaluation"].sudo()
                slips.create(
                    [
                        {
                            "dossier_id": self._returned(f"19/{month}/2026 09:00").id,
                            "level": "satisfied",
                            "source": "online",
                        }
                        for _number in range(count)
                    ]
                )
        for month in (10, 11, 12):
            result = self._result(day=f"2026-{month}-01")
            with freeze_time(local("05/01/2027 09:00")):
                result.action_publish()
        quarter = self._result("quarter", "2026-10-01")
        self.assertTrue(quarter.is_sum)
        self.assertEqual(quarter.number, 6 + 5 + 7)
        with freeze_time(local("05/01/2027 09:00")):
            quarter.action_publish()
        self.assertEqual(quarter.state, "published")

    def test_published_stays(self):
        self._slips(6)
        result = self._result()
        with freeze_time(local("05/12/2026 09:00")):
            result.action_publish()
            for vals in ({"note": "Khác"}, {"percent": 100.0}, {"state": "draft"}):
                with self._refused(UserError, "Published results|worked out"):
                    result.write(vals)
            with self._refused(UserError, "Published results"):
                result.unlink()
            with self._refused(UserError, "Published results"):
                result.action_compute()
        with self._refused(UserError, "written by the actions"):
            result.line_ids[0].with_user(self.manager).write({"satisfied": 99})

    def test_who_publishes(self):
        self._slips(6)
        result = self._result()
        for user in (self.handler, self.desk, self.auditor):
            with self.assertRaises(AccessError):
                result.with_user(user).action_publish()
        with self._refused(UserError, "worked out by the system"):
            self.env["cchc.evaluation.result"].with_user(self.leader).create(
                {"period": "month", "date_from": "2026-10-01", "state": "published"}
            )

    def test_paper(self):
        self._slips(6)
        result = self._result()
        sheet = self.env["report.cchc_onestop_voice.report_evaluation_result"]
        values = sheet.with_user(self.leader)._get_report_values(result.ids)
        self.assertEqual(values["sheets"][0]["percent"], "100,0")
        self.assertEqual(values["sheets"][0]["watermark"], "DỰ THẢO")
        content, kind = (
            self.env["ir.actions.report"]
            .with_user(self.leader)
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("cchc_onestop_voice.report_evaluation_result", result.ids)
        )
        self.assertEqual((kind, content[:4]), ("pdf", b"%PDF"))

    def test_queries_do_not_grow_with_slips(self):
        self._slips(6)
        first = self._result(compute=False)
        self.env.flush_all()
        with freeze_time(local("05/01/2027 09:00")):
            first.action_compute()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            first.action_compute()
            self.env.flush_all()
            few = self.env.cr.sql_log_count - before
        self._slips(10)
        self.env.flush_all()
        self.env.invalidate_all()
        with (
            freeze_time(local("05/01/2027 09:00")),
            self.assertQueryCount(few),
        ):
            first.action_compute()
        self.assertEqual(first.number, 16)
