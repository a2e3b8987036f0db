"""What the signatures of a PDF say (plain Python, no ORM).

The file is read by ``pdf_reader`` in a process of its own, so that the worst file costs
the office one sentence and never a server.
"""

import base64
import json
import signal
from pathlib import Path

from .reader_process import Gone, ReaderProcess, TooLong

#: Seconds of work of a check, seconds that we wait for it on a busy machine, and bytes
#: of memory of its process.
SECONDS = 20
WAIT = 60
MEMORY = 2 * 1024**3
#: Seconds without any check after which the process that waits for files ends: it holds
#: about 50 MB, and is back in less than a second.
IDLE = 600
_TIME = "%Y-%m-%d %H:%M:%S"
_TOO_LONG = (-signal.SIGXCPU, -signal.SIGALRM)
READER = ReaderProcess(Path(__file__).with_name("pdf_reader.py"), IDLE)


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


def prepare():
    """Load what a check needs while the file is still being made."""
    READER.start()


def check(content, roots=(), others=(), crls=(), seconds=SECONDS, memory=MEMORY):
    """Return the facts about each signature of a PDF.

    :param bytes content: the file
    :param roots: certificates (DER) that are trusted
    :param others: certificates (DER) between these and the signers
    :param crls: lists of revoked certificates (DER)
    :param int seconds: work after which the check is broken off
    :param int memory: bytes that it may take
    :return: list of dicts, see :func:`pdf_reader._facts`
    :raises CheckFailed: ``encrypted``, ``unreadable``, ``too_long``, or ``stopped``
        when the process of the check was ended from outside
    """
    head = {
        "roots": [base64.b64encode(der).decode() for der in roots],
        "others": [base64.b64encode(der).decode() for der in others],
        "crls": [base64.b64encode(der).decode() for der in crls],
    }
    limits = {"seconds": seconds, "wait": WAIT, "memory": memory}
    try:
        code, answer = READER.ask(
            limits, json.dumps(head).encode() + b"\n" + content, WAIT
        )
    except TooLong as error:
        raise CheckFailed("too_long") from error
    except Gone as error:
        raise CheckFailed("stopped") from error
    if code in _TOO_LONG:
        raise CheckFailed("too_long")
    if code:
        raise CheckFailed("unreadable")
    answer = json.loads(answer)
    if answer["problem"]:
        raise CheckFailed(answer["problem"])
    return answer["signatures"]


def verdict(facts, now):
    """Return ``(status, reason)`` of one signature.

    ``valid``: whole, of a signer whom we trust, with a certificate in force when he
    signed. ``broken``: the file or the certificate speaks against it. ``unknown``: what
    we hold is not enough to say.

    :param dict facts: see :func:`pdf_reader._facts`
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
