"""Hash chain of the date ledger: canonical JSON and SHA-256, plain Python.

An auditor can repeat every hash with these few lines and no Odoo at all.
"""

import hashlib
import json

#: Version of the canonical form; stored in every line so that it may change later.
VERSION = 1
#: Hash before the first line of a dossier.
GENESIS = "0" * 64


def canonical(payload):
    """Return the canonical JSON bytes of ``payload`` (UTF-8, sorted keys, no blanks).

    :param dict payload: only ``str``, ``int``, ``bool``, ``None``, ``list`` and
        ``dict``; floats are refused because their text form is not canonical
    """
    return json.dumps(
        payload,
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        allow_nan=False,
        default=_refuse,
    ).encode()


def _refuse(value):
    raise TypeError(f"A ledger line cannot hold {value!r} ({type(value).__name__}).")


def line_hash(previous, payload):
    """Return the hex SHA-256 of a line: the previous hash, a line feed, its payload."""
    return hashlib.sha256(previous.encode() + b"\n" + canonical(payload)).hexdigest()


def first_broken(lines):
    """Return the position (0, 1, ...) of the first broken line, or ``None``.

    :param lines: iterable of ``(sequence, previous hash, hash, payload)`` in the order
        of the chain; sequences start at 1 and have no hole
    """
    previous = GENESIS
    for position, (sequence, stored_previous, stored, payload) in enumerate(lines):
        if (
            sequence != position + 1
            or stored_previous != previous
            or stored != line_hash(previous, payload)
        ):
            return position
        previous = stored
    return None
