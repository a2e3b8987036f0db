from odoo import api, models
from odoo.tools import SQL

from .cchc_reform_area import AREA_KEYS
from .cchc_reform_plan import PLAN_TYPES
from .cchc_reform_task import LEFT_OUT, RUNNING


class CchcReformMetric(models.Model):
    """Figures of the tasks of plans, as they stood at the end of the period.

    Counted are the plans that run on the last day of the period and stand on their own:
    a plan of a quarter or month carries out that of the year, which carries out that of
    the period of years; each task counts once. Cancelled and adjusted tasks are left
    out; regular ones count, as done when they were kept up in the period, where the
    agency says so (``res.company.cchc_count_regular``).
    """

    # One file per source: see docs/architecture.md.
    _inherit = "cchc.reform.metric"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _task_rows(self, scope):
        """Return the statement with one row per task and how it stands."""
        return SQL(
            """
            SELECT t.id, t.company_id, t.plan_type, t.area_key,
                   t.progress_state = 'regular' AS regular, counted,
                   CASE WHEN t.progress_state = 'regular' THEN kept_up
                        ELSE done END AS done,
                   kept_up AND t.progress_state = 'regular' AS kept_up,
                   done AND t.progress_state = 'done_late' AS done_late,
                   t.progress_state = ANY(%(left_out)s) AS left_out,
                   NOT done AND t.next_due < %(day)s
                   AND t.progress_state = ANY(%(running)s) AS overdue
              FROM cchc_reform_task t
              JOIN cchc_reform_plan p ON p.id = t.plan_id
              JOIN res_company c ON c.id = t.company_id
              CROSS JOIN LATERAL (
                   SELECT t.progress_state IN ('done', 'done_late')
                          AND coalesce(t.date_done, p.date_from) <= %(date_to)s AS done,
                          t.progress_state = 'regular' AND EXISTS (
                              SELECT 1 FROM cchc_reform_progress e
                               WHERE e.task_id = t.id AND e.is_corrected IS NOT TRUE
                                 AND e.has_evidence IS TRUE
                                 AND e.day BETWEEN %(date_from)s AND %(date_to)s
                          ) AS kept_up,
                          t.progress_state <> ALL(%(left_out)s) AND (
                              t.progress_state <> 'regular'
                              OR c.cchc_count_regular IS TRUE) AS counted
                   ) s
             WHERE t.company_id = ANY(%(companies)s)
              
               AND p.state IN ('approved', 'closed')
               AND %(date_to)s BETWEEN p.date_from AND p.date_to
               AND p.level <> 'period'
               AND NOT EXISTS (
                   SELECT 1 FROM cchc_reform_plan above
                    WHERE above.id = p.parent_id AND above.level <> 'period')
            """,
            companies=list(scope.companies),
            date_from=scope.date_from,
            date_to=scope.date_to,
            day=scope.last_day,
            left_out=list(LEFT_OUT),
            running=[*RUNNING, "done", "done_late"],
        )

    @api.model
    def _task_conditions(self, keys):
        """Return what each key counts among these rows."""
        reform = SQL("plan_type = 'reform'")
        conditions = {
            "task_total": (SQL("counted"), None),
            "task_done": (SQL("counted AND done"), None),
            "task_done_share": (SQL("counted AND done"), SQL("counted")),
            "task_done_late": (SQL("counted AND done_late"), None),
            "task_overdue": (SQL("overdue"), None),
            "task_regular": (SQL("regular"), None),
            "task_kept_up": (SQL("kept_up"), SQL("regular")),
            "task_left_out": (SQL("left_out"), None),
        }
        conditions = {
            key: tuple(part and SQL("%s AND %s", reform, part) for part in pair)
            for key, pair in conditions.items()
        }
        counted, done = SQL("counted"), SQL("counted AND done")
        for area, _label in AREA_KEYS:
            mine = SQL("%s AND area_key = %s", reform, area)
            conditions[f"task_done_share_{area}"] = (
                SQL("%s AND %s", mine, done),
                SQL("%s AND %s", mine, counted),
            )
        for plan_type, _label in PLAN_TYPES:
            mine = SQL("plan_type = %s", plan_type)
            conditions[f"plan_done_share_{plan_type}"] = (
                SQL("%s AND %s", mine, done),
                SQL("%s AND %s", mine, counted),
            )
        return {key: conditions[key] for key in keys}

    @api.model
    def _source_task(self, scope):
        return self._count_each(
            scope, self._task_rows(scope), self._task_conditions(scope.keys)
        )

    @api.model
    def _ids_task(self, key, scope):
        counted, _over = self._task_conditions([key])[key]
        return SQL("SELECT id FROM (%s) r WHERE %s", self._task_rows(scope), counted)

    def _drill_task(self, key, scope):
        return "cchc.reform.task", self._counted_in(key, scope)
