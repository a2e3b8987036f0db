import io
from datetime import date
from unittest.mock import patch

from docx import Document
from freezegun import freeze_time
from openpyxl import load_workbook
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.cchc_onestop.tools.guard import unlocked

from ..tools.figure import Figure
from .common import ReformCase

NOW = "2026-03-16 03:00:00"
_ANNEXES = "odoo.addons.cchc_reform.models.cchc_reform_report_annexes"


class ReportCase(ReformCase):
    """The commune reports the first quarter of 2026 to its province."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.superior = cls._new_reform_user(
            "superior", "group_officer", company=cls.province
        )
        cls.foreign = cls._new_reform_user(
            "foreign", "group_officer", company=cls.neighbour
        )
        cls.rule = cls.env.ref("cchc_reform.report_rule_q1")

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(NOW))

    @classmethod
    def _new_report(cls, user=None, **values):
        user = user or cls.officer
        return (
            cls.env["cchc.reform.report"]
            .with_user(user)
            .with_company(user.company_id)
            .create(
                {"rule_id": cls.rule.id, "company_id": user.company_id.id, **values}
            )
        )

    def _plan_of_the_year(self):
        plan = self._new_plan("Một", "Hai", "Ba")
        plan.task_ids.date_deadline = "2026-03-10"
        self._approve(plan)
        with freeze_time("2026-03-09 03:00:00"):
            self._report(plan.task_ids[0], day="2026-03-09", outcome="done")
        return plan

    def _send(self, report, number="31/BC-UBND"):
        report.with_user(self.officer).action_submit()
        report.with_user(self.chief).validate_tier()
        report.with_user(self.officer).write({"number": number, "date": "2026-03-16"})
        report.with_user(self.officer).action_send()
        return report

    def _as(self, records, user):
        """The records as they come to a user of another agency."""
        return records.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )

    def _figure(self, report, key):
        return report.figure_ids.filtered(lambda figure: figure.key == key)

    def _section(self, report, name):
        return report.section_ids.filtered(lambda row: row.name.startswith(name))


@tagged("post_install", "-at_install")
class TestReport(ReportCase):
    """A report collects its figures, keeps what people wrote, and freezes."""

    def test_begins_with_the_report_that_is_due_next(self):
        # A commune sends five days before the superior.
        for today, kind in (
            ("2026-01-05", "q1"),
            ("2026-03-10", "q1"),
            ("2026-03-16", "half"),
            ("2026-11-23", "year"),
            ("2026-12-15", "year"),
            ("2026-12-16", "q1"),
        ):
            with self.subTest(today), freeze_time(f"{today} 03:00:00"):
                form = Form(self.env["cchc.reform.report"].with_user(self.officer))
                self.assertEqual(form.rule_id.kind, kind)

    def test_begins_with_the_next_where_one_is_made(self):
        with freeze_time("2026-03-10 03:00:00"):
            for kind in ("q1", "half"):
                form = Form(self.env["cchc.reform.report"].with_user(self.officer))
                self.assertEqual(form.rule_id.kind, kind)
                form.save()
        with freeze_time("2026-11-23 03:00:00"):
            # nothing runs beside the report of the year
            form = Form(self.env["cchc.reform.report"].with_user(self.officer))
            form.save()
            form = Form(self.env["cchc.reform.report"].with_user(self.officer))
            self.assertEqual(form.rule_id.kind, "year")

    def test_another_figure_of_an_outline_brings_its_name(self):
        metrics = self.env["cchc.reform.metric"].with_user(self.officer)
        first, second = metrics.search([("unit", "=", "count")], limit=2)
        form = Form(self.env["cchc.reform.report.outline"].with_user(self.officer))
        form.name = form.title = "Báo cáo chuyên đề"
        with form.section_ids.new() as section:
            section.number, section.name = "1", "Số liệu"
            with section.item_ids.new() as item:
                item.metric_id = first
                item.metric_id = second
        item = form.save().section_ids.item_ids
        self.assertEqual(
            (item.key, item.name),
            (second.key, second.with_context(lang="vi_VN").name),
        )

    def test_made_from_a_rule_and_a_day(self):
        form = Form(self.env["cchc.reform.report"].with_user(self.officer))
        form.rule_id = self.rule
        report = form.save()
        self.assertEqual(
            (report.date_from, report.date_to, report.due_date),
            (date(2025, 12, 15), date(2026, 3, 14), date(2026, 3, 15)),
        )
        self.assertEqual(
            report.title, "Kết quả công tác cải cách hành chính quý I năm 2026"
        )
        self.assertIn("Tỉnh Quảng Trị", report.opening)
        self.assertEqual(report.responsible_id, self.officer)
        self.assertTrue(report.is_late)
        self.assertGreater(len(report.section_ids), 10)
        self.assertFalse(report.figure_ids.filtered("is_known"))
        with self._refused(ValidationError, "runs from"):
            report.date_to = "2026-03-31"

    def test_collecting(self):
        self._plan_of_the_year()
        report = self._new_report()
        report.action_collect()
        figure = self._figure(report, "task_done_share")
        self.assertEqual((figure.numerator, figure.denominator), (1, 3))
        self.assertEqual((figure.shown, figure.detail), ("33,33%", "1/3"))
        self.assertTrue(figure.source)
        self.assertEqual(str(figure.as_of), NOW)
        # nothing was planned for the year before
        self.assertFalse(figure.has_previous)
        text = self._section(report, "Việc thực hiện kế hoạch").body
        self.assertIn("đã hoàn thành 1/3 nhiệm vụ, đạt 33,33%", text)
        self.assertIn("Còn 2 nhiệm vụ quá hạn", text)
        self.assertNotIn("Không có nhiệm vụ quá hạn", text)
        action = self._figure(report, "task_overdue").action_open()
        self.assertEqual(
            self.env["cchc.reform.task"]
            .with_user(self.officer)
            .search_count(action["domain"]),
            2,
        )

    def test_collecting_again_keeps_what_a_person_wrote(self):
        plan = self._plan_of_the_year()
        report = self._new_report()
        report.action_collect()
        section = self._section(report, "Việc thực hiện kế hoạch")
        own = "UBND xã đã tổ chức 02 cuộc họp chuyên đề."
        section.body += f"\n{own}"
        with freeze_time("2026-03-14 03:00:00"):
            self._report_progress(plan.task_ids[1], "2026-03-14")
        report.action_collect()
        self.assertIn("đã hoàn thành 2/3 nhiệm vụ", section.body)
        self.assertNotIn("1/3", section.body)
        self.assertIn(own, section.body)
        self.assertFalse(section.offered)
        # A sentence that a person changed stays; the newer one is offered.
        section.body = section.body.replace("Trong kỳ", "Trong quý I")
        with freeze_time("2026-03-14 04:00:00"):
            self._report_progress(plan.task_ids[2], "2026-03-14")
        report.action_collect()
        self.assertIn("Trong quý I", section.body)
        self.assertIn("3/3", section.offered)
        self.assertEqual(report.offered_count, 1)
        section.action_take_offered()
        self.assertIn("3/3", section.body)
        self.assertFalse(section.offered)

    def _report_progress(self, task, day):
        return self._report(task, day=day, outcome="done")

    def test_a_person_states_another_value(self):
        self._plan_of_the_year()
        report = self._new_report()
        report.action_collect()
        figure = self._figure(report, "task_done_share")
        with self._refused(ValidationError, "say why"):
            figure.write({"is_overridden": True, "override_value": 66.67})
        with self._refused(AccessError, "is measured"):
            figure.numerator = 3
        with self._refused(AccessError, "is measured"):
            figure.override_by_id = self.chief
        figure.write(
            {
                "is_overridden": True,
                "override_value": 66.67,
                "override_reason": "Nhiệm vụ 2 đã xong, chưa nhập",
            }
        )
        self.assertEqual((figure.shown, figure.shown_measured), ("66,67%", "33,33%"))
        self.assertEqual(figure.override_by_id, self.officer)
        self.assertEqual(str(figure.override_at), NOW)
        report.action_collect()
        self.assertEqual((figure.shown, figure.shown_measured), ("66,67%", "33,33%"))
        self.assertIn("66,67%", self._section(report, "Việc thực hiện kế hoạch").body)
        row = next(
            row
            for row in report.annex_ids.filtered(lambda a: a.kind == "figures").table[
                "rows"
            ]
            if len(row) > 1 and row[1] == figure.name
        )
        self.assertIn("Số liệu hệ thống: 33,33%", row[-1])
        self.assertIn("Nhiệm vụ 2 đã xong", row[-1])
        self.assertIn("33,33% → 66,67%", report.message_ids[:1].body)

    def test_a_figure_typed_by_hand(self):
        report = self._new_report()
        report.action_collect()
        figure = self._figure(report, "disbursement")
        self.assertFalse(figure.has_value)
        figure.write({"numerator": 450, "denominator": 1200})
        self.assertEqual((figure.shown, figure.detail), ("37,5%", "450/1.200"))
        with self._refused(UserError, "Say where"):
            report.action_submit()
        figure.source = "Báo cáo của Kho bạc Nhà nước"
        report.action_collect()
        self.assertIn(
            "đạt 37,5% (450/1.200 triệu đồng)",
            self._section(report, "Cải cách tài chính công").body,
        )
        extra = (
            self.env["cchc.reform.report.figure"]
            .with_user(self.officer)
            .create(
                {
                    "report_id": report.id,
                    "name": "Số tổ công nghệ số cộng đồng",
                    "numerator": 9,
                    "source": "Phòng VH-XH",
                }
            )
        )
        self.assertEqual((extra.shown, extra.is_typed), ("9", True))
        with self._refused(UserError, "belongs to the outline"):
            self._figure(report, "task_total").unlink()
        extra.unlink()

    def test_compared_with_what_was_sent(self):
        """The same days of the year before, as stated then; the period before is
        measured when nothing was sent for it."""
        before = self._new_report(date_from="2024-12-15", date_to="2025-03-14")
        before.action_collect()
        self._figure(before, "task_total").write(
            {"is_overridden": True, "override_value": 40, "override_reason": "Sổ giấy"}
        )
        self._send(before, "12/BC-UBND")
        self._plan_of_the_year()
        report = self._new_report()
        report.action_collect()
        figure = self._figure(report, "task_total")
        self.assertEqual(
            (figure.shown, figure.shown_last_year, figure.change_year),
            ("3", "40", "-37"),
        )
        self.assertEqual((figure.shown_previous, figure.change), ("0", "+3"))

    def test_approved_and_sent_stays_for_everybody(self):
        self._plan_of_the_year()
        report = self._new_report()
        with self._refused(UserError, "Collect the figures"):
            report.action_submit()
        report.action_collect()
        report.action_submit()
        with self._refused(UserError, "waits for approval"):
            report.action_collect()
        with self._refused(UserError, "not approved yet"):
            report.action_send()
        report.with_user(self.chief).validate_tier()
        self.assertEqual(report.state, "approved")
        with self._refused(UserError, "Enter number and day"):
            report.action_send()
        report.write({"number": "31/BC-UBND", "date": "2026-03-16"})
        report.with_context(force_report_rendering=True).action_send()
        self.assertEqual((report.state, report.is_late), ("submitted", True))
        self.assertEqual(len(report.checksum), 64)
        self.assertTrue(report._is_intact())
        self.assertTrue(report.pdf_id.raw.startswith(b"%PDF"))
        for user in (self.officer, self.chief, self.env.ref("base.user_admin"), None):
            frozen = report.with_user(user) if user else report.sudo()
            for change in (
                lambda r: r.write({"number": "1/BC"}),
                lambda r: r.write({"title": "x"}),
                lambda r: r.write({"state": "draft"}),
                lambda r: r.unlink(),
                lambda r: r.action_collect(),
                lambda r: r.action_amend(),
                lambda r: r.figure_ids[0].write({"sequence": 1}),
                lambda r: r.figure_ids[0].unlink(),
                lambda r: r.section_ids[0].write({"body": "x"}),
                lambda r: r.section_ids[0].unlink(),
                lambda r: r.annex_ids[0].write({"table": {}}),
                lambda r: r.annex_ids.unlink(),
                lambda r: r.section_ids.create({"report_id": r.id, "name": "x"}),
                lambda r: r.figure_ids.create({"report_id": r.id, "name": "x"}),
                lambda r: r.pdf_id.unlink(),
                lambda r: r.pdf_id.write({"raw": b"x"}),
            ):
                with self._refused(UserError, "."):
                    change(frozen)
        self.assertTrue(report._is_intact())
        self.assertEqual(report.action_verify()["params"]["type"], "success")
        self.env.cr.execute(
            "UPDATE cchc_reform_report_figure SET value = value + 1 "
            "WHERE report_id = %s",
            (report.id,),
        )
        report.invalidate_recordset()
        report.figure_ids.invalidate_recordset()
        self.assertEqual(report.action_verify()["params"]["type"], "danger")

    def test_nobody_writes_what_the_report_keeps(self):
        report = self._new_report(state="submitted", checksum="x", version=7)
        self.assertEqual((report.state, report.version), ("draft", 1))
        for values in (
            {"checksum": "x"},
            {"submitted_at": NOW},
            {"collected_at": NOW},
            {"approved_by_id": self.officer.id},
        ):
            with self._refused(AccessError, "."):
                report.write(values)
        with self._refused(AccessError, "."):
            report.with_user(self.member).action_collect()

    def test_one_report_of_a_kind_and_period(self):
        self._new_report()
        with (
            mute_logger("odoo.sql_db"),
            self._refused(UniqueViolation, "cchc_reform_report_once"),
        ):
            self._new_report()

    def test_returned_gets_a_new_version(self):
        self._plan_of_the_year()
        report = self._new_report()
        report.action_collect()
        self._section(report, "Kết quả đạt được").body = "Các mặt công tác đều tiến bộ."
        figure = self._figure(report, "task_done_share")
        figure.write(
            {"is_overridden": True, "override_value": 100, "override_reason": "Sổ giấy"}
        )
        self._send(report)
        with self._refused(AccessError, "Only the agency above"):
            report.with_user(self.chief)._return("Sai số liệu")
        above = self._as(report, self.superior)
        self.assertTrue(above.may_return)
        wizard = self._as(self.env["cchc.reform.report.return"], self.superior)
        wizard.create(
            {"report_id": report.id, "reason": "Sai số liệu nhiệm vụ"}
        ).action_return()
        self.assertEqual(report.state, "returned")
        self.assertEqual(report.returned_by_id, self.superior)
        self.env.invalidate_all()
        self.assertTrue(report.may_renew)
        self.assertFalse(above.may_renew)
        self.assertTrue(report._is_intact())
        self.assertIn(self.officer, report.activity_ids.user_id)
        with self._refused(UserError, "stays as it was sent"):
            report.title = "x"
        report.action_new_version()
        new = report.replaced_by_ids
        self.assertEqual((new.version, new.state), (2, "draft"))
        self.assertEqual(
            self._section(new, "Kết quả đạt được").body, "Các mặt công tác đều tiến bộ."
        )
        found = self._figure(new, "task_done_share")
        self.assertEqual((found.shown, found.shown_measured), ("100%", "33,33%"))
        self.assertEqual(found.override_by_id, self.officer)
        self._send(new, "35/BC-UBND")
        self.assertEqual(new.state, "submitted")

    # --- Who sees what

    def test_strangers_and_superiors(self):
        self._plan_of_the_year()
        self.env["cchc.reform.training"].with_user(self.officer).create(
            {
                "company_id": self.commune.id,
                "name": "Tập huấn chữ ký số",
                "date_from": "2026-02-10",
                "persons": 12,
            }
        )
        report = self._new_report()
        report.action_collect()
        reports = self.env["cchc.reform.report"]
        for user in (self.foreign, self.superior):
            found = self._as(reports, user).search([("id", "=", report.id)])
            self.assertFalse(found)
            with self._refused(AccessError, "."):
                self._as(report, user).read(["title"])
            with self._refused(AccessError, "."):
                self._as(report.figure_ids[:1], user).read(["shown"])
        self._send(report)
        above = self._as(report, self.superior)
        self.assertEqual(above.search([("id", "=", report.id)]), report)
        self.assertTrue(above.figure_ids[:1].read(["shown"]))
        self.assertTrue(above.section_ids[:1].read(["body"]))
        self.assertTrue(above.annex_ids[:1].read(["table_html"]))
        self.assertTrue(above.pdf_id.raw)
        figure = self._figure(above, "task_total")
        tasks = self._as(self.env["cchc.reform.task"], self.superior)
        found = tasks.search(figure.action_open()["domain"])
        self.assertEqual(len(found), figure.numerator, "approved plans are read above")
        classes = self._figure(above, "training_classes")
        self.assertEqual(classes.shown, "1", "the figure is read")
        with self._refused(UserError, "not the records behind them"):
            classes.action_open()
        with self._refused(UserError, "stays as it was sent"):
            above.write({"number": "1"})
        other = self._as(report, self.foreign)
        self.assertFalse(other.search([("id", "=", report.id)]))
        with self._refused(AccessError, "."):
            self._as(report.figure_ids[:1], self.foreign).read(["shown"])
        with self._refused(AccessError, "."):
            self._as(report.pdf_id, self.foreign).read(["raw"])
        self.assertTrue(self._as(report, self.member).read(["title"]))

    def test_the_superior_sees_who_sent_and_who_did_not(self):
        report = self._new_report()
        report.action_collect()
        self._send(report)
        model = self.env["cchc.reform.report.status"]
        status = self._as(model, self.superior)
        rows = status.search(
            [("kind", "=", "q1"), ("year", "=", 2026)], order="company_id"
        )
        found = {row.company_id: row for row in rows}
        self.assertEqual(set(found), {self.commune, self.neighbour})
        self.assertEqual(found[self.commune].status, "late")
        self.assertEqual(found[self.commune].report_id, report)
        self.assertEqual(found[self.commune].days_late, 1)
        self.assertEqual(found[self.neighbour].status, "missing")
        self.assertEqual(found[self.neighbour].due_date, date(2026, 3, 15))
        with self._refused(UserError, "has not sent"):
            found[self.neighbour].action_open()
        self.assertEqual(found[self.commune].action_open()["res_id"], report.id)
        half = status.search([("kind", "=", "half"), ("year", "=", 2026)])
        self.assertEqual(set(half.mapped("status")), {"waiting"})
        self.assertFalse(self._as(model, self.foreign).search([]))
        self.assertTrue(status.search([("status", "=", "missing")]))

    def test_reports_sent_on_time_are_a_figure(self):
        metric = self.env.ref("cchc_reform.metric_report_on_time_share")
        quarter = date(2026, 3, 1), date(2026, 3, 31)

        def measure():
            found = metric.with_user(self.officer)._measure(
                ["report_on_time_share", "report_due"], self.commune.ids, *quarter
            )
            return [
                tuple(found[self.commune.id, key]) for key in (metric.key, "report_due")
            ]

        self.assertEqual(measure(), [Figure(0, 1), Figure(1)])
        with freeze_time("2026-03-15 03:00:00"):
            report = self._new_report()
            report.action_collect()
            self._send(report)
        self.assertEqual(measure(), [Figure(1, 1), Figure(1)])
        action = metric.with_user(self.officer)._action(self.commune.ids, *quarter)
        self.assertEqual(
            report.search(action["domain"]).with_user(self.officer), report
        )
        unlocked(report).submitted_at = "2026-03-16 03:00:00"
        self.assertEqual(measure(), [Figure(0, 1), Figure(1)])
        self.assertFalse(report.search(action["domain"]))

    # --- A province

    def test_a_province_tells_its_communes(self):
        self._plan_of_the_year()
        report = self._new_report(self.superior)
        self.assertEqual(report.covers, "below")
        report.action_collect()
        figure = self._figure(report, "task_done_share")
        self.assertEqual((figure.numerator, figure.denominator), (1, 3))
        table = report.annex_ids.filtered(lambda a: a.kind == "agencies").table
        column = table["head"].index("Tỷ lệ nhiệm vụ hoàn thành")
        rows = {row[1]: row for row in table["rows"]}
        self.assertEqual(rows["UBND xã Hải Trường"][column], "1/3 (33,33%)")
        self.assertEqual(rows["UBND xã Hải Lăng"][column], "–")
        self.assertEqual(rows["Tổng cộng"][column], "1/3 (33,33%)")

    def test_annexes_list_what_the_figures_count(self):
        """Tasks and visits of the agencies below stand in the lists, under their
        names; what others inspected here stands apart."""
        self._plan_of_the_year()
        visits = self.env["cchc.reform.inspection.visit"]
        for company, unit, inspector in (
            (self.province, "UBND xã Hải Lăng", "committee"),
            (self.commune, "Phòng Kinh tế", "committee"),
            (self.commune, "Ủy ban nhân dân xã", "superior"),
            (self.province, "Sở Nội vụ", "front"),
        ):
            inspection = self.env["cchc.reform.inspection"].create(
                {
                    "name": f"Kiểm tra {unit}",
                    "company_id": company.id,
                    "inspector_type": inspector,
                    "date_from": "2026-02-01",
                }
            )
            visits.create(
                {
                    "inspection_id": inspection.id,
                    "unit_name": unit,
                    "day": "2026-02-10",
                }
            )
        report = self._new_report(self.superior)
        report.action_collect()
        tables = {annex.kind: annex.table for annex in report.annex_ids}
        rows = tables["task_list"]["rows"]
        self.assertTrue(rows[0][0].startswith("VII. "))
        self.assertEqual(
            len([row for row in rows if len(row) > 1]),
            self._figure(report, "task_done_share").denominator,
        )
        told = [
            row[0] if len(row) == 1 else row[1] for row in tables["inspection"]["rows"]
        ]
        self.assertEqual(
            told,
            [
                f"{self.province.name}: 1 lượt",
                "UBND xã Hải Lăng",
                f"{self.commune.name}: 1 lượt",
                "Phòng Kinh tế",
                "Cơ quan khác đến kiểm tra: 1 lượt",
                "Sở Nội vụ",
            ],
        )
        self.assertEqual(self._figure(report, "inspection_visits").numerator, 2)
        # too many of them: those of the agency itself, and a word on the rest
        with patch(f"{_ANNEXES}.MAX_ROWS", 2):
            report.action_collect()
        tables = {annex.kind: annex.table for annex in report.annex_ids}
        self.assertFalse(tables["task_list"]["rows"])
        self.assertIn("3 dòng của các cơ quan", tables["task_list"]["note"])
        self.assertEqual(len(tables["inspection"]["rows"]), 4)
        self.assertIn("1 dòng của các cơ quan", tables["inspection"]["note"])

    def test_collecting_costs_as_much_for_many_agencies(self):
        report = self._new_report(self.superior)
        report.action_collect()
        self.env.flush_all()

        def queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            report.action_collect()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few = queries()
        self.env["res.company"].create(
            [
                {"name": f"UBND xã {number}", "parent_id": self.province.id}
                for number in range(20)
            ]
        )
        queries()  # what is kept per agency is read anew
        self.assertLessEqual(queries(), few)

    # --- Opened and reminded by itself

    def test_opened_when_the_period_begins_and_told_once(self):
        reports = self.env["cchc.reform.report"]
        mine = [("company_id", "=", self.commune.id)]
        cron = self.env.ref("cchc_reform.cron_report_follow")
        with freeze_time("2026-06-15 00:30:00"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
            found = reports.search(mine)
            self.assertEqual(
                {(r.kind, str(r.date_to)) for r in found},
                {("q3", "2026-09-14"), ("year", "2026-12-14")},
            )
            self.assertEqual(found.responsible_id, self.officer)
            cron.method_direct_trigger()
            self.assertEqual(reports.search(mine), found)
        report = found.filtered(lambda r: r.kind == "q3")
        self.assertEqual(str(report.due_date), "2026-09-15")
        for day, users in (
            ("2026-09-09", []),
            ("2026-09-10", [self.officer]),
            ("2026-09-15", [self.officer]),
            ("2026-09-16", [self.officer, self.officer, self.chief]),
            ("2026-09-17", [self.officer, self.officer, self.chief]),
        ):
            with freeze_time(f"{day} 03:00:00"), self.subTest(day=day):
                reports._remind()
                told = [activity.user_id for activity in report.activity_ids]
                self.assertCountEqual(told, users)

    # --- Files

    def test_word_file_in_official_layout(self):
        self._plan_of_the_year()
        report = self._new_report()
        report.action_collect()
        document = Document(io.BytesIO(report._to_docx()))
        head = document.tables[0]
        self.assertIn("UBND XÃ HẢI TRƯỜNG", head.cell(0, 0).text)
        self.assertIn("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", head.cell(0, 1).text)
        texts = [paragraph.text for paragraph in document.paragraphs]
        self.assertIn("BÁO CÁO", texts)
        self.assertIn(report.title, texts)
        self.assertTrue(any("đã hoàn thành 1/3 nhiệm vụ" in text for text in texts))
        self.assertIn("Nơi nhận", document.tables[1].cell(0, 0).text)
        tables = document.tables[2:]
        shown = report.annex_ids.filtered(lambda annex: annex.table["rows"])
        self.assertEqual(len(tables), len(shown))
        for table, annex in zip(tables, shown, strict=True):
            self.assertEqual(
                [cell.text for cell in table.rows[0].cells], annex.table["head"]
            )
            self.assertEqual(len(table.rows), 1 + len(annex.table["rows"]))
        areas = tables[[a.kind for a in shown].index("task_area")]
        self.assertEqual(areas.rows[-1].cells[2].text, "3")
        section = document.sections[0]
        self.assertEqual(
            (round(section.left_margin.mm), round(section.right_margin.mm)), (30, 15)
        )
        self.assertTrue(section.different_first_page_header_footer)
        self.assertEqual(document.styles["Normal"].font.name, "Times New Roman")

    def test_word_file_counts_pages_of_annexes_apart(self):
        self._plan_of_the_year()
        report = self._new_report()
        report.action_collect()
        document = Document(io.BytesIO(report._to_docx()))
        starts = [
            section._sectPr.xpath("./w:pgNumType/@w:start")
            for section in document.sections
        ]
        shown = report.annex_ids.filtered(lambda annex: annex.table["rows"])
        self.assertEqual(starts, [[], *[["1"]] * len(shown)])
        for table in document.tables[:2]:
            widths = [round(column.width.mm) for column in table.columns]
            self.assertEqual(
                widths, [round(cell.width.mm) for cell in table.rows[0].cells]
            )
            self.assertLessEqual(sum(widths), 170)

    def _texts(self, report):
        """Return the paragraphs of the Word file."""
        return [
            paragraph.text
            for paragraph in Document(io.BytesIO(report._to_docx())).paragraphs
        ]

    def test_an_empty_section_says_so(self):
        planned = self.rule.outline_id.section_ids.filtered(
            lambda section: section.name == "Tồn tại, hạn chế và nguyên nhân"
        )
        planned.when_empty = "none"
        report = self._new_report()
        report.action_collect()
        weak = self._section(report, "Tồn tại, hạn chế và nguyên nhân")
        done = self._section(report, "Kết quả đạt được")
        self.assertEqual((done.when_empty, weak.when_empty), ("none_arose", "none"))
        self.assertIn("III.1. Kết quả đạt được", report.empty_sections)
        self.assertNotIn("Nhận xét, đánh giá chung", report.empty_sections)
        texts = self._texts(report)
        found = texts.index("1. Kết quả đạt được")
        self.assertEqual(texts[found - 1], "III. NHẬN XÉT, ĐÁNH GIÁ CHUNG")
        self.assertEqual(
            texts[found + 1 : found + 4],
            [
                "Không phát sinh trong kỳ.",
                "2. Tồn tại, hạn chế và nguyên nhân",
                "Không có.",
            ],
        )
        done.when_empty, weak.when_empty = "left_out", "bare"
        texts = self._texts(report)
        self.assertNotIn("1. Kết quả đạt được", texts)
        found = texts.index("2. Tồn tại, hạn chế và nguyên nhân")
        self.assertTrue(texts[found + 1].startswith("IV. "))
        done.body = "Đạt."
        texts = self._texts(report)
        self.assertEqual(texts[texts.index("1. Kết quả đạt được") + 1], "Đạt.")
        self.assertNotIn("Kết quả đạt được", report.empty_sections)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "cchc_reform.report_reform_report", report.ids
        )[0]
        self.assertIn("Không phát sinh trong kỳ.", html.decode())

    def test_the_dialog_states_another_value(self):
        self._plan_of_the_year()
        report = self._new_report()
        report.action_collect()
        figure = self._figure(report, "task_done_share")
        action = figure.action_override()
        model = self._as(self.env[action["res_model"]], self.officer)
        form = Form(model.with_context(**action["context"]))
        self.assertEqual((form.shown_measured, form.value), ("33,33%", 33.33))
        form.value = 66.67
        wizard = form.save()
        with self._refused(UserError, "Say why"):
            wizard.action_state()
        wizard.reason = "Nhiệm vụ 2 đã xong, chưa nhập"
        wizard.action_state()
        self.assertEqual((figure.shown, figure.shown_measured), ("66,67%", "33,33%"))
        again = Form(model.with_context(**action["context"]))
        self.assertEqual((again.value, again.reason), (66.67, wizard.reason))
        again.save().action_take_measured()
        self.assertFalse(figure.is_overridden)
        self.assertEqual(figure.shown, "33,33%")
        self._send(report)
        with self._refused(UserError, "stays as it was sent"):
            again.save().action_state()

    def test_a_typed_figure_is_removed_a_measured_one_is_not(self):
        report = self._new_report()
        report.action_collect()
        typed = report.figure_ids.create(
            {"report_id": report.id, "name": "Vốn", "numerator": 5, "source": "Kho bạc"}
        )
        typed.with_user(self.officer).action_remove()
        self.assertFalse(typed.exists())
        with self._refused(UserError, "belongs to the outline"):
            self._figure(report, "task_total").with_user(self.officer).action_remove()

    def test_the_pivot_adds_only_what_can_be_added(self):
        self._plan_of_the_year()
        report = self._new_report()
        report.action_collect()
        figures = self._as(report.figure_ids, self.officer)
        named = self._figure(report, "task_done_share").name, "33.33"
        total, by_name = figures.formatted_read_grouping_sets(
            [("report_id", "=", report.id), ("has_value", "=", True)],
            [[], ["name"]],
            ["value:sum"],
        )
        self.assertEqual([row["value:sum"] for row in total], [False])
        found = {row["name"]: row["value:sum"] for row in by_name}
        self.assertEqual(f"{found[named[0]]:.2f}", named[1])
        self.assertEqual(found[self._figure(report, "task_total").name], 3)
        self.assertNotIn("__count", by_name[0])

    def test_workbook_fits_rows_to_their_text(self):
        self._plan_of_the_year()
        report = self._new_report()
        report.action_collect()
        content, _kind = self.env["ir.actions.report"]._render_xlsx(
            "cchc_reform.report_xlsx", report.ids, {}
        )
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        heights = {
            row[1].value: sheet.row_dimensions[row[1].row].height
            for row in sheet.iter_rows(min_row=6)
        }
        short = heights["Số nhiệm vụ CCHC trong kế hoạch"]
        self.assertGreater(heights["Tỷ lệ quá hạn trên tổng số hồ sơ tiếp nhận"], short)
        share = next(
            cell for row in sheet.iter_rows() for cell in row if cell.value == "33,33%"
        )
        self.assertEqual(share.alignment.horizontal, "right")

    def test_workbook_of_figures_and_annexes(self):
        self._plan_of_the_year()
        report = self._new_report()
        report.action_collect()
        content, kind = self.env["ir.actions.report"]._render_xlsx(
            "cchc_reform.report_xlsx", report.ids, {}
        )
        self.assertEqual(kind, "xlsx")
        book = load_workbook(io.BytesIO(content))
        shown = report.annex_ids.filtered(lambda annex: annex.table["rows"])
        self.assertEqual(len(book.sheetnames), len(shown))
        sheet = book.worksheets[0]
        values = [[cell.value for cell in row] for row in sheet.iter_rows()]
        self.assertIn("Chỉ tiêu", values[4])
        self.assertTrue(
            any(
                "Tỷ lệ nhiệm vụ hoàn thành" in row and "33,33%" in row for row in values
            )
        )

    def test_files_are_only_for_readers(self):
        report = self._new_report()
        with self.assertRaises(AccessError):
            report.with_user(self.foreign).action_docx()
        with self.assertRaises(AccessError):
            self.env["report.cchc_reform.report_reform_report"].with_user(
                self.foreign
            )._get_report_values(report.ids)


@tagged("post_install", "-at_install")
class TestReportRule(ReportCase):
    """Windows and due days are data."""

    def test_windows_as_data(self):
        window = self.rule._window(2026)
        self.assertEqual(
            tuple(map(str, window)), ("2025-12-15", "2026-03-14", "2026-03-20")
        )
        self.assertTrue(self.rule._containing(date(2025, 12, 15)))
        self.assertTrue(self.rule._containing(date(2026, 3, 14)))
        self.assertIsNone(self.rule._containing(date(2026, 3, 15)))
        for kind, first, last in (
            ("half", "2025-12-15", "2026-06-14"),
            ("q3", "2026-06-15", "2026-09-14"),
            ("year", "2025-12-15", "2026-12-14"),
        ):
            found = self.env.ref(f"cchc_reform.report_rule_{kind}")._window(2026)
            self.assertEqual(tuple(map(str, found[:2])), (first, last))
        month = self.env.ref("cchc_reform.report_rule_month")
        self.assertEqual(
            tuple(map(str, month._window(2026, 1)[:2])), ("2025-12-15", "2026-01-14")
        )
        self.assertIn("Q", self.rule.preview.upper())

    def test_each_level_sends_by_its_own_day(self):
        window = self.rule._window(2026)
        self.assertEqual(str(self.rule._due(window, self.commune)), "2026-03-15")
        self.assertEqual(str(self.rule._due(window, self.province)), "2026-03-20")
        self.rule.level_ids.days = 13
        self.assertEqual(str(self.rule._due(window, self.commune)), "2026-03-07")

    def test_nine_months_instead_of_three(self):
        rule = self.env.ref("cchc_reform.report_rule_q3")
        rule.write({"from_month": 12, "from_year": -1})
        self.assertEqual(str(rule._window(2026).date_from), "2025-12-15")

    def test_days_that_make_no_period(self):
        for values in (
            {"from_month": 13},
            {"to_day": 0},
            {"from_year": 0},
            {"period_label": "quý I {nam}"},
        ):
            with self._refused(ValidationError, "."):
                self.rule.write(values)

    def test_a_rule_out_of_force(self):
        self.rule.valid_to = "2025-12-31"
        self.assertIsNone(self.rule._containing(date(2026, 1, 2)))
        self.assertTrue(self.rule._containing(date(2025, 1, 2)))

    def test_an_outline_tells_a_figure_once(self):
        outline = self.rule.outline_id
        with self._refused(ValidationError, "twice"):
            self.env["cchc.reform.report.outline.item"].create(
                {
                    "section_id": outline.section_ids[0].id,
                    "metric_id": self.env.ref("cchc_reform.metric_task_total").id,
                }
            )

    def test_a_report_on_a_topic(self):
        topic = self.env.ref("cchc_reform.report_rule_topic")
        with self._refused(UserError, "no period of its own"):
            topic._window(2026)
        report = self._new_report(
            rule_id=topic.id,
            topic="Kết quả thực hiện Đề án 06",
            date_from="2026-01-01",
            date_to="2026-02-28",
        )
        self.assertEqual(report.title, "Kết quả thực hiện Đề án 06")
        unlocked(report).write({"kind": "topic"})
        report.action_collect()
        self.assertTrue(report.collected_at)
