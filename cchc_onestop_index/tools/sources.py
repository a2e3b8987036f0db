"""What the indices count: conditions in SQL, the same for figure and list.

A dossier belongs to the period in which it was accepted (``NgayTiepNhan``) for the
index of QĐ 766, to that in which it was settled for the nine indices. The parts of an
interlinked group do not count, the group does; void dossiers never do.
"""

from typing import NamedTuple

from odoo.tools import SQL

#: Dossiers with a result for the applicant.
GIVEN = ("done", "returned")
SETTLED = ("done", "rejected_result", "returned")
ASKED = ("request_supplement", "ask_completion")
#: The nine indices that are worked out per dossier here; index 4 is known from slips.
PER_DOSSIER = (1, 2, 3, 6, 7)


class Bounds(NamedTuple):
    """Agencies in one time zone, and the period in naive UTC; ``end`` is outside."""

    companies: tuple
    start: object
    end: object


def union(statement, bounds):
    """Return a statement over all agencies, whatever their time zones."""
    return SQL(" UNION ALL ").join(SQL("(%s)", statement(bound)) for bound in bounds)


def _agency(alias, bound):
    column = SQL.identifier(alias, "company_id")
    if len(bound.companies) == 1:
        return SQL("%s = %s", column, bound.companies[0])
    return SQL("%s = ANY(%s)", column, list(bound.companies))


# ----------------------------------------------------------------------
# QĐ 766: dossiers
# ----------------------------------------------------------------------
def received_in(alias, bound):
    """Return the condition for dossiers received in the period."""
    return SQL(
        """%(agency)s AND %(at)s >= %(start)s AND %(at)s < %(end)s
           AND %(state)s <> 'void' AND %(parent)s IS NULL""",
        agency=_agency(alias, bound),
        at=SQL.identifier(alias, "accepted_at"),
        state=SQL.identifier(alias, "state"),
        parent=SQL.identifier(alias, "parent_id"),
        start=bound.start,
        end=bound.end,
    )


def received(bounds):
    """Return one row of facts per dossier received in the period."""
    return union(_facts, bounds)


def _facts(bound):
    return SQL(
        """
        SELECT d.id, d.company_id, d.procedure_id, d.channel,
               CASE WHEN d.ended_at < %(end)s THEN d.timeliness = 'late'
                    ELSE coalesce(coalesce(d.late_at, d.overdue_from) < %(end)s, FALSE)
                    END AS late,
               coalesce(d.ended_at < %(end)s, FALSE) AS is_over,
               d.state IN %(given)s AS given,
               doc.dossier_id IS NOT NULL AS has_rows,
               coalesce(doc.has_part, FALSE) AS has_part,
               coalesce(doc.has_result, FALSE) AS has_result,
               coalesce(doc.required, FALSE) AS required,
               coalesce(doc.reused, FALSE) AS reused,
               coalesce(fee.due, FALSE) AS has_fee,
               coalesce(fee.online, FALSE) AS paid_online,
               coalesce(fee.is_open, FALSE) AS fee_open
          FROM cchc_dossier d
          LEFT JOIN (
               SELECT r.dossier_id,
                      bool_or(NOT coalesce(r.is_result, FALSE)
                              AND r.digitised_at IS NOT NULL) AS has_part,
                      bool_or(r.is_result AND (r.digitised_at IS NOT NULL
                              OR r.source = 'efile')) AS has_result,
                      bool_or(r.digitise_required) AS required,
                      bool_or(r.reused_from_id IS NOT NULL) AS reused
                 FROM cchc_dossier_document r
                 JOIN cchc_dossier o ON o.id = r.dossier_id
                WHERE %(of_part)s
                GROUP BY r.dossier_id) doc ON doc.dossier_id = d.id
          LEFT JOIN (
               SELECT f.dossier_id, bool_or(f.due_amount <> 0) AS due,
                      bool_or(p.id IS NOT NULL) AS online,
                      bool_or(f.due_amount - coalesce(f.paid_amount, 0)
                              - coalesce(f.waived_amount, 0) > 0) AS is_open
                 FROM cchc_dossier_fee f
                 JOIN cchc_dossier o ON o.id = f.dossier_id
                 LEFT JOIN cchc_payment_line p ON p.fee_id = f.id
                      AND p.state = 'paid' AND p.method = 'online'
                WHERE %(of_part)s
                GROUP BY f.dossier_id) fee ON fee.dossier_id = d.id
         WHERE %(of_dossier)s
        """,
        end=bound.end,
        given=GIVEN,
        of_part=received_in("o", bound),
        of_dossier=received_in("d", bound),
    )


#: Key: (counts in the denominator, counts in the numerator), over the facts ``d``.
DOSSIER = {
    "on_time": (SQL("TRUE"), SQL("NOT d.late")),
    "online": (
        SQL("TRUE"),
        SQL("(d.channel = 'online' AND (d.has_result OR NOT d.given))"),
    ),
    "paid_online": (SQL("d.has_fee"), SQL("d.paid_online")),
    "result_file": (SQL("(d.given AND d.has_rows)"), SQL("d.has_result")),
    "digitised": (
        SQL("(d.given AND d.has_rows)"),
        SQL("(d.has_part AND d.has_result)"),
    ),
    "reused": (SQL("d.required"), SQL("d.reused")),
}
#: Over the procedures ``q`` of an agency.
PROCEDURE = {
    "offered_online": (SQL("q.level_known"), SQL("q.is_online")),
    "used_online": (SQL("q.is_online"), SQL("q.online > 0")),
    "paid_online": (SQL("q.with_fee > 0"), SQL("q.paid_online > 0")),
}
#: Over the petitions ``p`` received in the period.
PETITION = {
    "in_time": (SQL("TRUE"), SQL("NOT p.late")),
    "content": (
        SQL("p.answered"),
        SQL("NOT (p.late OR p.repeated OR p.dissatisfied)"),
    ),
}
#: Petitions about what was done, which lower the satisfaction with dossiers.
COMPLAINT = (SQL("TRUE"), SQL("(p.counted AND p.behaviour)"))


def procedures(bounds, days):
    """Return one row per procedure that an agency settles, with its dossiers.

    :param days: first and last day of the period
    """
    return union(lambda bound: _procedures(bound, days), bounds)


def _procedures(bound, days):
    return SQL(
        """
        SELECT c.company_id, c.procedure_id,
               procedure.online_level IS NOT NULL AS level_known,
               coalesce(procedure.online_level IN ('full', 'partial'), FALSE)
                   AS is_online,
               sum(c.online) AS online, sum(c.with_fee) AS with_fee,
               sum(c.paid_online) AS paid_online
          FROM (SELECT process.company_id, process.procedure_id,
                       0 AS online, 0 AS with_fee, 0 AS paid_online
                  FROM cchc_process process
                 WHERE %(agency)s AND process.state <> 'draft'
                   AND process.valid_from <= %(last)s
                   AND (process.valid_to IS NULL OR process.valid_to >= %(first)s)
                 UNION ALL
                SELECT d.company_id, d.procedure_id,
                       count(*) FILTER (WHERE d.channel = 'online'),
                       count(*) FILTER (WHERE d.has_fee),
                       count(*) FILTER (WHERE d.paid_online)
                  FROM (%(facts)s) d
                 GROUP BY d.company_id, d.procedure_id) c
          JOIN cchc_procedure procedure ON procedure.id = c.procedure_id
         GROUP BY c.company_id, c.procedure_id, procedure.online_level
        """,
        agency=_agency("process", bound),
        first=days[0],
        last=days[1],
        facts=_facts(bound),
    )


def petitions(bounds):
    """Return one row per petition received in the period."""
    return union(_petitions, bounds)


def _petitions(bound):
    return SQL(
        """
        SELECT p.id, p.company_id, p.dossier_id,
               coalesce(p.late_at < %(end)s, FALSE)
                   OR coalesce(p.next_due_at < %(end)s, FALSE) AS late,
               coalesce(p.result = 'answered', FALSE) AS answered,
               p.result IS NULL AS is_open,
               coalesce(p.is_repeat, FALSE) AS repeated,
               coalesce(p.satisfied = 'dissatisfied', FALSE) AS dissatisfied,
               coalesce(p.is_behaviour, FALSE) AS behaviour,
               %(counted)s AS counted
          FROM cchc_petition p
         WHERE %(agency)s AND p.received_at >= %(start)s AND p.received_at < %(end)s
        """,
        agency=_agency("p", bound),
        start=bound.start,
        end=bound.end,
        counted=_counted("p"),
    )


def _counted(alias):
    """Return the condition for petitions that count: not those found untrue, returned
    or transferred."""
    return SQL(
        "(coalesce(%s, '') <> 'unfounded' AND coalesce(%s, '') "
        "NOT IN ('refused', 'transferred'))",
        SQL.identifier(alias, "upheld"),
        SQL.identifier(alias, "result"),
    )


def counted(rows, alias, conditions):
    """Return a statement that counts denominators and numerators per agency."""
    columns = SQL(", ").join(
        SQL(
            "count(*) FILTER (WHERE %(applies)s AND %(met)s)::bigint, "
            "count(*) FILTER (WHERE %(applies)s)::bigint",
            applies=applies,
            met=met,
        )
        for applies, met in conditions.values()
    )
    name = SQL.identifier(alias)
    return SQL(
        "SELECT %(name)s.company_id, %(columns)s FROM (%(rows)s) %(name)s GROUP BY 1",
        name=name,
        columns=columns,
        rows=rows,
    )


def published_slips(company_ids, days):
    """Return dissatisfied slips of the published results inside the period.

    Sums that were published only: nobody works single slips out of the index.
    """
    return SQL(
        """
        SELECT result.company_id, sum(line.dissatisfied)::bigint
          FROM cchc_evaluation_result_line line
          JOIN cchc_evaluation_result result ON result.id = line.result_id
         WHERE line.dimension = 'total' AND result.state = 'published'
           AND result.is_sum IS NOT TRUE
           AND result.company_id = ANY(%s)
           AND result.date_from >= %s AND result.date_to <= %s
         GROUP BY 1
        """,
        list(company_ids),
        *days,
    )


def decisions(company_ids, days):
    """Return per agency the decisions signed in time before their text takes effect."""
    return SQL(
        """
        SELECT decision.company_id,
               count(*) FILTER (WHERE decision.date + term.amount
                                      <= decision.text_effective_on)::bigint,
               count(*)::bigint
          FROM cchc_publication_decision decision
          JOIN LATERAL (
               SELECT t.amount FROM cchc_publication_term t
                WHERE t.kind = 'notice' AND t.unit = 'calendar_day' AND t.active
                  AND (t.path IS NULL OR t.path = decision.path)
                  AND t.valid_from <= decision.date
                  AND (t.valid_to IS NULL OR t.valid_to >= decision.date)
                ORDER BY t.path IS NOT NULL DESC, t.valid_from DESC, t.id DESC
                LIMIT 1) term ON TRUE
         WHERE decision.state = 'applied' AND decision.text_effective_on IS NOT NULL
           AND decision.company_id = ANY(%s) AND decision.date BETWEEN %s AND %s
         GROUP BY 1
        """,
        list(company_ids),
        *days,
    )


# ----------------------------------------------------------------------
# Nine indices
# ----------------------------------------------------------------------
def settled(bounds, minutes):
    """Return the points of each dossier settled in the period, ``i1`` … ``i7``.

    ``NULL`` where nothing is known. ``officer_id`` is who handled the dossier last.

    Index 2 looks at the units that took part, other agencies of a group included: how
    much earlier or later than planned the steps of each ended, taken together. When the
    result is fetched is up to the applicant.

    :param minutes: a unit that was at most so much earlier took as long as it should
    """
    return union(lambda bound: _settled(bound, minutes), bounds)


def settled_in(alias, bound):
    """Return the condition for dossiers settled in the period."""
    return SQL(
        """%(agency)s AND %(at)s >= %(start)s AND %(at)s < %(end)s
           AND %(state)s IN %(settled)s AND %(parent)s IS NULL""",
        agency=_agency(alias, bound),
        at=SQL.identifier(alias, "ended_at"),
        state=SQL.identifier(alias, "state"),
        parent=SQL.identifier(alias, "parent_id"),
        settled=SETTLED,
        start=bound.start,
        end=bound.end,
    )


def _settled(bound, minutes):
    return SQL(
        """
        SELECT d.id, d.company_id, step.officer_id,
               CASE WHEN d.statutory_due_at IS NULL THEN NULL
                    ELSE CASE d.statutory_timeliness WHEN 'early' THEN 2
                         WHEN 'on_time' THEN 1 WHEN 'late' THEN 0 END END AS i1,
               CASE WHEN step.late THEN 0 WHEN step.equal THEN 1
                    WHEN NOT step.late THEN 2 END AS i2,
               CASE WHEN d.import_digest IS NOT NULL THEN NULL
                    ELSE greatest(2 - greatest(coalesce(asked.number, 0)
                         - coalesce(d.excused_contact_count, 0), 0), 0) END AS i3,
               posted.on_board + posted.in_base AS i6,
               CASE WHEN petition.counted THEN 0
                    WHEN petition.open THEN NULL
                    ELSE CASE d.timeliness WHEN 'early' THEN 2 WHEN 'on_time' THEN 1
                         WHEN 'late' THEN 0 END END AS i7
          FROM cchc_dossier d
          LEFT JOIN (
               SELECT u.dossier_id,
                      bool_or(u.over > 0) AS late,
                      bool_or(u.over BETWEEN -60 * %(minutes)s AND 0) AS equal,
                      (array_agg(u.officer_id ORDER BY u.handled_at DESC)
                       FILTER (WHERE u.officer_id IS NOT NULL))[1] AS officer_id
                 FROM (SELECT s.dossier_id,
                              sum(extract(epoch FROM s.ended_at - s.due_at))
                                  FILTER (WHERE s.role <> 'return') AS over,
                              max(s.ended_at) FILTER (WHERE %(handled)s) AS handled_at,
                              (array_agg(s.done_by_id ORDER BY s.ended_at DESC)
                               FILTER (WHERE %(handled)s))[1] AS officer_id
                         FROM (SELECT t.id, t.dossier_id, o.company_id, t.department_id,
                                      t.role, t.done_by_id, t.due_at, t.ended_at,
                                      TRUE AS own
                                 FROM cchc_dossier_step t
                                 JOIN cchc_dossier o ON o.id = t.dossier_id
                                WHERE %(of_own)s AND t.ended_at IS NOT NULL
                                UNION ALL
                               SELECT t.id, o.parent_id, o.company_id, t.department_id,
                                      t.role, t.done_by_id, t.due_at, t.ended_at, FALSE
                                 FROM cchc_dossier_step t
                                 JOIN cchc_dossier o ON o.id = t.dossier_id
                                 JOIN cchc_dossier g ON g.id = o.parent_id
                                WHERE %(of_group)s AND t.ended_at IS NOT NULL) s
                        GROUP BY s.dossier_id, s.company_id, s.department_id) u
                GROUP BY u.dossier_id) step ON step.dossier_id = d.id
          LEFT JOIN (
               SELECT e.dossier_id, count(*) AS number
                 FROM cchc_dossier_event e
                 JOIN cchc_dossier o ON o.id = e.dossier_id
                WHERE e.kind IN %(asked)s AND %(of_own)s
                GROUP BY e.dossier_id) asked ON asked.dossier_id = d.id
          LEFT JOIN (
               SELECT p.dossier_id,
                      bool_or(%(counted)s AND p.upheld IN ('upheld', 'partly'))
                          AS counted,
                      bool_or(%(counted)s AND p.upheld IS NULL) AS open
                 FROM cchc_petition p
                WHERE p.dossier_id IS NOT NULL AND p.is_behaviour
                GROUP BY p.dossier_id) petition ON petition.dossier_id = d.id
          LEFT JOIN (
               SELECT DISTINCT ON (b.company_id, b.procedure_id)
                      b.company_id, b.procedure_id,
                      coalesce(b.done_at < (b.due_on + 1)::timestamp, FALSE)::int
                          AS on_board,
                      (decision.entered_on IS NOT NULL)::int AS in_base
                 FROM cchc_posting b
                 JOIN cchc_publication_decision decision ON decision.id = b.decision_id
                WHERE %(of_board)s AND b.action = 'post' AND b.due_on < %(end)s
                ORDER BY b.company_id, b.procedure_id, b.due_on DESC, b.id DESC
               ) posted ON posted.company_id = d.company_id
                       AND posted.procedure_id = d.procedure_id
         WHERE %(of_dossier)s
        """,
        minutes=minutes,
        asked=ASKED,
        end=bound.end,
        counted=_counted("p"),
        handled=SQL("s.own AND s.role = 'handle' AND s.done_by_id IS NOT NULL"),
        of_own=settled_in("o", bound),
        of_group=settled_in("g", bound),
        of_board=_agency("b", bound),
        of_dossier=settled_in("d", bound),
    )


def desk(bounds):
    """Return per agency what was received, returned and settled at the desk.

    Settled there: no step was done in a department that does not work at the desk.
    """
    return union(_desk, bounds)


def _desk(bound):
    return SQL(
        """
        SELECT d.company_id, count(*)::bigint,
               count(*) FILTER (WHERE d.receiver_id IS NOT NULL)::bigint,
               count(*) FILTER (WHERE away.dossier_id IS NULL)::bigint
          FROM cchc_dossier d
          LEFT JOIN (
               SELECT DISTINCT s.dossier_id FROM cchc_dossier_step s
                 JOIN cchc_dossier o ON o.id = s.dossier_id
                WHERE %(of_own)s AND s.ended_at IS NOT NULL
                  AND s.department_id IS NOT NULL AND NOT EXISTS (
                      SELECT 1 FROM cchc_index_desk_department_rel r
                       WHERE r.company_id = o.company_id
                         AND r.department_id = s.department_id)
               ) away ON away.dossier_id = d.id
         WHERE %(of_dossier)s AND d.import_digest IS NULL
         GROUP BY 1
        """,
        of_own=settled_in("o", bound),
        of_dossier=settled_in("d", bound),
    )


def answered(bounds):
    """Return per agency the petitions whose answer fell due or came in the period,
    those in time, and those overdue and still unanswered."""
    return union(_answered, bounds)


def _answered(bound):
    return SQL(
        """
        SELECT p.company_id, count(*)::bigint,
               count(*) FILTER (WHERE p.answered_at <= p.answer_due_at)::bigint,
               count(*) FILTER (WHERE p.answered_at IS NULL
                                  OR p.answered_at >= %(end)s)::bigint
          FROM cchc_petition p
         WHERE %(agency)s AND p.answer_due_at IS NOT NULL
           AND coalesce(p.result, 'answered') = 'answered'
           AND (p.answered_at >= %(start)s AND p.answered_at < %(end)s
                OR p.answer_due_at < %(end)s AND coalesce(p.answered_at, %(end)s)
                   >= %(end)s AND p.waiting_since IS NULL)
         GROUP BY 1
        """,
        agency=_agency("p", bound),
        start=bound.start,
        end=bound.end,
    )


def online(bounds):
    """Return per agency the dossiers received, those online, and the late ones."""
    return union(_online, bounds)


def _online(bound):
    return SQL(
        """
        SELECT d.company_id, count(*)::bigint,
               count(*) FILTER (WHERE d.channel = 'online')::bigint,
               count(*) FILTER (WHERE d.channel = 'online' AND d.late)::bigint
          FROM (%s) d
         GROUP BY 1
        """,
        _facts(bound),
    )
