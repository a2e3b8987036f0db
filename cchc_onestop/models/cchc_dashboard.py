from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.transitions import HELD_STATES
from .cchc_statistic import midnight

#: Bars of one chart.
MOST = 12


class CchcDashboard(models.AbstractModel):
    """The figures of an agency for its leader, on one page.

    Read by a fixed number of statements over the dossiers that the reader may see;
    dossiers of an interlinked group count as one. Each figure comes with the domain
    that lists its dossiers.
    """

    _name = "cchc.dashboard"
    _description = "Dashboard"

    @api.model
    def get_data(self, date_from, date_to, sector_id=False):
        """Return all figures of a period.

        :param date_from: first day, ``YYYY-MM-DD``
        :param date_to: last day
        :param sector_id: only this field
        """
        self.env["cchc.dossier"].check_access("read")
        self.env.flush_all()
        start, end = self._moments(date_from, date_to)
        domains = self._domains(start, end, sector_id)
        query = self.env["cchc.dossier"]._search(
            domains["counted"] + [("accepted_at", "!=", False)]
        )
        source = SQL(
            """(SELECT d.*, procedure.sector_id
                  FROM %(dossiers)s d
                  JOIN cchc_procedure procedure ON procedure.id = d.procedure_id
                 WHERE (d.is_open IS TRUE OR (d.accepted_at < %(end)s
                        AND (d.ended_at >= %(start)s OR d.accepted_at >= %(start)s)))
               ) d""",
            # The rows themselves: joining them by id once more can cost minutes when
            # the planner's statistics are old.
            dossiers=query.subselect(SQL("%s.*", SQL.identifier(query.table))),
            start=start,
            end=end,
        )
        return {
            "tiles": self._tiles(source, start, end),
            "sectors": self._rates(source, start, end, "sector_id", "cchc.sector"),
            "departments": self._rates(
                source, start, end, "department_id", "hr.department"
            ),
            "months": self._months(source, start, end),
            "officers": self._officers(source),
            "causes": self._causes(source, start, end),
            "times": self._times(source, start, end),
            "domains": {key: _plain(domain) for key, domain in domains.items()},
            "agency": self.env.company.name,
        }

    @api.model
    def get_choices(self):
        """Return what the period picker offers: ``{kind: [(name, from, to)]}``."""
        today = self.env.company._cchc_local_date(fields.Datetime.now())
        choices = []
        for rule in self.env["cchc.period.rule"].search(
            ["|", ("valid_to", "=", False), ("valid_to", ">=", today)]
        ):
            arithmetic = rule._to_rule()
            present = arithmetic.containing(today)
            for period in (present, arithmetic.before(present)):
                choices.append(
                    {
                        "name": rule._period_name(period),
                        "rule": rule.name,
                        "from": str(period.start),
                        "to": str(period.end),
                    }
                )
        return {
            "periods": choices,
            "sectors": self.env["cchc.sector"].search_read([], ["name"], limit=500),
            "year": [f"{today.year}-01-01", str(today)],
        }

    @api.model
    def get_month(self, first_day):
        """Return the moments between which a month of the agency lies, as texts."""
        zone = self.env.company._cchc_tz()
        day = fields.Date.to_date(first_day)
        following = (day + timedelta(days=32)).replace(day=1)
        return [
            fields.Datetime.to_string(midnight(each, zone)) for each in (day, following)
        ]

    @api.model
    def _moments(self, date_from, date_to):
        zone = self.env.company._cchc_tz()
        start = midnight(fields.Date.to_date(date_from), zone)
        end = midnight(fields.Date.to_date(date_to) + timedelta(days=1), zone)
        return start, min(end, max(fields.Datetime.now(), start))

    @api.model
    def _domains(self, start, end, sector_id):
        """Return the domain behind every tile."""
        counted = [
            ("parent_id", "=", False),
            ("state", "!=", "void"),
            ("company_id", "in", self.env.companies.ids),
        ]
        if sector_id:
            counted.append(("procedure_id.sector_id", "=", sector_id))
        now = fields.Datetime.now()
        tonight = midnight(
            self.env.company._cchc_local_date(now) + timedelta(days=1),
            self.env.company._cchc_tz(),
        )
        soon = tonight + timedelta(days=3)
        ended = [*counted, ("ended_at", ">=", start), ("ended_at", "<", end)]
        opened = [*counted, ("is_open", "=", True)]
        due = [*opened, ("late_at", "=", False), ("state", "not in", list(HELD_STATES))]
        return {
            "counted": counted,
            "received": [
                *counted,
                ("accepted_at", ">=", start),
                ("accepted_at", "<", end),
            ],
            "settled": ended,
            "late": [*ended, ("timeliness", "=", "late")],
            "causes": [
                *counted,
                "|",
                "&",
                "&",
                ("ended_at", ">=", start),
                ("ended_at", "<", end),
                ("timeliness", "=", "late"),
                "&",
                ("is_open", "=", True),
                ("overdue_from", "<", now),
            ],
            "in_process": opened,
            "due_today": [*due, ("due_at", ">=", now), ("due_at", "<", tonight)],
            "due_soon": [*due, ("due_at", ">=", tonight), ("due_at", "<", soon)],
            "overdue": [*opened, ("overdue_from", "<", now)],
            "unexplained": [
                *opened,
                ("overdue_from", "<", now),
                ("late_reason_id", "=", False),
            ],
        }

    def _fetch(self, statement):
        self.env.cr.execute(statement)
        columns = [column.name for column in self.env.cr.description]
        return [dict(zip(columns, row, strict=True)) for row in self.env.cr.fetchall()]

    def _tiles(self, source, start, end):
        now = fields.Datetime.now()
        tonight = midnight(
            self.env.company._cchc_local_date(now) + timedelta(days=1),
            self.env.company._cchc_tz(),
        )
        ended = SQL("ended_at >= %s AND ended_at < %s", start, end)
        running = SQL("is_open AND late_at IS NULL AND state NOT IN %s", HELD_STATES)
        row = self._fetch(
            SQL(
                """
                SELECT count(*) FILTER (WHERE %(accepted)s) AS received,
                       count(*) FILTER (WHERE %(ended)s) AS settled,
                       count(*) FILTER (WHERE %(ended)s AND timeliness = 'late')
                           AS late,
                       count(*) FILTER (WHERE is_open) AS in_process,
                       count(*) FILTER (WHERE %(running)s AND due_at >= %(now)s
                           AND due_at < %(tonight)s) AS due_today,
                       count(*) FILTER (WHERE %(running)s AND due_at >= %(tonight)s
                           AND due_at < %(soon)s) AS due_soon,
                       count(*) FILTER (WHERE is_open AND overdue_from < %(now)s)
                           AS overdue,
                       count(*) FILTER (WHERE is_open AND overdue_from < %(now)s
                           AND late_reason_id IS NULL) AS unexplained
                  FROM %(source)s
                """,
                source=source,
                accepted=SQL("accepted_at >= %s AND accepted_at < %s", start, end),
                ended=ended,
                running=running,
                now=now,
                tonight=tonight,
                soon=tonight + timedelta(days=3),
            )
        )[0]
        row["late_percent"] = _percent(row["late"], row["received"])
        row["on_time_percent"] = _percent(row["settled"] - row["late"], row["settled"])
        return row

    def _rates(self, source, start, end, column, model):
        """Return received, settled and late per field or department."""
        rows = self._fetch(
            SQL(
                """
                SELECT %(column)s AS id,
                       count(*) FILTER (WHERE %(accepted)s) AS received,
                       count(*) FILTER (WHERE %(ended)s) AS settled,
                       count(*) FILTER (WHERE %(ended)s AND timeliness = 'late')
                           AS late,
                       count(*) FILTER (WHERE is_open) AS in_process
                  FROM %(source)s
                 GROUP BY 1
                 ORDER BY 2 DESC
                 LIMIT %(most)s
                """,
                column=SQL.identifier(column),
                accepted=SQL("accepted_at >= %s AND accepted_at < %s", start, end),
                ended=SQL("ended_at >= %s AND ended_at < %s", start, end),
                source=source,
                most=MOST,
            )
        )
        return self._named(rows, model)

    def _named(self, rows, model):
        """Give the rows names; those of nobody come last."""
        records = self.env[model].sudo().browse(row["id"] for row in rows if row["id"])
        names = {record.id: record.display_name for record in records}
        for row in rows:
            row["name"] = names.get(row["id"]) or self.env._("None")
            if "settled" in row:
                row["on_time_percent"] = _percent(
                    row["settled"] - row["late"], row["settled"]
                )
        return rows

    def _months(self, source, start, end):
        zone = self.env.company._cchc_tz().key
        return self._fetch(
            SQL(
                """
                SELECT to_char(month, 'MM/YYYY') AS name,
                       to_char(month, 'YYYY-MM-DD') AS month,
                       sum(received)::bigint AS received,
                       sum(settled)::bigint AS settled, sum(late)::bigint AS late
                  FROM (
                       SELECT date_trunc('month',
                                  accepted_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s
                              ) AS month,
                              1 AS received, 0 AS settled, 0 AS late
                         FROM %(source)s
                        WHERE accepted_at >= %(start)s AND accepted_at < %(end)s
                       UNION ALL
                       SELECT date_trunc('month',
                                  ended_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s),
                              0, 1, CASE WHEN timeliness = 'late' THEN 1 ELSE 0 END
                         FROM %(source)s
                        WHERE ended_at >= %(start)s AND ended_at < %(end)s) moves
                 GROUP BY month ORDER BY month
                """,
                zone=zone,
                source=source,
                start=start,
                end=end,
            )
        )

    def _officers(self, source):
        rows = self._fetch(
            SQL(
                """
                SELECT user_id AS id, count(*) AS in_process,
                       count(*) FILTER (WHERE overdue_from < %s) AS overdue
                  FROM %s
                 WHERE is_open
                 GROUP BY 1 ORDER BY 2 DESC LIMIT %s
                """,
                fields.Datetime.now(),
                source,
                MOST,
            )
        )
        return self._named(rows, "res.users")

    def _causes(self, source, start, end):
        rows = self._fetch(
            SQL(
                """
                SELECT late_reason_id AS id, count(*) AS number
                  FROM %s
                 WHERE (ended_at >= %s AND ended_at < %s AND timeliness = 'late')
                    OR (is_open AND overdue_from < %s)
                 GROUP BY 1 ORDER BY 2 DESC
                """,
                source,
                start,
                end,
                fields.Datetime.now(),
            )
        )
        rows = self._named(rows, "cchc.reason")
        for row in rows:
            if not row["id"]:
                row["name"] = self.env._("Not stated")
        return rows

    def _times(self, source, start, end):
        """Return the mean time taken beside the committed and the statutory one.

        In calendar days from the start of the clock to its end, beside the appointment
        and the statutory due date counted the same way.
        """
        rows = self._fetch(
            SQL(
                """
                SELECT sector_id AS id, count(*) AS number,
                       round((avg(extract(epoch FROM ended_at - clock_start_at))
                           / 86400)::numeric, 1)::float AS taken,
                       round((avg(extract(epoch FROM unextended_due_at
                           - clock_start_at)) / 86400)::numeric, 1)::float
                           AS committed,
                       round((avg(extract(epoch FROM statutory_due_at
                           - clock_start_at)) / 86400)::numeric, 1)::float
                           AS statutory
                  FROM %s
                 WHERE ended_at >= %s AND ended_at < %s
                   AND clock_start_at IS NOT NULL
                 GROUP BY 1 ORDER BY 2 DESC LIMIT %s
                """,
                source,
                start,
                end,
                MOST,
            )
        )
        return self._named(rows, "cchc.sector")


def _percent(part, whole):
    """Return a share in per cent with one decimal; ``None`` without a whole."""
    return round(100 * part / whole, 1) if whole else None


def _plain(domain):
    """Return a domain as the client takes it: moments as texts."""
    return [
        (*term[:2], fields.Datetime.to_string(term[2]))
        if isinstance(term[-1], datetime)
        else term
        for term in domain
    ]
