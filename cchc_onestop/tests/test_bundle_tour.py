from odoo.tests import HttpCase, tagged

from .common_bundle import BundleCase


@tagged("post_install", "-at_install", "cchc_tour")
class TestBundleTour(BundleCase, HttpCase):
    """A group in a real browser: received once, followed, returned.

    That its fees are paid once is shown where payments are.
    """

    def test_group_received_once_followed_and_returned(self):
        self.start_tour(
            "/odoo/cchc-receive", "cchc_desk_receives_group", login=self.desk.login
        )
        group = self.env["cchc.dossier"].search([("bundle_type_id", "=", self.kind.id)])
        self.assertEqual(group.state, "accepted")
        self.assertEqual(group.partner_id, self.partner)
        self._settle(self._part(group, self.first))
        self._settle_neighbour(self._part(group, self.second))
        self.start_tour(
            "/odoo/cchc-groups", "cchc_desk_follows_group", login=self.desk.login
        )
        self.env.invalidate_all()
        whole = group | group.child_ids
        self.assertEqual(set(whole.mapped("state")), {"returned"})
        self.assertEqual(self._line(group, self.third).external_code, "BH-2026-1")
