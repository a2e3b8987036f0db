from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import OnestopCase, local


@tagged("post_install", "-at_install")
class TestDossierDelay(OnestopCase):
    """The reason of a delay: asked for when the date is missed, due at the result."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env.ref("cchc_onestop.reason_late_dd")

    def _late(self):
        with freeze_time(local("02/11/2026 09:00")):
            dossier = self._to_sign()
        with freeze_time(local("10/11/2026 09:00")):
            dossier.with_user(self.leader).action_sign()
        return dossier

    def test_a_late_result_needs_a_reason(self):
        dossier = self._late()
        with freeze_time(local("10/11/2026 10:00")):
            self.assertTrue(dossier.lacks_late_reason)
            with self._refused(UserError, "state the reason of the delay first"):
                dossier.with_user(self.desk).action_pass_step()
            dossier.with_user(self.handler).action_explain_late(
                self.reason, "Đất xa", "Phối hợp với cán bộ thôn"
            )
            self.assertFalse(dossier.lacks_late_reason)
            dossier.with_user(self.desk).action_pass_step()
        self.assertEqual(dossier.timeliness, "late")
        self.assertEqual(dossier.late_remedy, "Phối hợp với cán bộ thôn")
        event = dossier.event_ids.filtered(lambda e: e.kind == "explain_late")
        self.assertIn("Đất xa", event.content)
        self.assertIn("Phối hợp", event.content)
        self.assertIsNone(self.env["cchc.dossier.event"]._verify(dossier.ids))

    def test_the_wizard(self):
        dossier = self._late()
        with freeze_time(local("10/11/2026 10:00")):
            action = dossier.with_user(self.handler).action_explain_late()
            wizard = self.env[action["res_model"]].with_user(self.handler)
            with Form(wizard.with_context(**action["context"])) as form:
                form.reason_id = self.reason
                form.remedy = "Bổ sung người"
            form.record.action_confirm()
        self.assertEqual(dossier.late_reason_id, self.reason)

    def test_only_what_is_late_has_a_delay(self):
        with freeze_time(local("02/11/2026 09:00")):
            dossier = self._accepted()
            with self._refused(UserError, "has not missed its due date"):
                dossier.with_user(self.handler).action_explain_late(self.reason)
            with self._refused(AccessError, "."):
                dossier.with_user(self.auditor).action_explain_late(self.reason)

    def test_the_alert_asks_for_it(self):
        """The sweep that finds a missed date asks the handler among his activities."""
        with freeze_time(local("02/11/2026 09:00")):
            dossier = self._accepted()
        with freeze_time(local("10/11/2026 09:00")):
            alerts = self.env["cchc.alert"]
            while alerts._sweep_batch(local("10/11/2026 09:00"), 100):
                pass
            activities = self.env["mail.activity"].search(
                [
                    ("res_model", "=", "cchc.dossier"),
                    ("res_id", "=", dossier.id),
                    ("user_id", "=", self.handler.id),
                ]
            )
            self.assertTrue(
                any("state the reason" in text for text in activities.mapped("summary"))
            )
