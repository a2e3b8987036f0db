"""Secrets in the addresses of public pages; the database keeps only a digest."""

import hashlib
import secrets

#: Bytes of a token in an address: 192 bits.
TOKEN_BYTES = 24


def new_token():
    """Return a fresh token for an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token):
    """Return what the database keeps of a token; it cannot be turned back."""
    return hashlib.sha256((token or "").encode()).hexdigest()
