"""The population of a sample: which dossiers are in it, read by one SQL statement."""

import io
import struct

from odoo.tools import SQL

from . import sampling

#: Moments by which a dossier belongs to a period.
MOMENTS = ("ended_at", "accepted_at", "due_at")
#: What is sampled, by state; ``None`` takes every dossier that was accepted.
STATES = {
    "ended": ("done", "rejected_result", "returned", "withdrawn", "stopped"),
    "settled": ("done", "rejected_result", "returned"),
    "returned": ("returned",),
    "broken_off": ("withdrawn", "stopped"),
    "open": None,
    "all": None,
}
#: By what a population is divided; the column that holds the key of a stratum.
STRATA = {
    "procedure": SQL("dossier.procedure_id"),
    "department": SQL("coalesce(unit.department_id, dossier.department_id)"),
    "timeliness": SQL(
        "CASE dossier.timeliness WHEN 'early' THEN 1 WHEN 'on_time' THEN 2 "
        "WHEN 'late' THEN 3 END"
    ),
}
#: Key of what belongs to no stratum, e.g. a dossier still open by timeliness.
NO_STRATUM = 0
#: The department that settles dossiers of a process: that of its first step of work.
_UNITS = SQL(
    """
    LEFT JOIN (
        SELECT DISTINCT ON (process_id) process_id, department_id
        FROM cchc_process_step
        WHERE department_id IS NOT NULL AND role = 'handle'
        ORDER BY process_id, sequence, id
    ) unit ON unit.process_id = dossier.process_id
    """
)


class Population:
    """Dossiers of one agency that a sample may be drawn from.

    :param int company: the competent agency
    :param str moment: one of :data:`MOMENTS`
    :param start: first moment (naive UTC) of the period
    :param end: first moment after it
    :param str states: key of :data:`STATES`
    :param str timeliness: ``early``, ``on_time``, ``late`` or empty
    :param procedures: ids, or ``None`` for all
    :param processes: ids, or ``None`` for all
    :param departments: ids of the departments that settle, or ``None`` for all
    """

    def __init__(
        self,
        company,
        moment,
        start,
        end,
        states="ended",
        timeliness="",
        procedures=None,
        processes=None,
        departments=None,
    ):
        if moment not in MOMENTS:
            raise ValueError(moment)
        self.moment = moment
        self.departments = departments
        terms = [
            SQL("dossier.company_id = %s", company),
            SQL("dossier.%s >= %s", SQL(moment), start),
            SQL("dossier.%s < %s", SQL(moment), end),
            SQL("dossier.name IS NOT NULL"),
        ]
        if moment == "ended_at" or STATES[states]:
            # Repeats the predicate of the index, see ``cchc.dossier``.
            terms.append(SQL("dossier.ended_at IS NOT NULL"))
        if STATES[states]:
            terms.append(SQL("dossier.state = ANY(%s)", list(STATES[states])))
        elif states == "open":
            terms.append(SQL("dossier.is_open"))
        else:
            terms.append(SQL("dossier.state <> 'void'"))
        if timeliness:
            terms.append(SQL("dossier.timeliness = %s", timeliness))
        if procedures is not None:
            terms.append(SQL("dossier.procedure_id = ANY(%s)", list(procedures)))
        if processes is not None:
            terms.append(SQL("dossier.process_id = ANY(%s)", list(processes)))
        if departments is not None:
            terms.append(SQL("%s = ANY(%s)", STRATA["department"], list(departments)))
        self.where = SQL(" AND ").join(terms)

    def _from(self, stratum=None):
        needed = stratum == "department" or self.departments is not None
        return SQL("cchc_dossier dossier %s", _UNITS if needed else SQL())

    def _order(self):
        return SQL('dossier.%s, dossier.name COLLATE "C"', SQL(self.moment))

    def count(self, cr):
        """Return how many dossiers it has."""
        query = SQL("SELECT count(*) FROM %s WHERE %s", self._from(), self.where)
        cr.execute(query)
        return cr.fetchone()[0]

    def strata(self, cr, stratum):
        """Return ``{stratum key: how many}``."""
        query = SQL(
            "SELECT coalesce(%s, %s), count(*) FROM %s WHERE %s GROUP BY 1",
            STRATA[stratum],
            NO_STRATUM,
            self._from(stratum),
            self.where,
        )
        cr.execute(query)
        return dict(cr.fetchall())

    def fetch(self, cr, stratum=None):
        """Read the whole population once, in its order.

        :param str stratum: key of :data:`STRATA`, or ``None``
        :return: ``(ids, keys, fingerprint)``: packed ids in order, the packed keys of
            their strata (empty without strata), SHA-256 of the codes in order
        """
        # The key of its stratum beside each id, in one string: half of the work.
        packed = SQL("int4send(id)")
        if stratum:
            packed = SQL("int8send(stratum::int8 << 32 | id)")
        query = SQL(
            r"""
            SELECT string_agg(%s, ''),
                encode(sha256(convert_to(
                    coalesce(string_agg(name, E'\n'), ''), 'UTF8')), 'hex')
            FROM (
                SELECT dossier.id, dossier.name, coalesce(%s, %s) AS stratum
                FROM %s WHERE %s ORDER BY %s
            ) population
            """,
            packed,
            STRATA[stratum] if stratum else SQL("NULL"),
            NO_STRATUM,
            self._from(stratum),
            self.where,
            self._order(),
        )
        numbers, digest = _copy_row(cr, query)
        numbers = sampling.unpack(numbers)
        digest = digest.decode()
        if stratum:
            return numbers[1::2], numbers[::2], digest
        return numbers, numbers[:0], digest

    def page(self, cr, limit, text="", late=False):
        """Return the first ids whose code has ``text`` in it, newest first."""
        terms = [self.where]
        if text:
            terms.append(SQL("dossier.name ILIKE %s", f"%{_like(text)}%"))
        if late:
            terms.append(SQL("dossier.timeliness = 'late'"))
        query = SQL(
            "SELECT dossier.id FROM %s WHERE %s ORDER BY %s DESC, dossier.id DESC "
            "LIMIT %s",
            self._from(),
            SQL(" AND ").join(terms),
            SQL("dossier.%s", SQL(self.moment)),
            limit,
        )
        cr.execute(query)
        return [row[0] for row in cr.fetchall()]

    def holds(self, cr, ids):
        """Return those of ``ids`` that belong to it."""
        query = SQL(
            "SELECT dossier.id FROM %s WHERE %s AND dossier.id = ANY(%s)",
            self._from(),
            self.where,
            list(ids),
        )
        cr.execute(query)
        return {row[0] for row in cr.fetchall()}


def _copy_row(cr, query):
    """Return the fields of the one row of a query as bytes, ``None`` for NULL.

    By COPY in its binary form: read like any other result, eight megabytes of numbers
    come as sixteen of hexadecimal digits, a fifth of the time of a draw.
    """
    stream = io.BytesIO()
    cr.copy_expert(
        f"COPY ({cr.mogrify(query).decode()}) TO STDOUT (FORMAT binary)", stream
    )
    data = stream.getbuffer()
    # Signature and flags, an extension by its length, the number of fields.
    (extension,) = struct.unpack_from(">i", data, 15)
    place = 19 + extension
    (count,) = struct.unpack_from(">h", data, place)
    place += 2
    fields = []
    for _field in range(count):
        (size,) = struct.unpack_from(">i", data, place)
        place += 4
        fields.append(None if size < 0 else bytes(data[place : place + size]))
        place += max(size, 0)
    return fields


def _like(text):
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def run(population, cr, method, seed, size, stratum=None):
    """Draw from a population.

    :return: ``(drawn, count, fingerprint)`` where ``drawn`` is a list of
        ``(dossier id, stratum key or None)`` in the order of the draw
    """
    if method == sampling.STRATIFIED:
        ids, keys, digest = population.fetch(cr, stratum)
        drawn = sampling.draw(seed, sampling.grouped(keys), size)
    else:
        ids, _keys, digest = population.fetch(cr)
        if method == sampling.RANDOM:
            places = sampling.positions(seed, len(ids), size)
        elif method == sampling.ALL_LATE:
            places = range(len(ids))
        else:
            places = ()
        drawn = [(place, None) for place in places]
    return [(ids[place], key) for place, key in drawn], len(ids), digest
