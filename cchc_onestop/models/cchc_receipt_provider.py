from odoo import api, models


class CchcReceiptProvider(models.AbstractModel):
    """What a provider of e-receipts has to offer.

    An addon for a provider makes ``cchc.receipt.provider.<name>``, inherits this model
    and adds its name to ``res.company.cchc_receipt_provider``.
    """

    _name = "cchc.receipt.provider"
    _description = "Provider of E-Receipts"

    @api.model
    def _send(self, message, content):
        """Hand over one message.

        :param message: ``cchc.receipt.outbox``
        :param bytes content: canonical file of the receipt, see ``tools/receipt_file``
        :return: code that the provider gave, or None
        :raises ReceiptNotSent: with one sentence; it is tried again later
        """
        raise NotImplementedError


class CchcReceiptProviderFile(models.AbstractModel):
    """The embedded provider: files in the outbox, taken from there by hand.

    For communes without a line to a provider; the files are downloaded, signed and
    handed in, then the messages are marked as acknowledged.
    """

    _name = "cchc.receipt.provider.file"
    _description = "Files for the Provider of E-Receipts"
    _inherit = ["cchc.receipt.provider"]

    @api.model
    def _send(self, message, content):
        return None
