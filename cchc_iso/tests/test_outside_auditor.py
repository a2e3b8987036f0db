from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessDenied, AccessError
from odoo.fields import Domain
from odoo.tests import HttpCase, tagged

from odoo.addons.cchc_onestop.tests.common import local
from odoo.addons.cchc_onestop.tools.guard import unlocked

from ..models.cchc_dossier_look import PRIVATE_FIELDS
from .common_sample import DURING
from .test_auditor_access import AccessCase

LAST_DAY = "30/06/2026 23:30"
AFTER = "01/07/2026 00:10"


class OutsideCase(AccessCase):
    """An auditor from outside in one audit; another audit that is none of his."""

    def setUp(self):
        super().setUp()
        with freeze_time(local(DURING)):
            self.user = self._invite()
            self.user.sudo().password = "kiem@tdc.example.vn"
        unlocked(self.audit.sudo()).write(
            {"auditor_user_ids": [Command.link(self.user.id)]}
        )
        self.strange = self._running_audit(name="Đợt khác")
        with freeze_time(local(DURING)):
            line = self.strange.line_ids.with_user(self.iso_auditor)
            line.write({"finding": "nc_minor", "evidence": "Của đợt khác"})
            line.action_raise()
            self.strange_nc = line.nonconformity_id.sudo()
            unlocked(self.strange_nc).dossier_id = self.other
            self.env["cchc.iso.audit.paper"]._draw("plan", self.strange, "xlsx")
            self._close(self.strange)
        self.file = self.env["ir.attachment"].create(
            {
                "name": "bi-mat.txt",
                "raw": b"khong thuoc pham vi",
                "res_model": "cchc.dossier",
                "res_id": self.other.id,
            }
        )
        self.note = self.other.sudo().message_post(body="Ghi chú ngoài phạm vi")
        self._forget()

    def _as(self, record):
        return record.with_user(self.user)


@tagged("post_install", "-at_install")
class TestOutsideScope(OutsideCase):
    """Neither dossiers outside the scope, nor personal data, nor other audits."""

    @freeze_time(local(DURING))
    def test_every_model_that_tells_of_a_dossier(self):
        """Also those that later versions add: found by their fields."""
        looked_at = set()
        for name in self.env:
            model = self._as(self.env[name])
            field = model._fields.get("dossier_id")
            if (
                model._abstract
                or model._transient
                or not (field and field.store and field.comodel_name == "cchc.dossier")
                or not model.has_access("read")
            ):
                continue
            rows = model.search(Domain.TRUE).sudo()
            looked_at.add(name)
            self.assertLessEqual(rows.dossier_id, self.drawn, name)
            foreign = model.sudo().search([("dossier_id", "=", self.other.id)])
            if foreign:
                with self.assertRaises(AccessError, msg=name):
                    self._as(foreign[0]).read()
        self.assertLessEqual(
            {"cchc.dossier.step", "cchc.dossier.event", "cchc.iso.record"}, looked_at
        )

    @freeze_time(local(DURING))
    def test_no_way_to_a_dossier_outside(self):
        dossiers = self._as(self.env["cchc.dossier"])
        only = [("name", "=", self.other.name)]
        self.assertEqual(dossiers.search(Domain.TRUE), self.drawn)
        self.assertFalse(dossiers.search(only))
        self.assertEqual(dossiers.search_count(only), 0)
        self.assertFalse(dossiers.name_search(self.other.name))
        self.assertEqual(dossiers.web_search_read(only, {"name": {}})["length"], 0)
        figures = dossiers.formatted_read_group([], ["state"], ["__count"])
        self.assertEqual(sum(row["__count"] for row in figures), 1)
        foreign = self._as(self.other)
        for call in (
            lambda: foreign.read(["name"]),
            lambda: foreign.web_read({"name": {}}),
            lambda: foreign.export_data(["name"]),
            lambda: foreign.name,
            lambda: foreign.step_ids.read(["name"]),
            lambda: foreign.get_formview_action() and foreign.display_name,
            lambda: self._as(self.file).read(["datas"]),
            lambda: self._as(self.note).read(["body"]),
        ):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                call()
        self.assertFalse(
            self._as(self.env["ir.attachment"]).search([("id", "=", self.file.id)])
        )
        self.assertFalse(
            self._as(self.env["mail.message"]).search(
                [("model", "=", "cchc.dossier"), ("res_id", "=", self.other.id)]
            )
        )

    @freeze_time(local(DURING))
    def test_no_personal_data(self):
        dossier = self._as(self.drawn)
        dossier.sudo().write(
            {"applicant_phone": "0912345678", "applicant_address": "Thôn 1"}
        )
        self._forget()
        self.assertTrue(dossier.read(["applicant_name"]))
        hidden = PRIVATE_FIELDS | {"applicant_identity", "applicant_birth_date"}
        self.assertFalse(hidden & set(dossier.fields_get()))
        for name in sorted(hidden):
            for call in (
                lambda name=name: dossier.read([name]),
                lambda name=name: dossier.search([(name, "!=", False)]),
                lambda name=name: dossier.formatted_read_group([], [name]),
                lambda name=name: dossier.export_data([name]),
            ):
                with self.subTest(field=name), self.assertRaises(AccessError):
                    call()
        # who works on dossiers goes on as before
        self.assertTrue(self.drawn.with_user(self.desk).read(["applicant_phone"]))
        self.assertNotIn(self.partner, self._readable(self.user, "res.partner"))
        records = self._readable(self.user, "cchc.iso.record")
        self.assertNotIn("0912345678", records.payload)

    @freeze_time(local(DURING))
    def test_no_other_audit(self):
        for name, strange in (
            ("mgmtsystem.audit", self.strange),
            ("mgmtsystem.verification.line", self.strange.line_ids),
            ("cchc.iso.audit.plan.line", self.strange.plan_line_ids),
            ("cchc.iso.audit.paper", self.strange.paper_ids),
            ("mgmtsystem.nonconformity", self.strange_nc),
        ):
            self.assertTrue(strange, name)
            rows = self._readable(self.user, name)
            self.assertFalse(rows & strange, name)
            with self.assertRaises(AccessError, msg=name):
                self._as(strange[0]).read(["display_name"])
            # a member of the agency reads what is closed
            self.assertLessEqual(strange, self._readable(self.member, name), name)
        self.assertEqual(self._readable(self.user, "mgmtsystem.audit"), self.audit)
        calendar = self._readable(self.user, "cchc.iso.audit.calendar")
        self.assertEqual(calendar.audit_id, self.audit)
        file = self.strange.sudo().paper_ids.attachment_id
        with self.assertRaises(AccessError):
            self._as(file).read(["datas"])

    @freeze_time(local(DURING))
    def test_he_reads_and_writes_what_is_his(self):
        check = self._as(self.sample.line_ids.check_ids[0])
        check.write({"finding": "nc_minor", "evidence": "Thấy tại chỗ"})
        check.action_nonconform()
        raised = check.nonconformity_id
        self.assertEqual(raised.read(["evidence"])[0]["id"], raised.id)
        self.assertIn(raised, self._readable(self.user, "mgmtsystem.nonconformity"))

    @freeze_time(local(DURING))
    def test_what_is_said_about_a_dossier_is_read_under_log(self):
        self.drawn.sudo().message_post(body="Trong phạm vi")
        messages = self._as(self.env["mail.message"])
        domain = [("model", "=", "cchc.dossier"), ("body", "ilike", "Trong phạm vi")]
        self._forget()
        self.assertTrue(messages.search_read(domain, ["body"]))
        looks = self.env["cchc.iso.look"].search([("user_id", "=", self.user.id)])
        self.assertIn("mail.message", looks.mapped("what"))

    @freeze_time(local(DURING))
    def test_what_a_record_says_is_read_under_log(self):
        check = self._as(self.sample.line_ids.check_ids)
        self._forget()
        check.read(["name", "finding"])
        looks = self.env["cchc.iso.look"]
        self.assertFalse(looks.search([("user_id", "=", self.user.id)]))
        check.read(["proposal_text"])
        look = looks.search([("user_id", "=", self.user.id)])
        self.assertEqual((look.kind, look.dossier_id), ("sample", self.drawn))

    def test_nothing_after_the_last_day(self):
        names = (
            *("cchc.dossier", "cchc.dossier.step", "cchc.iso.record"),
            *("cchc.iso.sample", "cchc.iso.sample.line", "cchc.iso.sample.check"),
            *("mgmtsystem.audit", "mgmtsystem.verification.line"),
            *("mgmtsystem.nonconformity", "cchc.iso.audit.plan.line"),
            *("cchc.iso.audit.paper", "cchc.iso.audit.calendar"),
        )
        with freeze_time(local(LAST_DAY)):
            self._forget()
            self.assertTrue(self._readable(self.user))
            self.assertTrue(self._readable(self.user, "mgmtsystem.audit"))
        with freeze_time(local(AFTER)):
            self._forget()
            for name in names:
                self.assertFalse(self._readable(self.user, name), name)
            with self.assertRaises(AccessError):
                self._as(self.sample.line_ids.check_ids[0]).write(
                    {"finding": "conform", "evidence": "x"}
                )


@tagged("post_install", "-at_install")
class TestOutsideByHttp(OutsideCase, HttpCase):
    """What was opened before the last day ends with it: session, password, key."""

    def _dossiers(self):
        return self.url_open(
            "/web/dataset/call_kw/cchc.dossier/search_count",
            json={
                "params": {
                    "model": "cchc.dossier",
                    "method": "search_count",
                    "args": [[]],
                    "kwargs": {},
                }
            },
        ).json()

    def test_an_open_session_ends(self):
        with freeze_time(local(LAST_DAY)):
            self.authenticate("kiem@tdc.example.vn", "kiem@tdc.example.vn")
        own = self.env["ir.attachment"].create(
            {
                "name": "phieu.txt",
                "raw": b"x",
                "res_model": "cchc.dossier",
                "res_id": self.drawn.id,
            }
        )
        with freeze_time(local(LAST_DAY)):
            self.assertEqual(self._dossiers()["result"], 1)
            self.assertEqual(self.url_open(f"/web/content/{own.id}").status_code, 200)
        with freeze_time(local(AFTER)):
            self.assertIn("error", self._dossiers())
            answer = self.url_open(f"/web/content/{own.id}")
            self.assertNotEqual(answer.content, b"x")
            # he is asked to log in, and may not
            self.assertIn("/web/login", answer.url)

    def test_a_password_that_was_right_once(self):
        users = self.env["res.users"]
        with freeze_time(local(LAST_DAY)):
            users._check_uid_passwd(self.user.id, "kiem@tdc.example.vn")
        with freeze_time(local(AFTER)), self.assertRaises(AccessDenied):
            users._check_uid_passwd(self.user.id, "kiem@tdc.example.vn")
        # prolonged by the secretary, it works again
        self.user.sudo().cchc_iso_until = date(2026, 7, 31)
        with freeze_time(local(AFTER)):
            users._check_uid_passwd(self.user.id, "kiem@tdc.example.vn")
