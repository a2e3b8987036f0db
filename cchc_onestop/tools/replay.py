"""The clock of what is taken over from the past, and no clock to turn back.

A dossier moves now. Only the history of a dossier that is being taken over (from other
software, or of the demo) is written down at the times at which it happened. Code that
does so carries a :class:`Clock` in the context; nothing that arrives over RPC (JSON,
XML) can ever be an instance of it. The ledger marks every such line as replayed and
refuses what has no honest past, see ``cchc.dossier.event``.
"""

from odoo import fields

KEY_NAME = "cchc_replay"


class Clock:
    """A clock set to the moment of the event that is replayed.

    It is never ahead of the real time. Copying keeps the identity, so that contexts
    may be copied.
    """

    __slots__ = ("moment",)

    def __init__(self, moment):
        self.set(moment)

    def set(self, moment):
        """Set the clock to ``moment`` (naive UTC).

        :raises ValueError: when the moment has not come yet
        """
        if moment > fields.Datetime.now():
            raise ValueError(f"Cannot replay {moment}: it lies in the future.")
        self.moment = moment

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __repr__(self):
        return f"<cchc replay clock at {self.moment}>"


def replayed(records, clock):
    """Return ``records`` with ``clock`` in their context."""
    return records.with_context(**{KEY_NAME: clock})


def clock(env):
    """Return the clock of the replay that is running, or ``None``."""
    found = env.context.get(KEY_NAME)
    return found if isinstance(found, Clock) else None


def now(env):
    """Return the present moment: the real one, or that of the replayed event."""
    running = clock(env)
    return running.moment if running else fields.Datetime.now()
