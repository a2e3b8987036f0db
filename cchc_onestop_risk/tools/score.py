"""How good warnings were: compares chances that were given with what happened."""

from bisect import bisect_left, bisect_right
from typing import NamedTuple


class Score(NamedTuple):
    """Warnings beside outcomes.

    :param number: dossiers
    :param late: of them late in the end
    :param warned: of them warned of
    :param hits: warned of and late
    """

    number: int
    late: int
    warned: int
    hits: int

    @property
    def precision(self):
        """Share of the warnings that came true; ``None`` without a warning."""
        return self.hits / self.warned if self.warned else None

    @property
    def recall(self):
        """Share of the late dossiers that were warned of; ``None`` without any."""
        return self.hits / self.late if self.late else None


def score(pairs, threshold):
    """Return the :class:`Score` of warnings from ``threshold`` (0 to 1) on.

    :param pairs: ``(chance, late)``
    """
    warned = [late for chance, late in pairs if chance >= threshold]
    return Score(
        len(pairs), sum(1 for _chance, late in pairs if late), len(warned), sum(warned)
    )


def brier(pairs):
    """Return the mean squared distance of chance and outcome: 0 is perfect."""
    if not pairs:
        return None
    return sum((chance - bool(late)) ** 2 for chance, late in pairs) / len(pairs)


def area(pairs):
    """Return the chance that a late dossier stood above one in time (AUC).

    Equals count half; ``None`` unless there are both.
    """
    late = sorted(chance for chance, is_late in pairs if is_late)
    timely = sorted(chance for chance, is_late in pairs if not is_late)
    if not late or not timely:
        return None
    above = sum(bisect_left(timely, c) + bisect_right(timely, c) for c in late)
    return above / (2 * len(late) * len(timely))
