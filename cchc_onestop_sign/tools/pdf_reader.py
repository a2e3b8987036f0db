"""Reads what the signatures of PDFs say: the program that ``reader_process`` starts.

Files come from anybody: broken tables, loops, pages that unpack to gigabytes. This
program loads pyHanko once and then only waits. For each file it forks a child that
binds itself (time, memory, writing), reads that one file, answers and ends: no file is
ever opened in a process that reads another one.

It knows nothing of Odoo. Its standard input is a socket (``SOCK_SEQPACKET``); each
message is the limits of one check as JSON and brings two sockets with it: one for the
file and the answer, which only the child keeps, and one for how the child ended, which
only this process keeps. When the socket closes, whoever asked is gone: what still runs
is ended, and so is this process; so it is after some time without any question.
"""

import base64
import ctypes
import gc
import io
import json
import logging
import os
import resource
import select
import signal
import socket
import sys
from datetime import datetime, timedelta, timezone

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.misc import PdfError, PdfReadError, PdfStrictReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import (
    KeyUsageConstraints,
    SignatureCoverageLevel,
    validate_pdf_signature,
)
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko_certvalidator import ValidationContext

#: Signatures of one file that are looked at.
MOST = 40
#: Characters that are kept of a name out of a file.
NAME = 200
_TIME = "%Y-%m-%d %H:%M:%S"
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class Refused(Exception):
    """The file cannot be read; ``code`` says why."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


# ----------------------------------------------------------------------
# The process that waits
# ----------------------------------------------------------------------
def serve(control, idle):
    """Fork a child for each message until the other side is gone.

    :param socket control: where the messages come from
    :param float idle: seconds without any check after which this process ends
    """
    running = {}
    poll = select.poll()
    poll.register(control, select.POLLIN)
    while True:
        ready = [number for number, _event in poll.poll(None if running else idle)]
        if not ready:
            return
        for number in ready:
            if number == control.fileno():
                message, numbers, *_flags = socket.recv_fds(control, 4096, 2)
                if not message:
                    for pid, _status in running.values():
                        os.kill(pid, signal.SIGKILL)
                    return
                data, status = (socket.socket(fileno=each) for each in numbers)
                pid = _fork(
                    json.loads(message), data, [control, status, *_open_ends(running)]
                )
                data.close()
                child = os.pidfd_open(pid)
                running[child] = pid, status
                poll.register(child, select.POLLIN)
            else:
                poll.unregister(number)
                os.close(number)
                _report(*running.pop(number))


def _open_ends(running):
    return [status for _pid, status in running.values()]


def _report(pid, status):
    """Say how a child ended; whoever asked may have gone meanwhile."""
    _pid, ended = os.waitpid(pid, 0)
    with status:
        try:
            status.send(str(os.waitstatus_to_exitcode(ended)).encode())
        except BrokenPipeError:
            return


def _fork(limits, data, foreign):
    """Start a child that answers one question; return its number.

    :param foreign: sockets of this process that are none of the child's business
    """
    waiting = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        for other in foreign:
            other.close()
        _bind(waiting, **limits)
        _answer(data)
        code = 0
    finally:
        # Whatever it was: nothing but the number comes back from here.
        os._exit(code)


# ----------------------------------------------------------------------
# The child
# ----------------------------------------------------------------------
def _bind(waiting, seconds, wait, memory):
    """Bind this process; what goes beyond ends it."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != waiting:  # it ended before that was said
        os._exit(1)
    silent = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(silent, number)
    signal.setitimer(signal.ITIMER_REAL, wait)
    _at_most(resource.RLIMIT_CORE, 0, 0)
    # The soft limit names the reason (SIGXCPU), the hard one cannot be put off.
    _at_most(resource.RLIMIT_CPU, seconds, seconds + 1)
    _at_most(resource.RLIMIT_AS, memory, memory)
    _at_most(resource.RLIMIT_FSIZE, 0, 0)
    _at_most(resource.RLIMIT_NPROC, 0, 0)
    sys.setrecursionlimit(2000)


def _at_most(kind, soft, hard):
    """Set a limit, unless the one that holds already is narrower."""
    _soft, bound = resource.getrlimit(kind)
    if bound != resource.RLIM_INFINITY:
        soft, hard = min(soft, bound), min(hard, bound)
    resource.setrlimit(kind, (soft, hard))


def _answer(data):
    """Read a line of JSON and the file, and write the answer as JSON."""
    with data, data.makefile("rb") as source:
        head = json.loads(source.readline())
        content = source.read()
        for key in ("roots", "others", "crls"):
            head[key] = [base64.b64decode(text) for text in head[key]]
        answer = {"problem": None, "signatures": []}
        try:
            answer["signatures"] = _read(content, head)
        except Refused as error:
            answer["problem"] = error.code
        data.sendall(json.dumps(answer).encode())


def _open(content):
    """Return a reader of the PDF, strict where the file allows it."""
    try:
        return PdfFileReader(io.BytesIO(content))
    except PdfStrictReadError:
        return PdfFileReader(io.BytesIO(content), strict=False)
    except PdfReadError as error:
        raise Refused("unreadable") from error


def _read(content, head):
    """Return the facts of all signatures of ``content``."""
    reader = _open(content)
    if reader.encrypted:
        raise Refused("encrypted")
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
    return ValidationContext(
        **known,
        moment=moment,
        allow_fetching=False,
        revocation_mode=mode,
        retroactive_revinfo=True,
    )


def _validate(embedded, known, moment, mode="soft-fail", skip_diff=True):
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
    facts = dict.fromkeys(
        ("signer", "serial", "issuer", "valid_from", "valid_to", "claimed_at")
        + ("stamped_at", "authority", "error"),
    )
    facts.update(
        field=embedded.field_name[:NAME],
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
    return (common if isinstance(common, str) else common[-1])[:NAME]


def main(idle):
    """Wait for questions; what was loaded until now is shared with all children."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    # The limit of a worker of Odoo is none of a process that outlives its requests.
    resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
    # Nobody reads what a child would write of the files it is given.
    logging.disable()
    gc.collect()
    gc.freeze()
    serve(socket.socket(fileno=os.dup(0)), 1000 * idle)


if __name__ == "__main__":
    main(float(sys.argv[1]))
