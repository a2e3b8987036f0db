"""Tables of the reports on settlement: columns, identities and the counting statement.

A report puts every dossier into one cell: how it came in (first digits) and how it
stands at the end of the period (last digit). All figures, the list behind a figure,
the snapshot of a closed period and what differs from it later come from the same
classification, so they cannot contradict each other.
"""

from dataclasses import dataclass, replace

from odoo.tools import SQL

# How it came in.
ONLINE, DIRECT, CARRIED, POST = 1, 2, 3, 4
# How it stands at the end of the period.
UNKNOWN, EARLY, ON_TIME, LATE, OPEN, OVERDUE, HELD, HELD_LATE = range(8)

SETTLED = frozenset({EARLY, ON_TIME, LATE})
RUNNING = frozenset({OPEN, OVERDUE})
WAITING = frozenset({HELD, HELD_LATE})
#: Bits of a procedure in II.07b.
ONE_STOP, PROCESS = 1, 2
PROVINCE, COMMUNE, OTHER_LEVEL = 1, 2, 3


@dataclass(frozen=True)
class Choices:
    """What a report regime leaves open, see ``cchc.report.regime``."""

    withdrawn: str = "on_time"
    waiting: str = "in_time"
    extension: str = "rule"
    kiosk: str = "direct"
    twice_is_late: bool = True


@dataclass(frozen=True)
class Bounds:
    """A period in the time of some agencies: naive UTC, the end not included."""

    companies: tuple
    start: object
    end: object


@dataclass(frozen=True)
class Column:
    """One column of figures.

    :param key: technical key
    :param path: headings from the top down, official wording
    :param received: codes of how it came in that count here; ``None``: all
    :param standing: codes of how it stands that count here; ``None``: all
    """

    key: str
    path: tuple
    received: frozenset | None = None
    standing: frozenset | None = None

    def counts(self, cell):
        """Return whether dossiers of a cell are counted in this column."""
        received, standing = divmod(cell, 10)
        return (self.received is None or received in self.received) and (
            self.standing is None or standing in self.standing
        )


def _set(*codes):
    return frozenset(codes)


_IN, _DONE, _OPEN = "Nhận giải quyết", "Đã giải quyết", "Đang giải quyết"
_TOTAL = "Tổng số"
#: Headings of how a dossier stands; the circular and QĐ 766 differ in one word.
_WORDS = {EARLY: "Trước hạn", LATE: "Quá hạn", OVERDUE: "Quá hạn", OPEN: "Trong hạn"}
_WORDS |= {HELD: "Trong hạn", HELD_LATE: "Quá hạn"}


def _standing_columns(first, *groups, on_time="Trong hạn"):
    """Return the columns of how dossiers stand, each group led by its sum.

    :param int first: number of the first column
    :param groups: ``(heading, codes of the sum, codes in order)``
    :param on_time: heading of what was settled on the day that was promised
    """
    wanted = [
        (heading, word, codes)
        for heading, total, parts in groups
        for word, codes in (
            (_TOTAL, total),
            *((_WORDS.get(part, on_time), _set(part)) for part in parts),
        )
    ]
    return tuple(
        Column(f"c{number}", (heading, word), None, codes)
        for number, (heading, word, codes) in enumerate(wanted, start=first)
    )


COLUMNS_06 = (
    Column("c3", (_IN, _TOTAL)),
    Column("c4", (_IN, "Trong kỳ", "Trực tuyến"), _set(ONLINE)),
    Column("c5", (_IN, "Trong kỳ", "Trực tiếp, dịch vụ bưu chính"), _set(DIRECT)),
    Column("c6", (_IN, "Từ kỳ trước"), _set(CARRIED)),
    *_standing_columns(
        7,
        (_DONE, SETTLED, (EARLY, ON_TIME, LATE)),
        (_OPEN, RUNNING, (OPEN, OVERDUE)),
        on_time="Đúng hạn",
    ),
)
_REC, _PROC, _RUN, _HOLD = "Tiếp nhận", "Đã xử lý", "Đang xử lý", "Tạm dừng"
COLUMNS_766 = (
    Column("c3", (_REC, _TOTAL)),
    Column("c4", (_REC, "Kỳ trước"), _set(CARRIED)),
    Column("c5", (_REC, "Trong kỳ", _TOTAL), _set(ONLINE, DIRECT, POST)),
    Column("c6", (_REC, "Trong kỳ", "Trực tuyến"), _set(ONLINE)),
    Column("c7", (_REC, "Trong kỳ", "Trực tiếp"), _set(DIRECT)),
    Column("c8", (_REC, "Trong kỳ", "BCCI"), _set(POST)),
    *_standing_columns(
        9,
        (_PROC, SETTLED, (EARLY, ON_TIME, LATE)),
        (_RUN, RUNNING, (OPEN, OVERDUE)),
        (_HOLD, WAITING, (HELD, HELD_LATE)),
    ),
)
_ALL, _DESK, _STEPS = (
    "Tổng số TTHC",
    "Thực hiện theo cơ chế một cửa, một cửa liên thông",
    "Quy trình nội bộ đã ban hành",
)
_NEVER = frozenset()
COLUMNS_07B = tuple(
    Column(f"c{3 + 4 * block + index}", (title, label), received, standing)
    for block, (title, standing) in enumerate(
        (
            (_ALL, None),
            (_DESK, _set(ONE_STOP, ONE_STOP | PROCESS)),
            (_STEPS, _set(PROCESS, ONE_STOP | PROCESS)),
        )
    )
    for index, (label, received) in enumerate(
        (
            (_TOTAL, None),
            ("Cấp tỉnh", _set(PROVINCE)),
            # No district since 1-7-2025; the official table keeps its column.
            ("Cấp huyện", _NEVER),
            ("Cấp xã", _set(COMMUNE)),
        )
    )
)


def columns_07a(reasons):
    """Return the columns of II.07a.

    :param reasons: ``[(id, code)]`` of the reasons of delay
    """
    return (
        Column("total", ("Số hồ sơ quá hạn",)),
        *(
            Column(f"reason_{id_}", ("Nguyên nhân quá hạn", code), _set(id_))
            for id_, code in reasons
        ),
        Column("unstated", ("Nguyên nhân quá hạn", "Chưa nêu"), _set(0)),
    )


#: Identities that hold in every row: left = sum of the right.
IDENTITIES = {
    "06": (
        ("c3", ("c4", "c5", "c6")),
        ("c7", ("c8", "c9", "c10")),
        ("c11", ("c12", "c13")),
        ("c3", ("c7", "c11")),
    ),
    "766": (
        ("c3", ("c4", "c5")),
        ("c5", ("c6", "c7", "c8")),
        ("c9", ("c10", "c11", "c12")),
        ("c13", ("c14", "c15")),
        ("c16", ("c17", "c18")),
        ("c3", ("c9", "c13", "c16")),
    ),
}

#: Footnotes, in the words of the printed reports.
NOTES = {
    ("withdrawn", "on_time"): "Hồ sơ rút, dừng giải quyết được tính là đã giải quyết "
    "đúng hạn; trường hợp đã quá hạn trước khi rút, dừng thì tính là quá hạn.",
    ("withdrawn", "always_on_time"): "Hồ sơ rút, dừng giải quyết được tính là đã giải "
    "quyết đúng hạn.",
    ("withdrawn", "timeliness"): "Hồ sơ rút, dừng giải quyết được tính trước hạn, đúng "
    "hạn hoặc quá hạn theo thời điểm rút, dừng.",
    ("waiting", "in_time"): "Hồ sơ đang chờ bổ sung, chờ thực hiện nghĩa vụ tài chính "
    "được tính là đang giải quyết trong hạn, trừ hồ sơ đã quá hạn trước đó.",
    ("waiting", "expiry"): "Hồ sơ đang chờ bổ sung được tính là đang giải quyết trong "
    "hạn cho đến khi hết thời hạn bổ sung.",
    ("extension", "rule"): "Hồ sơ được gia hạn tính theo quy tắc thời hạn của hồ sơ.",
    ("extension", "first"): "Hồ sơ được gia hạn tính quá hạn theo ngày hẹn trả lần "
    "đầu.",
    ("extension", "current"): "Hồ sơ được gia hạn tính theo ngày hẹn trả đã gia hạn.",
    ("kiosk", "direct"): "Hồ sơ nộp tại ki-ốt được tính là tiếp nhận trực tiếp.",
    ("kiosk", "online"): "Hồ sơ nộp tại ki-ốt được tính là tiếp nhận trực tuyến.",
    ("766", True): "Tạm dừng gồm chờ bổ sung, chờ nghĩa vụ tài chính và dừng giải "
    "quyết; hồ sơ phải bổ sung quá một lần được tính là quá hạn.",
    ("766", False): "Tạm dừng gồm chờ bổ sung, chờ nghĩa vụ tài chính và dừng giải "
    "quyết.",
    (
        "scope",
        "",
    ): "Không tính hồ sơ từ chối tiếp nhận, hồ sơ hủy để nhập lại; nhóm thủ "
    "tục liên thông được tính là một hồ sơ.",
}


# ----------------------------------------------------------------------
# Tables
# ----------------------------------------------------------------------
def figures(columns, counts):
    """Return ``{column key: figure}`` of one row.

    :param dict counts: ``{cell: number}``
    """
    return {
        column.key: sum(n for cell, n in counts.items() if column.counts(cell))
        for column in columns
    }


def headings(paths):
    """Return the rows of a table head with merged cells.

    :param paths: headings of each column from the top down
    :return: list of rows of ``(label, column, columns spanned, rows spanned)``
    """
    depth = max(len(path) for path in paths)
    rows = []
    for level in range(depth):
        row, start = [], 0
        while start < len(paths):
            path = paths[start]
            end = start + 1
            while end < len(paths) and paths[end][: level + 1] == path[: level + 1]:
                end += 1
            if len(path) > level:
                last = len(path) == level + 1
                row.append(
                    (path[level], start, end - start, depth - level if last else 1)
                )
            start = end
        rows.append(row)
    return rows


# ----------------------------------------------------------------------
# The statement
# ----------------------------------------------------------------------
def classified(form, bounds, choices):
    """Return the statement that puts every dossier of a period into its cell.

    Columns ``res_id, company_id, procedure_id, cell`` and, for II.07a, ``remedy``.
    Counted are dossiers accepted before the end of the period and not ended before its
    start; how a dossier stood at the end is read from what does not change afterwards
    (ends, missed due dates, stops, extensions), never from its present state.

    :param form: ``06``, ``07a`` or ``766``
    :param bounds: list of :class:`Bounds`
    """
    return SQL(" UNION ALL ").join(parts(form, bounds, choices))


def parts(form, bounds, choices):
    """Return the statements that :func:`classified` puts together.

    Extended dossiers are few and need a look at their extensions; the others are
    classified without, by a statement that PostgreSQL can run in parallel.
    """
    if form != "06" or choices.extension == "current":
        return [_classified(form, bound, choices) for bound in bounds]
    plain = replace(choices, extension="current")
    return [
        part
        for bound in bounds
        for part in (
            _classified(form, bound, plain, SQL("coalesce(d.extension_count, 0) = 0")),
            _classified(form, bound, choices, SQL("d.extension_count > 0")),
        )
    ]


def population(bound):
    """Return the condition for the dossiers that a period counts (alias ``d``)."""
    if len(bound.companies) == 1:
        agency = SQL("d.company_id = %s", bound.companies[0])
    else:
        agency = SQL("d.company_id = ANY(%s)", list(bound.companies))
    return SQL(
        """%(agency)s AND d.accepted_at < %(end)s
           AND (d.ended_at >= %(start)s OR d.is_open IS TRUE)
           AND d.state <> 'void' AND d.parent_id IS NULL""",
        agency=agency,
        start=bound.start,
        end=bound.end,
    )


def _classified(form, bound, choices, which=None):
    standing = _standing(form, bound.end, choices)
    if form == "07a":
        received = SQL("coalesce(d.late_reason_id, 0)")
    else:
        received = _received(form, bound.start, choices)
    statement = SQL(
        """SELECT d.id AS res_id, d.company_id, d.procedure_id,
                  %(received)s * 10 + %(standing)s AS cell%(remedy)s
             FROM cchc_dossier d
            WHERE %(population)s AND %(which)s""",
        which=which or SQL("TRUE"),
        received=received,
        standing=standing,
        remedy=SQL(", d.late_remedy AS remedy") if form == "07a" else SQL(),
        population=population(bound),
    )
    if form == "07a":
        # Only what is late, whatever its cause.
        statement = SQL(
            "SELECT * FROM (%s) late WHERE cell %% 10 IN %s",
            statement,
            (LATE, OVERDUE),
        )
    return statement


def _received(form, start, choices):
    online = ("online", "kiosk") if choices.kiosk == "online" else ("online",)
    post = SQL("WHEN d.channel = 'post' THEN %s", POST) if form == "766" else SQL()
    return SQL(
        """CASE WHEN d.accepted_at < %s THEN %s
                WHEN d.channel IN %s THEN %s %s ELSE %s END""",
        start,
        CARRIED,
        online,
        ONLINE,
        post,
        DIRECT,
    )


def _standing(form, end, choices):
    """Return the code of how a dossier stood at ``end``."""
    missed = SQL(
        "(coalesce(d.late_at, d.overdue_from) < %s%s%s)",
        end,
        _missed_first(end, choices),
        _expired(end, choices),
    )
    twice = _twice(form, end, choices)
    if form == "766":
        held = _held(end)
        standing = SQL(
            """CASE WHEN %(held)s
                    THEN CASE WHEN %(missed)s%(twice)s THEN %(held_late)s
                              ELSE %(in_hold)s END
                    WHEN %(missed)s%(twice)s THEN %(overdue)s ELSE %(open)s END""",
            held=held,
            missed=missed,
            twice=twice,
            held_late=HELD_LATE,
            in_hold=HELD,
            overdue=OVERDUE,
            open=OPEN,
        )
    else:
        standing = SQL("CASE WHEN %s THEN %s ELSE %s END", missed, OVERDUE, OPEN)
    return SQL(
        "CASE WHEN d.ended_at < %s THEN %s ELSE %s END",
        end,
        _ended(form, choices, twice),
        standing,
    )


def _ended(form, choices, twice):
    """Return the code of a dossier that ended in the period."""
    word = _word(choices)
    code = SQL(
        "CASE %s WHEN 'early' THEN %s WHEN 'on_time' THEN %s WHEN 'late' THEN %s "
        "ELSE %s END",
        word,
        EARLY,
        ON_TIME,
        LATE,
        UNKNOWN,
    )
    if choices.withdrawn == "timeliness":
        without_result = code
    elif choices.withdrawn == "always_on_time":
        without_result = SQL("%s", ON_TIME)
    else:
        without_result = SQL(
            "CASE WHEN %s = 'late' THEN %s ELSE %s END", word, LATE, ON_TIME
        )
    if form != "766":
        return SQL(
            "CASE WHEN d.state IN ('withdrawn', 'stopped') THEN %s ELSE %s END",
            without_result,
            code,
        )
    return SQL(
        """CASE WHEN d.state = 'stopped'
                THEN CASE WHEN %(word)s = 'late'%(twice)s THEN %(held_late)s
                          ELSE %(held)s END
                WHEN d.state = 'withdrawn' THEN %(without)s
                WHEN FALSE%(twice)s THEN %(late)s
                ELSE %(code)s END""",
        word=word,
        twice=twice,
        held_late=HELD_LATE,
        held=HELD,
        without=without_result,
        late=LATE,
        code=code,
    )


def _word(choices):
    """Return ``early``, ``on_time`` or ``late`` of an ended dossier."""
    if choices.extension == "first":
        return SQL(
            """CASE WHEN d.extension_count > 0 AND d.ended_at > d.unextended_due_at
                    THEN 'late' ELSE d.timeliness END"""
        )
    if choices.extension == "current":
        return SQL(
            """CASE WHEN d.extension_count > 0 AND d.late_at IS NULL
                         AND d.timeliness = 'late' AND d.ended_at <= d.due_at
                    THEN 'on_time' ELSE d.timeliness END"""
        )
    return SQL("d.timeliness")


def _missed_first(end, choices):
    """Return the further condition for open dossiers that were extended in time.

    The first appointment is the one without the extension; when the clock was stopped
    after ``end``, it is the one that the extension found.
    """
    if choices.extension == "current":
        return SQL()
    by_rule = SQL()
    if choices.extension == "rule":
        by_rule = SQL(
            """AND coalesce((SELECT r.timeliness_basis FROM cchc_deadline_rule r
                              WHERE r.id = d.deadline_rule_id), 'first') = 'first'"""
        )
    return SQL(
        """ OR (d.extension_count > 0 AND EXISTS (
                SELECT 1 FROM cchc_dossier_extension e
                 WHERE e.dossier_id = d.id AND e.number = 1
                   AND e.granted_at < %(end)s
                   AND CASE WHEN EXISTS (
                           SELECT 1 FROM cchc_dossier_pause p
                            WHERE p.dossier_id = d.id AND p.date_from >= %(end)s)
                       THEN e.due_before ELSE d.unextended_due_at END < %(end)s
                   AND NOT EXISTS (
                           SELECT 1 FROM cchc_dossier_pause p
                            WHERE p.dossier_id = d.id
                              AND p.date_from < d.unextended_due_at
                              AND p.date_from < %(end)s
                              AND (p.date_to IS NULL OR p.date_to >= %(end)s))
                ) %(by_rule)s)""",
        end=end,
        by_rule=by_rule,
    )


def _expired(end, choices):
    """Return the further condition for supplements that were not brought in time."""
    if choices.waiting != "expiry":
        return SQL()
    return SQL(
        """ OR (d.supplement_count > 0 AND EXISTS (
                SELECT 1 FROM cchc_dossier_pause p
                 WHERE p.dossier_id = d.id AND p.kind = 'supplement'
                   AND p.date_from < %(end)s AND p.expires_at < %(end)s
                   AND (p.date_to IS NULL OR p.date_to >= %(end)s)))""",
        end=end,
    )


def _held(end):
    """Return the condition for dossiers whose clock stood still at ``end``."""
    return SQL(
        """EXISTS (SELECT 1 FROM cchc_dossier_pause p
                    WHERE p.dossier_id = d.id AND p.kind IN ('supplement', 'finance')
                      AND p.date_from < %(end)s
                      AND (p.date_to IS NULL OR p.date_to >= %(end)s))""",
        end=end,
    )


def _twice(form, end, choices):
    """Return the further condition for dossiers supplemented more than once."""
    if form != "766" or not choices.twice_is_late:
        return SQL()
    return SQL(
        """ OR (d.supplement_count > 1 AND (
                SELECT count(*) FROM cchc_dossier_pause p
                 WHERE p.dossier_id = d.id AND p.kind = 'supplement'
                   AND p.date_from < %s) > 1)""",
        end,
    )


def procedures(company, ancestors, day):
    """Return the statement that puts every procedure in force into its cell (II.07b).

    :param ancestors: ids of the agency and those above it
    """
    return SQL(
        """
        SELECT DISTINCT procedure.id AS res_id, %(company)s AS company_id,
               procedure.id AS procedure_id,
               CASE procedure.level WHEN 'province' THEN %(province)s
                    WHEN 'commune' THEN %(commune)s ELSE %(other)s END * 10
               + CASE WHEN EXISTS (
                     SELECT 1 FROM cchc_procedure_channel channel
                      WHERE channel.version_id = version.id) THEN %(desk)s ELSE 0 END
               + CASE WHEN EXISTS (
                     SELECT 1 FROM cchc_process process
                      WHERE process.procedure_id = procedure.id
                        AND process.company_id = %(company)s
                        AND process.state <> 'draft'
                        AND process.valid_from <= %(day)s
                        AND (process.valid_to IS NULL
                             OR process.valid_to >= %(day)s)
                 ) THEN %(process)s ELSE 0 END AS cell
          FROM cchc_procedure procedure
          JOIN LATERAL (
               SELECT v.id FROM cchc_procedure_version v
                WHERE v.procedure_id = procedure.id AND v.state = 'published'
                  AND v.valid_from <= %(day)s
                  AND (v.valid_to IS NULL OR v.valid_to >= %(day)s)
                  AND (v.company_id IS NULL OR v.company_id = ANY(%(ancestors)s))
                ORDER BY array_position(%(ancestors)s, v.company_id) DESC NULLS LAST,
                         v.valid_from DESC, v.id DESC
                LIMIT 1
               ) version ON TRUE
         WHERE procedure.active
           AND (procedure.repealed_from IS NULL OR procedure.repealed_from > %(day)s)
        """,
        company=company,
        ancestors=list(ancestors),
        day=day,
        province=PROVINCE,
        commune=COMMUNE,
        other=OTHER_LEVEL,
        desk=ONE_STOP,
        process=PROCESS,
    )


def by_row(statement, by_agency):
    """Return the classification with ``row_id``: the field, or the agency."""
    return SQL(
        """SELECT c.*, %s AS row_id FROM (%s) c
             JOIN cchc_procedure procedure ON procedure.id = c.procedure_id""",
        SQL("c.company_id") if by_agency else SQL("procedure.sector_id"),
        statement,
    )


def counted(statement, by_agency, remedy=False):
    """Return the whole report as one statement.

    Rows ``(row_id, cell, number, remedies, is_total)``: dossiers are counted per
    procedure first, so that a million of them meet the catalogue only as some hundred
    groups. The totals are counted by the database too, not added up from the rows.
    """
    texts = SQL("array_agg(DISTINCT remedy)" if remedy else "NULL::text[]")
    return SQL(
        """
        SELECT row_id, cell, sum(n)::bigint,
               %(all_texts)s, GROUPING(row_id) = 1
          FROM (SELECT g.*, %(row)s AS row_id
                  FROM (SELECT company_id, procedure_id, cell, count(*) AS n,
                               %(texts)s AS remedies
                          FROM (%(statement)s) c
                         GROUP BY company_id, procedure_id, cell) g
                  JOIN cchc_procedure procedure ON procedure.id = g.procedure_id) r
         GROUP BY GROUPING SETS ((row_id, cell), (cell))
        """,
        row=SQL("g.company_id") if by_agency else SQL("procedure.sector_id"),
        texts=texts,
        all_texts=(
            SQL("array_agg(array_to_string(remedies, '; '))")
            if remedy
            else SQL("NULL::text[]")
        ),
        statement=statement,
    )
