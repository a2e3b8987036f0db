from odoo import api, models


class CchcSignatureAdapter(models.AbstractModel):
    """What a kind of provider has to offer; see ``cchc.signature.provider``."""

    _name = "cchc.signature.adapter"
    _description = "Kind of Provider of Digital Signatures"

    @api.model
    def _hint(self):
        """Return one sentence that says when this kind is right."""
        raise NotImplementedError

    @api.model
    def _test(self, provider):
        """Return one sentence about a provider that works.

        :raises UserError: with one sentence when it does not
        """
        raise NotImplementedError

    @api.model
    def _certificate(self, key):
        """Return ``(certificate, further certificates)`` (asn1crypto) of a key.

        :raises UserError: with one sentence
        """
        raise NotImplementedError

    @api.model
    def _signer(self, key):
        """Return the signer of pyHanko that holds a key.

        :raises UserError: with one sentence
        """
        raise NotImplementedError
