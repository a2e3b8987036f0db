import re

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.cchc_onestop.tests.common import local

from ..models.cchc_public_throttle import LIMITS
from .common import VoiceCase


class PublicCase(VoiceCase, HttpCase):
    """Asks the public pages as a browser without any login."""

    def setUp(self):
        super().setUp()
        self.env.flush_all()

    def _get(self, path):
        self.env.flush_all()
        return self.url_open(path)

    def _post(self, path, values, page=None, files=None):
        """Send a form as the page gave it."""
        if page is None:
            page = self._get(path.rsplit("/", 1)[0])
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        values = {"csrf_token": token[1] if token else "", **values}
        answer = self.url_open(path, data=values, files=files)
        self.env.invalidate_all()
        return answer

    def _check_light(self, page):
        """A page of few bytes, whose one script only says earlier what the server says
        without it."""
        script = "/cchc_onestop/static/public/form.js"
        parts = (
            page,
            self._get("/cchc_onestop_voice/static/public/voice.css"),
            self._get(script),
        )
        self.assertLess(sum(len(part.content) for part in parts), 50 * 1024)
        self.assertEqual(re.findall(r'<script[^>]* src="([^"]+)"', page.text), [script])
        self.assertEqual(page.text.count("<script"), 1)


@tagged("post_install", "-at_install")
class TestEvaluationPage(PublicCase):
    """Đánh giá bằng đường dẫn: once, after the return, light, nothing to guess."""

    def setUp(self):
        super().setUp()
        self.dossier = self._returned_now()

    def _returned_now(self):
        dossier = self._ready()
        dossier.with_user(self.desk).action_return_result()
        return dossier

    def _slips_of(self, dossier):
        return self.env["cchc.evaluation"].search([("dossier_id", "=", dossier.id)])

    def test_a_citizen_evaluates_once(self):
        secret = self._invite(self.dossier)
        page = self._get(f"/danh-gia/{secret}")
        self.assertEqual(page.status_code, 200)
        self.assertIn('<html lang="vi">', page.text)
        self.assertIn(self.dossier.name, page.text)
        self.assertIn("N. T. H.", page.text)
        for personal in ("Nguyễn Thị Hoa", "045190000123", "0912345678"):
            self.assertNotIn(personal, page.text)
        criterion = self.env.ref("cchc_onestop.evaluation_criterion_a")
        reason = self.env.ref("cchc_onestop_voice.reason_1")
        values = {
            "level": "dissatisfied",
            f"c{criterion.id}": "dissatisfied",
            "reason": [str(reason.id), "999999", "x", "²", "9" * 30],
            "comment": "  \x00Phải đi lại <b>hai</b> lần  ",
        }
        answer = self._post(f"/danh-gia/{secret}/gui", values, page)
        self.assertEqual(answer.status_code, 200)
        self.assertIn('id="thanks"', answer.text)
        slip = self._slips_of(self.dossier)
        self.assertEqual(
            (slip.level, slip.source, slip.form_id.code),
            ("dissatisfied", "online", "02"),
        )
        self.assertEqual(slip.comment, "Phải đi lại <b>hai</b> lần")
        self.assertEqual(slip.reason_ids, reason)
        self.assertEqual(slip.entered_by_id, self.env.ref("base.public_user"))
        self.assertEqual(slip.answer_ids.filtered("level").criterion_id, criterion)
        # sent twice, or by another link: the same thanks, still one slip
        again = self._post(
            f"/danh-gia/{secret}/gui", {**values, "level": "very_satisfied"}, page
        )
        self.assertIn('id="thanks"', again.text)
        self.assertEqual(self._slips_of(self.dossier), slip)
        self.assertEqual(slip.level, "dissatisfied")
        other = self._get(f"/danh-gia/{self._invite(self.dossier)}")
        self.assertIn("đã được đánh giá", other.text)

    def test_without_an_overall_answer_nothing_is_lost(self):
        secret = self._invite(self.dossier)
        reason = self.env.ref("cchc_onestop_voice.reason_1")
        answer = self._post(
            f"/danh-gia/{secret}/gui",
            {"comment": "Chữ tôi đã gõ", "reason": str(reason.id)},
            None,
        )
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Chữ tôi đã gõ", answer.text)
        boxes = re.findall(r'<input[^>]*name="reason"[^>]*>', answer.text)
        ticked = [box for box in boxes if "checked" in box]
        self.assertEqual(len(ticked), 1)
        self.assertIn(f'value="{reason.id}"', ticked[0])
        self.assertFalse(self._slips_of(self.dossier))

    def test_answers_that_the_form_does_not_ask_are_left_out(self):
        secret = self._invite(self.dossier)
        foreign = self.env["cchc.evaluation.criterion"].create(
            {"code": "x", "name": "Khác"}
        )
        asked = self.env.ref("cchc_onestop.evaluation_criterion_a")
        self._post(
            f"/danh-gia/{secret}/gui",
            {
                "level": "satisfied",
                f"c{foreign.id}": "satisfied",
                f"c{asked.id}": "excellent",
            },
        )
        slip = self._slips_of(self.dossier)
        self.assertFalse(slip.answer_ids.filtered("level"))
        self.assertNotIn(foreign, slip.answer_ids.criterion_id)

    def test_not_before_the_return_and_not_for_ever(self):
        early = self._invite(self._accepted())
        self.assertIn("Chưa đến lúc", self._get(f"/danh-gia/{early}").text)
        self.commune.cchc_evaluation_days = 3
        old = self._returned("02/11/2026 09:00")
        secret = self._invite(old)
        invitation = self.env["cchc.evaluation.invitation"]._find(secret)
        with freeze_time(local("05/11/2026 23:59")):
            self.assertEqual(invitation._problem(), "")
        with freeze_time(local("06/11/2026 00:00")):
            self.assertEqual(invitation._problem(), "expired")
            self.assertEqual(invitation._submit("satisfied"), "expired")
        self.assertFalse(self._slips_of(old))

    def test_only_a_digest_is_kept(self):
        secret = self._invite(self.dossier)
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT row_to_json(i)::text FROM cchc_evaluation_invitation i"
        )
        self.assertNotIn(secret, str(self.env.cr.fetchall()))
        self.assertGreaterEqual(len(secret), 32)

    def test_guessing_ends_with_429(self):
        limit = LIMITS["guess"][0]
        codes = [
            self._get(f"/danh-gia/{'x' * 30}{number}").status_code
            for number in range(limit + 2)
        ]
        self.assertEqual(set(codes[:limit]), {404})
        self.assertEqual(codes[-1], 429)
        answer = self._get(f"/danh-gia/{self._invite(self.dossier)}")
        self.assertEqual(answer.status_code, 429)
        self.assertEqual(answer.headers["Retry-After"], "600")

    def test_page_is_light_and_works_without_script(self):
        secret = self._invite(self.dossier)
        page = self._get(f"/danh-gia/{secret}")
        self._check_light(page)
        self.assertNotIn("/web/assets", page.text)
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        # every choice has its words
        self.assertEqual(page.text.count("<legend"), page.text.count("</legend>"))
        self.assertEqual(page.text.count('required="required"'), 3)

    def test_forged_forms_are_refused(self):
        secret = self._invite(self.dossier)
        with mute_logger("odoo.http"):
            answer = self.url_open(
                f"/danh-gia/{secret}/gui", data={"level": "very_satisfied"}
            )
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self._slips_of(self.dossier))

    def test_paper_after_the_link_is_refused(self):
        self._invite(self.dossier)
        invitation = self.env["cchc.evaluation.invitation"].search([], limit=1)
        self.assertEqual(invitation._submit("satisfied"), "")
        self.assertEqual(invitation._submit("satisfied"), "done")
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            with self.env.cr.savepoint():
                self._slip(self.dossier, source="counter")

    def test_evaluated_anew_after_the_slip_was_voided(self):
        secret = self._invite(self.dossier)
        invitation = self.env["cchc.evaluation.invitation"]._find(secret)
        invitation._submit("dissatisfied")
        self._slips_of(self.dossier).with_user(self.manager)._void("Nhầm hồ sơ")
        self.assertEqual(invitation._submit("satisfied"), "")
        slips = self.env["cchc.evaluation"].with_context(active_test=False)
        self.assertEqual(
            slips.search([("dossier_id", "=", self.dossier.id)]).mapped("level"),
            ["satisfied", "dissatisfied"],
        )

    def test_invitation_by_mail_when_the_result_is_returned(self):
        self.commune.email = "xa@example.com"
        dossier = self._ready(applicant_email="hoa@example.com")
        dossier.with_user(self.desk).action_return_result()
        mail = self.env["mail.mail"].search([("email_to", "=", "hoa@example.com")])
        self.assertIn(dossier.name, mail.body_html)
        link = re.search(r"/danh-gia/([\w-]+)", mail.body_html)[1]
        self.assertEqual(
            self.env["cchc.evaluation.invitation"]._find(link).dossier_id, dossier
        )
        self.assertFalse(dossier.message_ids.filtered(lambda m: link in (m.body or "")))
        self.commune.cchc_evaluation_mail = False
        quiet = self._ready(applicant_email="an@example.com")
        quiet.with_user(self.desk).action_return_result()
        self.assertFalse(
            self.env["mail.mail"].search([("email_to", "=", "an@example.com")])
        )

    def test_who_invites(self):
        action = self.dossier.with_user(self.desk).action_invite()
        text = action["context"]["default_text"]
        self.assertIn(self.dossier.name, text)
        self.assertIn(action["context"]["default_link"], text)
        wizard = self.env["cchc.evaluation.invite"].with_user(self.desk)
        shown = wizard.with_context(**action["context"]).create({})
        self.assertTrue(shown.qr)
        for user in (self.handler, self.auditor):
            with self._refused(UserError, "The desk invites"):
                self.dossier.with_user(user).action_invite()
            report = self.env["report.cchc_onestop_voice.report_evaluation_slip"]
            with self._refused(UserError, "The desk invites"):
                report.with_user(user)._get_report_values(self.dossier.ids)

    def test_papers(self):
        reports = self.env["ir.actions.report"].with_user(self.desk)
        for name, record in (
            ("report_evaluation_slip", self.dossier),
            ("report_evaluation_invitation", self.dossier),
            ("report_evaluation_form", self.env.ref("cchc_onestop_voice.form_03")),
        ):
            with self.subTest(name=name):
                content, _kind = reports.with_context(
                    force_report_rendering=True
                )._render_qweb_pdf(f"cchc_onestop_voice.{name}", record.ids)
                self.assertEqual(content[:4], b"%PDF")
        self.assertEqual(
            self.env["cchc.evaluation.invitation"].search_count(
                [("dossier_id", "=", self.dossier.id), ("way", "=", "paper")]
            ),
            2,
        )

    def test_results_page(self):
        slug = self.commune.cchc_unit_code
        self.assertIn("Chưa có kết quả", self._get(f"/danh-gia/ket-qua/{slug}").text)
        self._slips(6, at="10/10/2026 09:00", at_return="09/10/2026 08:00")
        result = (
            self.env["cchc.evaluation.result"]
            .with_user(self.leader)
            .create({"period": "month", "date_from": "2026-10-01"})
        )
        result.action_compute()
        self.assertIn("Chưa có kết quả", self._get(f"/danh-gia/ket-qua/{slug}").text)
        result.action_publish()
        page = self._get(f"/danh-gia/ket-qua/{slug}").text
        self.assertIn("100,0", page)
        self.assertIn("Hộ tịch thử", page)
        self.assertEqual(self._get("/danh-gia/ket-qua/H99.99").status_code, 404)
