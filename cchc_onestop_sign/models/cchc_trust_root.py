import base64
import hashlib
from datetime import timezone

from asn1crypto import crl as asn1_crl
from asn1crypto import pem, x509

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CchcTrustRoot(models.Model):
    """A certificate authority that the office trusts, uploaded by an administrator.

    The list is data: nothing is trusted because it came with the software. The root of
    the National Electronic Authentication Centre and those of the specialised
    government authority are taken from their own pages and compared with the printed
    fingerprint.
    """

    _name = "cchc.trust.root"
    _description = "Trusted Certificate Authority"
    _order = "name"

    name = fields.Char(compute="_compute_facts", store=True)
    active = fields.Boolean(default=True)
    role = fields.Selection(
        [
            ("root", "Root: trusted by itself"),
            ("intermediate", "Intermediate: only helps to find the root"),
        ],
        required=True,
        default="root",
    )
    certificate = fields.Binary(
        required=True, attachment=False, help="File of the authority (.cer, .crt, .pem)"
    )
    crl = fields.Binary(
        string="Revocation List",
        attachment=True,
        help="List of revoked certificates of this authority (.crl), uploaded from "
        "time to time where the server has no line to the authority",
    )
    crl_until = fields.Datetime(
        string="List Good until", compute="_compute_crl", store=True
    )
    subject = fields.Char(compute="_compute_facts", store=True)
    fingerprint = fields.Char(
        string="SHA-256",
        compute="_compute_facts",
        store=True,
        help="Compare it with the one that the authority has made public",
    )
    valid_from = fields.Datetime(compute="_compute_facts", store=True)
    valid_to = fields.Datetime(compute="_compute_facts", store=True)
    note = fields.Char(string="Where It Came from")

    _fingerprint_uniq = models.UniqueIndex(
        "(fingerprint) WHERE active", "This authority is in the list already."
    )

    def _der(self, text, what):
        """Return the bytes of an uploaded file, DER or PEM."""
        try:
            content = base64.b64decode(text or b"")
            if pem.detect(content):
                content = pem.unarmor(content)[2]
            what.load(content, strict=True).native  # noqa: B018
        except (ValueError, TypeError) as error:
            raise UserError(
                self.env._(
                    "The file is not a certificate of an authority (.cer, .crt, .pem)."
                )
                if what is x509.Certificate
                else self.env._("The file is not a revocation list (.crl).")
            ) from error
        return content

    @api.depends("certificate")
    def _compute_facts(self):
        for root in self:
            if not root.certificate:
                root.update(
                    dict.fromkeys(
                        ("name", "subject", "fingerprint", "valid_from", "valid_to"),
                        False,
                    )
                )
                continue
            der = root._der(
                root.with_context(bin_size=False).certificate, x509.Certificate
            )
            certificate = x509.Certificate.load(der)
            native = certificate.subject.native
            common = native.get("common_name") or native.get("organization_name")
            root.update(
                {
                    "name": common,
                    "subject": certificate.subject.human_friendly,
                    "fingerprint": hashlib.sha256(der).hexdigest(),
                    "valid_from": _naive(certificate.not_valid_before),
                    "valid_to": _naive(certificate.not_valid_after),
                }
            )

    @api.depends("crl")
    def _compute_crl(self):
        for root in self:
            content = root.with_context(bin_size=False).crl
            root.crl_until = False
            if content:
                der = root._der(content, asn1_crl.CertificateList)
                until = asn1_crl.CertificateList.load(der)["tbs_cert_list"][
                    "next_update"
                ].native
                root.crl_until = until and _naive(until)

    @api.constrains("certificate")
    def _check_authority(self):
        for root in self:
            der = root._der(
                root.with_context(bin_size=False).certificate, x509.Certificate
            )
            if not x509.Certificate.load(der).ca:
                raise ValidationError(
                    self.env._(
                        "“%s” is the certificate of a person, not of an authority.",
                        root.name,
                    )
                )

    @api.model
    def _material(self):
        """Return ``(roots, others, crls)``, lists of bytes, for a check."""
        rows = (
            self.sudo()
            .with_context(bin_size=False)
            .search([("certificate", "!=", False)])
        )
        load = self._der
        return (
            [
                load(row.certificate, x509.Certificate)
                for row in rows
                if row.role == "root"
            ],
            [
                load(row.certificate, x509.Certificate)
                for row in rows
                if row.role != "root"
            ],
            [load(row.crl, asn1_crl.CertificateList) for row in rows if row.crl],
        )


def _naive(moment):
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
