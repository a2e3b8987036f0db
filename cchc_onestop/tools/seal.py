"""The seal of what is kept as it was: a checksum over its content, no ORM."""

import hashlib
import json


def checksum(content):
    """Return the SHA-256 over plain values, the same whatever their order in dicts."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def verdict(intact, yes, no):
    """Return the notification that tells whether a seal is whole; what is not whole
    stays on the screen until it is closed.

    :param yes: words for what is as it was
    :param no: words for what was changed
    """
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {
            "type": "success" if intact else "danger",
            "sticky": not intact,
            "message": yes if intact else no,
        },
    }
