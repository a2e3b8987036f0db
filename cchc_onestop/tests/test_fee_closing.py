from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import local
from .common_fees import FeeCase


@tagged("post_install", "-at_install")
class TestFeeClosing(FeeCase):
    """The day of a collector equals its receipts to the đồng and stays as closed."""

    def _close(self, user=None, at="09/11/2026 16:30", **values):
        closing = self._till(user)
        with freeze_time(local(at)):
            closing.write(values)
            closing.action_close()
        return closing

    def test_a_day_equals_its_receipts(self):
        self._paid(self._owing(2))
        self._paid(self._owing(), method="transfer", reference="FT1")
        self._paid(self._owing(), user=self.cashier2)
        closing = self._till()
        with self._refused(UserError, "cannot be changed directly"):
            closing.write({"closed_total": 0})
        self.assertEqual(
            (closing.total, closing.total_cash, closing.total_transfer),
            (21000, 14000, 7000),
        )
        self.assertEqual(closing.receipt_count, 2)
        self.assertEqual(closing.first_number, "26TAB 00000001")
        self.assertEqual(closing.last_number, "26TAB 00000002")
        self._close(counted_cash=14000)
        self.assertEqual((closing.state, closing.closed_total), ("closed", 21000))
        self.assertEqual(self._till(self.cashier2).total, 7000)
        # what the pivot of closings adds up
        measure = closing.fields_get(["closed_total"])["closed_total"]
        self.assertEqual(measure["aggregator"], "sum")
        self.assertFalse(closing._verify())

    def test_a_difference_is_explained(self):
        self._paid(self._owing())
        with self._refused(UserError, "explain the difference"):
            self._close(counted_cash=6500)
        closing = self._close(counted_cash=6500, explanation="Thiếu tiền lẻ")
        self.assertEqual(closing.difference, -500)

    def test_nothing_changes_after_closing(self):
        dossiers = self._owing(2)
        payment = self._paid(dossiers[0])
        closing = self._close(counted_cash=7000)
        for vals in ({"counted_cash": 0}, {"explanation": "x"}):
            for user in (self.cashier, self.manager):
                with self._refused(UserError, "is not changed by anybody"):
                    closing.with_user(user).write(vals)
        with self._refused(UserError, "is not changed by anybody"):
            closing.sudo().write({"checksum": "0"})
        with self._refused(UserError, "deleted"):
            closing.sudo().unlink()
        late = self._payment(dossiers[1])
        with freeze_time(local("09/11/2026 16:45")):
            with self._refused(UserError, "Your day of 09/11/2026 is closed"):
                late.action_pay()
        with self._refused(UserError, "was closed"):
            self._reverse(payment, payment.line_ids, user=self.manager, mode="cancel")
        self._reverse(payment, payment.line_ids, at="10/11/2026 08:00", mode="refund")
        self.assertEqual(closing.total, 7000)
        self.assertEqual(self._till(day="2026-11-10").total, -7000)
        self.assertFalse(closing._verify())

    def test_an_edit_by_sql_is_found(self):
        payment = self._paid(self._owing())
        closing = self._close(counted_cash=7000)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cchc_receipt SET collected = 1 WHERE id = %s",
            (payment.receipt_ids.id,),
        )
        self.env.invalidate_all()
        self.assertEqual(closing._verify(), closing)
        self.assertEqual(closing.action_verify()["params"]["type"], "danger")

    def test_everybody_closes_his_own_day(self):
        self._paid(self._owing())
        closing = self._till()
        self.assertTrue(closing.with_user(self.cashier2).has_access("read"))
        for user in (self.cashier2, self.desk, self.auditor, self.leader):
            with self._refused(AccessError, "."):
                closing.with_user(user).action_close()
            with self._refused(AccessError, "."):
                closing.with_user(user).write({"counted_cash": 7000})
        self.assertTrue(closing.with_user(self.auditor).has_access("read"))
        with freeze_time(local("09/11/2026 17:00")):
            closing.with_user(self.manager).write({"counted_cash": 7000})
            closing.with_user(self.manager).action_close()
        self.assertEqual(closing.closed_by_id, self.manager)

    def test_my_day(self):
        with freeze_time(local("09/11/2026 08:00")):
            action = (
                self.env["cchc.cash.closing"].with_user(self.cashier).action_my_day()
            )
            again = (
                self.env["cchc.cash.closing"].with_user(self.cashier).action_my_day()
            )
        self.assertEqual(action["res_id"], again["res_id"])
        self._paid(self._owing())
        self.assertEqual(self._till().id, action["res_id"])
        with self._refused(AccessError, "cashier"):
            self.env["cchc.cash.closing"].with_user(self.desk).action_my_day()
