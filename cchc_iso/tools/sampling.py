"""The draw of a sample, the same on any machine from the same seed; no ORM here.

Algorithm ``cchc-draw/1``. The population stands in a fixed order (moment of its
period, then code of the dossier, by the bytes of the code) and is counted from 0. Draw
number ``i`` = 0, 1, 2, … takes the SHA-256 of the text ``seed/stratum/i`` (UTF-8) and
reads its first eight bytes as a whole number ``x``, highest byte first. A number from
``N·⌊2^64 / N⌋`` on is passed over, so that no dossier is likelier than another; else
the dossier at position ``x mod N`` is drawn, unless it has been already. When more than
half of the population is wanted, those are drawn that stay out.

An auditor repeats it with any programming language, or by hand with a pocket
calculator that knows SHA-256.
"""

import hashlib
from array import array
from collections import defaultdict

ALGORITHM = "cchc-draw/1"
_RANGE = 1 << 64

RANDOM, STRATIFIED, ALL_LATE, JUDGEMENT = (
    "random",
    "stratified",
    "all_late",
    "judgement",
)


def positions(seed, count, size, stratum=""):
    """Return ``size`` different positions of a population of ``count``.

    :param str seed: seed of the sample
    :param int count: how many the population has
    :param int size: how many are wanted; no more than ``count`` are given
    :param str stratum: key of the stratum, empty for the whole population
    :return: positions from 0, in the order in which they were drawn; ascending when
        those were drawn that stay out
    """
    if size <= 0 or count <= 0:
        return []
    if size >= count:
        return list(range(count))
    if 2 * size > count:
        out = set(_drawn(seed, count, count - size, stratum))
        return [position for position in range(count) if position not in out]
    return _drawn(seed, count, size, stratum)


def _drawn(seed, count, size, stratum):
    limit = _RANGE - _RANGE % count
    drawn, number = {}, 0
    while len(drawn) < size:
        digest = hashlib.sha256(f"{seed}/{stratum}/{number}".encode()).digest()
        number += 1
        value = int.from_bytes(digest[:8], "big")
        if value < limit:
            drawn.setdefault(value % count)
    return list(drawn)


def allocate(counts, size):
    """Share ``size`` among strata in proportion, by the largest remainder.

    Each stratum that has members gets at least one where the size allows; where it
    does not, the largest strata come first.

    :param dict counts: ``{stratum key: how many it has}``; keys can be sorted
    :param int size: how many are wanted; no more than there are
    :return: ``{stratum key: how many are drawn}``, whose sum is ``size``
    """
    counts = {key: count for key, count in counts.items() if count > 0}
    total = sum(counts.values())
    size = max(0, min(size, total))
    if size <= len(counts):
        first = sorted(counts, key=lambda key: (-counts[key], key))[:size]
        return {key: int(key in first) for key in counts}
    shares = {key: max(1, counts[key] * size // total) for key in counts}
    missing = size - sum(shares.values())
    while missing:
        step = 1 if missing > 0 else -1
        # Whole numbers: the remainder of count·size/total beside what is given.
        open_keys = [
            key
            for key in counts
            if (shares[key] < counts[key] if step > 0 else shares[key] > 1)
        ]
        key = min(
            open_keys,
            key=lambda key: (
                -step * (counts[key] * size - shares[key] * total),
                key,
            ),
        )
        shares[key] += step
        missing -= step
    return shares


def draw(seed, members, size):
    """Return the positions of a sample with strata.

    :param members: ``{stratum key: ascending positions in the population}``
    :return: list of ``(position, stratum key)``, stratum by stratum in order of keys
    """
    shares = allocate({key: len(own) for key, own in members.items()}, size)
    return [
        (members[key][place], key)
        for key in sorted(members)
        for place in positions(seed, len(members[key]), shares.get(key, 0), str(key))
    ]


def grouped(keys):
    """Return ``{key: ascending positions}`` of a sequence of stratum keys."""
    members = defaultdict(list)
    for position, key in enumerate(keys):
        members[key].append(position)
    return dict(members)


def unpack(data):
    """Return the whole numbers of a byte string of PostgreSQL's ``int4send``."""
    numbers = array("i")
    if numbers.itemsize != 4:
        numbers = array("l")
    numbers.frombytes(bytes(data or b""))
    if numbers and (1).to_bytes(4, "big") != array(numbers.typecode, [1]).tobytes():
        numbers.byteswap()
    return numbers


def fingerprint(codes):
    """Return the SHA-256 of a population: its codes in order, one a line."""
    return hashlib.sha256("\n".join(codes).encode()).hexdigest()


def size_for(rows, count):
    """Return the sample size that a table gives for a population of ``count``.

    :param rows: ``(from, to or None, size)``; the first row that holds ``count`` wins
    :return: the size, at most ``count``; ``None`` when no row holds it
    """
    for low, high, size in rows:
        if low <= count and (not high or count <= high):
            return min(size, count)
    return None
