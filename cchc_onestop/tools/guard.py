"""A key that no remote call can forge.

Fields and rows that only sanctioned methods may change are guarded by this object in
the context: it is compared by identity, and nothing that arrives over RPC (JSON, XML)
can ever be the very same Python object.
"""

KEY_NAME = "cchc_guard"


class _Key:
    """Private marker; copying keeps the identity so that contexts may be copied."""

    __slots__ = ()

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __repr__(self):
        return "<cchc guard>"


_KEY = _Key()


def unlocked(records):
    """Return ``records`` with the key in their context."""
    return records.with_context(**{KEY_NAME: _KEY})


def is_unlocked(env):
    """Return whether the running code holds the key."""
    return env.context.get(KEY_NAME) is _KEY
