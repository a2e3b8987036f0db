import base64
import hashlib
import json
import time

import requests
from asn1crypto import x509
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from odoo import api, models
from odoo.exceptions import UserError

#: Bytes of an answer, and seconds between two tries.
_LONGEST = 256 * 1024
_PAUSE = 0.5


class RemoteSigner(Signer):
    """Signs through a function that takes a hash and returns the signature."""

    def __init__(self, certificate, chain, send):
        store = SimpleCertificateStore()
        store.register_multiple(chain)
        super().__init__(signing_cert=certificate, cert_registry=store)
        self._send = send

    async def async_sign_raw(self, data, digest_algorithm, dry_run=False):
        if dry_run:
            return bytes(512)
        return self._send(
            hashlib.new(digest_algorithm, data).digest(), digest_algorithm
        )


class CchcSignatureProviderService(models.AbstractModel):
    """A remote signing service, spoken to in JSON over HTTPS.

    ``POST <address>/certificate {"credential"}`` answers ``{"certificate", "chain"}``;
    ``POST <address>/sign {"credential", "digest", "digest_algorithm"}`` answers
    ``{"signature"}``. Bytes are base64, certificates DER, a refusal is a status of 400
    with ``{"error": sentence}``. Only a hash leaves the house. A provider with a
    protocol of its own is a small program between, or an adapter of its own.
    """

    _name = "cchc.signature.provider.service"
    _description = "Remote Signing Service"
    _inherit = ["cchc.signature.adapter"]

    @api.model
    def _hint(self):
        return self.env._(
            "The key stays with the provider; a hash goes out and the signature comes "
            "back. The person confirms on his phone where the provider asks for it."
        )

    @api.model
    def _test(self, provider):
        for key in provider.key_ids:
            self._certificate(key)
        if not provider.key_ids:
            self._ask(provider, "certificate", {"credential": ""})
        return self.env._(
            "The service answers for %s certificates.", len(provider.key_ids)
        )

    @api.model
    def _certificate(self, key):
        answer = self._ask(
            key.provider_id, "certificate", {"credential": key.credential or ""}
        )
        try:
            return (
                x509.Certificate.load(self._bytes(answer["certificate"]), strict=True),
                [
                    x509.Certificate.load(self._bytes(text), strict=True)
                    for text in answer.get("chain") or []
                ],
            )
        except (KeyError, TypeError, ValueError) as error:
            raise self._nonsense(key.provider_id) from error

    @api.model
    def _signer(self, key):
        certificate, chain = self._certificate(key)

        def send(digest, algorithm):
            answer = self._ask(
                key.provider_id,
                "sign",
                {
                    "credential": key.credential or "",
                    "digest": base64.b64encode(digest).decode(),
                    "digest_algorithm": algorithm,
                },
            )
            try:
                return self._bytes(answer["signature"])
            except (KeyError, TypeError, ValueError) as error:
                raise self._nonsense(key.provider_id) from error

        return RemoteSigner(certificate, chain, send)

    @api.model
    def _bytes(self, text):
        return base64.b64decode(text, validate=True)

    @api.model
    def _nonsense(self, provider):
        return UserError(
            self.env._(
                "The signing service “%s” gave an answer that cannot be read.",
                provider.name,
            )
        )

    @api.model
    def _ask(self, provider, path, request):
        """Return the answer (dict) of the service; a broken line is tried again.

        :raises UserError: with one sentence
        """
        token = self.env["cchc.signature.secret"]._get(provider, "token")
        for attempt in range(provider.tries):
            if attempt:
                time.sleep(_PAUSE * attempt)
            try:
                with requests.post(
                    f"{provider.url.rstrip('/')}/{path}",
                    json=request,
                    headers={"Authorization": b"Bearer " + token} if token else {},
                    timeout=provider.timeout,
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    if response.status_code >= 500:
                        continue
                    return self._answer(provider, response)
            except requests.RequestException:
                continue
        raise UserError(
            self.env._(
                "The signing service “%(name)s” does not answer (%(tries)s tries): "
                "nothing was signed, try again later.",
                name=provider.name,
                tries=provider.tries,
            )
        )

    @api.model
    def _answer(self, provider, response):
        content = response.raw.read(_LONGEST + 1, decode_content=True)
        try:
            answer = json.loads(content[:_LONGEST])
        except ValueError:
            answer = None
        if response.status_code != 200:
            said = answer.get("error") if isinstance(answer, dict) else None
            raise UserError(
                self.env._(
                    "The signing service “%(name)s” refused: %(said)s",
                    name=provider.name,
                    said=str(said or response.status_code)[:200],
                )
            )
        if not isinstance(answer, dict):
            raise self._nonsense(provider)
        return answer
