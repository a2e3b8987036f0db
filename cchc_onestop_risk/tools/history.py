"""Finished dossiers, what is learnt from them and what that says of open ones."""

from collections import defaultdict
from typing import NamedTuple

from .sample import Query, Sample

#: What an estimate rests on, the closest first.
STEP, PROCEDURE, SECTOR = "step", "procedure", "sector"
#: Nothing to rest on; and nothing left to estimate.
NONE, LATE = "none", "late"


class Stay(NamedTuple):
    """The stay of a finished dossier in one step, in hours that counted."""

    role: str
    name: str
    begin: float
    end: float


class Finished(NamedTuple):
    """A dossier with a result.

    Hours are working hours without the stops of the clock, from the start of the clock.

    :param limit: hours until the appointment
    :param total: hours until the ready result
    :param late: whether an appointment was missed
    :param stays: :class:`Stay` of the steps before the return
    """

    id: int
    procedure: int
    sector: int | None
    limit: float
    total: float
    late: bool
    stays: tuple


class Open(NamedTuple):
    """An open dossier; hours as in :class:`Finished`.

    :param spent: hours in the present step
    :param elapsed: hours from the start of the clock
    :param left: hours until the due date
    :param late: a due date was missed already
    """

    id: int
    procedure: int
    sector: int | None
    role: str | None
    step: str | None
    spent: float
    elapsed: float
    left: float
    late: bool = False


class Estimate(NamedTuple):
    """The chance to be late, and how many dossiers of which group say so."""

    chance: float
    base: str
    count: int


def keys(row_procedure, row_sector, role=None, step=None):
    """Return the keys of the groups that a dossier belongs to, the closest first."""
    found = []
    if role:
        found.append((STEP, row_procedure, role, step))
    found.append((PROCEDURE, row_procedure))
    if row_sector:
        found.append((SECTOR, row_sector))
    return found


def pairs(finished):
    """Return ``{key: [(stay, rest)]}`` of finished dossiers.

    Of a step: hours in it and from it to the result. Of a procedure: hours from the
    start of the clock, twice. Of a field, whose procedures have unlike limits: the
    share of the limit that was used, twice.
    """
    groups = defaultdict(list)
    for dossier in finished:
        for stay in dossier.stays:
            groups[STEP, dossier.procedure, stay.role, stay.name].append(
                (stay.end - stay.begin, max(dossier.total, stay.end) - stay.begin)
            )
        groups[PROCEDURE, dossier.procedure].append((dossier.total, dossier.total))
        if dossier.sector and dossier.limit > 0:
            share = dossier.total / dossier.limit
            groups[SECTOR, dossier.sector].append((share, share))
    return groups


def samples(finished):
    """Return ``{key: Sample}`` of finished dossiers."""
    return {key: Sample(group) for key, group in pairs(finished).items()}


def pick(groups, row, least):
    """Return ``(key, sample)`` of the closest group with at least ``least`` dossiers;
    ``(None, None)`` where no group has."""
    for key in keys(row.procedure, row.sector, row.role, row.step):
        sample = groups.get(key)
        if sample and len(sample) >= least:
            return key, sample
    return None, None


def query(base, row):
    """Return where ``row`` stands, in the unit of a group."""
    if base == STEP:
        return Query(row.spent, row.left)
    if base == PROCEDURE:
        return Query(row.elapsed, row.left)
    limit = row.elapsed + row.left
    if limit <= 0:
        return Query(row.elapsed, row.left)
    return Query(row.elapsed / limit, row.left / limit)


def estimate(rows, groups, least):
    """Return ``{id: Estimate}`` of open dossiers.

    :param groups: ``{key: Sample}``
    :param least: dossiers that a group must have to say anything
    """
    result, asked = {}, defaultdict(list)
    for row in rows:
        if row.late or row.left <= 0:
            result[row.id] = Estimate(1.0, LATE, 0)
            continue
        key, sample = pick(groups, row, least)
        if sample is None:
            result[row.id] = Estimate(0.0, NONE, 0)
        else:
            asked[key].append(row)
    for key, group in asked.items():
        sample = groups[key]
        chances = sample.chances([query(key[0], row) for row in group])
        for row, chance in zip(group, chances, strict=True):
            result[row.id] = Estimate(chance, key[0], len(sample))
    return result


def level(chance, watch, high):
    """Return the level of a chance: ``low``, ``watch`` or ``high``."""
    if chance >= high:
        return "high"
    return "watch" if chance >= watch else "low"


def replay(finished, share):
    """Return the dossiers as they were open when ``share`` of their limit was used.

    Those that had their result by then were not open and are left out. The step is the
    one in which the dossier was; of a step that was entered twice only the last stay
    is known, so the one before it holds the dossier in between.

    :return: list of ``(Open, late)``
    """
    rows = []
    for dossier in finished:
        moment = share * dossier.limit
        if dossier.limit <= 0 or dossier.total <= moment:
            continue
        present = [s for s in dossier.stays if s.begin <= moment]
        stay = max(present, key=lambda s: s.begin, default=None)
        rows.append(
            (
                Open(
                    id=dossier.id,
                    procedure=dossier.procedure,
                    sector=dossier.sector,
                    role=stay and stay.role,
                    step=stay and stay.name,
                    spent=moment - stay.begin if stay else 0.0,
                    elapsed=moment,
                    left=dossier.limit - moment,
                ),
                dossier.late,
            )
        )
    return rows
