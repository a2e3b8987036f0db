"""Locks what nobody may read, with a key that is not in the database where possible.

The key comes from ``CCHC_SECRET_KEY`` of the environment or ``cchc_secret_key`` of the
server's configuration file: a copy of the database alone then opens nothing. Without
them the secret of the database is used, which keeps the values out of exports and
screens, not from who holds a copy of the whole database.
"""

import base64
import os

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from odoo.tools import config

SERVER, DATABASE = "server", "database"


class CannotOpen(Exception):
    """The value was locked with another key than the present one."""


def server_key():
    """Return the key of the server, or an empty text."""
    return os.environ.get("CCHC_SECRET_KEY") or config.get("cchc_secret_key") or ""


def _fernet(secret):
    derived = HKDF(hashes.SHA256(), 32, None, b"cchc_onestop_sign").derive(
        secret.encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))


def lock(content, database_secret):
    """Return ``content`` (bytes) as text that only :func:`unlock` reads."""
    source = SERVER if server_key() else DATABASE
    token = _fernet(server_key() or database_secret).encrypt(content)
    return f"{source}:{token.decode()}"


def unlock(text, database_secret):
    """Return the bytes of :func:`lock`.

    :raises CannotOpen: the key has changed since, as in a copied database
    """
    source, _colon, token = text.partition(":")
    secret = server_key() if source == SERVER else database_secret
    if not secret:
        raise CannotOpen
    try:
        return _fernet(secret).decrypt(token.encode())
    except InvalidToken as error:
        raise CannotOpen from error
