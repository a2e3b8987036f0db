"""The demo commune has a past to learn from."""

import time

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """Runs only where the demo data were loaded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.ref("cchc_onestop.demo_commune", False)
        if not cls.company:
            raise cls.skipTest(cls, "demo data are not installed")

    def test_badges_say_something(self):
        dossiers = self.env["cchc.dossier"].search(
            [("company_id", "=", self.company.id), ("risk_base", "=", "step")]
        )
        self.assertGreater(len(dossiers), 5)
        self.assertGreater(len(set(dossiers.mapped("risk_level"))), 1)

    def test_read_and_estimated_quickly(self):
        agencies = self.env["cchc.risk.agency"].sudo()
        start = time.monotonic()
        agencies._build(self.company)
        agencies._sweep(self.company)
        self.assertLess(time.monotonic() - start, 5)
