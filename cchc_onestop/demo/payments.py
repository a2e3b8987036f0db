"""What the cashiers of the demo commune did.

Every record is made by the product's own methods, as the users who would do it. Most
fees are paid at reception; on the last working day a payer with three dossiers pays
once, a receipt is cancelled, a fee is given back, and one payment waits. All days are
closed.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import Command

from ..models.cchc_dossier_clock import naive
from . import people

_LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def open_books(env, commune, years):
    """Open the books of e-receipts; enter tax code and account for fees."""
    commune.sudo().vat = people.tax_code("320012340")
    commune.sudo().cchc_fee_bank_id = env.ref("cchc_onestop.demo_fee_account")
    for year in sorted(years):
        env["cchc.receipt.book"].sudo().create(
            {
                "company_id": commune.id,
                "year": year,
                "symbol": f"{year % 100:02d}TAB",
                "registered_on": f"{year}-01-02",
            }
        )


def close_days(lives):
    """Close every day before today, each by its collector at the end of the day.

    The e-receipts are sent in the evening; those of the last day wait for the answer of
    their provider.
    """
    tills = lives.env["cchc.cash.closing"].search(
        [("company_id", "=", lives.commune.id)], order="date, id"
    )
    for till in tills:
        lives.clock.set(naive(datetime.combine(till.date, time(17, 0), _LOCAL)))
        own = lives._as(till.cashier_id.login, till)
        own.counted_cash = own.total_cash
        own.action_close()
        sent = own.receipt_ids.outbox_ids.sorted("id")
        sent.action_send()
        if till.date < tills[-1].date:
            sent.action_acknowledge()


class Payments:
    """Collects fees of dossiers received late on the last working day."""

    def __init__(self, lives, start):
        self.env = lives.env
        self.lives = lives
        self.commune = lives.commune
        self.start = start

    def tell(self):
        """Tell the story of an afternoon at the till."""
        payer, dossiers = self._three_dossiers(0)
        self._pay(3, dossiers, payer_id=payer.id)
        wrong = self._pay(5, self._accept("2.000884", 4))
        self._reverse(wrong, wrong.line_ids, 6, "Thu nhầm hồ sơ")
        self._pay(
            8,
            self._accept("2.000635", 7),
            method="transfer",
            reference="FT26314000771",
        )
        back = self._pay(10, self._accept("2.001035", 9))
        self._reverse(back, back.line_ids, 11, "Các bên không ký hợp đồng", "refund")
        waiting = self._accept("2.000815", 15, 4)
        waiting.env["cchc.payment"].prepare(waiting)

    def _as(self, seconds, records):
        """Within the minute, so that no other dossier gets a code in between."""
        self.lives.clock.set(self.start + timedelta(seconds=seconds))
        return self.lives._as("motcua", records)

    def _accept(self, code, seconds, quantity=1, **values):
        dossier = self._as(seconds, self.env["cchc.dossier"]).create(
            {
                **people.citizen(self.lives.rng),
                "procedure_id": self.lives._procedure(code).id,
                **values,
            }
        )
        dossier._onchange_procedure_id()
        dossier.document_ids.received = True
        dossier.fee_ids[:1].quantity = quantity
        dossier.action_accept()
        return dossier

    def _three_dossiers(self, seconds):
        """Return a payer and three of his dossiers: copies, a signature, extracts."""
        first = self._accept("2.000815", seconds, 5)
        payer = first.partner_id
        known = {
            name: first[name]
            for name in (
                "applicant_name",
                "applicant_identity",
                "applicant_identity_type",
                "applicant_birth_date",
                "applicant_sex",
                "applicant_address",
                "applicant_phone",
            )
        }
        known["partner_id"] = payer.id
        poor = self.env.ref("cchc_onestop.fee_group_poor")
        others = self._accept("2.000884", seconds, **known) | self._accept(
            "2.000635", seconds, 2, **known
        )
        exempt = self._accept(
            "2.000635",
            seconds,
            fee_group_ids=[Command.set(poor.ids)],
            fee_evidence="Giấy chứng nhận hộ nghèo số 27/2026",
        )
        exempt.fee_ids.exemption_evidence = exempt.fee_evidence
        return payer, first | others

    def _pay(self, seconds, dossiers, **values):
        payments = self._as(seconds, self.env["cchc.payment"])
        payment = payments.prepare(dossiers.with_env(payments.env), **values)
        payment.action_pay()
        return payment

    def _reverse(self, payment, lines, seconds, reason, mode="cancel"):
        self._as(seconds, self.env["cchc.payment.reverse"]).create(
            {
                "payment_id": payment.id,
                "line_ids": [Command.set(lines.ids)],
                "mode": mode,
                "reason": reason,
            }
        ).action_confirm()
