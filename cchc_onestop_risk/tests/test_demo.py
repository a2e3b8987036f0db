"""The demo commune has a past to learn from."""

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install", "-standard", "cchc_demo")
class TestDemo(TransactionCase):
    def setUp(self):
        super().setUp()
        self.commune = self.env.ref("cchc_onestop.demo_commune")

    def test_badges_say_something(self):
        dossiers = self.env["cchc.dossier"].search(
            [("company_id", "=", self.commune.id), ("risk_base", "=", "step")]
        )
        self.assertGreater(len(dossiers), 5)
        self.assertGreater(len(set(dossiers.mapped("risk_level"))), 1)

    def test_learning_again_changes_no_badge(self):
        dossiers = self.env["cchc.dossier"].search(
            [("company_id", "=", self.commune.id), ("risk_base", "=", "step")]
        )
        before = {dossier.id: dossier.risk_base for dossier in dossiers}
        agencies = self.env["cchc.risk.agency"].sudo()
        agencies._build(self.commune)
        agencies._sweep(self.commune)
        dossiers.invalidate_recordset()
        self.assertEqual(
            {dossier.id: dossier.risk_base for dossier in dossiers}, before
        )
