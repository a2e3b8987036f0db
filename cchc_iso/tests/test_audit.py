from datetime import date, datetime
from hashlib import sha256
from io import BytesIO
from math import ceil

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common import local
from odoo.addons.cchc_onestop.tools.guard import unlocked

from .common import IsoCase


class AuditCase(IsoCase):
    """An audit of the commune's office by an auditor of another department."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.edition = cls.env.ref("cchc_iso.edition_9001_2015")
        cls.system.edition_id = cls.edition
        cls.clause = cls.env.ref("cchc_iso.clause_9001_2015_7_5_3")
        cls.process = cls.env["cchc.process"].search(
            [("procedure_id", "=", cls.procedure.id)], limit=1
        )
        cls.second = cls._new_iso_user("second", "group_auditor")
        cls._put_into(cls.other_department, cls.second)

    @classmethod
    def _new_audit(cls, **values):
        return (
            cls.env["mgmtsystem.audit"]
            .with_user(cls.secretary)
            .with_context(tracking_disable=True)
            .create(
                {
                    "name": "Đánh giá nội bộ 6/2026",
                    "system_id": cls.system.id,
                    "company_id": cls.commune.id,
                    "date": local("15/06/2026 07:30"),
                    "date_end": local("15/06/2026 17:00"),
                    "lead_auditor_id": cls.iso_auditor.id,
                    "user_id": cls.iso_auditor.id,
                    "department_ids": [Command.set(cls.department.ids)],
                    "process_ids": [Command.set(cls.process.ids)],
                    "plan_line_ids": [
                        Command.create(
                            {
                                "department_id": cls.department.id,
                                "content": "Kiểm soát tài liệu",
                                "clause_ids": [Command.set(cls.clause.ids)],
                                "process_ids": [Command.set(cls.process.ids)],
                                "auditor_ids": [Command.set(cls.iso_auditor.ids)],
                            }
                        )
                    ],
                    **values,
                }
            )
        )

    @classmethod
    def _approve_plan(cls, audit):
        audit.with_user(cls.secretary).action_submit_plan()
        audit.with_user(cls.head).validate_tier()

    @classmethod
    def _running_audit(cls, questions=("Tài liệu có được kiểm soát?",), **values):
        audit = cls._new_audit(
            line_ids=[
                Command.create(
                    {
                        "name": question,
                        "clause_id": cls.clause.id,
                        "department_id": cls.department.id,
                        "auditor_id": cls.iso_auditor.id,
                        "company_id": cls.commune.id,
                    }
                )
                for question in questions
            ],
            **values,
        )
        cls._approve_plan(audit)
        audit.with_user(cls.iso_auditor).action_begin()
        return audit

    def _close(self, audit):
        audit.with_user(self.iso_auditor).write(
            {"effect": "effective", "conclusion": "<p>Có hiệu lực</p>"}
        )
        audit.with_user(self.iso_auditor).action_submit_report()
        audit.with_user(self.head).action_approve_report()


@tagged("post_install", "-at_install")
class TestAuditPlan(AuditCase):
    """Plan of an audit: approved before it begins, fixed from then on."""

    def test_the_edition_is_that_of_its_time(self):
        audit = self._new_audit()
        self.assertEqual(audit.edition_id, self.edition)
        self.assertIn("9001:2015", audit.criteria)
        later = self.env["cchc.iso.edition"].create(
            {"code": "TCVN ISO 9001:2099", "name": "X", "state": "published"}
        )
        unlocked(self.system).edition_id = later
        self.assertEqual(audit.edition_id, self.edition)

    def test_an_audit_of_another_system_is_left_to_oca(self):
        audit = self.env["mgmtsystem.audit"].create({"name": "Plain"})
        self.assertFalse(audit.edition_id)
        audit.button_close()
        self.assertEqual(audit.state, "done")
        audit.name = "Still writable"

    def test_plan_approved_by_a_leader_and_fixed(self):
        audit = self._new_audit()
        audit.action_submit_plan()
        with self.assertRaises(UserError):
            audit.scope = "Something else"
        with self.assertRaises(AccessError):
            audit.with_user(self.iso_auditor).validate_tier()
        audit.with_user(self.head).validate_tier()
        self.assertEqual(audit.plan_state, "approved")
        self.assertEqual(audit.plan_approved_by_id, self.head)
        with self.assertRaises(UserError):
            audit.plan_line_ids.content = "Something else"
        with self.assertRaises(UserError):
            audit.sudo().write({"date": local("20/06/2026 07:30")})

    def test_an_amended_plan_needs_a_new_approval(self):
        audit = self._new_audit()
        self._approve_plan(audit)
        audit.action_amend_plan()
        self.assertEqual(audit.plan_state, "draft")
        audit.plan_line_ids.content = "Thêm nội dung"
        with self.assertRaisesRegex(UserError, "not approved"):
            audit.with_user(self.iso_auditor).action_begin()

    def test_states_are_changed_by_buttons_only(self):
        audit = self._new_audit()
        for vals in (
            {"plan_state": "approved"},
            {"state": "done"},
            {"report_state": "approved"},
            {"report_approved_by_id": self.secretary.id},
        ):
            with self.assertRaises(AccessError, msg=str(vals)):
                audit.write(vals)
        with self.assertRaises(UserError):
            self._new_audit(report_state="approved")

    def test_no_audit_without_rows_date_or_lead(self):
        for values, message in (
            ({"plan_line_ids": []}, "no rows"),
            ({"date": False, "date_end": False}, "when the audit"),
            ({"lead_auditor_id": False, "plan_line_ids": []}, "lead auditor"),
        ):
            audit = self._new_audit(**values)
            with self.assertRaisesRegex(UserError, message):
                audit.action_submit_plan()

    def test_only_the_secretary_opens_audits(self):
        with self.assertRaises(AccessError):
            self.env["mgmtsystem.audit"].with_user(self.iso_auditor).create(
                {"name": "Mine", "system_id": self.system.id}
            )


@tagged("post_install", "-at_install")
class TestIndependence(AuditCase):
    """Nobody audits his own department (ISO 9001 9.2.2 c)."""

    def test_refused_as_auditor_of_a_row(self):
        self._put_into(self.department, self.second)
        audit = self._new_audit(
            department_ids=[Command.set((self.department | self.other_department).ids)],
            auditor_user_ids=[Command.link(self.second.id)],
        )
        with self.assertRaisesRegex(ValidationError, "cannot audit it"):
            audit.plan_line_ids.auditor_ids = self.second

    def test_refused_in_the_team_when_nothing_is_left_to_audit(self):
        self._put_into(self.department, self.second)
        with self.assertRaisesRegex(ValidationError, "cannot audit it"):
            self._new_audit(auditor_user_ids=[Command.link(self.second.id)])

    def test_every_post_of_the_person_counts(self):
        self.env["hr.employee"].create(
            {
                "name": "Second post",
                "user_id": self.second.id,
                "company_id": self.neighbour.id,
                "department_id": self.env["hr.department"]
                .create({"name": "Other", "company_id": self.neighbour.id})
                .id,
            }
        )
        self.department.manager_id = self._employee_of(self.second)
        self.assertFalse(self.second._cchc_is_independent(self.department))
        self.assertTrue(self.iso_auditor._cchc_is_independent(self.department))

    def test_a_member_of_a_team_belongs_to_the_office_above(self):
        team = self.env["hr.department"].create(
            {
                "name": "Tổ một cửa",
                "company_id": self.commune.id,
                "parent_id": self.department.id,
            }
        )
        self._put_into(team, self.second)
        self.assertFalse(self.second._cchc_is_independent(self.department))

    def test_refused_when_he_answers_a_question(self):
        audit = self._running_audit(
            auditor_user_ids=[Command.link(self.second.id)],
            department_ids=[Command.set((self.department | self.other_department).ids)],
        )
        self._put_into(self.department, self.second)
        line = audit.line_ids.with_user(self.second)
        with self.assertRaisesRegex(ValidationError, "cannot audit it"):
            line.finding = "conform"

    def test_who_worked_on_the_process_is_named(self):
        with freeze_time(local("05/06/2026 08:00")):
            self._draft().with_user(self.desk).action_accept()
        self._put_into(self.other_department, self.desk)
        audit = self._new_audit(
            auditor_user_ids=[Command.link(self.desk.id)],
            period_from=date(2026, 1, 1),
            period_to=date(2026, 6, 30),
        )
        self.assertIn("Desk", audit.independence_warning)
        audit.period_to = date(2026, 6, 1)
        audit.invalidate_recordset(["independence_warning"])
        self.assertFalse(audit.independence_warning)

    def test_the_warning_is_one_statement_over_the_team(self):
        """However many dossiers there are and whoever handled them."""
        audit = self._new_audit(
            auditor_user_ids=[Command.link(self.second.id)],
            period_from=date(2026, 1, 1),
            period_to=date(2026, 6, 30),
        )
        self.env.invalidate_all()
        self.assertFalse(audit.independence_warning)
        processes, team = audit.process_ids, audit.auditor_user_ids
        audit._cchc_period_moments()
        with self.assertQueryCount(1):
            self.assertFalse(audit._cchc_involved(processes, team))
        with freeze_time(local("05/06/2026 08:00")):
            for _number in range(3):
                dossier = self._accepted()
                dossier.with_user(self.handler).action_pass_step()
        self.env.flush_all()
        with self.assertQueryCount(1):
            involved = audit._cchc_involved(processes, team | self.handler)
        self.assertEqual(involved, {self.handler: processes})

    def test_the_warning_has_its_index(self):
        """Without it each opening of an audit would read all steps of the agency."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute(
            """
            EXPLAIN SELECT done_by_id FROM cchc_dossier_step
            WHERE done_by_id IN (%s, %s) AND ended_at >= '2026-01-01'
                AND ended_at < '2026-07-01' AND ended_at IS NOT NULL
            """,
            (self.second.id, self.handler.id),
        )
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("cchc_dossier_step_iso_done_idx", plan)

    def test_the_period_of_the_warning_is_of_local_days(self):
        with freeze_time(local("05/06/2026 00:30")):
            dossier = self._accepted()
        with freeze_time(local("06/06/2026 00:30")):
            dossier.with_user(self.handler).action_pass_step()
        for day, found in ((5, False), (6, True), (7, False)):
            day = date(2026, 6, day)
            audit = self._new_audit(period_from=day, period_to=day)
            # half past midnight in Việt Nam is still the day before in UTC
            involved = audit._cchc_involved(self.process, self.handler)
            self.assertIs(bool(involved), found, day)

    def test_cross_audit_suggestion(self):
        self._put_into(self.department, self.second)
        audit = self._new_audit(
            plan_line_ids=[
                Command.create({"department_id": department.id, "content": "x"})
                for department in self.department | self.other_department
            ],
            department_ids=[Command.set((self.department | self.other_department).ids)],
        )
        audit.action_suggest_auditors()
        office, other = audit.plan_line_ids
        self.assertEqual(office.auditor_ids, self.iso_auditor)
        self.assertEqual(other.auditor_ids, self.second)
        self.assertIn(self.second, audit.auditor_user_ids)


@tagged("post_install", "-at_install")
class TestFindings(AuditCase):
    """Findings: by the team, while the audit runs; nothing untouched counts."""

    def test_an_untouched_question_is_not_checked(self):
        audit = self._running_audit()
        line = audit.line_ids
        self.assertEqual(line.finding, "not_checked")
        self.assertFalse(line.is_conformed)
        self.assertEqual(audit.answered_count, 0)
        with self.assertRaisesRegex(UserError, "is not checked"):
            self._close(audit)

    def test_conformity_follows_the_finding(self):
        line = self._running_audit().line_ids.with_user(self.iso_auditor)
        for finding, conformed in (
            ("conform", True),
            ("nc_minor", False),
            ("ofi", True),
            ("observation", False),
            ("not_checked", False),
        ):
            line.finding = finding
            self.assertIs(line.is_conformed, conformed, finding)
        self.assertEqual(line.answered_by_id, self.iso_auditor)

    def test_a_reason_for_what_does_not_apply(self):
        audit = self._running_audit()
        line = audit.line_ids.with_user(self.iso_auditor)
        line.finding = "not_applicable"
        with self.assertRaisesRegex(UserError, "reason"):
            self._close(audit)
        line.reason = "Xã không thực hiện thiết kế"
        self._close(audit)
        self.assertEqual(audit.plan_state, "closed")
        self.assertEqual(audit.state, "done")
        self.assertEqual(audit.report_approved_by_id, self.head)

    def test_only_the_team_writes_findings_and_only_while_it_runs(self):
        audit = self._running_audit()
        for user in (self.secretary, self.member, self.second, self.head):
            with self.assertRaises(AccessError, msg=user.login):
                audit.line_ids.with_user(user).write({"finding": "conform"})
        waiting = self._new_audit(
            name="Later",
            line_ids=[Command.create({"name": "?", "company_id": self.commune.id})],
        )
        with self.assertRaisesRegex(UserError, "Begin the audit"):
            waiting.line_ids.with_user(self.iso_auditor).write({"finding": "conform"})

    def test_nothing_changes_after_the_close(self):
        audit = self._running_audit()
        audit.line_ids.with_user(self.iso_auditor).finding = "conform"
        self._close(audit)
        team, root = audit.with_user(self.iso_auditor), audit.sudo()
        for record in (team, root, audit.with_user(self.secretary)):
            for change in (
                lambda r: r.write({"conclusion": "<p>Other</p>"}),
                lambda r: r.write({"nonconformity_ids": [Command.clear()]}),
                lambda r: r.line_ids.write({"finding": "nc_major"}),
                lambda r: r.line_ids.write({"evidence": "Other"}),
                lambda r: r.line_ids.unlink(),
                lambda r: r.line_ids.copy({"audit_id": r.id}),
                lambda r: r.plan_line_ids.write({"content": "Other"}),
                lambda r: r.write({"state": "open"}),
                lambda r: r.action_amend_plan(),
                lambda r: r.unlink(),
            ):
                with self.assertRaises(UserError):
                    change(record)

    def test_the_report_is_approved_by_a_leader_outside_the_team(self):
        self.iso_auditor.group_ids += self.env.ref("cchc_iso.group_leader")
        audit = self._running_audit()
        audit.line_ids.with_user(self.iso_auditor).finding = "conform"
        audit.with_user(self.iso_auditor).effect = "effective"
        with self.assertRaises(UserError):
            audit.with_user(self.head).action_approve_report()
        audit.with_user(self.iso_auditor).action_submit_report()
        for user in (self.iso_auditor, self.secretary):
            with self.assertRaises(AccessError):
                audit.with_user(user).action_approve_report()
        with self.assertRaises(UserError):
            audit.line_ids.with_user(self.iso_auditor).evidence = "Late"
        audit.with_user(self.head).action_take_back_report()
        audit.line_ids.with_user(self.iso_auditor).evidence = "Now"

    def test_members_read_approved_plans_and_closed_findings(self):
        draft = self._new_audit(name="Draft")
        running = self._running_audit()
        Audit = self.env["mgmtsystem.audit"].with_user(self.member)
        Line = self.env["mgmtsystem.verification.line"].with_user(self.member)
        self.assertFalse(Audit.search([("id", "=", draft.id)]))
        self.assertTrue(Audit.search([("id", "=", running.id)]))
        self.assertFalse(Line.search([("audit_id", "=", running.id)]))
        running.line_ids.with_user(self.iso_auditor).finding = "conform"
        self._close(running)
        self.assertTrue(Line.search([("audit_id", "=", running.id)]))
        other = self._new_iso_user("other", "group_manager", company=self.neighbour)
        self.assertFalse(
            self.env["mgmtsystem.audit"]
            .with_user(other)
            .search([("id", "in", (draft | running).ids)])
        )


@tagged("post_install", "-at_install")
class TestProgramme(AuditCase):
    """Yearly programme: approved, covers the standard, opens its audits."""

    def _new_programme(self, **values):
        return (
            self.env["cchc.iso.audit.programme"]
            .with_user(self.secretary)
            .create(
                {
                    "year": 2026,
                    "company_id": self.commune.id,
                    "system_id": self.system.id,
                    "line_ids": [
                        Command.create(
                            {
                                "department_id": self.department.id,
                                "procedure_id": self.procedure.id,
                                "clause_ids": [Command.set(self.clause.ids)],
                                "lead_auditor_id": self.iso_auditor.id,
                                "month_6": True,
                                "month_12": True,
                            }
                        ),
                        Command.create(
                            {
                                "name": "Kiểm soát tài liệu",
                                "clause_ids": [Command.set(self.clause.ids)],
                                "lead_auditor_id": self.iso_auditor.id,
                                "month_6": True,
                            }
                        ),
                    ],
                    **values,
                }
            )
        )

    def _approve(self, programme):
        programme.action_submit()
        programme.with_user(self.head).validate_tier()

    def test_approved_by_a_leader_and_fixed(self):
        programme = self._new_programme()
        with self.assertRaisesRegex(UserError, "not approved"):
            programme.action_create_audits()
        self._approve(programme)
        self.assertEqual(programme.state, "approved")
        self.assertEqual(programme.approved_by_id, self.head)
        for change in (
            lambda: programme.write({"objective": "Other"}),
            lambda: programme.line_ids[0].write({"month_1": True}),
            lambda: programme.line_ids[0].unlink(),
            lambda: programme.sudo().unlink(),
            lambda: programme.write({"state": "closed"}),
        ):
            with self.assertRaises(UserError):
                change()
        programme.action_amend()
        programme.line_ids[0].month_1 = True

    def test_rows_of_a_month_and_lead_are_one_audit(self):
        programme = self._new_programme()
        self._approve(programme)
        programme.action_create_audits()
        june, december = programme.audit_ids.sorted("programme_month")
        self.assertEqual(june.programme_line_ids, programme.line_ids)
        self.assertEqual(len(june.plan_line_ids), 2)
        self.assertEqual(december.programme_line_ids, programme.line_ids[0])
        self.assertEqual(june.process_ids, self.process)
        self.assertEqual(june.auditor_user_ids, self.iso_auditor)
        self.assertEqual(june.period_to, date(2026, 5, 31))
        with self.assertRaisesRegex(UserError, "has its audit already"):
            programme.action_create_audits()

    def test_a_month_that_passed_without_an_audit_is_missed(self):
        with freeze_time(datetime(2026, 7, 1, 3)):
            programme = self._new_programme()
            self._approve(programme)
            self.assertEqual(programme.late_count, 2)
            self.assertTrue(programme.line_ids[0].is_late)
            programme.action_create_audits()
            audit = programme.audit_ids.sorted("programme_month")[0]
            self.assertEqual(programme.late_count, 2)
            audit.plan_line_ids.auditor_ids = self.iso_auditor
            self._approve_plan(audit)
            audit.with_user(self.iso_auditor).action_begin()
            self.assertEqual(programme.late_count, 0)

    def _calendar(self, programme, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        rows = (
            self.env["cchc.iso.audit.calendar"]
            .with_user(user or self.secretary)
            .search([("programme_id", "=", programme.id)])
        )
        return [
            (row.date_start, row.date_stop, row.state, row.display_name) for row in rows
        ]

    def test_the_calendar_of_the_year(self):
        office = f"{self.department.name} – {self.procedure.name}"
        june = (date(2026, 6, 1), date(2026, 6, 30))
        december = (date(2026, 12, 1), date(2026, 12, 31))
        with freeze_time(datetime(2026, 6, 2, 3)):
            programme = self._new_programme()
            self.assertEqual(
                self._calendar(programme),
                [
                    (*june, "planned", office),
                    (*june, "planned", "Kiểm soát tài liệu"),
                    (*december, "planned", office),
                ],
            )
            # a draft is for the secretary and leaders
            self.assertFalse(self._calendar(programme, self.member))
            self._approve(programme)
            self.assertEqual(len(self._calendar(programme, self.member)), 3)
        with freeze_time(datetime(2026, 7, 1, 3)):
            missed = [row[2:] for row in self._calendar(programme)]
            self.assertEqual(
                missed,
                [
                    ("missed", f"! {office}"),
                    ("missed", "! Kiểm soát tài liệu"),
                    ("planned", office),
                ],
            )
            programme.action_create_audits()
            audit = programme.audit_ids.sorted("programme_month")[0]
            audit.write(
                {
                    # in Việt Nam the 22nd, in UTC still the 21st
                    "date": datetime(2026, 7, 21, 17, 30),
                    "date_end": datetime(2026, 7, 23, 10),
                }
            )
            audit.plan_line_ids.auditor_ids = self.iso_auditor
            self._approve_plan(audit)
            audit.with_user(self.iso_auditor).action_begin()
            running = [row for row in self._calendar(programme) if row[2] == "running"]
            self.assertEqual(
                [row[:2] for row in running],
                [(date(2026, 7, 22), date(2026, 7, 23))] * 2,
            )

    def test_the_calendar_shows_audits_outside_a_programme(self):
        audit = self._new_audit()
        Calendar = self.env["cchc.iso.audit.calendar"].with_user(self.member)
        domain = [("audit_id", "=", audit.id)]
        self.env.flush_all()
        self.assertFalse(Calendar.search(domain))
        self._approve_plan(audit)
        self.env.flush_all()
        row = Calendar.search(domain)
        self.assertEqual((row.state, row.display_name), ("opened", audit.name))
        self.assertEqual(row.date_start, date(2026, 6, 15))
        self.assertEqual(row.action_open()["res_id"], audit.id)
        other = self._new_iso_user("other", "group_manager", company=self.neighbour)
        self.assertFalse(Calendar.with_user(other).search(domain))

    def test_coverage_of_clauses_and_departments(self):
        programme = self._new_programme()
        self.assertNotIn(self.clause, programme.missing_clause_ids)
        self.assertIn(self.other_department, programme.missing_department_ids)
        programme.line_ids[1].clause_ids = self.edition.clause_ids.filtered(
            lambda clause: not clause.parent_id
        )
        self.assertFalse(programme.missing_clause_ids)
        self.assertEqual(programme.coverage, 1.0)

    def test_the_year_after_begins_with_the_same_rows(self):
        programme = self._new_programme()
        self._approve(programme)
        action = programme.action_next_year()
        following = self.env["cchc.iso.audit.programme"].browse(action["res_id"])
        self.assertEqual((following.year, following.state), (2027, "draft"))
        self.assertEqual(following.line_ids[0]._get_months(), [6, 12])
        with self.assertRaisesRegex(UserError, "there already"):
            programme.action_next_year()

    def test_a_lead_auditor_of_the_department_is_refused(self):
        self._put_into(self.department, self.second)
        programme = self._new_programme()
        with self.assertRaisesRegex(ValidationError, "cannot audit it"):
            programme.line_ids[0].lead_auditor_id = self.second


@tagged("post_install", "-at_install")
class TestChecklist(AuditCase):
    """Questions from clauses and from the steps of a process."""

    def _generate(self, audit, **values):
        wizard = (
            self.env["cchc.iso.checklist.generate"]
            .with_user(self.iso_auditor)
            .create({"audit_id": audit.id, **values})
        )
        return wizard

    def test_questions_of_the_plan_once_only(self):
        audit = self._new_audit()
        wizard = self._generate(audit)
        count = wizard.new_count
        wizard.action_generate()
        lines = audit.line_ids
        self.assertEqual(len(lines), count)
        self.assertEqual(lines.department_id, self.department)
        self.assertEqual(lines.auditor_id, self.iso_auditor)
        self.assertIn(self.clause, lines.clause_id)
        self.assertEqual(lines.process_step_id, self.process.step_ids)
        self.assertEqual(set(lines.mapped("finding")), {"not_checked"})
        signing = lines.filtered(
            lambda line: (
                line.process_step_id.role == "sign" and line.clause_id.code == "8.6"
            )
        )
        self.assertEqual(len(signing), 1)
        self.assertEqual(self._generate(audit).new_count, 0)
        with self.assertRaisesRegex(UserError, "Nothing new to ask"):
            self._generate(audit).action_generate()

    def test_a_clause_brings_those_below_it(self):
        audit = self._new_audit(plan_line_ids=[], process_ids=[])
        seventh = self.edition.clause_ids.filtered(lambda c: c.code == "7.5")
        wizard = self._generate(
            audit,
            source="choice",
            department_ids=[Command.set(self.department.ids)],
            clause_ids=[Command.set(seventh.ids)],
        )
        wizard.action_generate()
        self.assertEqual(
            set(audit.line_ids.clause_id.mapped("code")), {"7.5.1", "7.5.2", "7.5.3"}
        )

    def test_shipped_questions_cover_the_standard(self):
        template = self.env.ref("cchc_iso.checklist_template_clauses")
        asked = self.env["mgmtsystem.audit"]._cchc_with_children(
            template.line_ids.clause_id
        )
        ends = self.edition.clause_ids.filtered(
            lambda clause: not clause.child_ids and clause.auditable
        )
        self.assertFalse(ends - asked)

    def test_questions_are_copied_without_their_answers(self):
        audit = self._running_audit()
        audit.line_ids.with_user(self.iso_auditor).write(
            {"finding": "conform", "evidence": "Seen"}
        )
        self._close(audit)
        later = self._new_audit(name="Later")
        wizard = self.env["copy.verification.lines"].with_user(self.secretary)
        for _twice in range(2):
            wizard.create({"audit_src": audit.id}).with_context(
                active_id=later.id, active_model="mgmtsystem.audit"
            ).copyVerificationLines()
        self.assertEqual(later.line_ids.name, audit.line_ids.name)
        self.assertEqual(later.line_ids.clause_id, self.clause)
        self.assertEqual(later.line_ids.finding, "not_checked")
        self.assertFalse(later.line_ids.evidence)

    def test_an_answered_question_stays_as_it_was_asked(self):
        line = self._running_audit().line_ids.with_user(self.iso_auditor)
        line.finding = "conform"
        for vals in ({"name": "Other?"}, {"clause_id": False}):
            with self.assertRaisesRegex(UserError, "as it was asked"):
                line.write(vals)
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            line.unlink()


@tagged("post_install", "-at_install")
class TestRaising(AuditCase):
    """From a finding to a nonconformity or a proposal, in one click."""

    def test_a_nonconformity_with_clause_department_and_evidence(self):
        audit = self._running_audit()
        line = audit.line_ids.with_user(self.iso_auditor)
        with self.assertRaisesRegex(UserError, "Choose major or minor"):
            line.action_raise()
        line.finding = "nc_major"
        with self.assertRaisesRegex(UserError, "evidence"):
            line.action_raise()
        with self.assertRaisesRegex(UserError, "Raise the nonconformity"):
            self._close(audit)
        line.evidence = "Bản lỗi thời còn ở quầy"
        action = line.action_raise()
        nonconformity = self.env["mgmtsystem.nonconformity"].browse(action["res_id"])
        self.assertEqual(nonconformity, line.nonconformity_id)
        self.assertEqual(nonconformity.clause_ids, self.clause)
        self.assertEqual(nonconformity.department_id, self.department)
        self.assertEqual(nonconformity.evidence, "Bản lỗi thời còn ở quầy")
        self.assertEqual(nonconformity.category, "major")
        self.assertEqual(nonconformity.audit_ids, audit)
        self.assertEqual(audit.nc_major_count, 1)
        with self.assertRaisesRegex(UserError, "was raised from"):
            line.finding = "conform"
        self._close(audit)
        for change in (
            lambda: nonconformity.sudo().write({"audit_ids": [Command.clear()]}),
            lambda: audit.sudo().write({"nonconformity_ids": [Command.clear()]}),
        ):
            with self.assertRaises(UserError):
                change()

    def test_an_opportunity_becomes_a_proposal_without_mail(self):
        audit = self._running_audit()
        line = audit.line_ids.with_user(self.iso_auditor)
        line.write({"finding": "ofi", "evidence": "Đặt mã QR tại ghế chờ"})
        mails = self.env["mail.mail"].search_count([])
        line.action_improve()
        self.assertEqual(line.improvement_id.type_action, "improvement")
        self.assertEqual(audit.imp_opp_ids, line.improvement_id)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_who_is_not_of_the_team_raises_nothing(self):
        line = self._running_audit().line_ids
        line.with_user(self.iso_auditor).write({"finding": "nc_minor", "evidence": "x"})
        for user in (self.second, self.member, self.secretary):
            with self.assertRaises(AccessError):
                line.with_user(user).action_raise()

    def test_the_access_of_an_outside_auditor_ends(self):
        self.iso_auditor.cchc_iso_until = date(2026, 6, 20)
        with freeze_time(datetime(2026, 6, 15, 3)):
            line = self._running_audit().line_ids.with_user(self.iso_auditor)
            line.finding = "conform"
        with freeze_time(datetime(2026, 6, 22, 3)), self.assertRaises(AccessError):
            line.evidence = "Later"


@tagged("post_install", "-at_install")
class TestReminders(AuditCase):
    """What comes and what is late, once, and never by mail."""

    def test_the_team_prepares_within_a_week(self):
        audit = self._new_audit()
        mails = self.env["mail.mail"].search_count([])
        Audit = self.env["mgmtsystem.audit"]
        with freeze_time(datetime(2026, 6, 1, 3)):
            Audit._cron_remind()
            self.assertFalse(audit.sudo().activity_ids)
        with freeze_time(datetime(2026, 6, 10, 3)):
            Audit._cron_remind()
            Audit._cron_remind()
            self.assertEqual(audit.sudo().activity_ids.user_id, self.iso_auditor)
            self.assertEqual(len(audit.sudo().activity_ids), 1)
            audit.sudo().activity_ids.action_feedback()
            Audit._cron_remind()
            self.assertFalse(audit.sudo().activity_ids)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_an_audit_that_should_have_ended(self):
        audit = self._running_audit()
        kind = self.env.ref("cchc_iso.activity_audit_end")
        with freeze_time(datetime(2026, 6, 17, 3)):
            self.env["mgmtsystem.audit"]._cron_remind()
            activity = audit.sudo().activity_ids
            self.assertEqual(activity.activity_type_id, kind)
            self.assertEqual(activity.user_id, self.iso_auditor)

    def test_a_month_of_the_programme(self):
        programme = (
            self.env["cchc.iso.audit.programme"]
            .with_user(self.secretary)
            .create(
                {
                    "year": 2026,
                    "company_id": self.commune.id,
                    "system_id": self.system.id,
                    "line_ids": [Command.create({"name": "Tài liệu", "month_6": True})],
                }
            )
        )
        programme.action_submit()
        programme.with_user(self.head).validate_tier()
        Audit = self.env["mgmtsystem.audit"]
        for day, count in ((5, 0), (6, 1), (6, 1), (7, 2), (7, 2), (8, 2)):
            with freeze_time(datetime(2026, day, 2, 3)):
                Audit._cron_remind()
            self.assertEqual(len(programme.sudo().activity_ids), count, day)
        self.assertEqual(programme.sudo().activity_ids.user_id, self.secretary)


@tagged("post_install", "-at_install")
class TestPapers(AuditCase):
    """Papers are reproducible: parameters, moment, person and checksums are kept."""

    def _closed_audit(self):
        audit = self._running_audit()
        line = audit.line_ids.with_user(self.iso_auditor)
        line.write({"finding": "nc_minor", "evidence": "=Bản lỗi thời"})
        line.action_raise()
        self._close(audit)
        return audit

    def test_every_paper_is_drawn_as_pdf_and_xlsx_and_kept(self):
        audit = self._closed_audit()
        Paper = self.env["cchc.iso.audit.paper"].with_user(self.head)
        papers = [
            (code, audit)
            for code in (
                "team",
                "plan",
                "checklist",
                "notes",
                "opening",
                "closing",
                "report",
            )
        ] + [(code, audit.nonconformity_ids) for code in ("nc", "car")]
        for code, record in papers:
            hashes = set()
            for file_type, start in (("pdf", b"%PDF"), ("xlsx", b"PK")):
                with self.subTest(code=code, file_type=file_type):
                    paper = Paper._draw(code, record.with_user(self.head), file_type)
                    content = paper.sudo().attachment_id.raw
                    self.assertTrue(content.startswith(start))
                    self.assertEqual(sha256(content).hexdigest(), paper.sha256)
                    self.assertEqual(paper.user_id, self.head)
                    hashes.add(paper.content_sha256)
            self.assertEqual(len(hashes), 1, code)

    def test_the_report_says_what_was_found(self):
        audit = self._closed_audit()
        sheet = self.env["cchc.iso.audit.sheet"]._build("report", audit)
        text = str(sheet)
        for part in (audit.nonconformity_ids.ref, "7.5.3", self.department.name):
            self.assertIn(part, text)
        self.assertEqual(sheet["mark"], "")
        self.assertEqual(sheet["signers"][-1]["name"], self.head.name)

    def test_the_same_data_give_the_same_content(self):
        audit = self._closed_audit()
        Paper = self.env["cchc.iso.audit.paper"].with_user(self.head)
        first = Paper._draw("report", audit.with_user(self.head), "xlsx")
        with freeze_time(datetime(2027, 1, 1)):
            second = Paper._draw("report", audit.with_user(self.head), "xlsx")
        self.assertEqual(first.content_sha256, second.content_sha256)
        self.assertEqual(first.action_compare()["params"]["type"], "success")
        unlocked(audit.sudo()).report_number = "9/BC-UBND"
        self.assertEqual(first.action_compare()["params"]["type"], "warning")

    def _page(self, code, record):
        """Return the worksheet of a paper, as it is opened."""
        paper = self.env["cchc.iso.audit.paper"]._draw(code, record, "xlsx")
        content = paper.sudo().attachment_id.raw
        return load_workbook(BytesIO(content)).active

    def test_a_spreadsheet_prints_on_the_width_of_a_page(self):
        audit = self._closed_audit()
        for code, orientation in (("report", "portrait"), ("checklist", "landscape")):
            page = self._page(code, audit)
            self.assertEqual(page.page_setup.paperSize, 9)  # A4
            self.assertEqual(page.page_setup.orientation, orientation)
            self.assertTrue(page.sheet_properties.pageSetUpPr.fitToPage)
            self.assertEqual(page.page_setup.fitToHeight, 0)
            self.assertIn("&P", page.oddFooter.right.text)
            texts = [cell.value for row in page.rows for cell in row if cell.value]
            self.assertIn("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", texts)
            self.assertIn(self.commune.name.upper(), texts)

    def test_every_text_of_a_spreadsheet_has_its_room(self):
        """Each cell is wide and high enough; two tables do not share their columns."""
        audit = self._closed_audit()
        for code, record in (
            ("plan", audit),
            ("checklist", audit),
            ("report", audit),
            ("nc", audit.nonconformity_ids),
            ("car", audit.nonconformity_ids),
        ):
            page = self._page(code, record)
            widths = {}
            for dimension in page.column_dimensions.values():
                for index in range(dimension.min, dimension.max + 1):
                    widths[index] = dimension.width
            spans = {
                (span.min_row, span.min_col): (span.max_row, span.max_col)
                for span in page.merged_cells.ranges
            }
            for cell in (cell for row in page.rows for cell in row if cell.value):
                place = (cell.row, cell.column)
                bottom, right = spans.get(place, place)
                width = sum(widths[at] for at in range(cell.column, right + 1))
                height = sum(
                    page.row_dimensions[at].height or 15
                    for at in range(cell.row, bottom + 1)
                )
                with self.subTest(code=code, cell=cell.coordinate, text=cell.value):
                    longest = max(map(len, cell.value.split()), default=0)
                    self.assertGreaterEqual(width, longest * 0.8)
                    lines = sum(
                        max(1, ceil(len(part) / (width * 1.2)))
                        for part in cell.value.split("\n")
                    )
                    self.assertGreaterEqual(height, 15 * lines)

    def test_prints_are_neither_changed_nor_deleted(self):
        audit = self._closed_audit()
        paper = self.env["cchc.iso.audit.paper"]._draw("plan", audit, "xlsx")
        with self.assertRaises(UserError):
            paper.sudo().sha256 = "0"
        with self.assertRaises(UserError):
            paper.sudo().unlink()
        with self.assertRaises(UserError):
            paper.sudo().attachment_id.write({"raw": b"other"})

    def test_a_draft_says_so_and_hides_findings_from_members(self):
        audit = self._running_audit()
        Sheet = self.env["cchc.iso.audit.sheet"]
        self.assertEqual(Sheet._build("report", audit)["mark"], "DỰ THẢO")
        reader = audit.with_user(self.member)
        self.assertTrue(Sheet.with_user(self.member)._build("plan", reader)["blocks"])
        for code in ("notes", "report", "checklist"):
            with self.assertRaises(AccessError):
                Sheet.with_user(self.member)._build(code, reader)

    def test_the_programme_shows_its_months(self):
        programme = self.env["cchc.iso.audit.programme"].create(
            {
                "year": 2026,
                "company_id": self.commune.id,
                "system_id": self.system.id,
                "line_ids": [
                    Command.create(
                        {"department_id": self.department.id, "month_9": True}
                    )
                ],
            }
        )
        table = self.env["cchc.iso.audit.sheet"]._build("programme", programme)[
            "blocks"
        ][-1]
        self.assertEqual(table["rows"][0]["cells"][3 + 8], "×")
        self.assertEqual(table["rows"][0]["cells"].count("×"), 1)
