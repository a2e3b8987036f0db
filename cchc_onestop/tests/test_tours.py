from odoo.tests import HttpCase, tagged

from .common import OnestopCase


@tagged("post_install", "-at_install", "cchc_tour")
class TestTours(OnestopCase, HttpCase):
    """The main ways in a real browser, each step as the person whose work it is."""

    def test_a_dossier_through_all_hands(self):
        dossiers = self.env["cchc.dossier"]
        self.start_tour(
            "/odoo/cchc-receive", "cchc_desk_receives", login=self.desk.login
        )
        dossier = dossiers.search([("company_id", "=", self.commune.id)])
        self.assertEqual(dossier.state, "accepted")
        self.assertEqual(dossier.partner_id, self.partner)
        self.start_tour(
            "/odoo/cchc-my-work", "cchc_handler_passes", login=self.handler.login
        )
        self.start_tour(
            "/odoo/cchc-to-sign", "cchc_leader_sends_back", login=self.leader.login
        )
        self.start_tour(
            "/odoo/cchc-my-work", "cchc_handler_passes", login=self.handler.login
        )
        self.start_tour(
            "/odoo/cchc-to-sign", "cchc_leader_signs", login=self.leader.login
        )
        self.start_tour(
            "/odoo/cchc-my-work", "cchc_desk_returns", login=self.desk.login
        )
        self.start_tour(
            "/odoo/cchc-events", "cchc_auditor_reads", login=self.auditor.login
        )
        dossier.invalidate_recordset()
        self.assertEqual(dossier.state, "returned")
        self.assertEqual(
            [kind for kind in dossier.event_ids.mapped("kind") if kind != "approval"],
            [
                "accept",
                "send_to_sign",
                "send_back",
                "send_to_sign",
                "sign",
                "finish",
                "return_result",
            ],
        )

    def test_draft_survives_a_broken_line(self):
        self.start_tour(
            "/odoo/cchc-receive", "cchc_draft_survives", login=self.desk.login
        )
        dossier = self.env["cchc.dossier"].search(
            [("applicant_name", "=", "Lê Văn Mất Mạng")]
        )
        self.assertEqual(len(dossier), 1)
        self.assertEqual(dossier.state, "accepted")


@tagged("post_install", "-at_install", "cchc_tour")
class TestClickEverywhere(OnestopCase, HttpCase):
    """Every menu, view and filter opens."""

    # Among the first: where tests run side by side, nothing waits for the longest.
    test_sequence = -10

    def test_every_menu_opens(self):
        """Odoo's click-everywhere over our own menus."""
        self._accepted()
        self.browser_js(
            "/odoo",
            "odoo.loader.modules.get("
            "'@web/webclient/clickbot/clickbot_loader'"
            ").startClickEverywhere('cchc_onestop.menu_root');",
            "odoo.isReady === true",
            login=self.manager.login,
            timeout=1800,
            success_signal="clickbot test succeeded",
        )
