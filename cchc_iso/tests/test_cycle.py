from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common_document import DocumentCase


@tagged("post_install", "-at_install")
class TestCycle(DocumentCase):
    """Yearly cycle: steps with dates, done by facts or with evidence, late ones."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        form = Form(cls.env["cchc.iso.cycle"].with_user(cls.secretary))
        form.system_id = cls.system
        form.year = 2026
        cls.cycle = form.save()

    def _step(self, name, cycle=None):
        template = self.env.ref(f"cchc_iso.cycle_template_{name}")
        return (cycle or self.cycle).step_ids.filtered(
            lambda step: step.template_id == template
        )

    def _watch(self):
        """Let the daily job run, as the scheduler does."""
        with self.enter_registry_test_mode():
            self.env.ref("cchc_iso.ir_cron_cycle_watch").method_direct_trigger()

    def test_a_year_brings_its_steps(self):
        """The dossier of audit and review is due before 15/10."""
        self.assertEqual(len(self.cycle.step_ids), 9)
        self.assertLess(self._step("review").due_on, date(2026, 10, 15))
        self.assertLess(self._step("audit").due_on, self._step("review").due_on)

    def test_state_of_a_step_by_its_dates(self):
        step = self._step("report")
        for day, state in (
            ("2026-10-01", "todo"),
            ("2026-11-01", "soon"),
            ("2026-11-15", "soon"),
            ("2026-11-16", "late"),
        ):
            with freeze_time(f"{day} 03:00:00"):
                step.invalidate_recordset()
                self.assertEqual(step.state, state, day)
                self.assertIn(step, step.search([("state", "=", state)]))

    def test_a_step_is_marked_done_with_evidence(self):
        step = self._step("board")
        with self.assertRaisesRegex(UserError, "attach the file"):
            step.action_done()
        with self.assertRaisesRegex(UserError, "with its button"):
            step.done_on = "2026-01-02"
        step.note = "QĐ 12/QĐ-UBND ngày 20/01/2026"
        with freeze_time("2026-01-25 03:00:00"):
            step.action_done()
            self.assertEqual((step.state, step.settled_on), ("done", date(2026, 1, 25)))
        self.assertIn(step, step.search([("state", "=", "done")]))
        with self.assertRaises(AccessError):
            step.with_user(self.member).action_undo()
        step.action_undo()
        self.assertFalse(step.settled_on)

    def test_the_system_sees_the_audit_and_the_review(self):
        step = self._step("audit")
        with self.assertRaisesRegex(UserError, "not marked by hand"):
            step.action_done()
        self.assertFalse(step.settled_on)
        self._close("mgmtsystem.audit", "2026-09-10 03:00:00")
        self.assertEqual((step.state, step.settled_on), ("done", date(2026, 9, 10)))
        self.assertEqual(step.action_open_fact()["res_model"], "mgmtsystem.audit")
        self._close("mgmtsystem.review", "2025-10-10 03:00:00")
        self.assertFalse(self._step("review").settled_on)
        self._close("mgmtsystem.review", "2026-10-10 03:00:00")
        self.assertEqual(self._step("review").settled_on, date(2026, 10, 10))

    def _close(self, model, moment):
        """A closed audit or review of the agency, as its own methods leave it."""
        values = {
            "name": "2026",
            "system_id": self.system.id,
            "company_id": self.commune.id,
            "date": moment,
        }
        if model == "mgmtsystem.audit":
            # without an edition it is OCA's own, closed by its button
            values["edition_id"] = False
        else:
            values["period_from"] = f"{moment[:4]}-01-01"
            values["period_to"] = moment[:10]
            values["conclusion"] = "<p>HTQLCL có hiệu lực</p>"
            values["line_ids"] = [
                Command.create({"name": "Duy trì", "decision": "Giữ nguyên"})
            ]
        record = self.env[model].create(values)
        with freeze_time(moment):
            if model == "mgmtsystem.review":
                record.action_measure()
            record.button_close()
        self.cycle.step_ids.invalidate_recordset()
        return record

    def test_the_head_confirms_the_effect(self):
        with self.assertRaisesRegex(AccessError, "head of the agency"):
            self.cycle.action_confirm_effect()
        with self.assertRaisesRegex(UserError, "conclusion"):
            self.cycle.with_user(self.head).action_confirm_effect()
        self.cycle.effect_note = "HTQLCL vận hành có hiệu lực"
        with freeze_time("2026-10-20 03:00:00"):
            self.cycle.with_user(self.head).action_confirm_effect()
        self.assertEqual(self._step("effect").settled_on, date(2026, 10, 20))
        with self.assertRaisesRegex(UserError, "it stays"):
            self.cycle.effect_note = "Khác"
        with self.assertRaisesRegex(UserError, "with the button"):
            self.cycle.effect_confirmed_on = False

    def test_a_late_step_reminds_once(self):
        for step in self.cycle.step_ids - self._step("board"):
            step.due_on = "2026-12-31"
        with freeze_time("2026-02-10 03:00:00"):
            self._watch()
            self._watch()
            activity = self.cycle.activity_ids
            self.assertEqual(len(activity), 1)
            self.assertEqual(activity.user_id, self.secretary)
            self.assertIn(self._step("board").name, activity.summary)
            self._step("board").note = "QĐ 12/QĐ-UBND"
            self._step("board").action_done()
            self.assertFalse(self.cycle.activity_ids)

    def test_a_step_that_was_seen_later_closes_its_reminder(self):
        with freeze_time("2026-09-20 03:00:00"):
            (self.cycle.step_ids - self._step("audit")).due_on = "2026-12-31"
            self._watch()
            self.assertEqual(len(self.cycle.activity_ids), 1)
            self._close("mgmtsystem.audit", "2026-09-20 03:00:00")
            self._watch()
            self.assertFalse(self.cycle.activity_ids)

    def test_next_year_copies_the_steps(self):
        self._step("report").due_on = "2026-11-30"
        self._step("report").user_id = self.secretary
        action = self.cycle.action_next_year()
        following = self.cycle.browse(action["res_id"])
        self.assertEqual(following.year, 2027)
        self.assertEqual(self._step("report", following).due_on, date(2027, 11, 30))
        self.assertEqual(self._step("report", following).user_id, self.secretary)
        self.assertFalse(any(following.step_ids.mapped("done_on")))
        self.assertEqual(self.cycle.action_next_year()["res_id"], following.id)

    def test_a_step_speaks_the_readers_language_unless_it_was_renamed(self):
        self.env["res.lang"]._activate_lang("en_US")
        self.env["res.lang"]._activate_lang("vi_VN")
        step = self._step("report")
        template = step.template_id.with_user(self.iso_manager)
        template.with_context(lang="vi_VN").name = "Báo cáo cấp trên"
        vietnamese = step.with_context(lang="vi_VN")
        self.assertEqual(vietnamese.name, "Báo cáo cấp trên")
        english = step.with_context(lang="en_US")
        self.assertEqual(english.name, "Report to the level above")
        step.name = "Báo cáo UBND tỉnh"
        step.invalidate_recordset()
        self.assertEqual(vietnamese.name, "Báo cáo UBND tỉnh")
        found = step.search([("name", "ilike", "UBND tỉnh")])
        self.assertEqual(found, step)
        following = self.cycle.browse(self.cycle.action_next_year()["res_id"])
        self.assertIn("Báo cáo UBND tỉnh", following.step_ids.mapped("name"))

    def _paper(self, name):
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.member)
            ._render_qweb_html(f"cchc_iso.report_cycle_{name}_action", self.cycle.ids)
        )
        return html.decode()

    def test_the_plan_of_the_year_is_a_paper(self):
        self.assertIn("DỰ THẢO", self._paper("plan"))
        self.cycle.write({"plan_number": "22/KH-UBND", "plan_date": "2026-01-20"})
        self.cycle.plan_arrangement = "Văn phòng đôn đốc"
        paper = self._paper("plan")
        self.assertNotIn("DỰ THẢO", paper)
        for words in (
            "Kế hoạch",
            "22/KH-UBND",
            "20 tháng 01 năm 2026",
            "TCVN ISO 9001:2015",
            "năm 2026",
            "Văn phòng đôn đốc",
            "14/10/2026",
            self.head.name,
        ):
            self.assertIn(words, paper)

    def test_the_report_on_the_year_says_what_came_of_it(self):
        self.cycle.write({"plan_number": "22/KH-UBND", "plan_date": "2026-01-20"})
        self._step("board").note = "QĐ 12/QĐ-UBND ngày 20/01/2026"
        with freeze_time("2026-01-25 03:00:00"):
            self._step("board").action_done()
        self._close("mgmtsystem.audit", "2026-09-10 03:00:00")
        with freeze_time("2026-09-11 03:00:00"):
            self.cycle.invalidate_recordset()
            paper = self._paper("results")
        for words in (
            "Báo cáo",
            "QĐ 12/QĐ-UBND ngày 20/01/2026",
            "25/01/2026",
            "10/09/2026",
            "Hoàn thành",
            "Quá hạn",
            "<b>2</b>/<b>9</b>",
        ):
            self.assertIn(words, paper)

    def test_progress_of_the_year(self):
        self._step("board").note = "QĐ 12/QĐ-UBND"
        self._step("board").action_done()
        with freeze_time("2026-03-05 03:00:00"):
            self.cycle.step_ids.invalidate_recordset()
            self.cycle.invalidate_recordset()
            self.assertEqual((self.cycle.done_count, self.cycle.late_count), (1, 1))
            self.assertEqual(self.cycle.state, "late")

    def test_a_date_that_does_not_exist_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "no day 31 in month 2"):
            self.env["cchc.iso.cycle.template"].create(
                {"name": "X", "month": 2, "day": 31}
            )

    def test_another_agency_sees_nothing(self):
        stranger = self._new_iso_user(
            "stranger", "group_officer", company=self.neighbour
        )
        self.assertFalse(self.cycle.with_user(stranger).search([("year", "=", 2026)]))
