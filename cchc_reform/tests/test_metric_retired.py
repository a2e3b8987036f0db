from freezegun import freeze_time

from odoo.tests import tagged

from .index_common import IndexCase
from .test_report import ReportCase


class RetiredCase(ReportCase):
    """The addon of the figure “tasks done” is uninstalled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.metric = cls.env.ref("cchc_reform.metric_task_done_share")
        cls.env["ir.model.data"].create(
            {
                "module": "cchc_going",
                "name": "metric",
                "model": cls.metric._name,
                "res_id": cls.metric.id,
            }
        )

    def _uninstall(self):
        self.env["cchc.reform.metric"]._retire_of("cchc_going")
        # as Odoo does with all records of the addon
        self.metric.unlink()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestMetricRetired(RetiredCase):
    """What the figure filled in reports and targets stays; people state it now."""

    def test_the_next_report_asks_for_it(self):
        self._plan_of_the_year()
        report = self._new_report()
        report.action_collect()
        self._uninstall()
        figure = self._figure(report, "task_done_share")
        self.assertTrue(figure.is_typed)
        self.assertEqual((figure.shown, figure.detail), ("33,33%", "1/3"))
        figure.write({"numerator": 2, "source": "Sổ theo dõi"})
        report.action_collect()
        self.assertEqual(figure.detail, "2/3")
        following = self._new_report(
            rule_id=self.env.ref("cchc_reform.report_rule_half").id
        )
        self.assertTrue(self._figure(following, "task_done_share").is_typed)

    def test_a_report_that_was_sent_is_still_what_was_sent(self):
        self._plan_of_the_year()
        report = self._new_report()
        report.action_collect()
        self._send(report)
        self._uninstall()
        self.assertTrue(report._is_intact())

    def test_a_target_keeps_what_was_reached(self):
        plan = self._new_plan("Một", "Hai")
        target = (
            self.env["cchc.reform.target"]
            .with_user(self.officer)
            .create(
                {
                    "name": "Hoàn thành nhiệm vụ",
                    "plan_id": plan.id,
                    "target": 90,
                    "metric_id": self.metric.id,
                }
            )
        )
        self._approve(plan)
        self._report(plan.task_ids[0], day="2026-03-01", outcome="done")
        target.action_measure()
        self._uninstall()
        self.assertFalse(target.metric_id)
        self.assertEqual(target.actual, 50)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 03:00:00")
class TestCriterionOfRetiredMetric(IndexCase, RetiredCase):
    """A criterion in force that it filled in is filled in by the agency."""

    def test_the_agency_states_it(self):
        criterion = self.set.criterion_ids.filtered(lambda node: node.code == "I.1")
        criterion.metric_id = self.metric
        mine = self._new_assessment()
        self._approve(self._new_plan("Một", "Hai"))
        mine.action_measure()
        line = self._line(mine, "I.1")
        self.assertEqual(line.measured_text, "0/2")
        self._uninstall()
        self.assertFalse(criterion.metric_id)
        line.write({"entry": "1/2", "declared_reason": "Báo cáo bản giấy"})
        self.assertEqual((line.achieved, line.planned), (1, 2))
