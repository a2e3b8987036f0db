from pyhanko.sign.signers import SimpleSigner

from odoo import api, models
from odoo.exceptions import UserError


class CchcSignatureProviderPkcs12(models.AbstractModel):
    """Keys in PKCS#12 files (.p12, .pfx), kept locked with their passphrase."""

    _name = "cchc.signature.provider.pkcs12"
    _description = "Certificate Files"
    _inherit = ["cchc.signature.adapter"]

    @api.model
    def _hint(self):
        return self.env._(
            "For tests and small offices: the file and its passphrase are kept locked "
            "at this server. Who runs the server could still use them; a signing "
            "service or a token is safer."
        )

    @api.model
    def _test(self, provider):
        for key in provider.key_ids:
            self._signer(key)
        return self.env._("%s certificate files can be opened.", len(provider.key_ids))

    @api.model
    def _open(self, key, content, passphrase):
        """Return the signer of a file.

        :raises UserError: when the file or the passphrase is wrong
        """
        try:
            signer = SimpleSigner.load_pkcs12_data(content, [], passphrase)
        except (ValueError, TypeError):
            signer = None
        if signer is None or signer.signing_cert is None:
            raise UserError(
                self.env._(
                    "The certificate file of “%s” cannot be opened: check the file "
                    "(.p12 or .pfx) and its passphrase.",
                    key.name,
                )
            )
        return signer

    @api.model
    def _signer(self, key):
        secrets = self.env["cchc.signature.secret"]
        content = secrets._get(key, "pkcs12")
        if not content:
            raise UserError(
                self.env._("“%s” has no certificate file yet: upload it.", key.name)
            )
        return self._open(key, content, secrets._get(key, "passphrase"))

    @api.model
    def _certificate(self, key):
        signer = self._signer(key)
        return signer.signing_cert, list(signer.cert_registry)
