from odoo import api, models
from odoo.exceptions import UserError


class CchcSignatureProviderPkcs11(models.AbstractModel):
    """Keys in a token or HSM that is plugged into the server.

    Takes the Python package ``python-pkcs11`` and the library of the token's maker. A
    token in the computer of the person who signs cannot be reached from a server: such
    a person signs with the program of the maker and uploads the file, which is checked
    like every upload.
    """

    _name = "cchc.signature.provider.pkcs11"
    _description = "Token at the Server"
    _inherit = ["cchc.signature.adapter"]

    @api.model
    def _hint(self):
        return self.env._(
            "For a token or HSM plugged into the server. Takes the Python package "
            "python-pkcs11 and the library of the maker; the PIN is entered as the "
            "passphrase of each certificate."
        )

    @api.model
    def _python_part(self):
        """Return pyHanko's part for tokens.

        :raises UserError: when ``python-pkcs11`` is missing
        """
        try:
            import pkcs11  # noqa: F401, PLC0415
            from pyhanko.sign import pkcs11 as module  # noqa: PLC0415
        except ImportError as error:
            raise UserError(
                self.env._(
                    "Tokens need the Python package python-pkcs11, which is not "
                    "installed at this server: ask its administrator."
                )
            ) from error
        return module

    @api.model
    def _test(self, provider):
        self._python_part()
        for key in provider.key_ids:
            self._signer(key)
        return self.env._("%s certificates were found.", len(provider.key_ids))

    @api.model
    def _signer(self, key):
        module = self._python_part()
        import pkcs11  # noqa: PLC0415

        provider = key.provider_id
        pin = self.env["cchc.signature.secret"]._get(key, "passphrase").decode()
        try:
            session = module.open_pkcs11_session(
                provider.library, slot_no=provider.slot, user_pin=pin
            )
            signer = module.PKCS11Signer(session, cert_label=key.credential)
            # Read now: whether it is there shows here, not in the middle of a file.
            found = signer.signing_cert is not None
        except (pkcs11.PKCS11Error, module.PKCS11Error, OSError):
            found = False
        if not found:
            raise UserError(
                self.env._(
                    "The token of “%s” cannot be opened: check that it is plugged in, "
                    "its slot, its label and the PIN.",
                    key.name,
                )
            )
        return signer

    @api.model
    def _certificate(self, key):
        signer = self._signer(key)
        return signer.signing_cert, list(signer.cert_registry)
