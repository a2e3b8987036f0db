from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.objective import METRICS, Figure

#: Column that takes a figure apart, by what it is counted on.
_SPLITS = {
    "": SQL("NULL::int"),
    "department": SQL("COALESCE(handled.department_id, d.department_id)"),
    "sector": SQL("procedure.sector_id"),
    "procedure": SQL("d.procedure_id"),
}


#: A dossier counts for the department that settles it; at its end it is at the desk.
_HANDLED = """
    LEFT JOIN LATERAL (
        SELECT step.department_id FROM cchc_dossier_step step
         WHERE step.dossier_id = {dossier} AND step.role = 'handle'
           AND step.department_id IS NOT NULL
         ORDER BY step.sequence, step.id LIMIT 1) handled ON TRUE
"""


class CchcIsoMetric(models.AbstractModel):
    """The figures that objectives and reviews measure, each one SQL statement.

    ``_measure_<key>(scope)`` yields :class:`~..tools.objective.Figure`. An addon adds
    a figure with an entry in ``METRICS``, its label and its method. Nothing is counted
    under the rights of who asks: a figure of an agency is the same for everybody.
    """

    _name = "cchc.iso.metric"
    _description = "Measured Figure"

    @api.model
    def _labels(self):
        """Return ``{key: (label, source)}`` in the language of the reader."""
        ended = self.env._("Dossiers ended in the period, groups counted once")
        return {
            "on_time_share": (self.env._("Dossiers settled on time"), ended),
            "late_share": (self.env._("Dossiers settled late"), ended),
            "late_count": (self.env._("Number of late dossiers"), ended),
            "mean_time": (
                self.env._("Working time against committed time"),
                self.env._("Process records of dossiers ended in the period"),
            ),
            "step_on_time_share": (
                self.env._("Steps done on time"),
                self.env._("Steps ended in the period"),
            ),
            "supplements": (self.env._("Supplements per dossier"), ended),
            "online_share": (
                self.env._("Dossiers submitted online"),
                self.env._("Dossiers accepted in the period"),
            ),
            "satisfaction": (
                self.env._("Satisfied citizens"),
                self.env._("Evaluation slips of the period"),
            ),
            "findings_late": (
                self.env._("Nonconformities not corrected in time"),
                self.env._("Nonconformities due in the period"),
            ),
            "actions_on_time": (
                self.env._("Actions done in time"),
                self.env._("Actions due in the period"),
            ),
            "documents_overdue": (
                self.env._("Process documents overdue for a new issue"),
                self.env._("Documents to Update"),
            ),
            "manual": (
                self.env._("Entered by hand"),
                self.env._("Entered with its source"),
            ),
        }

    @api.model
    def _selection(self):
        labels = self._labels()
        return [(key, labels[key][0]) for key in METRICS]

    @api.model
    def _measure(self, key, scope):
        """Return the figures of a metric.

        Without a split one figure; with one, a figure per unit that has anything.
        """
        self.env.flush_all()
        return list(getattr(self, f"_measure_{key}")(scope))

    def _rows(self, statement):
        self.env.cr.execute(statement)
        return self.env.cr.fetchall()

    def _figures(self, statement):
        """Figures of a statement ``(split, numerator, denominator)``."""
        rows = self._rows(statement)
        return [
            Figure(int(numerator or 0), int(denominator or 0), split_id)
            for split_id, numerator, denominator in rows
        ] or []

    @api.model
    def _narrowed(self, scope):
        """Conditions of the department, field or procedure that is looked at."""
        parts = [SQL("TRUE")]
        if scope.department_ids:
            parts.append(
                SQL("%s IN %s", _SPLITS["department"], tuple(scope.department_ids))
            )
        if scope.sector_id:
            parts.append(SQL("procedure.sector_id = %s", scope.sector_id))
        if scope.procedure_id:
            parts.append(SQL("d.procedure_id = %s", scope.procedure_id))
        return SQL(" AND ").join(parts)

    @api.model
    def _handled(self, scope, dossier="d.id"):
        """Join of the department that settles a dossier, where it is asked for."""
        if scope.split == "department" or scope.department_ids:
            return SQL(_HANDLED.format(dossier=dossier))
        return SQL()

    @api.model
    def _dossiers(self, scope, moment="ended_at"):
        """``FROM … WHERE`` of the dossiers whose ``moment`` lies in the period."""
        return SQL(
            """
              FROM cchc_dossier d
              JOIN cchc_procedure procedure ON procedure.id = d.procedure_id
              %(handled)s
             WHERE d.company_id = %(company)s
               AND %(moment)s >= %(start)s AND %(moment)s < %(end)s
               AND d.parent_id IS NULL AND d.state != 'void'
               AND d.accepted_at IS NOT NULL AND %(narrowed)s
            """,
            company=scope.company_id,
            moment=SQL.identifier("d", moment),
            handled=self._handled(scope),
            start=scope.start,
            end=scope.end,
            narrowed=self._narrowed(scope),
        )

    def _dossier_figures(self, scope, numerator, denominator="count(*)", **options):
        return self._figures(
            SQL(
                "SELECT %s, %s, %s %s GROUP BY 1 ORDER BY 1",
                _SPLITS[scope.split],
                SQL(numerator),  # pylint: disable=sql-injection
                SQL(denominator),  # pylint: disable=sql-injection
                self._dossiers(scope, **options),
            )
        )

    # -- figures of dossiers
    def _measure_on_time_share(self, scope):
        return self._dossier_figures(
            scope, "count(*) FILTER (WHERE d.timeliness IS DISTINCT FROM 'late')"
        )

    def _measure_late_share(self, scope):
        return self._dossier_figures(
            scope, "count(*) FILTER (WHERE d.timeliness = 'late')"
        )

    def _measure_late_count(self, scope):
        return self._measure_late_share(scope)

    def _measure_supplements(self, scope):
        return self._dossier_figures(scope, "sum(d.supplement_count)")

    def _measure_online_share(self, scope):
        return self._dossier_figures(
            scope,
            "count(*) FILTER (WHERE d.channel = 'online')",
            moment="accepted_at",
        )

    def _measure_mean_time(self, scope):
        """Working minutes that were used over those that were committed."""
        return self._figures(
            SQL(
                """
                SELECT %(split)s, sum(d.actual_minutes), sum(d.committed_minutes)
                  FROM cchc_iso_record d
                  JOIN cchc_procedure procedure ON procedure.id = d.procedure_id
                  %(handled)s
                 WHERE d.company_id = %(company)s AND d.kind = 'end'
                   AND d.ended_at >= %(start)s AND d.ended_at < %(end)s
                   AND d.committed_minutes > 0 AND d.actual_minutes IS NOT NULL
                   AND %(narrowed)s
                 GROUP BY 1 ORDER BY 1
                """,
                split=_SPLITS[scope.split],
                handled=self._handled(scope, "d.dossier_id"),
                company=scope.company_id,
                start=scope.start,
                end=scope.end,
                narrowed=self._narrowed(scope),
            )
        )

    def _measure_step_on_time_share(self, scope):
        narrowed = SQL("TRUE")
        if scope.department_ids:
            narrowed = SQL("step.department_id IN %s", tuple(scope.department_ids))
        return self._figures(
            SQL(
                """
                SELECT %(split)s,
                       count(*) FILTER (WHERE step.ended_at <= step.due_at), count(*)
                  FROM cchc_dossier_step step
                  JOIN cchc_dossier d ON d.id = step.dossier_id
                 WHERE d.company_id = %(company)s AND step.state = 'done'
                   AND step.ended_at >= %(start)s AND step.ended_at < %(end)s
                   AND step.due_at IS NOT NULL AND d.state != 'void' AND %(narrowed)s
                 GROUP BY 1 ORDER BY 1
                """,
                split=SQL("step.department_id") if scope.split else SQL("NULL::int"),
                company=scope.company_id,
                start=scope.start,
                end=scope.end,
                narrowed=narrowed,
            )
        )

    def _measure_satisfaction(self, scope):
        return self._figures(
            SQL(
                """
                SELECT %(split)s, count(*) FILTER (
                           WHERE evaluation.level IN ('very_satisfied', 'satisfied')),
                       count(*)
                  FROM cchc_evaluation evaluation
                  JOIN cchc_dossier d ON d.id = evaluation.dossier_id
                  JOIN cchc_procedure procedure ON procedure.id = d.procedure_id
                  %(handled)s
                 WHERE evaluation.active AND evaluation.company_id = %(company)s
                   AND evaluation.evaluated_at >= %(start)s
                   AND evaluation.evaluated_at < %(end)s AND %(narrowed)s
                 GROUP BY 1 ORDER BY 1
                """,
                split=_SPLITS[scope.split],
                handled=self._handled(scope),
                company=scope.company_id,
                start=scope.start,
                end=scope.end,
                narrowed=self._narrowed(scope),
            )
        )

    # -- figures of the quality system
    def _quality_figures(self, scope, statement):
        narrowed = SQL("TRUE")
        if scope.department_ids:
            narrowed = SQL("d.department_id IN %s", tuple(scope.department_ids))
        return self._figures(
            SQL(
                statement,  # pylint: disable=sql-injection
                split=SQL("d.department_id") if scope.split else SQL("NULL::int"),
                company=scope.company_id,
                date_from=scope.date_from,
                date_to=scope.date_to,
                end=scope.end,
                zone=scope.zone,
                today=fields.Date.context_today(self),
                narrowed=narrowed,
            )
        )

    def _measure_findings_late(self, scope):
        return self._quality_figures(
            scope,
            """
            SELECT %(split)s, count(*) FILTER (
                       WHERE COALESCE(timezone(%(zone)s, timezone('UTC',
                             d.closing_date))::date, %(today)s) > d.due_date),
                   count(*)
              FROM mgmtsystem_nonconformity d
             WHERE d.company_id = %(company)s AND d.edition_id IS NOT NULL
               AND d.state != 'cancel'
               AND d.due_date BETWEEN %(date_from)s AND %(date_to)s AND %(narrowed)s
             GROUP BY 1 ORDER BY 1
            """,
        )

    def _measure_actions_on_time(self, scope):
        return self._quality_figures(
            scope,
            """
            SELECT %(split)s, count(*) FILTER (
                       WHERE timezone(%(zone)s, timezone('UTC',
                             d.date_closed))::date <= d.date_deadline), count(*)
              FROM mgmtsystem_action d
             WHERE d.company_id = %(company)s AND d.edition_id IS NOT NULL
               AND d.active
               AND d.date_deadline BETWEEN %(date_from)s AND %(date_to)s
               AND %(narrowed)s
             GROUP BY 1 ORDER BY 1
            """,
        )

    def _measure_documents_overdue(self, scope):
        """As things stood at the end of the period."""
        return self._quality_figures(
            scope,
            """
            SELECT %(split)s, count(*) FILTER (
                       WHERE d.due_date <= LEAST(%(date_to)s, %(today)s)
                         AND (d.done_at IS NULL OR d.done_at >= %(end)s)), count(*)
              FROM cchc_iso_update_task d
             WHERE d.company_id = %(company)s AND d.effective_date <= %(date_to)s
               AND %(narrowed)s
             GROUP BY 1 ORDER BY 1
            """,
        )

    def _measure_manual(self, _scope):
        """Nothing can be counted: a person enters it with its source."""
        return []

    # -- evidence
    @api.model
    def _late_dossiers(self, scope):
        """Return the late dossiers behind a figure, the latest end first."""
        rows = self._rows(
            SQL(
                "SELECT d.id %s AND d.timeliness = 'late' ORDER BY d.ended_at DESC",
                self._dossiers(scope),
            )
        )
        return self.env["cchc.dossier"].browse(row[0] for row in rows)
