from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.cchc_onestop.tests.common import local

from .common import VoiceCase


@tagged("post_install", "-at_install")
class TestEvaluationForm(VoiceCase):
    """Mẫu phiếu 01-03: which form, which questions, follow-up of dissatisfaction."""

    def _form(self, source, **vals):
        forms = self.env["cchc.evaluation.form"]
        if vals:
            shared = self.env.ref("cchc_onestop_voice.form_01")
            forms = shared.copy({"name": "Mẫu riêng", **vals})
            return forms
        return self.env["cchc.evaluation"]._form_of(source, self.commune)

    def test_three_shipped_forms_serve_the_four_channels(self):
        codes = {
            source: self._form(source).code
            for source in ("counter", "device", "online", "phone")
        }
        self.assertEqual(
            codes, {"counter": "01", "device": "01", "online": "02", "phone": "03"}
        )
        for name in ("form_01", "form_02", "form_03"):
            form = self.env.ref(f"cchc_onestop_voice.{name}")
            self.assertTrue(form.to_confirm)

    def test_form_of_the_agency_goes_first_while_it_is_valid(self):
        own = self._form(
            None,
            company_id=self.commune.id,
            valid_from="2026-11-01",
            valid_to="2026-11-15",
        )
        with freeze_time(local("10/11/2026 09:00")):
            self.assertEqual(self._form("counter"), own)
            other = self.env["cchc.evaluation"]._form_of("counter", self.neighbour)
            self.assertNotEqual(other, own)
        with freeze_time(local("16/11/2026 09:00")):
            self.assertNotEqual(self._form("counter"), own)

    def test_dates_and_questions_are_checked(self):
        with self.assertRaises(ValidationError):
            self._form(None, valid_from="2026-11-02", valid_to="2026-11-01")
        with self.assertRaises(ValidationError):
            self.env["cchc.evaluation.form"].create(
                {"code": "09", "name": "Rỗng", "line_ids": []}
            )

    def test_entry_follows_the_form_of_the_source(self):
        dossier = self._returned()
        action = dossier.with_user(self.desk).action_evaluate()
        slips = self.env["cchc.evaluation"].with_user(self.desk)
        with Form(
            slips.with_context(**action["context"]), view=action["views"][0][0]
        ) as form:
            self.assertEqual(len(form.answer_ids), 9)
            form.source = "online"
            self.assertEqual(len(form.answer_ids), 8)
            form.level = "dissatisfied"
            form.reason_ids.add(self.env.ref("cchc_onestop_voice.reason_1"))
        slip = form.save()
        self.assertEqual(slip.form_id.code, "02")
        with self._refused(UserError, "evaluated already"):
            dossier.with_user(self.desk).action_evaluate()

    def test_only_dissatisfied_slips_say_why(self):
        with self.assertRaises(ValidationError):
            self._slip(
                self._returned(),
                reason_ids=[self.env.ref("cchc_onestop_voice.reason_1").id],
            )

    def test_dissatisfaction_is_followed_up_by_a_leader_who_did_not_settle(self):
        self.commune.cchc_signer_id = self.handler
        slip = self._slip(self._returned(), "dissatisfied")
        followup = slip.sudo().followup_ids
        # the signer settled the dossier; the next leader gets the task
        self.assertIn(followup.user_id, self.leader | self.deputy)
        activity = followup.activity_ids
        self.assertEqual(activity.user_id, followup.user_id)
        self.assertEqual(
            activity.activity_type_id,
            self.env.ref("cchc_onestop_voice.mail_activity_type_followup"),
        )
        self.assertFalse(self._slip(self._returned()).sudo().followup_ids)
        mine = followup.with_user(followup.user_id)
        with self._refused(UserError, "Say what was done"):
            mine.action_done()
        with self._refused(UserError, "settled the dossier"):
            mine.write({"user_id": self.handler.id})
        with self._refused(UserError, "written by the actions"):
            mine.write({"state": "done"})
        mine.outcome = "Đã gọi điện xin lỗi"
        mine.action_done()
        self.assertEqual(followup.done_by_id, followup.user_id)
        self.assertFalse(followup.activity_ids)
        with self._refused(UserError, "stays as it is"):
            mine.outcome = "Khác"

    def test_voiding_drops_the_follow_up(self):
        slip = self._slip(self._returned(), "dissatisfied")
        slip.with_user(self.manager)._void("Nhập nhầm")
        followup = self.env["cchc.evaluation.followup"].search(
            [("evaluation_id", "=", slip.id)]
        )
        self.assertEqual(followup.state, "dropped")
        self.assertFalse(followup.activity_ids)

    def test_rate_is_the_share_in_groups(self):
        self._slips(3, "very_satisfied")
        self._slips(1, "dissatisfied")
        [(_company, rate)] = (
            self.env["cchc.evaluation"]
            .with_user(self.leader)
            ._read_group(
                [("company_id", "=", self.commune.id)], ["company_id"], ["rate:avg"]
            )
        )
        self.assertAlmostEqual(rate, 75.0)
