from odoo import fields
from odoo.tests import HttpCase, tagged

from .common_fees import FeeCase


@tagged("post_install", "-at_install", "cchc_tour")
class TestFeeTour(FeeCase, HttpCase):
    """The cashier's way in a real browser."""

    def test_one_payer_three_dossiers_paid_once(self):
        today = self.commune._cchc_local_date(fields.Datetime.now())
        if today.year != 2026:
            self.book.active = False
            self._new_book(self.commune, f"{today.year % 100:02d}TAB", today.year)
        dossiers = self.env["cchc.dossier"]
        for _index in range(3):
            dossier = self._draft(procedure=self.copies)
            dossier.fee_ids.quantity = 5
            dossier.action_accept()
            dossiers |= dossier
        self.env.flush_all()
        self.start_tour(
            "/odoo/cchc-fees-due", "cchc_cashier_collects", login=self.cashier.login
        )
        self.env.invalidate_all()
        payment = dossiers.payment_line_ids.payment_id
        self.assertEqual(len(payment), 1)
        self.assertEqual(payment.receipt_ids.total, 21000)
        self.assertEqual(set(dossiers.mapped("fee_state")), {"paid"})
        closing = payment.receipt_ids.closing_id
        self.start_tour(
            f"/odoo/cchc-closings/{closing.id}",
            "cchc_cashier_closes",
            login=self.cashier.login,
        )
        closing.invalidate_recordset()
        self.assertEqual(closing.state, "closed")
