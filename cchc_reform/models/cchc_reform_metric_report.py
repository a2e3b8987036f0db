from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class CchcReformMetric(models.Model):
    """Figures of the periodic reports themselves: what was due in the period, and what
    of it was sent by its day."""

    # One file per source: see docs/architecture.md.
    _inherit = "cchc.reform.metric"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _source_report(self, scope):
        due = self._reports_due(scope)
        found = self._rows(
            SQL(
                """
                SELECT company_id, count(DISTINCT (rule_id, date_from))
                  FROM (%s) r WHERE on_time GROUP BY company_id
                """,
                self._report_rows(scope),
            )
        )
        on_time = dict(found)
        for company_id, number in due.items():
            sent = on_time.get(company_id, 0)
            for key in scope.keys:
                if key == "report_due":
                    yield company_id, key, number, None
                else:
                    # A report that no rule asked for is no reason for more than all.
                    yield company_id, key, min(sent, number), number

    @api.model
    def _reports_due(self, scope):
        """Return ``{company_id: number}`` of the reports whose due day lies in the
        period and has come."""
        companies = self.env["res.company"].browse(scope.companies)
        rules = self.env["cchc.reform.report.rule"].search(
            [("kind", "!=", "topic"), ("auto_open", "=", True)]
        )
        windows = [
            (rule, window)
            for rule in rules
            for year in range(scope.date_from.year - 1, scope.date_to.year + 2)
            for window in rule._to_rule().windows(year)
            if rule._is_in_force(window.date_to)
        ]
        return {
            company.id: sum(
                scope.date_from <= rule._due(window, company) <= scope.last_day
                for rule, window in windows
            )
            for company in companies
        }

    @api.model
    def _report_rows(self, scope):
        """Return the statement for the reports due in the period and sent."""
        return SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT id, company_id, rule_id, date_from,
                       (submitted_at AT TIME ZONE 'UTC' AT TIME ZONE %s)::date
                           <= due_date AS on_time
                  FROM cchc_reform_report
                 WHERE company_id = ANY(%s) AND kind <> 'topic'
                   AND due_date BETWEEN %s AND %s AND submitted_at IS NOT NULL
                """,
                zone,
                ids,
                scope.date_from,
                scope.last_day,
            )
            for zone, ids in self._zones(scope)
        )

    @api.model
    def _zones(self, scope):
        """Return ``[(name of the time zone, ids of agencies)]``."""
        companies = self.env["res.company"].sudo().browse(scope.companies)
        zones = {}
        for company in companies:
            zones.setdefault(company._cchc_tz().key, []).append(company.id)
        return zones.items()

    def _drill_report(self, key, scope):
        domain = Domain(
            [
                ("company_id", "in", list(scope.companies)),
                ("due_date", ">=", scope.date_from),
                ("due_date", "<=", scope.last_day),
                ("submitted_at", "!=", False),
                ("kind", "!=", "topic"),
            ]
        )
        if key == "report_due":
            # What was due and not made has no record; the list of agencies shows it.
            return None
        return "cchc.reform.report", domain & Domain("is_late", "=", False)
