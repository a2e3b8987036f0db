import base64
import hashlib
from datetime import datetime, timezone

from asn1crypto import x509
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError
from pyhanko_certvalidator.errors import ValidationError as ChainError
from requests import RequestException

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.cchc_onestop.tools import guard
from odoo.addons.cchc_onestop.tools.search_text import normalise

from ..tools import pdf_check, pdf_sign, stamp

#: Read from the certificate, written by :meth:`_load_certificate` only.
READ = frozenset(
    {"certificate", "fingerprint", "subject", "issuer", "serial"}
    | {"valid_from", "valid_to"}
)
#: Who holds the certificate; fixed once it is there.
BOUND = frozenset({"use", "user_id", "provider_id", "company_id"})
_SOON = 30


class CchcSignatureKey(models.Model):
    """A certificate (chứng thư số) bound to one person, or to the agency.

    A person signs with his own certificate and no other; the agency's is for those who
    keep its seal. What is secret stands in ``cchc.signature.secret``.
    """

    _name = "cchc.signature.key"
    _description = "Digital Certificate"
    _order = "company_id, use, id"

    name = fields.Char(compute="_compute_name", store=True)
    active = fields.Boolean(default=True)
    provider_id = fields.Many2one(
        "cchc.signature.provider",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["cchc.signature.provider"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        ),
    )
    company_id = fields.Many2one(
        related="provider_id.company_id", string="Agency", store=True, precompute=True
    )
    kind = fields.Selection(related="provider_id.kind", string="Kind of Provider")
    use = fields.Selection(
        [("person", "Person"), ("agency", "Agency (seal)")],
        string="Belongs to",
        required=True,
        default="person",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        default=lambda self: self.env.user,
        index="btree_not_null",
    )
    credential = fields.Char(
        string="Name at the Provider",
        help="Name of the certificate at the signing service, or its label in the "
        "token",
    )
    pkcs12 = fields.Binary(
        string="Certificate File",
        compute="_compute_secret",
        inverse="_inverse_secret",
        help=".p12 or .pfx; kept locked and never shown again",
    )
    passphrase = fields.Char(
        string="Passphrase or PIN",
        compute="_compute_secret",
        inverse="_inverse_secret",
        help="Kept locked and never shown again",
    )
    certificate = fields.Binary(attachment=False, readonly=True, copy=False)
    fingerprint = fields.Char(string="SHA-256", readonly=True, copy=False)
    subject = fields.Char(string="Issued to", readonly=True, copy=False)
    issuer = fields.Char(string="Issued by", readonly=True, copy=False)
    serial = fields.Char(string="Serial Number", readonly=True, copy=False)
    valid_from = fields.Datetime(readonly=True, copy=False)
    valid_to = fields.Datetime(readonly=True, copy=False)
    state = fields.Selection(
        [
            ("missing", "Not loaded"),
            ("valid", "In force"),
            ("soon", "Runs out soon"),
            ("expired", "Not in force"),
        ],
        compute="_compute_state",
    )
    image = fields.Binary(
        attachment=True,
        help="PNG with a transparent ground: the signature without a seal, or the red "
        "seal in its true size (NĐ 30/2020/NĐ-CP Phụ lục I)",
    )
    image_width = fields.Integer(
        string="Width of the Image (mm)", default=40, help="A round seal is 36 mm"
    )
    show_time = fields.Boolean(
        string="Text instead of the Image",
        help="Show name and time although there is an image",
    )

    _person_uniq = models.UniqueIndex(
        "(provider_id, user_id) WHERE use = 'person' AND active",
        "This person has a certificate of this provider already.",
    )
    _width = models.Constraint(
        "CHECK (image_width BETWEEN 10 AND 80)", "An image is 10 to 80 mm wide."
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("use", "user_id.name", "provider_id.company_id.name", "serial")
    def _compute_name(self):
        for key in self:
            owner = (
                key.user_id if key.use == "person" else key.provider_id.company_id
            ).name
            key.name = " – ".join(part for part in (owner, key.serial) if part)

    @api.depends("valid_from", "valid_to")
    def _compute_state(self):
        now = fields.Datetime.now()
        for key in self:
            if not key.valid_to:
                key.state = "missing"
            elif not key.valid_from <= now <= key.valid_to:
                key.state = "expired"
            else:
                key.state = "soon" if (key.valid_to - now).days < _SOON else "valid"

    def _compute_secret(self):
        """Secrets are written, never read."""
        self.pkcs12 = False
        self.passphrase = False

    def _inverse_secret(self):
        for key in self:
            key._check_may_enter_secret()
            content, passphrase = key.pkcs12, key.passphrase
            secrets = key.env["cchc.signature.secret"]
            if passphrase:
                secrets._put(key, "passphrase", passphrase.encode())
            if content:
                secrets._put(key, "pkcs12", base64.b64decode(content))
            if content or (passphrase and key.kind == "pkcs11"):
                key._load_certificate()

    def _check_may_enter_secret(self):
        """A person's secrets are entered by himself, or by the system's administrator
        who sets up a small office."""
        if (
            self.use == "person"
            and self.env.user != self.user_id
            and not self.env.su
            and not self.env.user.has_group("base.group_system")
        ):
            raise AccessError(
                self.env._(
                    "The file and passphrase of %s are entered by this person only.",
                    self.user_id.name,
                )
            )

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.constrains("use", "user_id")
    def _check_user(self):
        for key in self:
            if (key.use == "person") != bool(key.user_id):
                raise ValidationError(
                    self.env._(
                        "A person's certificate names the person; an agency's does not."
                    )
                )

    @api.onchange("use")
    def _onchange_use(self):
        self.user_id = self.env.user if self.use == "person" else False
        self.image_width = 40 if self.use == "person" else 36

    def _check_read_only(self, names):
        if READ & set(names) and not guard.is_unlocked(self.env):
            raise UserError(
                self.env._("What a certificate says is read from it, not typed.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_read_only(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_read_only(vals)
        if BOUND & set(vals) and not guard.is_unlocked(self.env):
            for key in self.sudo().filtered("fingerprint"):
                for name in BOUND & set(vals):
                    value = key[name].id if name.endswith("_id") else key[name]
                    if value != vals[name]:
                        raise UserError(
                            self.env._(
                                "The certificate %s is bound to who holds it: archive "
                                "it and add another one.",
                                key.name,
                            )
                        )
        result = super().write(vals)
        if "credential" in vals:
            guard.unlocked(self.sudo()).write(dict.fromkeys(READ, False))
        return result

    # ------------------------------------------------------------------
    # The certificate
    # ------------------------------------------------------------------
    def action_load(self):
        """Read the certificate again from where the key is."""
        for key in self:
            key.check_access("write")
            key._load_certificate()
        return True

    def _load_certificate(self):
        """Read the certificate, and bind it to the person or the agency.

        :raises UserError: when it cannot be read, has run out or is somebody else's
        """
        self.ensure_one()
        certificate, _chain = self.provider_id._adapter()._certificate(self.sudo())
        subject = _common(certificate.subject)
        if self.use == "person" and normalise(subject) != normalise(self.user_id.name):
            raise UserError(
                self.env._(
                    "This certificate was issued to “%(subject)s”, not to %(person)s: "
                    "everybody signs with his own certificate.",
                    subject=subject,
                    person=self.user_id.name,
                )
            )
        guard.unlocked(self.sudo()).write(
            {
                "certificate": base64.b64encode(certificate.dump()),
                "fingerprint": _fingerprint(certificate),
                "subject": subject,
                "issuer": _common(certificate.issuer),
                "serial": f"{certificate.serial_number:X}",
                "valid_from": _naive(certificate.not_valid_before),
                "valid_to": _naive(certificate.not_valid_after),
            }
        )

    @api.model
    def _of_person(self, company):
        """Return the certificate (sudo) with which the current person signs.

        :raises UserError: when there is none in force
        """
        keys = self.sudo().search(
            [
                ("use", "=", "person"),
                ("user_id", "=", self.env.uid),
                ("company_id", "=", company.id),
            ],
            order="valid_to desc",
        )
        return keys._in_force(
            self.env._(
                "You have no digital certificate in force: load it under "
                "Dossiers > Signatures > My Certificate, or ask your "
                "administrator."
            )
        )

    @api.model
    def _of_agency(self, company):
        """Return the certificate (sudo) of the agency, for who keeps its seal.

        :raises AccessError: for everybody else
        """
        if not self.env.user.has_group("cchc_onestop_sign.group_seal"):
            raise AccessError(
                self.env._("Only who keeps the seal of the agency may affix it.")
            )
        keys = self.sudo().search(
            [("use", "=", "agency"), ("company_id", "=", company.id)],
            order="valid_to desc",
        )
        return keys._in_force(
            self.env._(
                "%s has no digital certificate in force: ask your administrator.",
                company.name,
            )
        )

    def _in_force(self, sentence):
        found = self.filtered(lambda key: key.state in ("valid", "soon"))[:1]
        if not found:
            raise UserError(sentence)
        return found

    # ------------------------------------------------------------------
    # Signing
    # ------------------------------------------------------------------
    def _sign(self, content, what, reason):
        """Return a PDF with one more signature of this certificate (sudo).

        :param bytes content: the PDF
        :param str what: ``signature``, ``seal`` or ``copy``
        :param str reason: kept in the signature, in Vietnamese
        :raises UserError: with one sentence; nothing was signed then
        """
        self.ensure_one()
        pdf_check.prepare()
        now = datetime.now(timezone.utc)
        provider = self.provider_id
        signer = provider._adapter()._signer(self)
        if _fingerprint(signer.signing_cert) != self.fingerprint:
            raise UserError(
                self.env._(
                    "The certificate of %s at its provider is another one than the one "
                    "registered here: load it again.",
                    self.name,
                )
            )
        try:
            place = self._place(content, what)
            return pdf_sign.sign(
                content,
                signer,
                place,
                self._stamp(what, place, now),
                pdf_sign.field_name(
                    content, {"seal": "Dau", "copy": "SaoY"}.get(what, "Ky")
                ),
                reason=reason,
                location=self.company_id.cchc_place or None,
                timestamper=self._timestamper(),
                revocation=self._revocation(),
            )
        except pdf_sign.CannotSign as error:
            raise UserError(
                self.env._("The PDF is locked by a password and cannot be signed.")
                if error.code == "encrypted"
                else self.env._("The file is not a PDF that can be signed.")
            ) from error
        except (TimestampRequestError, RequestException, OSError) as error:
            raise UserError(
                self.env._(
                    "The time-stamp authority of “%s” does not answer: nothing was "
                    "signed, try again later.",
                    provider.name,
                )
            ) from error
        except (ChainError, PathError, SigningError) as error:
            raise UserError(
                self.env._(
                    "The certificate of %s cannot be followed to a trusted authority "
                    "with its revocation answers: nothing was signed.",
                    self.name,
                )
            ) from error

    def _place(self, content, what):
        """Return where the signature shows, see NĐ 30/2020/NĐ-CP Phụ lục I."""
        if what == "copy":
            return pdf_sign.copy_place(content)
        if what == "signature":
            return pdf_sign.signing_place(
                content, self.user_id.name, self._size(pdf_sign.SIGNATURE)
            )
        boxes = [
            place
            for name, place in pdf_sign.signed_boxes(content)
            if not name.startswith(("Dau", "SaoY"))
        ]
        size = self._size(pdf_sign.SEAL)
        if boxes:
            return pdf_sign.seal_place(boxes[-1], size)
        return pdf_sign.signing_place(content, "", size)

    def _png(self):
        """Return the image, or nothing when the text shall show."""
        if self.show_time or not self.image:
            return b""
        return base64.b64decode(self.with_context(bin_size=False).image)

    def _size(self, default):
        """Return width and height in mm of what shows."""
        png = self._png()
        return stamp.size_of(png, self.image_width) if png else default

    def _stamp(self, what, place, now):
        agency = self.company_id.name
        if what == "copy":
            return stamp.copy(place, "SAO Y", agency, now)
        if what == "seal":
            return stamp.seal(place, agency, now, self._png())
        return stamp.signature(place, self.subject, now, self._png())

    def _timestamper(self):
        provider = self.provider_id
        if not provider.stamp_url:
            return None
        return RequestsHTTPTimeStamper(provider.stamp_url, timeout=provider.timeout)

    def _revocation(self):
        """Return what asks for the revocation answers to keep (PAdES-B-LT)."""
        if not self.provider_id.long_term:
            return None
        roots, others, crls = self.env["cchc.trust.root"]._material()
        return ValidationContext(
            trust_roots=[x509.Certificate.load(der) for der in roots],
            other_certs=[x509.Certificate.load(der) for der in others],
            crls=crls,
            allow_fetching=True,
            revocation_mode="require",
        )

    @api.constrains("image")
    def _check_image(self):
        for key in self.filtered("image"):
            png = base64.b64decode(key.with_context(bin_size=False).image)
            if not png.startswith(b"\x89PNG") or len(png) > 1_000_000:
                raise ValidationError(self.env._("The image is a PNG of at most 1 MB."))


def _common(name):
    """Return the common name: further parts may hold identity numbers."""
    native = name.native
    common = native.get("common_name") or native.get("organization_name") or ""
    return common if isinstance(common, str) else common[-1]


def _fingerprint(certificate):
    return hashlib.sha256(certificate.dump()).hexdigest()


def _naive(moment):
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
