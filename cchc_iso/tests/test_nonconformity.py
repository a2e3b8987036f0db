from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.cchc_onestop.tests.common import local
from odoo.addons.cchc_onestop.tools.guard import unlocked

from .common import IsoCase


@tagged("post_install", "-at_install")
class TestNonconformity(IsoCase):
    """Sự không phù hợp và hành động khắc phục (TCVN ISO 9001 10.2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditee = cls._new_iso_user("auditee", "group_viewer")
        cls.department.manager_id = cls.auditee.with_company(cls.commune).employee_id
        cls.edition = cls.env["cchc.iso.edition"].create(
            {"code": "Thử 9001", "name": "Thử", "state": "published"}
        )
        cls.system.edition_id = cls.edition
        cls.nonconformities = cls.env["mgmtsystem.nonconformity"]

    def _raise(self, user=None, **vals):
        nc = self.nonconformities.with_user(user or self.iso_auditor)._cchc_raise(
            {
                "company": self.commune,
                "name": "Bước thẩm định chậm",
                "description": "Bước thẩm định kéo dài hơn quy trình",
                "evidence": "Hồ sơ H50.21-1",
                "department": self.department,
                **vals,
            }
        )
        return nc.sudo(False)

    def _planned(self):
        nc = self._raise().with_user(self.auditee)
        nc.action_accept()
        nc.analysis = "Một người thụ lý nghỉ phép, không ai thay"
        nc.action_state_cause()
        with Form(
            self.env["cchc.iso.action.new"]
            .with_user(self.auditee)
            .with_context(default_nonconformity_id=nc.id)
        ) as form:
            form.name = "Phân công người thay thế"
            form.date_deadline = "2026-11-30"
        form.save().action_add()
        return nc

    def _done_action(self, nc):
        action = nc.action_ids.with_user(self.auditee)
        action.write({"progress": 80, "result": "Đã ban hành phân công"})
        action.with_user(self.head).action_close()
        return action

    def test_raised_by_an_auditor_who_may_not_write_findings(self):
        before = self.env["mail.mail"].search_count([])
        with freeze_time(local("09/11/2026 09:00")):
            nc = self._raise()
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
        self.assertFalse(nc.env.su)
        self.assertEqual(nc.partner_id, self.commune.partner_id)
        self.assertEqual(nc.responsible_user_id, self.auditee)
        self.assertEqual(nc.manager_user_id, self.secretary)
        self.assertEqual(nc.user_id, self.iso_auditor)
        self.assertEqual(nc.edition_id, self.edition)
        self.assertEqual(nc.severity_id.name, "Minor")
        self.assertEqual(str(nc.due_date), "2026-12-09")
        self.assertEqual(nc.activity_ids.user_id, self.auditee)
        with self.assertRaises(AccessError):
            nc.create({"name": "X", "description": "X"})
        with self.assertRaises(AccessError):
            nc.write({"evidence": "Khác"})

    def test_agency_without_a_system_is_told_so(self):
        shared = self.env["mgmtsystem.system"].search([("company_id", "=", False)])
        unlocked(shared).edition_id = False
        with self._refused(UserError, "no quality system"):
            self._raise(company=self.neighbour)

    def test_form_of_the_secretary_begins_filled(self):
        with Form(
            self.nonconformities.with_user(self.secretary).with_context(cchc_iso=1)
        ) as form:
            form.name = "Thiếu phiếu kiểm soát"
            form.description = "Không có phiếu kiểm soát"
            form.department_id = self.department
            form.category = "minor"
        nc = form.save()
        self.assertEqual(nc.partner_id, self.commune.partner_id)
        self.assertEqual(nc.responsible_user_id, self.auditee)
        self.assertEqual(nc.system_id, self.system)

    def test_from_finding_to_verified_effect(self):
        nc = self._planned()
        with self._refused(AccessError, "leader"):
            nc.action_approve_plan()
        nc.with_user(self.head).action_approve_plan()
        self.assertEqual(nc.state, "open")
        self.assertFalse(nc.action_ids.stage_id.is_starting)
        with self._refused(UserError, "not closed yet"):
            nc.with_user(self.head)._cchc_verify("effective", "Đã xem")
        self._done_action(nc)
        with self._refused(AccessError, "verified by"):
            nc._cchc_verify("effective", "Tự xác nhận")
        nc.with_user(self.head)._cchc_verify("effective", "20 hồ sơ tháng 12 đúng hạn")
        self.assertEqual((nc.state, nc.effect), ("done", "effective"))
        self.assertEqual(nc.verified_by_id, self.head)
        self.assertFalse(nc.activity_ids)

    def test_what_was_not_effective_goes_on_with_a_new_action(self):
        nc = self._planned()
        nc.with_user(self.head).action_approve_plan()
        self._done_action(nc)
        head = nc.with_user(self.head)
        with self._refused(UserError, "new action"):
            head._cchc_verify("not_effective", "Vẫn chậm")
        form = Form(
            self.env["cchc.iso.effect.check"]
            .with_user(self.head)
            .with_context(default_nonconformity_id=nc.id)
        )
        form.effect = "not_effective"
        form.comments = "5 hồ sơ vẫn chậm"
        form.action_name = "Bổ sung biên chế"
        form.date_deadline = "2026-12-31"
        form.save().action_confirm()
        self.assertEqual(nc.state, "open")
        self.assertEqual(len(nc.action_ids), 2)
        self.assertEqual(str(nc.due_date), "2026-12-31")
        second = nc.action_ids.filtered(lambda action: not action.is_ended)
        second.with_user(self.auditee).result = "Đã bổ sung"
        second.with_user(self.head).action_close()
        head._cchc_verify("effective", "Không còn hồ sơ chậm")
        self.assertEqual(nc.effect_ids.mapped("effect"), ["effective", "not_effective"])
        # closed, then found not effective after all
        head._cchc_verify(
            "not_effective",
            "Quý sau lại chậm",
            {
                "name": "Cải tiến quy trình",
                "user_id": self.auditee.id,
                "date_deadline": "2027-03-31",
            },
        )
        self.assertEqual(nc.state, "open")
        self.assertEqual(len(nc.effect_ids), 3)

    def test_closed_is_locked_for_everybody(self):
        nc = self._planned()
        nc.with_user(self.head).action_approve_plan()
        self._done_action(nc)
        nc.with_user(self.head)._cchc_verify("effective", "Đạt")
        manager = self._new_iso_user("manager", "group_manager")
        for user in (self.secretary, self.head, manager, self.env.user):
            with self._refused(UserError, "locked"):
                nc.with_user(user).write({"description": "Sửa"})
        with self._refused(UserError, "locked"):
            nc.action_ids.with_user(self.secretary).write({"result": "Sửa"})
        with self._refused(UserError, "nothing of this is ever deleted"):
            nc.effect_ids.sudo().unlink()

    def test_stages_are_reached_by_buttons_only(self):
        nc = self._raise().with_user(self.secretary)
        done = self.env.ref("mgmtsystem_nonconformity.stage_done")
        for vals in ({"stage_id": done.id}, {"effect": "effective"}):
            with self._refused(UserError, "by its buttons"):
                nc.write(vals)
        with self._refused(UserError, "by its buttons"):
            nc.create(
                {
                    "name": "X",
                    "description": "X",
                    "system_id": self.system.id,
                    "stage_id": done.id,
                    "evaluation_comments": "X",
                }
            )
        with self._refused(AccessError, "accepted by"):
            nc.action_accept()
        auditee = nc.with_user(self.auditee)
        with self._refused(AccessError, "answering department"):
            auditee.write({"category": "major"})
        auditee.action_accept()
        with self._refused(UserError, "Write the cause"):
            auditee.action_state_cause()

    def test_withdrawn_with_a_reason_by_a_leader(self):
        nc = self._raise()
        with self._refused(AccessError, "leader"):
            nc.with_user(self.secretary).action_withdraw()
        with self._refused(UserError, "Write why"):
            nc.with_user(self.head).action_withdraw()
        nc.with_user(self.head).cancel_reason = "Nhầm hồ sơ"
        nc.with_user(self.head).action_withdraw()
        self.assertEqual(nc.state, "cancel")

    def test_edition_of_its_time_is_kept(self):
        nc = self._raise()
        later = self.env["cchc.iso.edition"].create({"code": "Sau", "name": "Sau"})
        unlocked(self.system).edition_id = later
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(nc.edition_id, self.edition)
        self.assertEqual(self._raise().edition_id, later)

    def test_overdue_is_told_once_per_date(self):
        with freeze_time(local("09/11/2026 09:00")):
            nc = self._raise()
        with freeze_time(local("10/12/2026 09:00")):
            self.nonconformities._cron_tell_overdue()
            self.nonconformities._cron_tell_overdue()
            told = nc.activity_ids.filtered(lambda a: a.user_id == self.secretary)
            self.assertEqual(len(told), 1)
            self.assertIn(nc, self.nonconformities.search([("is_late", "=", True)]))

    def test_number_of_an_import_is_kept(self):
        vals = {
            "name": "Cũ",
            "description": "Cũ",
            "partner_id": self.partner.id,
            "manager_user_id": self.secretary.id,
            "responsible_user_id": self.secretary.id,
        }
        old, new = self.nonconformities.create([{**vals, "ref": "KPH-07/2019"}, vals])
        self.assertEqual(old.ref, "KPH-07/2019")
        self.assertNotIn(new.ref, ("NEW", "KPH-07/2019"))

    def test_plain_findings_of_an_office_go_on_as_before(self):
        nc = self.nonconformities.with_user(self.secretary).create(
            {
                "name": "Ngoài hệ thống",
                "description": "X",
                "partner_id": self.partner.id,
                "manager_user_id": self.secretary.id,
                "responsible_user_id": self.member.id,
                "action_comments": "X",
                "evaluation_comments": "X",
            }
        )
        nc.stage_id = self.env.ref("mgmtsystem_nonconformity.stage_open")
        nc.stage_id = self.env.ref("mgmtsystem_nonconformity.stage_done")
        nc.description = "Vẫn sửa được"
        self.assertEqual(nc.state, "done")
        with self.assertRaises(AccessError):
            nc.with_user(self.member).write({"description": "Y"})


@tagged("post_install", "-at_install")
class TestAction(IsoCase):
    """Hành động khắc phục: traps of the OCA module closed, its own use unchanged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system.edition_id = cls.env["cchc.iso.edition"].create(
            {"code": "Thử 9001", "name": "Thử", "state": "published"}
        )

    def _action(self, **vals):
        return self.env["mgmtsystem.action"].create(
            {
                "name": "Tập huấn",
                "type_action": "correction",
                "user_id": self.member.id,
                "company_id": self.commune.id,
                **vals,
            }
        )

    def _mails(self):
        return self.env["mail.mail"].search_count([])

    def test_controlled_action_gives_an_activity_not_a_mail(self):
        before = self._mails()
        action = self._action(system_id=self.system.id, date_deadline="2026-12-01")
        self.assertEqual(self._mails(), before)
        self.assertEqual(action.activity_ids.user_id, self.member)
        self.assertEqual(str(action.activity_ids.date_deadline), "2026-12-01")
        action.date_deadline = "2026-12-05"
        self.assertEqual(str(action.activity_ids.date_deadline), "2026-12-05")

    def test_plain_action_mails_unless_the_context_says_no(self):
        mails = []
        template = type(self.env["mail.template"])
        self.patch(
            template,
            "send_mail",
            lambda self, res_id, **kwargs: mails.append(res_id),
        )
        plain = self._action()
        self.assertEqual(mails, plain.ids)
        actions = self.env["mgmtsystem.action"]
        for context in ({"cchc_no_mail": True}, {"import_file": True}):
            actions.with_context(**context).create(
                {"name": "Nhập", "type_action": "correction"}
            )
        self.assertEqual(mails, plain.ids)

    def test_reminder_skips_cancelled_and_misses_no_day(self):
        mails = []
        template = type(self.env["mail.template"])
        quiet = {"cchc_no_mail": True}
        self.env = self.env(context={**self.env.context, **quiet})
        with freeze_time(local("01/12/2026 09:00")):
            near = self._action(date_deadline="2026-12-08")
            far = self._action(date_deadline="2026-12-20")
            cancelled = self._action(date_deadline="2026-12-08")
            cancelled.stage_id = self.env.ref("mgmtsystem_action.stage_cancel")
            self.patch(
                template,
                "send_mail",
                lambda self, res_id, **kwargs: mails.append(res_id),
            )
            ours = near | far | cancelled
            for _run in range(2):
                self.env["mgmtsystem.action"].process_reminder_queue()
            self.assertEqual([m for m in mails if m in ours.ids], near.ids)

    def test_days_count_forward(self):
        with freeze_time(local("02/11/2026 09:00")):
            action = self._action(system_id=self.system.id)
            self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mgmtsystem_action SET create_date = %s WHERE id = %s",
            (local("02/11/2026 09:00"), action.id),
        )
        self.env.invalidate_all()
        with freeze_time(local("07/11/2026 10:00")):
            action.case_open()
            self.assertEqual(action.number_of_days_to_open, 5)

    def test_address_is_todays(self):
        url = self._action().get_action_url()
        self.assertIn("/odoo/mgmtsystem-actions/", url)
        self.assertNotIn("/web#", url)

    def test_closed_by_somebody_else_with_a_result(self):
        action = self._action(system_id=self.system.id, user_id=self.head.id)
        with self._refused(UserError, "no result yet"):
            action.with_user(self.env.user).action_close()
        action.with_user(self.head).result = "Đã tập huấn 12 người"
        with self._refused(AccessError, "not by who carries"):
            action.with_user(self.head).action_close()
        with self._refused(AccessError, "a leader"):
            action.with_user(self.secretary).action_close()
        deputy = self._new_iso_user("deputy", "group_leader")
        action.with_user(deputy).action_close()
        self.assertEqual(action.verified_by_id, deputy)
        self.assertEqual(action.progress, 100)
        self.assertTrue(action.date_closed)
        self.assertFalse(action.activity_ids)

    def test_owner_reports_and_changes_nothing_else(self):
        action = self._action(system_id=self.system.id).with_user(self.member)
        action.write({"progress": 50, "evidence": "Danh sách ký"})
        with self._refused(AccessError, "progress, result and evidence"):
            action.write({"date_deadline": "2030-01-01"})
        with self.assertRaises(AccessError):
            action.with_user(self.iso_auditor).write({"progress": 60})
        with self._refused(UserError, "by its button"):
            action.write({"verified_by_id": self.member.id})

    def test_new_action_is_not_born_closed(self):
        with self._refused(UserError, "not closed yet"):
            self._action(
                system_id=self.system.id,
                stage_id=self.env.ref("mgmtsystem_action.stage_close").id,
            )

    def test_overdue_action_is_told_once(self):
        action = self._action(system_id=self.system.id, date_deadline="2026-12-01")
        with freeze_time(local("02/12/2026 09:00")):
            for _run in range(2):
                self.env["mgmtsystem.action"]._cron_tell_overdue()
        self.assertEqual(
            sorted(action.activity_ids.user_id.mapped("login")),
            ["iso_member", "iso_secretary"],
        )
        self.assertEqual(len(action.activity_ids), 2)

    def test_members_do_not_write_plain_actions(self):
        action = self._action(user_id=self.member.id)
        with self.assertRaises(AccessError):
            action.with_user(self.member).write({"name": "X"})
        action.with_user(self.secretary).write({"tag_ids": [Command.clear()]})
