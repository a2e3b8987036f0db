from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..tools import guard
from .common import local
from .common_fees import FeeCase


@tagged("post_install", "-at_install")
class TestFeePayment(FeeCase):
    """One payer, one collecting body, many dossiers; each line by itself."""

    def test_five_dossiers_one_payment_one_receipt(self):
        dossiers = self._owing(5)
        action = dossiers.with_user(self.cashier).action_collect_fees()
        with freeze_time(local("09/11/2026 10:00")):
            form = Form(
                self.env["cchc.payment"]
                .with_user(self.cashier)
                .with_context(**action["context"])
            )
            self.assertEqual(form.payer_id, self.partner)
            self.assertEqual(len(form.line_ids), 5)
            self.assertEqual(form.amount_net, 35000)
            self.assertEqual(form.amount_words, "Ba mươi lăm nghìn đồng")
            payment = form.save()
            payment.action_pay()
        self.assertEqual(payment.state, "paid")
        self.assertEqual(set(dossiers.mapped("fee_state")), {"paid"})
        receipt = payment.receipt_ids
        self.assertEqual(len(receipt), 1)
        self.assertEqual(receipt.total, 35000)
        self.assertEqual(receipt.total_words, "Ba mươi lăm nghìn đồng")
        self.assertEqual(receipt.code, "26TAB 00000001")
        self.assertEqual(receipt.collector_tax_code, "3200123453")
        self.assertEqual(receipt.payer_name, "Nguyễn Thị Hoa")
        self.assertEqual(
            receipt.line_ids.mapped("dossier_code"),
            dossiers.sorted("id").mapped("name"),
        )
        self.assertEqual(payment.cashier_id, self.cashier)
        self.assertEqual(dossiers[0].payment_count, 1)
        with freeze_time(local("09/11/2026 10:05")):
            payment.action_pay()  # pressed twice
        self.assertEqual(len(payment.receipt_ids), 1)

    def test_a_tree_of_agencies_that_took_money_keeps_its_currency(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.province.currency_id = euro
        self._paid(self._owing())
        self.env["res.company"]._cchc_use_dong()
        self.assertEqual(self.province.currency_id | self.commune.currency_id, euro)

    def test_scan_adds_dossiers(self):
        one, other = self._owing(2)
        stranger = self._owing(
            partner_id=self.env["res.partner"].create({"name": "Người khác"}).id
        )
        form = Form(self.env["cchc.payment"].with_user(self.cashier))
        form.scan = f"Mã hồ sơ: {one.name}\nMã TTHC: 9.800002\nMã định danh: 045"
        self.assertEqual((len(form.line_ids), form.payer_id), (1, self.partner))
        form.scan = other.name
        self.assertEqual(form.amount_net, 14000)
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as caught:
            form.scan = other.name
            form.scan = "H50.21-000000-0000"
        self.assertIn("on the list already", caught.output[0])
        self.assertIn("No dossier has the code", caught.output[1])
        self.assertEqual(len(form.line_ids), 2)
        form.scan = stranger.name
        payment = form.save()
        with freeze_time(local("09/11/2026 10:00")):
            with self._refused(UserError, "neither submitted nor owns"):
                payment.action_pay()

    def test_who_submitted_pays_for_several_owners(self):
        agent = self.env["res.partner"].create({"name": "Trần Văn Đại Diện"})
        dossiers = self._owing(1, submitter_id=agent.id) | self._owing(
            1,
            submitter_id=agent.id,
            partner_id=self.env["res.partner"].create({"name": "Chủ khác"}).id,
        )
        payment = self._paid(dossiers)
        self.assertEqual(payment.payer_id, agent)
        self.assertEqual(payment.receipt_ids.payer_name, "Trần Văn Đại Diện")

    def test_only_cashiers_collect(self):
        dossiers = self._owing()
        for user in (self.desk, self.handler, self.leader, self.auditor):
            with self._refused(AccessError, "."):
                self._payment(dossiers, user)
        payment = self._payment(dossiers)
        for user in (self.desk, self.auditor):
            with self._refused(AccessError, "cashier"):
                payment.with_user(user).action_pay()

    def test_nothing_is_paid_twice(self):
        dossiers = self._owing()
        first, second = self._payment(dossiers), self._payment(dossiers)
        with freeze_time(local("09/11/2026 10:00")):
            first.action_pay()
            with self._refused(UserError, "has been paid"):
                second.action_pay()
        with self._refused(UserError, "None of these dossiers owes"):
            dossiers.with_user(self.cashier).action_collect_fees()
        line = second.line_ids
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                guard.unlocked(line.sudo()).write({"state": "paid"})
                line.flush_recordset()

    def test_a_fee_that_changed_meanwhile(self):
        dossier = self._owing()
        payment = self._payment(dossier)
        dossier.fee_ids.quantity = 6
        with freeze_time(local("09/11/2026 10:00")):
            with self._refused(UserError, "now costs 8.000 đ, not 7.000"):
                payment.action_pay()

    def test_nobody_goes_round_the_methods(self):
        payment = self._paid(self._owing())
        line, receipt = payment.line_ids, payment.receipt_ids
        with self._refused(UserError, "cannot be written directly"):
            payment.write({"state": "refunded"})
        with self._refused(UserError, "cannot be written directly"):
            self.env["cchc.payment"].with_user(self.cashier).create({"state": "paid"})
        for vals in ({"payer_name": "Khác"}, {"line_ids": [Command.clear()]}):
            with self._refused(UserError, "that was made"):
                payment.write(vals)
        with self._refused(UserError, "that was made"):
            line.write({"fee_id": line.fee_id.id})
        with self._refused(UserError, "that was made"):
            line.unlink()
        with self._refused(UserError, "not made can be deleted"):
            payment.unlink()
        for record in (receipt, receipt.line_ids, receipt.outbox_ids):
            with self._refused((AccessError, UserError), "."):
                record.with_user(self.manager).write({"create_uid": 1})
            with self._refused((AccessError, UserError), "."):
                record.sudo().unlink()
        with self._refused(UserError, "has been paid and cannot be changed"):
            line.fee_id.with_user(self.desk).write({"quantity": 1})
        with self._refused(UserError, "has been paid and cannot be changed"):
            line.fee_id.with_user(self.desk).unlink()

    def test_amounts_of_a_draft_are_worked_out_not_sent(self):
        dossier = self._owing()
        payment = (
            self.env["cchc.payment"]
            .with_user(self.cashier)
            .create(
                {
                    "payer_id": self.partner.id,
                    "payer_name": "Hoa",
                    "line_ids": [
                        Command.create(
                            {"fee_id": dossier.fee_ids.id, "amount": 1, "state": "paid"}
                        )
                    ],
                }
            )
        )
        self.assertEqual(payment.line_ids.state, "draft")
        payment.line_ids.write({"amount": 1})
        self.assertEqual(payment.amount_net, 7000)

    def test_transfer_needs_its_code(self):
        payment = self._payment(self._owing(), method="transfer")
        with freeze_time(local("09/11/2026 10:00")):
            with self._refused(UserError, "transaction code"):
                payment.action_pay()
            payment.reference = "FT26313000123"
            payment.action_pay()
        self.assertEqual(payment.receipt_ids.method, "transfer")

    def test_bodies_and_budgets_never_mix(self):
        other = self._new_procedure("9.800005", "Phí tỉnh thử")
        self._new_rule(
            other,
            code="P_TINH",
            name="Phí tỉnh",
            amount=20000,
            kind="charge",
            collector_id=self.province.id,
        )
        central = self._new_procedure("9.800006", "Phí trung ương thử")
        self._new_rule(
            central,
            code="P_TW",
            name="Phí trung ương",
            amount=30000,
            kind="charge",
            budget="central",
        )
        with freeze_time(local("09/11/2026 09:00")):
            theirs, budget = (self._accepted(procedure=p) for p in (other, central))
        own = self._owing()
        both = (own | theirs).with_user(self.cashier)
        with self._refused(UserError, "several collecting bodies"):
            both.action_collect_fees()
        payments = self.env["cchc.payment"].sudo().prepare(own | theirs | budget)
        self.assertEqual(payments.company_id, self.commune | self.province)
        mixed = self._payment(own | budget)
        with freeze_time(local("09/11/2026 10:00")):
            mixed.action_pay()
        self.assertEqual(sorted(mixed.receipt_ids.mapped("total")), [7000, 30000])
        self.assertEqual(mixed.receipt_ids.sorted("number").mapped("number"), [1, 2])
        wrong = (
            self.env["cchc.payment"]
            .sudo()
            .create(
                {
                    "company_id": self.commune.id,
                    "payer_id": self.partner.id,
                    "payer_name": "Hoa",
                    "line_ids": [Command.create({"fee_id": theirs.fee_ids.id})],
                }
            )
        )
        with self._refused(UserError, "one collecting body"):
            wrong.action_pay()

    def test_fees_and_charges_apart(self):
        self.book.split_kinds = True
        other = self._new_procedure("9.800007", "Phí thử")
        self._new_rule(other, code="P", name="Phí", amount=1000, kind="fee")
        with freeze_time(local("09/11/2026 09:00")):
            fee = self._accepted(procedure=other)
        # the published charge of the procedure stays beside the fee of the rule
        payment = self._paid(self._owing() | fee)
        self.assertEqual(len(payment.receipt_ids), 2)
        for receipt in payment.receipt_ids:
            self.assertEqual(len(set(receipt.line_ids.mapped("kind"))), 1)
        self.assertEqual(payment.amount_net, 16000)

    def test_cancel_one_line_of_three(self):
        dossiers = self._owing(3)
        payment = self._paid(dossiers)
        line = payment.line_ids[1]
        self._reverse(payment, line, mode="cancel")
        old = payment.receipt_ids.filtered(lambda r: r.state == "replaced")
        new = payment.receipt_ids.filtered(lambda r: r.state == "issued")
        self.assertEqual((old.total, old.collected), (21000, 0))
        self.assertEqual(
            (new.total, new.nature, new.related_id), (14000, "replacement", old)
        )
        self.assertEqual(new.number, old.number + 1)
        self.assertEqual(line.state, "cancelled")
        self.assertEqual(dossiers.mapped("fee_state"), ["paid", "due", "paid"])
        self.assertEqual((payment.state, payment.amount_net), ("paid", 14000))
        self.assertEqual(self._till().total, 14000)
        again = self._paid(dossiers[1], at="09/11/2026 11:30")
        self.assertEqual(again.state, "paid")
        self.assertEqual(self._till().total, 21000)

    def test_cancel_everything(self):
        payment = self._paid(self._owing(2))
        self._reverse(payment, payment.line_ids, mode="cancel")
        self.assertEqual(payment.state, "cancelled")
        self.assertEqual(payment.receipt_ids.state, "cancelled")
        self.assertEqual(payment.receipt_ids.end_reason, "Thu nhầm")
        self.assertEqual(self._till().total, 0)

    def test_refund_one_line_and_a_part(self):
        dossiers = self._owing(2)
        payment = self._paid(dossiers)
        first, second = payment.line_ids
        self._reverse(payment, first, mode="refund", amount=2000)
        self.assertEqual((first.state, first.refunded_amount), ("paid", 2000))
        self.assertEqual(payment.state, "partly")
        self.assertEqual(dossiers[0].fee_state, "paid")
        self._reverse(payment, second, at="10/11/2026 09:00", mode="refund")
        self.assertEqual(second.state, "refunded")
        self.assertEqual(dossiers[1].fee_state, "refunded")
        back = payment.receipt_ids.filtered(lambda r: r.nature == "adjustment")
        self.assertEqual(sorted(back.mapped("total")), [-7000, -2000])
        self.assertEqual(back.sorted("number")[0].total_words, "Âm hai nghìn đồng")
        self.assertEqual(payment.amount_net, 5000)
        self.assertEqual(self._till().total, 12000)
        self.assertEqual(self._till(day="2026-11-10").total, -7000)
        with self._refused(UserError, "Only paid lines"):
            self._reverse(payment, second, mode="refund")
        with self._refused(UserError, "can be refunded"):
            self._reverse(payment, first, mode="refund", amount=5001)
        with self._refused(UserError, "cannot be cancelled"):
            self._reverse(payment, first, mode="cancel")

    def test_refund_and_owed_again(self):
        dossier = self._owing()
        payment = self._paid(dossier)
        self._reverse(payment, payment.line_ids, mode="refund", still_owed=True)
        self.assertEqual(dossier.fee_state, "due")
        self._paid(dossier, at="09/11/2026 14:00")
        self.assertEqual(dossier.fee_state, "paid")

    def test_who_may_take_back(self):
        payment = self._paid(self._owing())
        with self._refused(UserError, "only this person or a manager"):
            self._reverse(payment, payment.line_ids, user=self.cashier2, mode="cancel")
        with self._refused(AccessError, "."):
            self._reverse(payment, payment.line_ids, user=self.desk, mode="cancel")
        self._reverse(payment, payment.line_ids, user=self.manager, mode="cancel")
        self.assertEqual(payment.state, "cancelled")

    def test_money_stands_in_the_ledger(self):
        dossiers = self._owing(2)
        before = dossiers[0].event_ids
        payment = self._paid(dossiers)
        paid = dossiers.event_ids.filtered(lambda event: event.kind == "pay")
        self.assertEqual(paid.dossier_id, dossiers)
        self.assertEqual(dossiers[0].event_ids - before, paid[0])
        self.assertEqual(paid.user_id, self.cashier)
        self.assertEqual(
            set(paid.mapped("content")), {"7.000 đ, receipt 26TAB 00000001"}
        )
        self.assertEqual(paid[0].data["payment"], payment.name)
        self.assertEqual((paid[0].from_state, paid[0].to_state), ("accepted",) * 2)
        self._reverse(payment, payment.line_ids[0], mode="cancel")
        self._reverse(payment, payment.line_ids[1], mode="refund", amount=3000)
        self.assertEqual(
            dossiers[0].event_ids.mapped("kind"), ["accept", "pay", "pay_cancel"]
        )
        back = dossiers[1].event_ids[-1]
        self.assertEqual(
            (back.kind, back.content),
            ("refund", "3.000 đ, receipt 26TAB 00000003: Thu nhầm"),
        )
        self.assertEqual(dossiers[0].event_ids[-1].data["amount"], 7000)
        self.assertIsNone(self.env["cchc.dossier.event"]._verify(sorted(dossiers.ids)))

    def test_many_dossiers_are_one_statement_for_the_ledger(self):
        def statements(count):
            payment = self._payment(self._owing(count))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            payment.action_pay()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        with freeze_time(local("09/11/2026 10:00")):
            statements(1)
            few, many = statements(2), statements(12)
        self.assertLessEqual(many - few, 30, "three statements a dossier at most")

    def _waiting(self, reason="reason_finance_fee", **values):
        """Return a dossier of ten working days that waits from 10/11 for its fee."""
        dossier = self._owing(**values)
        with freeze_time(local("09/11/2026 10:00")):
            dossier.with_user(self.handler).action_pass_step()
            dossier.with_user(self.leader).action_send_back("Thu phí trước")
        with freeze_time(local("10/11/2026 10:00")):
            dossier.with_user(self.handler).action_request_finance(
                reason=self.env.ref(f"cchc_onestop.{reason}")
            )
        return dossier

    def test_the_clock_runs_again_with_the_payment(self):
        by_hand, paid = self._waiting(), self._waiting()
        self.assertEqual(paid.state, "finance")
        before = paid.due_at
        with freeze_time(local("16/11/2026 09:30")):
            payment = self._payment(paid)
            payment.action_pay()
            by_hand.with_user(self.handler).action_resume()
        self.assertEqual(paid.state, "processing")
        self.assertGreater(paid.due_at, before)
        for name in ("due_at", "unextended_due_at", "statutory_due_at", "step_due_at"):
            self.assertEqual(paid[name], by_hand[name], name)
        self.assertEqual(paid.pause_ids.date_to, by_hand.pause_ids.date_to)
        self.assertEqual(paid.event_ids.mapped("kind")[-2:], ["pay", "resume"])
        resumed = paid.event_ids[-1]
        self.assertEqual(resumed.user_id, self.cashier)
        self.assertIn(payment.name, resumed.content)
        self.assertIsNone(self.env["cchc.dossier.event"]._verify(paid.ids))

    def test_what_is_paid_elsewhere_is_resumed_by_hand(self):
        tax = self._waiting("reason_finance_tax")
        self._paid(tax, at="16/11/2026 09:30")
        self.assertEqual((tax.state, tax.fee_state), ("finance", "paid"))
        wizard = Form(
            self.env["cchc.dossier.move"]
            .with_user(self.handler)
            .with_context(default_move="request_finance", default_dossier_ids=tax.ids)
        )
        self.assertFalse(wizard.resume_on_payment)
        wizard.reason_id = self.env.ref("cchc_onestop.reason_finance_fee")
        self.assertTrue(wizard.resume_on_payment)
        with freeze_time(local("16/11/2026 10:00")):
            tax.with_user(self.handler).action_resume()
            wizard.resume_on_payment = False
            wizard.save().action_confirm()
        self.assertFalse(tax.pause_ids.sorted("date_from")[-1].resume_on_payment)

    def test_a_part_of_the_fees_keeps_the_clock_stopped(self):
        dossier = self._waiting()
        other = (
            self.env["cchc.dossier.fee"]
            .with_user(self.desk)
            .create({"dossier_id": dossier.id, "name": "Lệ phí khác", "amount": 4000})
        )
        with freeze_time(local("16/11/2026 09:30")):
            payment = self._payment(dossier)
            payment.line_ids.filtered(lambda line: line.fee_id == other).unlink()
            payment.action_pay()
            self.assertEqual((dossier.state, dossier.fee_state), ("finance", "partly"))
            self._payment(dossier).action_pay()
        self.assertEqual(dossier.state, "processing")

    def test_empty_drafts_do_not_pile_up(self):
        with freeze_time(local("09/11/2026 09:00")):
            payments = self.env["cchc.payment"].with_user(self.cashier)
            empty = payments.create({})
            full = self._payment(self._owing())
            self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cchc_payment SET create_date = now() - interval '2 days' "
            "WHERE id = ANY(%s)",
            ((empty | full).ids,),
        )
        self.env.invalidate_all()
        fresh = payments.create({})
        self.env["cchc.payment"]._gc_empty_drafts()
        self.assertEqual((empty | full | fresh).exists(), full | fresh)

    def test_unpaid_at_the_return_of_the_result(self):
        with freeze_time(local("09/11/2026 09:00")):
            warned = self._ready(procedure=self.copies)
            answer = warned.with_user(self.desk).action_return_result()
        self.assertEqual(warned.state, "returned")
        self.assertEqual(answer["params"]["type"], "warning")
        self.assertIn("2.000 đ", answer["params"]["message"])
        self.rule.on_return = "demand"
        with freeze_time(local("09/11/2026 09:00")):
            demanded = self._ready(procedure=self.copies)
            with self._refused(UserError, "only against payment"):
                demanded.with_user(self.desk).action_return_result()
            self._payment(demanded).action_pay()
            demanded.with_user(self.desk).action_return_result()
        self.assertEqual(demanded.state, "returned")
        self.rule.on_return = "none"
        with freeze_time(local("09/11/2026 09:00")):
            silent = self._ready(procedure=self.copies)
            self.assertIs(silent.with_user(self.desk).action_return_result(), True)

    def test_a_dossier_that_was_paid_is_not_voided(self):
        dossier = self._owing()
        payment = self._paid(dossier)
        with freeze_time(local("09/11/2026 10:30")):
            with self._refused(UserError, "has been paid"):
                dossier.with_user(self.desk).action_void("Nhầm thủ tục")
        self._reverse(payment, payment.line_ids, mode="cancel")
        with freeze_time(local("09/11/2026 11:30")):
            dossier.with_user(self.desk).action_void("Nhầm thủ tục")
        self.assertEqual(dossier.replaced_by_id.fee_ids.paid_amount, 0)

    def test_children_are_paid_with_their_group(self):
        parent, child = self._owing(2)
        guard.unlocked(child.sudo()).parent_id = parent
        payment = (
            self.env["cchc.payment"]
            .with_user(self.cashier)
            .prepare(parent.with_user(self.cashier))
        )
        self.assertEqual(payment.line_ids.dossier_id, parent | child)

    def test_foreign_cashier_sees_nothing(self):
        payment = self._paid(self._owing())
        foreign = self._new_user("foreign", "group_cashier", company=self.neighbour)
        for record in (payment, payment.line_ids, payment.receipt_ids, self._till()):
            self.assertFalse(record.with_user(foreign).has_access("read"))

    def test_from_the_contact(self):
        self._owing(2)
        action = self.partner.with_user(self.cashier).action_cchc_collect()
        self.assertEqual(len(action["context"]["cchc_dossier_ids"]), 2)
