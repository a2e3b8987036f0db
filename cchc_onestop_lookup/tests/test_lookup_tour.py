from odoo.tests import HttpCase, tagged

from .common import LookupCase
from .fake_platform import FakePlatform


@tagged("post_install", "-at_install")
class TestLookupTour(LookupCase, HttpCase):
    """In the browser: look up over a line, decide, request the correction."""

    def test_tour(self):
        platform = FakePlatform()
        self.addCleanup(platform.stop)
        self._connect(platform.url)
        dossier = self._accepted(procedure=self.procedure_data)
        self.handler.password = "onestop_handler"
        self.start_tour(
            f"/odoo/action-cchc_onestop.cchc_dossier_action/{dossier.id}",
            "cchc_lookup_tour",
            login=self.handler.login,
        )
        request = dossier.lookup_ids
        self.assertEqual(request.state, "answered")
        self.assertEqual(len(platform.asked), 1)
        self.assertEqual(request.discrepancy_ids.on_paper, "Trần Văn Hạnh")
        self.assertEqual(request.discrepancy_ids.state, "open")
        self.assertEqual(self.partner.cchc_old_identity, "191234567")
