from datetime import date

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessDenied, AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.cchc_onestop.tests.common import local

from ..models.cchc_iso_look import _SEEN
from .common_sample import DURING, SampleCase

#: Models whose rows tell of a dossier.
TOLD = (
    "cchc.dossier.step",
    "cchc.dossier.document",
    "cchc.dossier.fee",
    "cchc.dossier.event",
    "cchc.iso.record",
)


class AccessCase(SampleCase):
    def setUp(self):
        super().setUp()
        self.dossiers = self._recorded(2)
        self.audit = self._running_audit()
        self.sample = self._sample(self.audit, size=1)
        self.sample.action_draw()
        self.drawn = self.sample.line_ids.sudo().dossier_id
        self.other = self.dossiers - self.drawn
        self._forget()

    def _forget(self):
        """A new request begins: nothing is cached, nothing seen."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.cr.cache.pop(_SEEN, None)

    def _readable(self, user, model="cchc.dossier"):
        return self.env[model].with_user(user).search(Domain.TRUE)

    def _invite(self, **values):
        wizard = (
            self.env["cchc.iso.auditor.invite"]
            .with_user(self.secretary)
            .create(
                {
                    "name": "Trần Văn Kiểm",
                    "email": "kiem@tdc.example.vn",
                    "body": "Chi cục TĐC tỉnh Quảng Trị",
                    "company_id": self.commune.id,
                    "until": date(2026, 6, 30),
                    **values,
                }
            )
        )
        wizard.action_invite()
        return self.env["res.users"].search([("login", "=", "kiem@tdc.example.vn")])


@tagged("post_install", "-at_install")
class TestAuditorScope(AccessCase):
    """An auditor reads the dossiers sampled in his running audits, and no others."""

    def test_only_sampled_dossiers(self):
        self.assertEqual(self._readable(self.iso_auditor), self.drawn)
        for model in TOLD:
            rows = self._readable(self.iso_auditor, model)
            self.assertTrue(rows, model)
            self.assertEqual(rows.sudo().dossier_id, self.drawn, model)
        with self._refused(AccessError, "."):
            self.other.with_user(self.iso_auditor).read(["name"])
        with self._refused(AccessError, "."):
            self.other.step_ids.with_user(self.iso_auditor).read(["name"])

    def test_who_is_not_of_the_team_reads_none(self):
        self.assertFalse(self._readable(self.second))
        self.assertFalse(self._readable(self.second, "cchc.iso.record"))
        self.assertFalse(self._readable(self.second, "cchc.iso.sample"))
        for model in ("cchc.dossier", "cchc.iso.record", "cchc.iso.sample"):
            with self._refused(AccessError, "."):
                self._readable(self.member, model)

    def test_who_runs_the_system_reads_all_of_the_agency(self):
        for user in (self.secretary, self.head):
            self.assertLessEqual(
                set(self.dossiers.ids), set(self._readable(user).ids), user.name
            )
            self.assertEqual(len(self._readable(user, "cchc.iso.record")), 2)

    def test_before_and_after_the_audit(self):
        waiting = self._new_audit(name="Đợt sau")
        self._approve_plan(waiting)
        sample = self._sample(waiting, name="Mẫu 2", method="judgement")
        sample._pick({self.other.id: "Chuẩn bị"})
        self._forget()
        self.assertEqual(self._readable(self.iso_auditor), self.drawn)
        waiting.with_user(self.iso_auditor).action_begin()
        self._forget()
        self.assertEqual(self._readable(self.iso_auditor), self.dossiers)
        for check in self.sample.line_ids.check_ids:
            check.write({"finding": "conform", "evidence": "Đã xem"})
        self.audit.with_user(self.iso_auditor).line_ids.finding = "conform"
        self._close(self.audit)
        self._forget()
        self.assertEqual(self._readable(self.iso_auditor), self.other)
        # what he found stays readable to him, not the dossier behind it
        line = self.sample.line_ids.with_user(self.iso_auditor)
        self.assertEqual(line.code, self.drawn.name)
        self.assertFalse(line.steps_html)

    def test_a_sample_set_aside_closes_its_dossiers(self):
        self.sample._cancel("Chọn nhầm")
        self._forget()
        self.assertFalse(self._readable(self.iso_auditor))

    def test_out_of_the_team_at_once(self):
        """The rules are cached per user; a change of the team works all the same."""
        self.assertTrue(self._readable(self.iso_auditor))
        self.env.cr.execute(
            "DELETE FROM mgmtsystem_auditor_user_rel WHERE user_id = %s",
            (self.audit.id,),
        )
        self._forget()
        self.assertFalse(self._readable(self.iso_auditor))

    def test_expired_on_the_day_without_a_cache_to_clear(self):
        with freeze_time(local("15/06/2026 09:00")):
            self.iso_auditor.sudo().cchc_iso_until = date(2026, 6, 20)
            self._forget()
            self.assertTrue(self._readable(self.iso_auditor))
        with freeze_time(local("20/06/2026 23:30")):
            self._forget()
            self.assertTrue(self._readable(self.iso_auditor))
        # half past midnight in Việt Nam: still the 20th in UTC
        with freeze_time(local("21/06/2026 00:30")):
            self._forget()
            self.assertFalse(self._readable(self.iso_auditor))
            self.assertFalse(self._readable(self.iso_auditor, "cchc.iso.sample"))
            self.assertFalse(self._readable(self.iso_auditor, "cchc.iso.record"))
            with self._refused(AccessError, "."):
                self.drawn.with_user(self.iso_auditor).read(["name"])

    def test_personal_identity_stays_hidden(self):
        dossier = self.drawn.with_user(self.iso_auditor)
        with self._refused(AccessError, "."):
            dossier.read(["applicant_identity"])
        self.assertNotIn("applicant_identity", dossier.fields_get())
        part = self.drawn.document_ids[0]
        scan = self.env["ir.attachment"].create(
            {
                "name": "cccd.pdf",
                "raw": b"%PDF-",
                "res_model": part._name,
                "res_id": part.id,
            }
        )
        with self._refused(AccessError, "."):
            scan.with_user(self.iso_auditor).read(["datas"])
        loose = self.env["ir.attachment"].create(
            {
                "name": "phieu.txt",
                "raw": b"x",
                "res_model": "cchc.dossier",
                "res_id": self.drawn.id,
            }
        )
        self.assertTrue(loose.with_user(self.iso_auditor).read(["datas"])[0]["datas"])

    def test_the_whole_form_can_be_read(self):
        dossier = self.drawn.with_user(self.iso_auditor)
        view = dossier.get_formview_id()
        self.assertEqual(view, self.env.ref("cchc_iso.cchc_dossier_view_form_audit").id)
        # the button of a sampled dossier and every link lead to it too
        action = self.sample.line_ids.with_user(self.iso_auditor).action_open_dossier()
        self.assertEqual(action["views"], [(view, "form")])
        opened = self.drawn.with_user(self.desk).get_formview_action()
        self.assertNotEqual(opened["views"], [(view, "form")])
        arch = dossier.get_view(view)
        fields = arch["models"]["cchc.dossier"]
        self.assertTrue(dossier.read(list(fields)))
        for name in ("step_ids", "document_ids", "event_ids", "fee_ids"):
            rows = dossier[name]
            self.assertTrue(rows.read(list(arch["models"][rows._name])))

    def test_a_person_with_two_roles_keeps_both(self):
        self.desk.group_ids += self.env.ref("cchc_iso.group_auditor")
        self._forget()
        self.assertLessEqual(set(self.dossiers.ids), set(self._readable(self.desk).ids))


@tagged("post_install", "-at_install")
class TestAuditorWritesNothing(AccessCase):
    """Whatever is called over RPC, an auditor changes nothing but his findings."""

    def _fingerprint(self):
        """Return what stands in the tables of dossiers and what belongs to them."""
        self.env.flush_all()
        tables = {
            self.env[name]._table
            for name in self.env
            if name.startswith("cchc.")
            and not name.startswith("cchc.iso.look")
            and self.env[name]._auto
            and not self.env[name]._abstract
            and not self.env[name]._transient
        }
        tables |= {"mail_message", "mail_followers", "mail_activity", "ir_attachment"}
        found = {}
        for table in sorted(tables):
            self.env.cr.execute(
                f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) "
                f'FROM "{table}" t'
            )
            found[table] = self.env.cr.fetchone()
        return found

    def _public(self, model):
        """Names of the methods of a model that a remote call may name."""
        inherited = set(dir(self.env["base"])) | set(dir(self.env["mail.thread"]))
        inherited |= set(dir(self.env["mail.activity.mixin"]))
        for name in sorted(set(dir(model)) - inherited):
            method = getattr(type(model), name, None)
            if (
                not name.startswith("_")
                and callable(method)
                and not getattr(method, "_api_private", False)
                and name not in type(model)._fields
            ):
                yield name

    def test_orm(self):
        for model in ("cchc.dossier", *TOLD, "cchc.dossier.paper"):
            rows = self.env[model].with_user(self.iso_auditor)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(rows.has_access(operation), (model, operation))
        dossier = self.drawn.with_user(self.iso_auditor)
        for call in (
            lambda: dossier.write({"note": "x"}),
            lambda: dossier.copy(),
            lambda: dossier.unlink(),
            lambda: dossier.message_post(body="x"),
            lambda: dossier.message_subscribe(self.iso_auditor.partner_id.ids),
            lambda: dossier.activity_schedule("mail.mail_activity_data_todo"),
            lambda: dossier.env["ir.attachment"].create(
                {"name": "x", "res_model": "cchc.dossier", "res_id": dossier.id}
            ),
            lambda: dossier.env["cchc.substitution"].create(
                {"user_id": self.iso_auditor.id, "substitute_id": self.desk.id}
            ),
        ):
            with self._refused(AccessError, "."):
                call()

    def test_each_public_method(self):
        before = self._fingerprint()
        called = 0
        for model in ("cchc.dossier", "cchc.dossier.step", "cchc.dossier.document"):
            rows = self.drawn if model == "cchc.dossier" else self.drawn.step_ids
            if model == "cchc.dossier.document":
                rows = self.drawn.document_ids
            rows = rows.with_user(self.iso_auditor)[:1]
            for name in self._public(rows):
                with self.subTest(method=f"{model}.{name}"):
                    try:
                        with self.env.cr.savepoint():
                            getattr(rows, name)()
                            self.env.flush_all()
                            self.assertEqual(self._fingerprint(), before)
                            called += 1
                    except (AccessError, UserError, TypeError, ValueError):
                        self.env.invalidate_all()
        self.assertEqual(self._fingerprint(), before)
        self.assertTrue(called)


@tagged("post_install", "-at_install")
class TestLooks(AccessCase):
    """Each look of an auditor at a dossier is logged: who, what, when, which audit."""

    def _looks(self):
        self.env.invalidate_all()
        return self.env["cchc.iso.look"].search([], order="id")

    def test_a_look_is_logged(self):
        dossier = self.drawn.with_user(self.iso_auditor)
        with freeze_time(local(DURING)):
            dossier.web_read({"name": {}, "state": {}})
        look = self._looks()
        self.assertEqual(len(look), 1)
        self.assertEqual(look.user_id, self.iso_auditor)
        self.assertEqual(look.dossier_id, self.drawn)
        self.assertEqual(look.audit_id, self.audit)
        self.assertEqual(look.company_id, self.commune)
        self.assertEqual((look.kind, look.what), ("form", "cchc.dossier"))
        self.assertEqual(look.at, local(DURING))
        # again in the same request: one look; in the next one: another
        dossier.web_read({"channel": {}})
        self.assertEqual(len(self._looks()), 1)
        self._forget()
        dossier.web_read({"channel": {}})
        self.assertEqual(len(self._looks()), 2)

    def test_each_way_to_read(self):
        dossier = self.drawn.with_user(self.iso_auditor)
        record = self.env["cchc.iso.record"].with_user(self.iso_auditor)
        for kind, call in (
            ("form", lambda: dossier.read(["name"])),
            ("form", lambda: dossier.search_read([], ["name"])),
            ("form", lambda: dossier.search([]).mapped("name")),
            ("form", lambda: dossier.step_ids.read(["name"])),
            ("form", lambda: dossier.event_ids.web_read({"kind": {}})),
            ("form", lambda: record.search([]).read(["payload"])),
            ("export", lambda: dossier.export_data(["name"])),
            ("group", lambda: dossier.formatted_read_group([], ["state"])),
            ("sample", lambda: self.sample.line_ids.read(["steps_html"])),
        ):
            self._forget()
            before = self._looks()
            self._forget()
            call()
            self.assertIn(kind, (self._looks() - before).mapped("kind"))

    def test_others_are_not_watched(self):
        for user in (self.desk, self.secretary, self.head):
            self.drawn.with_user(user).read(["name"])
        self.assertFalse(self._looks())

    def test_nobody_changes_the_log(self):
        self.drawn.with_user(self.iso_auditor).read(["name"])
        look = self._looks()
        for user in (self.iso_auditor, self.secretary, self.head, self.manager):
            for call in (
                lambda row: row.write({"user_id": self.head.id}),
                lambda row: row.unlink(),
                lambda row: row.copy(),
            ):
                with self._refused((AccessError, UserError), "."):
                    call(look.with_user(user))
        with self._refused(UserError, "written by the actions"):
            look.write({"user_id": self.head.id})
        with self._refused(UserError, "is ever deleted"):
            look.unlink()

    def test_the_log_is_read_by_those_in_charge(self):
        self.drawn.with_user(self.iso_auditor).read(["name"])
        look = self._looks()
        self.assertEqual(look.with_user(self.secretary).code, self.drawn.name)
        self.assertEqual(look.with_user(self.head).code, self.drawn.name)
        self.assertEqual(self.audit.with_user(self.secretary).look_count, 1)
        for user in (self.iso_auditor, self.member):
            with self._refused(AccessError, "."):
                look.with_user(user).read(["code"])


@tagged("post_install", "-at_install")
class TestLooksByHttp(AccessCase, HttpCase):
    """Looks are logged by the ways of every day, whose cursor may only read."""

    def setUp(self):
        super().setUp()
        self.file = self.env["ir.attachment"].create(
            {
                "name": "phieu.txt",
                "raw": b"Phieu kiem soat",
                "mimetype": "text/plain",
                "res_model": "cchc.dossier",
                "res_id": self.drawn.id,
            }
        )
        self._forget()

    def _call(self, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/cchc.dossier/{method}",
            {
                "model": "cchc.dossier",
                "method": method,
                "args": args,
                "kwargs": kwargs,
            },
        )

    def _kinds(self):
        self.env.invalidate_all()
        return self.env["cchc.iso.look"].search([], order="id").mapped("kind")

    def test_form_list_and_download(self):
        self.authenticate("iso_auditor", "iso_auditor")
        rows = self._call("web_read", self.drawn.ids, specification={"name": {}})
        self.assertEqual(rows[0]["name"], self.drawn.name)
        self.assertEqual(self._kinds(), ["form"])
        found = self._call("web_search_read", domain=[], specification={"name": {}})
        self.assertEqual(found["length"], 1)
        self.assertEqual(self._kinds(), ["form", "form"])
        answer = self.url_open(f"/web/content/{self.file.id}")
        self.assertEqual(answer.content, b"Phieu kiem soat")
        self.assertIn("download", self._kinds())
        self.assertEqual(self.env["cchc.iso.look"].search([]).user_id, self.iso_auditor)

    def test_a_file_of_another_dossier(self):
        self.file.res_id = self.other.id
        self._forget()
        self.authenticate("iso_auditor", "iso_auditor")
        self.assertEqual(self.url_open(f"/web/content/{self.file.id}").status_code, 404)
        self.assertEqual(self._kinds(), [])

    def test_others_keep_their_way(self):
        self.authenticate("onestop_desk", "onestop_desk")
        rows = self._call("web_read", self.drawn.ids, specification={"name": {}})
        self.assertEqual(rows[0]["name"], self.drawn.name)
        self.assertEqual(self._kinds(), [])


@tagged("post_install", "-at_install")
class TestOutsideAuditor(AccessCase):
    """An auditor from outside gets what he needs, until his last day."""

    @freeze_time(local(DURING))
    def test_invited(self):
        user = self._invite()
        audits = self.env.ref("cchc_iso.cchc_iso_audit_action")
        self.assertEqual(user.action_id.id, audits.id)
        self.assertEqual(user.cchc_iso_until, date(2026, 6, 30))
        self.assertTrue(user.has_group("cchc_iso.group_auditor"))
        for group in (
            "cchc_onestop.group_base",
            "mgmtsystem.group_mgmtsystem_user",
            "document_page.group_document_editor",
            "base.group_partner_manager",
            "cchc_iso.group_officer",
        ):
            self.assertFalse(user.has_group(group), group)
        self.assertEqual(user.company_ids, self.commune)

    @freeze_time(local(DURING))
    def test_no_address_book(self):
        user = self._invite()
        contacts = self._readable(user, "res.partner")
        self.assertNotIn(self.partner, contacts)
        self.assertIn(self.iso_auditor.partner_id, contacts)
        self.assertIn(self.commune.partner_id, contacts)
        with self._refused(AccessError, "."):
            self.partner.with_user(user).read(["name"])
        self.assertTrue(self.partner.with_user(self.iso_auditor).read(["name"]))

    @freeze_time(local(DURING))
    def test_renewed_not_doubled(self):
        user = self._invite()
        user.sudo().active = False
        again = self._invite(until=date(2026, 7, 31))
        self.assertEqual(again, user)
        self.assertTrue(again.active)
        self.assertEqual(again.cchc_iso_until, date(2026, 7, 31))

    @freeze_time(local(DURING))
    def test_no_login_after_the_last_day(self):
        user = self._invite()
        user.sudo().password = "kiem@tdc.example.vn"
        credential = {"type": "password", "password": "kiem@tdc.example.vn"}
        env = {"interactive": True}
        own = user.with_user(user)
        self.assertTrue(own._check_credentials(credential, env))
        with freeze_time(local("01/07/2026 00:10")):
            self.assertRaises(AccessDenied, own._check_credentials, credential, env)
            self.env["res.users"]._cron_cchc_iso_close()
            self.assertFalse(user.active)
        self.assertTrue(self.iso_auditor.active)

    @freeze_time(local(DURING))
    def test_who_invites(self):
        for user in (self.iso_auditor, self.head, self.member, self.desk):
            with self._refused(AccessError, "."):
                self.env["cchc.iso.auditor.invite"].with_user(user).create({})
        with self._refused(UserError, "is a user of this system already"):
            self.handler.sudo().login = "kiem@tdc.example.vn"
            self._invite()
        with self._refused(UserError, "is not an e-mail address"):
            self._invite(email="kiem")
        with self._refused(ValidationError, "today or later"):
            self._invite(until=date(2026, 6, 14))
        with self._refused(ValidationError, "one year at most"):
            self._invite(until=date(2028, 6, 14))
        with self._refused(AccessError, "your own agency"):
            self._invite(company_id=self.neighbour.id)

    def test_an_outside_auditor_has_a_last_day(self):
        with self._refused(CheckViolation, "cchc_iso_outside_until"):
            with mute_logger("odoo.sql_db"):
                self.iso_auditor.sudo().cchc_iso_outside = True
                self.env.flush_all()

    def test_nobody_prolongs_his_own_access(self):
        for values in ({"cchc_iso_until": False}, {"cchc_iso_outside": False}):
            with self._refused(AccessError, "."):
                self.iso_auditor.with_user(self.iso_auditor).write(values)
        self.assertNotIn("cchc_iso_until", self.env["res.users"].SELF_WRITEABLE_FIELDS)
