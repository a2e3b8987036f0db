"""Secrets of public pages: what a citizen holds is kept only as a digest."""

import base64
import hashlib
import hmac
import re

from odoo.addons.cchc_onestop.tools.public_token import (  # noqa: F401
    TOKEN_BYTES,
    digest,
    new_token,
)

#: Letters of a secret that people type: none that looks like another one.
_ALPHABET = bytes.maketrans(b"ILOU", b"WXYZ")


def keyed_digest(key, text):
    """Return a digest that nobody makes without the key, for short secrets.

    :param str key: secret of the database
    """
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def typed_secret(key, nonce):
    """Return the secret of twelve letters that belongs to a form that was sent.

    The same form gives the same secret, so that sending it twice shows one receipt.
    Sixty bits: guessing is limited by whoever asks for it.
    """
    mac = hmac.new(key.encode(), nonce.encode(), hashlib.sha256).digest()
    letters = base64.b32encode(mac)[:12].translate(_ALPHABET).decode()
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def normal_secret(text):
    """Return a typed secret without blanks, dashes and small letters."""
    return re.sub(r"[^A-Z2-9]", "", (text or "").upper())
