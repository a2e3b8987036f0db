from odoo import api, models
from odoo.tools import SQL


class CchcReformMetric(models.Model):
    """Figures of the quality system, for reports and the index (VII.4.1, VII.4.2)."""

    _inherit = "cchc.reform.metric"

    @api.model
    def _iso_parts(self, scope):
        """Return ``{part: (model, statement of company_id and what counts)}``.

        A declaration counts that was in force on the last day; audits and reviews held
        within the period whose report is approved; documents and nonconformities as
        they stand.
        """
        companies = list(scope.companies)
        held = [
            SQL(
                "(company_id = ANY(%s) AND date >= %s AND date < %s)",
                list(ids),
                start,
                end,
            )
            for ids, start, end in scope.bounds
        ]
        held = SQL(" OR ").join(held)
        return {
            "declared": SQL(
                """
                SELECT DISTINCT ON (company_id) id, company_id
                  FROM cchc_iso_declaration
                 WHERE company_id = ANY(%(companies)s) AND effective_from <= %(day)s
                   AND (ended_on IS NULL OR ended_on > %(day)s)
                   AND state IN ('published', 'superseded', 'withdrawn')
                 ORDER BY company_id, effective_from DESC
                """,
                companies=companies,
                day=scope.last_day,
            ),
            "audits": SQL(
                """
                SELECT id, company_id FROM mgmtsystem_audit
                 WHERE edition_id IS NOT NULL AND report_state = 'approved'
                   AND (%s)
                """,
                held,
            ),
            "reviews": SQL(
                """
                SELECT id, company_id FROM mgmtsystem_review
                 WHERE edition_id IS NOT NULL AND state = 'done' AND (%s)
                """,
                held,
            ),
            "documents_overdue": SQL(
                """
                SELECT id, company_id FROM cchc_iso_update_task
                 WHERE company_id = ANY(%(companies)s) AND due_date < %(day)s
                   AND done_at IS NULL AND effective_date <= %(day)s
                """,
                companies=companies,
                day=scope.last_day,
            ),
            "findings_open": SQL(
                """
                SELECT id, company_id FROM mgmtsystem_nonconformity
                 WHERE company_id = ANY(%s) AND edition_id IS NOT NULL
                   AND state NOT IN ('done', 'cancel')
                """,
                companies,
            ),
        }

    @api.model
    def _source_iso(self, scope):
        """Yield the figures of the quality system; one statement."""
        parts = self._iso_parts(scope)
        wanted = {key.removeprefix("iso_") for key in scope.keys}
        if "kept_up" in wanted:
            wanted = wanted - {"kept_up"} | {"audits", "reviews"}
        found = {
            (company_id, part): count
            for company_id, part, count in self._rows(
                SQL(" UNION ALL ").join(
                    SQL(
                        "SELECT company_id, %s, count(*) FROM (%s) r GROUP BY 1",
                        part,
                        parts[part],
                    )
                    for part in sorted(wanted)
                )
            )
        }
        for company_id in scope.companies:
            for key in scope.keys:
                if key == "iso_kept_up":
                    held = ("audits", "reviews")
                    done = sum(bool(found.get((company_id, part))) for part in held)
                    yield company_id, key, done, len(held)
                else:
                    part = key.removeprefix("iso_")
                    yield company_id, key, found.get((company_id, part), 0), None

    @api.model
    def _drill_iso(self, key, scope):
        models = {
            "iso_declared": "cchc.iso.declaration",
            "iso_audits": "mgmtsystem.audit",
            "iso_reviews": "mgmtsystem.review",
            "iso_documents_overdue": "cchc.iso.update.task",
            "iso_findings_open": "mgmtsystem.nonconformity",
        }
        if key not in models:
            return None
        statement = self._iso_parts(scope)[key.removeprefix("iso_")]
        ids = [row[0] for row in self._rows(statement)]
        return models[key], [("id", "in", ids)]
