from odoo import models

_METHOD = "emv_qr"


class CchcPayment(models.Model):
    """The code for paying by transfer is Odoo's own EMV QR code (VietQR)."""

    _inherit = "cchc.payment"

    def _payment_qr_text(self):
        """Return the VietQR text of this payment.

        Nothing is printed when the account cannot make one (no BIC, no proxy, another
        currency): the slip then names the account only.
        """
        self.ensure_one()
        bank = self.company_id.sudo().cchc_fee_bank_id
        if not bank or self.amount_net <= 0:
            return super()._payment_qr_text()
        bank = bank.with_context(cchc_payment_reference=True)
        payer, currency = self.payer_id, self.currency_id
        values = (_METHOD, self.amount_net, currency, payer, self._transfer_text(), "")
        if bank._get_error_messages_for_qr(
            _METHOD, payer, currency
        ) or bank._check_for_qr_code_errors(*values):
            return super()._payment_qr_text()
        return bank._get_qr_vals(*values)
