"""What the signatures of a PDF say, in a process of its own (plain Python, no ORM).

Files come from anybody: broken tables, loops, pages that unpack to gigabytes. The
check runs in a child process with limits on time and memory, so that the worst file
costs the office one sentence and never a server. Run as a program, this module reads a
line of JSON and the PDF from its standard input and writes JSON.
"""

import base64
import io
import json
import resource
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

#: Seconds of work of a check, seconds that we wait for it on a busy machine, and bytes
#: of memory of its process.
SECONDS = 20
WAIT = 60
MEMORY = 2 * 1024**3
#: Signatures of one file that are looked at.
MOST = 40
_TIME = "%Y-%m-%d %H:%M:%S"


class CheckFailed(Exception):
    """The file could not be checked; ``code`` says why."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def is_pdf(content):
    """Return whether these bytes begin like a PDF."""
    return b"%PDF-" in content[:1024]


def has_signature(content):
    """Return whether a PDF can hold a signature: its byte range is never packed."""
    return b"/ByteRange" in content


def check(content, roots=(), others=(), crls=(), seconds=SECONDS):
    """Return the facts about each signature of a PDF.

    :param bytes content: the file
    :param roots: certificates (DER) that are trusted
    :param others: certificates (DER) between these and the signers
    :param crls: lists of revoked certificates (DER)
    :return: list of dicts, see :func:`_facts`
    :raises CheckFailed: ``encrypted``, ``unreadable`` or ``too_long``
    """
    head = {
        "roots": [base64.b64encode(der).decode() for der in roots],
        "others": [base64.b64encode(der).decode() for der in others],
        "crls": [base64.b64encode(der).decode() for der in crls],
        "seconds": seconds,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(Path(__file__).resolve())],
            input=json.dumps(head).encode() + b"\n" + content,
            capture_output=True,
            timeout=WAIT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CheckFailed("too_long") from error
    if done.returncode == -24:  # SIGXCPU
        raise CheckFailed("too_long")
    if done.returncode:
        raise CheckFailed("unreadable")
    answer = json.loads(done.stdout)
    if answer["problem"]:
        raise CheckFailed(answer["problem"])
    return answer["signatures"]


def verdict(facts, now):
    """Return ``(status, reason)`` of one signature.

    ``valid``: whole, of a signer whom we trust, with a certificate in force when he
    signed. ``broken``: the file or the certificate speaks against it. ``unknown``: what
    we hold is not enough to say.

    :param dict facts: see :func:`_facts`
    :param datetime now: present time, UTC
    """
    if facts["error"]:
        return "broken", "unreadable"
    if not facts["intact"]:
        return "broken", "tampered"
    if facts["changed"] or not facts["covers"]:
        return "broken", "changed"
    if facts["revocation"] == "revoked":
        return "broken", "revoked"
    signed_at = facts["stamped_at"] or facts["claimed_at"]
    if signed_at and not facts["valid_from"] <= signed_at <= facts["valid_to"]:
        return "broken", "expired"
    if not facts["trusted"]:
        return "unknown", "untrusted"
    if not signed_at:
        return "unknown", "no_time"
    if not facts["stamped_at"] and now.strftime(_TIME) > facts["valid_to"]:
        return "unknown", "expired_since"
    return "valid", "valid" if facts["revocation"] == "good" else "valid_not_asked"


# ----------------------------------------------------------------------
# The child process
# ----------------------------------------------------------------------
def _limit(seconds):
    """Bind this process; what goes beyond ends it."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.setrecursionlimit(2000)


def _open(content):
    """Return a reader of the PDF, strict where the file allows it."""
    from pyhanko.pdf_utils.misc import PdfReadError, PdfStrictReadError  # noqa: PLC0415
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    try:
        return PdfFileReader(io.BytesIO(content))
    except PdfStrictReadError:
        return PdfFileReader(io.BytesIO(content), strict=False)
    except PdfReadError as error:
        raise CheckFailed("unreadable") from error


def _read(content, head):
    """Return the facts of all signatures of ``content``."""
    from asn1crypto import crl, ocsp, x509  # noqa: PLC0415
    from pyhanko.pdf_utils.decode_limits import DecodePurpose  # noqa: PLC0415
    from pyhanko.sign.validation.dss import DocumentSecurityStore  # noqa: PLC0415
    from pyhanko.sign.validation.errors import NoDSSFoundError  # noqa: PLC0415

    reader = _open(content)
    if reader.encrypted:
        raise CheckFailed("encrypted")
    known = {
        "trust_roots": [x509.Certificate.load(der) for der in head["roots"]],
        "other_certs": [x509.Certificate.load(der) for der in head["others"]],
        "crls": [crl.CertificateList.load(der) for der in head["crls"]],
        "ocsps": [],
    }
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        store = None
    if store:
        known["other_certs"] += list(store.load_certs())
        known["crls"] += [
            crl.CertificateList.load(ref.get_object().read_data(DecodePurpose.CRL))
            for ref in store.crls
        ]
        known["ocsps"] += [
            ocsp.OCSPResponse.load(
                ref.get_object().read_data(DecodePurpose.OCSP_RESPONSE)
            )
            for ref in store.ocsps
        ]
    return [
        _facts(embedded, known)
        for embedded in reader.embedded_regular_signatures[:MOST]
    ]


def _context(known, moment, mode):
    """Return what the certificates are checked against at ``moment``."""
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    return ValidationContext(
        **known,
        moment=moment,
        allow_fetching=False,
        revocation_mode=mode,
        retroactive_revinfo=True,
    )


def _validate(embedded, known, moment, mode="soft-fail", skip_diff=True):
    from pyhanko.sign.validation import (  # noqa: PLC0415
        KeyUsageConstraints,
        validate_pdf_signature,
    )

    return validate_pdf_signature(
        embedded,
        _context(known, moment, mode),
        ts_validation_context=_context(known, moment, "soft-fail"),
        key_usage_settings=KeyUsageConstraints(
            key_usage={"non_repudiation", "digital_signature"},
            match_all_key_usages=False,
        ),
        skip_diff=skip_diff,
    )


def _text(moment):
    """Return an aware moment as text in UTC, which sorts like time."""
    return moment and moment.astimezone(timezone.utc).strftime(_TIME)


def _facts(embedded, known):
    """Return what one signature says.

    ``field``, ``signer``, ``serial``, ``issuer``; ``valid_from`` and ``valid_to`` of
    the certificate; ``claimed_at`` (by the signer's own clock) and ``stamped_at`` (by a
    trusted time-stamp authority); ``intact``; ``covers`` (the whole file as it was when
    signed), ``last`` (nothing was added since), ``changed`` (more was added since than
    further signatures); ``trusted``; ``revocation`` (``good``, ``revoked``,
    ``unknown``); ``error``. Times are UTC.
    """
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415
    from pyhanko.sign.validation.errors import (  # noqa: PLC0415
        SignatureValidationError,
    )

    facts = dict.fromkeys(
        ("signer", "serial", "issuer", "valid_from", "valid_to", "claimed_at")
        + ("stamped_at", "authority", "error"),
    )
    facts.update(
        field=embedded.field_name,
        intact=False,
        covers=False,
        last=False,
        changed=False,
        trusted=False,
        revocation="unknown",
    )
    try:
        cert = embedded.signer_cert
        facts.update(
            signer=_name(cert.subject),
            issuer=_name(cert.issuer),
            serial=f"{cert.serial_number:X}",
            valid_from=_text(cert.not_valid_before),
            valid_to=_text(cert.not_valid_after),
            claimed_at=_text(embedded.self_reported_timestamp),
        )
        _judge(embedded, known, cert, facts)
    except (PdfError, SignatureValidationError, ValueError) as error:
        facts["error"] = type(error).__name__
    return facts


def _judge(embedded, known, cert, facts):
    """Add to ``facts`` what the mathematics and the lists of certificates say."""
    from pyhanko.sign.validation import SignatureCoverageLevel  # noqa: PLC0415

    now = datetime.now(timezone.utc)
    status = _validate(embedded, known, now, skip_diff=False)
    facts["intact"] = bool(status.intact and status.valid)
    facts["covers"] = status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
    facts["last"] = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    facts["changed"] = facts["intact"] and not status.docmdp_ok
    stamp = status.timestamp_validity
    moment = now
    if stamp and stamp.valid and stamp.intact and stamp.trusted:
        moment = stamp.timestamp
        facts["stamped_at"] = _text(moment)
        facts["authority"] = _name(stamp.signing_cert.subject)
    # Whether we know the signer is asked at a moment when his certificate was in force:
    # that it has run out since is a matter of its own.
    moment = min(
        max(moment, cert.not_valid_before), cert.not_valid_after - timedelta(seconds=1)
    )
    status = _validate(embedded, known, moment)
    facts["trusted"] = bool(status.trusted)
    if known["crls"] or known["ocsps"] or status.revoked:
        # Only the strict mode looks at lists that a certificate does not name itself.
        strict = _validate(embedded, known, moment, "require")
        if strict.revoked:
            facts["revocation"] = "revoked"
        elif strict.trusted:
            facts["revocation"] = "good"


def _name(name):
    """Return the common name only: further parts may hold identity numbers."""
    native = name.native
    common = native.get("common_name") or native.get("organization_name") or ""
    return (common if isinstance(common, str) else common[-1])[:200]


def main():
    """Answer one request; what cannot be read is said, not raised."""
    head, _line, content = sys.stdin.buffer.read().partition(b"\n")
    head = json.loads(head)
    _limit(head["seconds"])
    for key in ("roots", "others", "crls"):
        head[key] = [base64.b64decode(text) for text in head[key]]
    answer = {"problem": None, "signatures": []}
    try:
        answer["signatures"] = _read(content, head)
    except CheckFailed as error:
        answer["problem"] = error.code
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
