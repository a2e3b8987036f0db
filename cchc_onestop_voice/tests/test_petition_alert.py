from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common import local

from .common import VoiceCase


@tagged("post_install", "-at_install")
class TestPetitionAlert(VoiceCase):
    """Alerts before and after the terms of petitions, each once."""

    def _sweep(self, at):
        with (
            freeze_time(local(at)),
            self.enter_registry_test_mode(),
        ):
            self.env.ref(
                "cchc_onestop_voice.ir_cron_petition_alerts"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def _alerts(self, petition):
        return self.env["cchc.alert"].search(
            [("petition_id", "=", petition.id)], order="id"
        )

    def test_soon_overdue_and_up_to_the_leader(self):
        petition = self._accepted_petition()  # answer due Mon 30-11-2026
        petition.action_assign(self.handler)
        self._sweep("27/11/2026 09:00")
        self.assertFalse(self._alerts(petition))
        self._sweep("30/11/2026 08:00")
        soon = self._alerts(petition)
        self.assertEqual(soon.mapped("kind"), ["petition_soon"])
        self.assertEqual(soon.user_ids, self.handler)
        self.assertEqual(petition.activity_ids.user_id, self.handler)
        self._sweep("30/11/2026 08:30")
        self.assertEqual(len(self._alerts(petition)), 1)
        self._sweep("01/12/2026 08:00")
        overdue = self._alerts(petition)[1:]
        self.assertEqual(overdue.mapped("level"), [1])
        self.assertEqual(overdue.user_ids, self.handler | self.officer)
        self._sweep("02/12/2026 09:00")
        self.assertEqual(self._alerts(petition)[2:].user_ids, self.leader | self.deputy)
        self._sweep("03/12/2026 09:00")
        self.assertEqual(len(self._alerts(petition)), 3)
        with freeze_time(local("03/12/2026 10:00")):
            petition.action_refuse("Không còn căn cứ")
        self.assertEqual(set(self._alerts(petition).mapped("state")), {"closed"})
        self.assertFalse(petition.activity_ids)
        self.assertEqual(overdue.action_open_dossier()["res_model"], "cchc.petition")
        self.assertIn(petition.name, overdue.display_name)

    def test_whom_it_is_about_is_not_told(self):
        petition = self._petition(concerned_user_ids=[self.leader.id])
        self._sweep("20/11/2026 09:00")
        told = self._alerts(petition).user_ids
        self.assertIn(self.deputy, told)
        self.assertNotIn(self.leader, told)

    def test_rules_say_when(self):
        soon = self.env.ref("cchc_onestop_voice.alert_rule_petition_soon")
        self.assertEqual(soon.timing, "8 working hours before")
        # dossiers are planned by their own kinds only
        kinds = {rule.kind for rule in soon._specs(self.commune.id)}
        self.assertNotIn("petition_soon", kinds)
