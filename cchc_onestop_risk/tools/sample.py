"""How long finished dossiers took: the arithmetic of early warning, without the ORM.

A *sample* holds, for each finished dossier of a group, two numbers of one unit: how
long it stayed in a step, and how long it took from entering that step to the ready
result. The unit is working hours without the stops of the clock, or shares of the time
limit; nothing here depends on which.

The chance that an open dossier is late is a share of the sample: of the finished
dossiers that stayed in the step at least as long as this one has stayed already, how
many then took longer than the time that this one has left. Stay and rest come from the
same dossier, so slow steps that follow slow steps are counted as they came.
"""

from bisect import bisect_left, bisect_right, insort
from itertools import accumulate
from math import ceil
from typing import NamedTuple

#: A condition that fewer finished dossiers meet is not taken at its word; see
#: :meth:`Sample.chosen`.
LEAST = 10


class Query(NamedTuple):
    """Where an open dossier stands.

    :param spent: time in the present step so far
    :param left: time until the due date; zero or less is late
    """

    spent: float
    left: float


class Sample:
    """Stays and rests of finished dossiers.

    :param pairs: ``(stay, rest)`` of each dossier; ``rest`` includes the stay
    """

    def __init__(self, pairs):
        ordered = sorted(pairs, reverse=True)
        self.stays = [stay for stay, _rest in ordered]
        self.rests = [rest for _stay, rest in ordered]
        self._rising = self.stays[::-1]
        self._sums = [0.0, *accumulate(self.stays)]

    def __len__(self):
        return len(self.stays)

    def chosen(self, spent):
        """Return how many of the longest stays count, and the time spent as counted.

        Where fewer than :data:`LEAST` dossiers stayed longer than ``spent``, the
        longest stays stand for them, as if the dossier had only now reached what
        they had in common: it has been there for longer than nearly all before it.
        """
        longer = len(self.stays) - bisect_right(self._rising, spent)
        count = max(longer, min(LEAST, len(self.stays)))
        return count, min(spent, self.stays[count - 1]) if count else spent

    def chance(self, spent, left):
        """Return the chance (0 to 1) to be late; ``None`` without a sample."""
        return self.chances([Query(spent, left)])[0]

    def chances(self, queries):
        """:meth:`chance` of many, in one pass over the sample."""
        if not self.stays:
            return [1.0 if query.left <= 0 else None for query in queries]
        chosen = [self.chosen(query.spent) for query in queries]
        result = [0.0] * len(chosen)
        rests, taken = [], 0
        for index in sorted(range(len(chosen)), key=lambda i: chosen[i][0]):
            count, spent = chosen[index]
            while taken < count:
                insort(rests, self.rests[taken])
                taken += 1
            left = queries[index].left
            late = count - bisect_right(rests, spent + left)
            result[index] = 1.0 if left <= 0 else late / count
        return result

    def remaining(self, spent=0.0):
        """Return the times to the ready result of dossiers like one that has been in
        the step for ``spent``, shortest first."""
        count, spent = self.chosen(spent)
        return sorted(max(rest - spent, 0.0) for rest in self.rests[:count])

    def staying(self, spent=0.0):
        """Return how much longer such dossiers stayed in the step, shortest first."""
        count, spent = self.chosen(spent)
        return [stay - spent for stay in reversed(self.stays[:count])]

    def mean_stay(self, spent=0.0):
        """Return the mean of :meth:`staying`, without making the list."""
        count, spent = self.chosen(spent)
        return self._sums[count] / count - spent


def quantile(ordered, share):
    """Return the smallest value that at least ``share`` of the values do not exceed.

    :param ordered: values, smallest first
    :param share: more than 0, up to 1
    :return: ``None`` of no values
    """
    if not ordered:
        return None
    return ordered[max(ceil(share * len(ordered) - 1e-9), 1) - 1]


def mean(values):
    """Return the mean; ``None`` of no values."""
    return sum(values) / len(values) if values else None


class Clock:
    """Turns positions on the time line of an office into time that counted.

    :param origin: position from which it counts
    :param stops: ``(begin, end)`` positions of the stops of the clock, not overlapping
    """

    def __init__(self, origin, stops=()):
        self._stops = sorted(stops)
        self._begins = [begin for begin, _end in self._stops]
        self._origin = self._running(origin)

    def _running(self, position):
        last = bisect_left(self._begins, position)
        return position - sum(
            min(end, position) - begin for begin, end in self._stops[:last]
        )

    def at(self, position):
        """Return the time that counted from the origin to ``position``."""
        return self._running(position) - self._origin
