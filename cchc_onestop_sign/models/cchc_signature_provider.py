from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

#: Hosts that may be spoken to without TLS: the machine itself.
_LOCAL = ("127.0.0.1", "localhost", "::1")


class CchcSignatureProvider(models.Model):
    """Where the keys of an agency are: a file, a service, a token.

    What a kind can do is the model ``cchc.signature.provider.<kind>``; a further kind
    is an addon that makes such a model, inherits ``cchc.signature.adapter`` and adds
    its name to :attr:`kind`.
    """

    _name = "cchc.signature.provider"
    _description = "Provider of Digital Signatures"
    _order = "company_id, sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Agency",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    kind = fields.Selection(
        [
            ("pkcs12", "Certificate files (PKCS#12)"),
            ("service", "Remote signing service"),
            ("pkcs11", "Token or HSM at the server (PKCS#11)"),
        ],
        required=True,
        default="service",
    )
    url = fields.Char(
        string="Address of the Service",
        help="The service gets a hash, never the document",
    )
    token = fields.Char(
        string="Access Token",
        compute="_compute_secret",
        inverse="_inverse_token",
        groups="cchc_onestop.group_manager,base.group_system",
        help="Kept locked and never shown again; enter it anew to change it",
    )
    library = fields.Char(
        string="PKCS#11 Library", help="File of the token's maker at the server"
    )
    slot = fields.Integer(string="Slot of the Token")
    timeout = fields.Integer(
        string="Waiting Time (s)", default=15, help="For each answer of the service"
    )
    tries = fields.Integer(
        default=3, help="How often the service is asked when the line breaks"
    )
    stamp_url = fields.Char(
        string="Time-Stamp Authority",
        help="Address of a TSA (RFC 3161). Empty: the time of the server, which only "
        "claims when the signature was made",
    )
    long_term = fields.Boolean(
        string="Keep Revocation Answers in the File (B-LT)",
        help="The signature can be checked after the certificate has run out. It needs "
        "a time-stamp authority, and at each signature the revocation answers of all "
        "certificates: from a line to the authority, or from its list uploaded among "
        "the trusted authorities. Where one is missing, nothing is signed",
    )
    key_ids = fields.One2many("cchc.signature.key", "provider_id", "Certificates")
    hint = fields.Text(compute="_compute_hint")

    _times = models.Constraint(
        "CHECK (timeout BETWEEN 1 AND 120 AND tries BETWEEN 1 AND 10)",
        "Wait 1 to 120 seconds and try 1 to 10 times.",
    )

    def _compute_secret(self):
        """A secret is written, never read."""
        self.token = False

    def _inverse_token(self):
        for provider in self:
            if provider.token:
                provider.env["cchc.signature.secret"]._put(
                    provider, "token", provider.token.strip().encode()
                )

    @api.depends("kind")
    def _compute_hint(self):
        for provider in self:
            provider.hint = provider._adapter()._hint()

    @api.constrains("long_term", "stamp_url")
    def _check_long_term(self):
        """PAdES-B-LT is B-T with revocation answers (ETSI EN 319 142-1)."""
        for provider in self:
            if provider.long_term and not provider.stamp_url:
                raise ValidationError(
                    self.env._(
                        "Revocation answers prove nothing without a certified time: "
                        "give the address of the time-stamp authority first."
                    )
                )

    @api.constrains("url", "stamp_url", "kind")
    def _check_url(self):
        for provider in self:
            if provider.kind == "service" and not provider.url:
                raise ValidationError(
                    self.env._("Give the address of the signing service.")
                )
            for url in (provider.url, provider.stamp_url):
                parts = urlsplit(url or "https://x")
                if parts.scheme != "https" and not (
                    parts.scheme == "http"
                    and (parts.hostname in _LOCAL or url == provider.stamp_url)
                ):
                    raise ValidationError(
                        self.env._(
                            "“%s” is not an address that begins with https://.", url
                        )
                    )

    def _adapter(self):
        """Return the model that knows this kind of provider.

        :raises UserError: when its addon is gone
        """
        name = f"cchc.signature.provider.{self.kind}"
        if name not in self.env:
            raise UserError(
                self.env._("The kind of provider of “%s” is not installed.", self.name)
            )
        return self.env[name]

    def action_test(self):
        """Try to reach the keys of the provider, and say what was found."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.name,
                "message": self._adapter()._test(self.sudo()),
                "type": "success",
            },
        }
