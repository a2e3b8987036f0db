from odoo import models

#: “Additional data” of an EMV QR code; it holds the reference of the transfer.
_ADDITIONAL_DATA = 62
#: Most characters that a reference may have inside the additional data.
_REFERENCE_LENGTH = 25


class ResPartnerBank(models.Model):
    """A fee is found by its reference: it stands in the code whatever the account
    says about references of invoices."""

    _inherit = "res.partner.bank"

    def _get_qr_code_vals_list(
        self,
        qr_method,
        amount,
        currency,
        debtor_partner,
        free_communication,
        structured_communication,
    ):
        values = super()._get_qr_code_vals_list(
            qr_method,
            amount,
            currency,
            debtor_partner,
            free_communication,
            structured_communication,
        )
        if not self.env.context.get("cchc_payment_reference"):
            return values
        text = self._remove_accents(free_communication)[:_REFERENCE_LENGTH].strip()
        reference = self._get_additional_data_field(text)
        return [
            (tag, reference if tag == _ADDITIONAL_DATA else value)
            for tag, value in values
        ]
