from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.cchc_onestop.models.cchc_dossier_alert import epoch
from odoo.addons.cchc_onestop.tools.transitions import HELD_STATES

from ..tools.history import Finished, Open, Stay
from ..tools.sample import Clock

#: States of a dossier with a result.
RESULT_STATES = ("done", "rejected_result", "returned")
#: Dossiers read together.
CHUNK = 20_000


class CchcRiskHistory(models.AbstractModel):
    """Reads what dossiers did, in working time without the stops of the clock.

    A fixed number of statements per :data:`CHUNK`; nothing is read through the ORM.
    """

    _name = "cchc.risk.history"
    _description = "History of Dossiers"

    # -- finished dossiers
    @api.model
    def _finished(self, company, since, until, most):
        """Return the finished dossiers of an agency as :class:`Finished`.

        Those that got a result from ``since`` until before ``until``, late ones
        included; void, withdrawn and stopped ones say nothing of how long a result
        takes. Imported ones only where the times of their steps came along.

        :param most: take so many of the latest of each procedure
        """
        self.env["cchc.dossier"].flush_model()
        self.env["cchc.dossier.step"].flush_model()
        self.env["cchc.dossier.pause"].flush_model()
        self.env["cchc.procedure"].flush_model(["sector_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, procedure_id, sector_id, calendar_id, imported, late,
                       begun, ended, due
                  FROM (
                    SELECT d.id, d.procedure_id, p.sector_id, d.calendar_id,
                           d.imported,
                           d.late_at IS NOT NULL OR d.ended_at > d.due_at AS late,
                           extract(epoch FROM coalesce(d.clock_start_at, d.accepted_at)
                               )::bigint AS begun,
                           extract(epoch FROM d.ended_at)::bigint AS ended,
                           extract(epoch FROM coalesce(d.unextended_due_at, d.due_at)
                               )::bigint AS due,
                           row_number() OVER (
                               PARTITION BY d.procedure_id
                               ORDER BY d.ended_at DESC, d.id
                           ) AS place
                      FROM cchc_dossier d
                      JOIN cchc_procedure p ON p.id = d.procedure_id
                     WHERE d.company_id = %(company)s
                       AND d.ended_at >= %(since)s AND d.ended_at < %(until)s
                       AND d.state IN %(states)s
                       AND d.due_at IS NOT NULL AND d.accepted_at IS NOT NULL
                  ) AS latest
                 WHERE place <= %(most)s
                 ORDER BY id
                """,
                company=company.id,
                since=since,
                until=until,
                states=RESULT_STATES,
                most=most,
            )
        )
        found = []
        for start in range(0, len(rows), CHUNK):
            found += self._read_finished(company, rows[start : start + CHUNK])
        return found

    @api.model
    def _read_finished(self, company, rows):
        ids = [row[0] for row in rows]
        steps = defaultdict(list)
        for dossier_id, *step in self.env.execute_query(
            SQL(
                """
                SELECT dossier_id, role, name,
                       extract(epoch FROM started_at)::bigint,
                       extract(epoch FROM ended_at)::bigint
                  FROM cchc_dossier_step
                 WHERE dossier_id = ANY(%s) AND state = 'done' AND role <> 'return'
                   AND started_at IS NOT NULL AND ended_at >= started_at
                """,
                ids,
            )
        ):
            steps[dossier_id].append(step)
        stops = self._stops(ids)
        by_calendar = defaultdict(list)
        for row in rows:
            if not row[4] or row[0] in steps:
                by_calendar[row[3]].append(row)
        found = []
        for calendar_id, group in by_calendar.items():
            moments = set()
            for row in group:
                moments.update(row[6:9])
                moments.update(at for step in steps[row[0]] for at in step[2:])
                moments.update(at for stop in stops[row[0]] for at in stop if at)
            places = self._places(company, calendar_id, moments)
            for row in group:
                found.append(
                    self._as_finished(row, steps[row[0]], stops[row[0]], places)
                )
        return found

    @api.model
    def _as_finished(self, row, steps, stops, places):
        dossier_id, procedure, sector, _calendar, _imported, late, begun, ended, due = (
            row
        )
        clock = Clock(
            places[begun],
            [(places[a], places[b or ended]) for a, b in stops if (b or ended) >= a],
        )
        return Finished(
            id=dossier_id,
            procedure=procedure,
            sector=sector,
            limit=clock.at(places[due]),
            total=clock.at(places[ended]),
            late=late,
            stays=tuple(
                Stay(role, name, clock.at(places[start]), clock.at(places[end]))
                for role, name, start, end in steps
            ),
        )

    @api.model
    def _stops(self, ids):
        """Return ``{dossier id: [(begin, end or None)]}`` of the stops of the clock.

        Also those that moved no date since the dossier was late: nobody could work.
        """
        stops = defaultdict(list)
        for dossier_id, begin, end in self.env.execute_query(
            SQL(
                """
                SELECT dossier_id, extract(epoch FROM date_from)::bigint,
                       extract(epoch FROM date_to)::bigint
                  FROM cchc_dossier_pause
                 WHERE dossier_id = ANY(%s)
                """,
                list(ids),
            )
        ):
            stops[dossier_id].append((begin, end))
        return stops

    @api.model
    def _places(self, company, calendar_id, moments):
        """Return ``{epoch: working hours from the first of them}`` on a calendar."""
        calendar = self.env["resource.calendar"].sudo().browse(calendar_id or ())
        working = (calendar or company.sudo().resource_calendar_id)._cchc_working_time()
        ordered = sorted(moments)
        hours = working.elapsed_many([(ordered[0], at) for at in ordered])
        return dict(zip(ordered, hours, strict=True))

    # -- open dossiers
    @api.model
    def _open(self, ids, now):
        """Return the open ones of these dossiers of one agency as they stand at
        ``now``: pairs of :class:`Open` and the row of the database.

        Where the clock stands still, as they stood when it was stopped.
        """
        self.env["cchc.dossier"].flush_model()
        self.env["cchc.dossier.step"].flush_model()
        self.env["cchc.dossier.pause"].flush_model()
        self.env["cchc.procedure"].flush_model(["sector_id"])
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT d.id, d.company_id, d.procedure_id, p.sector_id, d.calendar_id,
                       d.state, d.due_at, d.user_id, d.department_id,
                       d.late_at IS NOT NULL AS late,
                       extract(epoch FROM d.due_at)::bigint AS due,
                       extract(epoch FROM coalesce(d.clock_start_at, d.accepted_at)
                           )::bigint AS begun,
                       s.role, s.name AS step, s.planned_amount, s.planned_unit,
                       extract(epoch FROM coalesce(s.started_at, d.accepted_at))::bigint
                           AS entered,
                       d.risk_late, d.risk_level, d.risk_base, d.risk_count
                  FROM cchc_dossier d
                  JOIN cchc_procedure p ON p.id = d.procedure_id
                  LEFT JOIN cchc_dossier_step s ON s.id = d.current_step_id
                 WHERE d.id = ANY(%s) AND d.is_open IS TRUE
                   AND d.due_at IS NOT NULL AND d.accepted_at IS NOT NULL
                """,
                list(ids),
            )
        )
        stops = self._stops([row["id"] for row in rows])
        at = epoch(now)
        by_office = defaultdict(list)
        for row in rows:
            by_office[row["company_id"], row["calendar_id"]].append(row)
        found = []
        for (company_id, calendar_id), group in by_office.items():
            moments = {at}
            for row in group:
                moments.update((row["due"], row["begun"], row["entered"]))
                moments.update(m for stop in stops[row["id"]] for m in stop if m)
            company = self.env["res.company"].sudo().browse(company_id)
            places = self._places(company, calendar_id, moments)
            for row in group:
                found.append((self._as_open(row, stops[row["id"]], places, at), row))
        return found

    @api.model
    def _as_open(self, row, stops, places, now):
        held = row["state"] in HELD_STATES
        standing = [begin for begin, end in stops if not end]
        moment = min(standing[0], now) if held and standing else now
        past = [
            (places[begin], places[end])
            for begin, end in stops
            if end and begin <= moment and end >= begin
        ]
        begun = Clock(places[row["begun"]], past)
        entered = Clock(places[row["entered"]], past)
        return Open(
            id=row["id"],
            procedure=row["procedure_id"],
            sector=row["sector_id"],
            role=row["role"],
            step=row["step"],
            spent=max(entered.at(places[moment]), 0.0),
            elapsed=max(begun.at(places[moment]), 0.0),
            left=places[row["due"]] - places[moment],
            late=row["late"],
        )
