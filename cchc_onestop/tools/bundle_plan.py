"""The order of the parts of an interlinked group, without ORM.

A graph is a dict ``{part: parts that have to be done before}``; parts are any keys.
"""


class CycleError(ValueError):
    """Parts wait for each other; ``args[0]`` is the list of them."""


def order(after):
    """Return the parts so that each comes after those that it waits for.

    :raises CycleError: when that is impossible
    """
    left = {part: set(before) & set(after) for part, before in after.items()}
    result = []
    while left:
        free = [part for part, before in left.items() if not before]
        if not free:
            raise CycleError(list(left))
        result += free
        left = {
            part: before.difference(free)
            for part, before in left.items()
            if part not in free
        }
    return result


def needs(after, chosen):
    """Return ``{chosen part: chosen parts that have to be done before}``.

    Who waits for a part that nobody asked for waits for what that part waits for.
    """
    chosen = set(chosen)
    found = {}
    for part in order(after):
        direct = set()
        for before in set(after[part]) & set(after):
            direct |= {before} if before in chosen else found[before]
        found[part] = direct
    return {part: frozenset(found[part]) for part in found if part in chosen}


def ready(needed, started, released):
    """Return the parts that can begin now.

    :param needed: see :func:`needs`
    :param started: parts that have begun, ended or been left out
    :param released: parts that nobody has to wait for any longer
    """
    released = set(released)
    return [
        part
        for part, before in needed.items()
        if part not in started and before <= released
    ]


def dependents(needed, parts):
    """Return all parts that wait for ``parts``, directly or through others."""
    found = set()
    fresh = set(parts)
    while fresh:
        fresh = {
            part
            for part, before in needed.items()
            if before & fresh and part not in found
        }
        found |= fresh
    return found


def ends(needed, times):
    """Return ``{part: time from the start of the group to its end}``.

    :param times: ``{part: time that it takes}``, all in one unit; parts without a
        time of their own are left out of the result and take none
    """
    begin, result = {}, {}
    for part in order(needed):
        start = max((begin[before] for before in needed[part]), default=0)
        begin[part] = start + (times.get(part) or 0)
        if times.get(part):
            result[part] = begin[part]
    return result
