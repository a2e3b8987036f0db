from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.cchc_onestop.tests.common import local

from ..tools import answer
from .common import LookupCase


@tagged("post_install", "-at_install")
class TestLookup(LookupCase):
    """Looking up by hand, deciding on what differs, and the log that stays."""

    def setUp(self):
        super().setUp()
        self.dossier = self._accepted(procedure=self.procedure_data)
        self.part = self.dossier.document_ids.filtered(
            lambda part: part.kind == "database"
        )

    def _form(self, user=None):
        action = self.dossier.with_user(user or self.handler).action_lookup()
        return Form(
            self.env["cchc.lookup.ask"]
            .with_user(user or self.handler)
            .with_context(**action["context"])
        )

    def test_by_hand_from_the_dossier(self):
        form = self._form()
        self.assertEqual(form.key, "045190000123")
        self.assertEqual(form.service_id, self.citizen)
        self.assertEqual(form.purpose_id, self.settling)
        self.assertFalse(form.has_line)
        self.assertTrue(form.by_hand)
        self.assertEqual(form.part_ids[:], self.part)
        form.source = "Phần mềm dân cư"
        lines = [line.name for line in self.citizen.field_ids]
        with form.line_ids.edit(lines.index("Họ và tên")) as line:
            line.value = "Nguyễn Thị Hoà"
        ask = form.save()
        action = ask.action_enter()
        request = self._requests(self.handler).browse(action["res_id"])
        self.assertEqual(request.state, "manual")
        self.assertEqual(request.source, "Phần mềm dân cư")
        self.assertEqual(request.user_id, self.handler)
        self.assertEqual(request.differing, 5)
        self.assertEqual(self.part.lookup_id, request)

    def test_of_a_business_outside_of_a_dossier(self):
        company = self.env["res.partner"].create(
            {
                "name": "Công ty TNHH Trường Sanh",
                "cchc_identity_type": "tax",
                "cchc_identity": "3200100173",
            }
        )
        action = company.with_user(self.handler).action_cchc_lookup()
        form = Form(
            self.env["cchc.lookup.ask"]
            .with_user(self.handler)
            .with_context(**action["context"])
        )
        self.assertEqual(form.service_id, self.business)
        self.assertEqual(form.key, "3200100173")
        self.assertFalse(form.purpose_id, "a person says why")
        form.purpose_id = self.asked_by_citizen
        form.source = "Cổng thông tin quốc gia về đăng ký doanh nghiệp"
        with form.line_ids.edit(0) as line:
            line.value = "Công ty TNHH Trường Sanh"
        action = form.save().action_enter()
        request = self._requests(self.handler).browse(action["res_id"])
        self.assertEqual(request.purpose_id, self.asked_by_citizen)
        self.assertEqual(request.partner_id, company)

    def test_by_hand_a_date_is_a_date(self):
        form = self._form()
        form.source = "Phần mềm dân cư"
        kinds = self.citizen.field_ids.mapped("kind")
        with form.line_ids.edit(kinds.index(answer.DAY)) as line:
            line.value = "40/13/1990"
        ask = form.save()
        with self._refused(UserError, "40/13/1990” is no date"):
            ask.action_enter()
        for text in ("08/03/1990", "03/1990", "1990"):
            ask.line_ids.filtered("value").value = text
            self.assertTrue(ask.action_enter())

    def test_by_hand_says_what_is_missing(self):
        form = self._form()
        form.source = "Phần mềm dân cư"
        ask = form.save()
        with self._refused(UserError, "Type at least one"):
            ask.action_enter()
        with self._refused(UserError, "which program"):
            self._enter(self.dossier, source=" ")
        with self._refused(UserError, "in the future"):
            self._enter(
                self.dossier, source_at=fields.Datetime.now() + timedelta(days=1)
            )

    def test_without_a_line_nothing_is_asked(self):
        ask = self._form()
        ask.source = "x"
        with self._refused(UserError, "has no line"):
            ask.save().action_ask()

    def test_nobody_writes_the_log(self):
        request = self._enter(self.dossier)
        with self._refused(UserError, "never changed"):
            request.with_user(self.manager).write({"note": "khác"})
        with self._refused(AccessError, "."):
            request.with_user(self.manager).unlink()
        with self._refused(UserError, "never changed"):
            request.sudo().write({"state": "answered"})
        with self._refused(UserError, "ever deleted"):
            request.sudo().unlink()
        with self._refused(UserError, "never changed"):
            self.env["cchc.lookup.request"].sudo().create(
                {
                    "reference": "x",
                    "company_id": self.commune.id,
                    "user_id": self.desk.id,
                    "asked_at": fields.Datetime.now(),
                    "service_id": self.citizen.id,
                    "purpose_id": self.settling.id,
                }
            )

    def test_the_data_are_for_who_asked_or_handles(self):
        request = self._enter(self.dossier)
        self.assertEqual(self.dossier.user_id, self.handler)
        self.assertTrue(request.with_user(self.handler).value_ids.mapped("returned"))
        for user in (self.colleague, self.leader):
            reader = request.with_user(user)
            self.assertEqual(reader.state, "manual")
            self.assertFalse(
                self.env["cchc.lookup.value"]
                .with_user(user)
                .search([("request_id", "=", request.id)])
            )
        with self._refused(AccessError, "."):
            self.env["cchc.lookup.value"].with_user(self.auditor).search([])
        self.assertEqual(request.with_user(self.auditor).state, "manual")
        self.assertFalse(
            self._requests(self.outsider).search([("id", "=", request.id)])
        )

    def test_look_ups_without_a_dossier_are_seen_by_who_answers_for_them(self):
        env = self.env(user=self.handler)
        request = env["cchc.lookup.request"]._enter(
            env["cchc.lookup.service"].browse(self.citizen.id),
            "045190000123",
            env["cchc.lookup.purpose"].browse(self.asked_by_citizen.id),
            env["cchc.dossier"],
            env["res.partner"],
            [(self.citizen.field_ids[0], "045190000123")],
            source="Phần mềm dân cư",
        )
        for user, sees in (
            (self.handler, True),
            (self.colleague, False),
            (self.leader, True),
            (self.auditor, True),
        ):
            found = self._requests(user).search([("id", "=", request.id)])
            self.assertEqual(bool(found), sees, user.login)
        about = self._requests(self.leader)._domain_about(
            self.partner.with_user(self.leader)
        )
        self.assertIn(request, self._requests(self.leader).search(about))

    def test_nothing_is_taken_over_silently(self):
        request = self._enter(
            self.dossier,
            {"Họ và tên": "Nguyễn Thị Hoà", "Số CMND cũ": "191234567"},
        )
        self.assertEqual(self.partner.name, "Nguyễn Thị Hoa")
        settle = self.env["cchc.lookup.settle"].with_user(self.handler)
        settle = settle.browse(settle._open(request)["res_id"])
        with self._refused(UserError, "Choose for at least one"):
            settle.action_confirm()
        lines = {line.name: line for line in settle.line_ids}
        lines["Số CMND cũ"].decision = "take"
        settle.action_confirm()
        self.assertEqual(self.partner.cchc_old_identity, "191234567")
        self.assertEqual(self.partner.name, "Nguyễn Thị Hoa")
        self.assertIn("Phần mềm dân cư", self.partner.message_ids[0].body)

    def test_a_year_is_not_taken_over_as_a_day(self):
        request = self._enter(self.dossier, {"Ngày, tháng, năm sinh": "1990"})
        settle = self.env["cchc.lookup.settle"].with_user(self.handler)
        settle = settle.browse(settle._open(request)["res_id"])
        settle.line_ids.decision = "take"
        with self._refused(UserError, "no whole date"):
            settle.action_confirm()
        self.assertEqual(str(self.partner.cchc_birth_date), "1990-03-08")

    def test_only_who_asked_decides(self):
        request = self._enter(self.dossier)
        settle = self.env["cchc.lookup.settle"].sudo()._open(request)
        settle = self.env["cchc.lookup.settle"].sudo().browse(settle["res_id"])
        with self._refused(UserError, "Only who made a look-up"):
            settle.action_confirm()

    def test_paper_is_asked_for_on_two_grounds_only(self):
        part = self.part.with_user(self.handler)
        with self._refused(ValidationError, "A register holds"):
            part.write({"kind": "original"})
        with self._refused(ValidationError, "no look-up of this dossier failed"):
            part.write({"kind": "original", "paper_reason_kind": "outage"})
        self._enter(self.dossier, failed="Phần mềm báo lỗi kết nối")
        part.write({"kind": "original", "paper_reason_kind": "outage"})
        self.assertEqual(part.kind, "original")

    def test_paper_because_the_data_are_wrong(self):
        part = self.part.with_user(self.handler)
        with self._refused(ValidationError, "record in the answer"):
            part.write({"kind": "certified", "paper_reason_kind": "wrong"})
        request = self._enter(self.dossier)
        self.env["cchc.lookup.discrepancy"].with_user(self.handler).create(
            {
                "request_id": request.id,
                "name": "Họ tên vợ hoặc chồng",
                "on_paper": "Trần Văn Hạnh",
                "evidence": "Giấy chứng nhận kết hôn số 15",
            }
        )
        part.write({"kind": "certified", "paper_reason_kind": "wrong"})
        self.assertEqual(part.kind, "certified")

    def test_the_part_cannot_be_linked_from_outside(self):
        request = self._enter(self.dossier)
        self.part.with_user(self.handler).write({"lookup_id": request.id})
        self.assertFalse(self.part.lookup_id)

    def test_data_grow_old_and_are_wiped(self):
        with freeze_time(local("02/11/2026 09:00")):
            request = self._enter(
                self.dossier,
                source_at=fields.Datetime.to_datetime("2026-11-02 01:00:00"),
            )
            self.assertFalse(request.is_old)
        with freeze_time(local("10/12/2026 09:00")):
            self.env.invalidate_all()
            self.assertTrue(request.is_old)
            self.assertEqual(request.age_text, "38 days old")
            old = self._requests(self.handler).search([("is_old", "=", True)])
            self.assertIn(request, old)
            self._wipe()
            self.assertFalse(request.wiped_at)
        with freeze_time(local("10/02/2027 09:00")):
            self._wipe()
        self.env.invalidate_all()
        self.assertTrue(request.wiped_at)
        self.assertFalse(any(request.value_ids.mapped("returned")))
        self.assertFalse(any(request.value_ids.mapped("ours")))
        self.assertIn("same", request.value_ids.mapped("verdict"))
        self.assertFalse(request.with_user(self.handler).can_settle)

    def _wipe(self):
        with patch.object(
            self.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: 1
        ):
            self.env["cchc.lookup.request"]._cron_wipe()

    def test_secrets_of_a_line_stay_with_the_system(self):
        line = self._connect("https://lgsp.example")
        with self._refused(AccessError, "secret"):
            line.with_user(self.manager).read(["secret"])
        with self._refused(ValidationError, "asked through"):
            self._connect("https://khac.example")

    def test_the_log_is_read_with_few_queries(self):
        for _number in range(10):
            self._enter(self.dossier)
        self.env.invalidate_all()
        requests = self._requests(self.leader)
        with self.assertQueryCount(12):
            requests.web_search_read(
                [],
                {
                    "asked_at": {},
                    "state": {},
                    "differing": {},
                    "age_text": {},
                    "is_old": {},
                    "service_id": {"fields": {"display_name": {}}},
                    "dossier_id": {"fields": {"display_name": {}}},
                },
                limit=80,
            )
