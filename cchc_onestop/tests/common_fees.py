from freezegun import freeze_time

from odoo import Command

from .common import OnestopCase, local


class FeeCase(OnestopCase):
    """A commune that collects: a cashier, a book of e-receipts, rules of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.currency = cls.env.ref("base.VND")
        cls.currency.active = True
        (cls.province | cls.commune | cls.neighbour).write(
            {"currency_id": cls.currency.id, "cchc_place": "Hải Trường"}
        )
        cls.commune.vat = "3200123453"
        cls.cashier = cls._new_user("cashier", "group_cashier", name="Lê Thu Ngân")
        cls.cashier2 = cls._new_user("cashier2", "group_cashier", name="Phan Thu Quỹ")
        cls.book = cls._new_book(cls.commune, "26TAB")
        cls.copies = cls._new_procedure("9.800002", "Chứng thực thử")
        cls.rule = cls._new_rule(
            code="CT_THU",
            name="Phí chứng thực thử",
            kind="charge",
            unit="page",
            amount=2000,
            cap_amount=200000,
            tier_ids=[Command.create({"from_unit": 3, "amount": 1000})],
            legal_text="2.000 đồng/trang",
        )

    @classmethod
    def _new_book(cls, company, symbol, year=2026, **values):
        return cls.env["cchc.receipt.book"].create(
            {"company_id": company.id, "year": year, "symbol": symbol, **values}
        )

    @classmethod
    def _new_rule(cls, procedure=None, **values):
        return cls.env["cchc.fee.rule"].create(
            {
                "procedure_ids": [Command.set((procedure or cls.copies).ids)],
                "valid_from": "2020-01-01",
                "legal_basis": "TT 226/2016/TT-BTC",
                **values,
            }
        )

    def _owing(self, count=1, at="09/11/2026 09:00", pages=5, **values):
        """Return accepted dossiers of the citizen that owe a fee."""
        with freeze_time(local(at)):
            dossiers = self.env["cchc.dossier"]
            for _index in range(count):
                dossier = self._draft(procedure=self.copies, **values)
                dossier.fee_ids.quantity = pages
                dossier.action_accept()
                dossiers |= dossier
        return dossiers.with_env(self.env)

    def _payment(self, dossiers, user=None, **values):
        user = user or self.cashier
        return (
            self.env["cchc.payment"]
            .with_user(user)
            .prepare(dossiers.with_user(user), **values)
        )

    def _paid(self, dossiers, at="09/11/2026 10:00", user=None, **values):
        with freeze_time(local(at)):
            payment = self._payment(dossiers, user, **values)
            payment.action_pay()
        return payment

    def _reverse(self, payment, lines, at="09/11/2026 11:00", user=None, **values):
        with freeze_time(local(at)):
            self.env["cchc.payment.reverse"].with_user(user or self.cashier).create(
                {
                    "payment_id": payment.id,
                    "line_ids": [Command.set(lines.ids)],
                    "reason": "Thu nhầm",
                    **values,
                }
            ).action_confirm()

    def _till(self, user=None, day="2026-11-09"):
        user = user or self.cashier
        return (
            self.env["cchc.cash.closing"]
            .with_user(user)
            .search([("cashier_id", "=", user.id), ("date", "=", day)])
        )
