"""Used by the scripts that test_concurrency.py runs in two processes at once."""

import time

#: Seconds after which the other process is given up.
PATIENCE = 120


class Meeting:
    """A place where two processes wait for each other, by locks of the database.

    The locks are kept until the process ends, so none can miss the other.
    """

    def __init__(self, cr, number):
        self._cr, self._number = cr, number

    def wait(self, place):
        """Return once both processes have come to ``place``."""
        key = (self._number, place)
        self._cr.execute("SELECT pg_advisory_lock_shared(%s, %s)", key)
        end = time.monotonic() + PATIENCE
        while True:
            self._cr.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' "
                "AND classid = %s AND objid = %s AND granted",
                key,
            )
            if self._cr.fetchone()[0] == 2:
                return
            if time.monotonic() > end:
                raise TimeoutError(place)
            time.sleep(0.01)
