"""A certificate authority of our own, for the demo and the tests; trusted by nobody."""

from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_DAY = timedelta(days=1)


def _name(common):
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


class Authority:
    """Issues certificates and lists of revoked ones.

    :param datetime moment: aware; certificates are in force from a day before it
    """

    def __init__(self, name="CA thử nghiệm", moment=None):
        self.moment = moment or datetime.now(timezone.utc)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.cert = self._sign(
            _name(name),
            self.key,
            issuer=_name(name),
            until=self.moment + 3650 * _DAY,
            since=self.moment - 3650 * _DAY,
            authority=True,
        )

    def _sign(
        self, subject, key, issuer, until, since=None, authority=False, tsa=False
    ):
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(since or self.moment - _DAY)
            .not_valid_after(until)
            .add_extension(x509.BasicConstraints(authority, None), critical=True)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=not authority,
                    content_commitment=not authority,
                    key_encipherment=False,
                    data_encipherment=False,
                    key_agreement=False,
                    key_cert_sign=authority,
                    crl_sign=authority,
                    encipher_only=False,
                    decipher_only=False,
                ),
                critical=True,
            )
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(
                    self.key.public_key()
                ),
                False,
            )
        )
        if tsa:
            builder = builder.add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]),
                critical=True,
            )
        return builder.sign(self.key, hashes.SHA256())

    def issue(self, name, days=365, since_days=1, tsa=False):
        """Return ``(certificate, private key)`` for ``name``.

        :param days: in force until so many days after the moment (may be negative)
        :param since_days: in force from so many days before the moment
        """
        if tsa:
            key = rsa.generate_private_key(65537, 2048)
        else:
            key = ec.generate_private_key(ec.SECP256R1())
        cert = self._sign(
            _name(name),
            key,
            self.cert.subject,
            self.moment + days * _DAY,
            since=self.moment - since_days * _DAY,
            tsa=tsa,
        )
        return cert, key

    def pkcs12(self, cert, key, passphrase):
        """Return a PKCS#12 file with the certificate, its key and this authority."""
        return pkcs12.serialize_key_and_certificates(
            b"cchc",
            key,
            cert,
            [self.cert],
            serialization.BestAvailableEncryption(passphrase.encode()),
        )

    def crl(self, *revoked, since=None):
        """Return the list of revoked certificates (DER)."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.cert.subject)
            .last_update(since or self.moment - _DAY)
            .next_update(self.moment + 30 * _DAY)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(
                    self.key.public_key()
                ),
                False,
            )
            .add_extension(x509.CRLNumber(1), False)
        )
        for cert in revoked:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(cert.serial_number)
                .revocation_date(since or self.moment - _DAY / 2)
                .build()
            )
        return builder.sign(self.key, hashes.SHA256()).public_bytes(
            serialization.Encoding.DER
        )

    @staticmethod
    def der(cert):
        """Return the bytes of a certificate."""
        return cert.public_bytes(serialization.Encoding.DER)
