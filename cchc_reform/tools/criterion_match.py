"""Which criterion of a new set is which of the set before. Plain Python, no ORM.

Sets of one authority change from year to year: criteria are numbered anew, reworded,
merged and split. What is proposed here is for a person to confirm.
"""

from collections import Counter
from difflib import SequenceMatcher
from typing import NamedTuple

#: From which likeness names are taken for the same, with and without the same number.
SAME_NUMBER, OTHER_NUMBER = 0.5, 0.8


class Node(NamedTuple):
    """A criterion as it is compared.

    ``name`` is normalised (no accents, no case); only scored criteria are compared
    with scored ones, heads with heads.
    """

    key: int
    code: str
    name: str
    is_leaf: bool


def match(new, before):
    """Return ``{key of a new criterion: key of the one before}``, each used once.

    First the same names (of several the one with the same number), then the same
    numbers with similar names, then the names that are most alike.

    >>> match([Node(1, "I.2", "ke hoach", True)], [Node(9, "I.1", "ke hoach", True)])
    {1: 9}
    """
    found = {}
    free = {node.key: node for node in before}

    def take(node, other):
        found[node.key] = other.key
        del free[other.key]

    def candidates(node):
        return [other for other in free.values() if other.is_leaf == node.is_leaf]

    for node in new:
        same = [other for other in candidates(node) if other.name == node.name]
        if same:
            take(node, max(same, key=lambda other, n=node: other.code == n.code))
    for node in new:
        if node.key in found:
            continue
        for other in candidates(node):
            if other.code == node.code and likeness(node, other) >= SAME_NUMBER:
                take(node, other)
                break
    letters = {node.name: Counter(node.name) for node in (*new, *before)}
    pairs = [
        (likeness(node, other), node, other)
        for node in new
        if node.key not in found
        for other in candidates(node)
        if _may_be_alike(letters[node.name], letters[other.name])
    ]
    for ratio, node, other in sorted(pairs, key=lambda pair: -pair[0]):
        if ratio < OTHER_NUMBER:
            break
        if node.key not in found and other.key in free:
            take(node, other)
    return found


def _may_be_alike(mine, theirs):
    """Return whether the letters of two names let them be alike: an upper bound, much
    quicker than the likeness itself, of which a big set would need tens of thousands.

    :param mine: ``Counter`` of letters
    """
    common = sum(min(count, theirs[letter]) for letter, count in mine.items())
    return 2 * common >= OTHER_NUMBER * (mine.total() + theirs.total())


def likeness(node, other):
    """Return how alike two names are, from 0 to 1, the same for both orders."""
    first, second = sorted((node.name, other.name))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()
