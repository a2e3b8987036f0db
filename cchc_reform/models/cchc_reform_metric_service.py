from odoo import api, models
from odoo.tools import SQL

from odoo.addons.cchc_onestop.tools import statistic

from .cchc_reform_metric_dossier import CELLS

#: Code of the apology with a new appointment among the forms of a dossier.
APOLOGY = "04"
#: Digits of a level in the classification of II.07b, by level of the agency.
LEVELS = {"province": statistic.PROVINCE, "commune": statistic.COMMUNE}


class CchcReformMetric(models.Model):
    """Figures of how dossiers are served: paid online, digitised, apologised for.

    Where nothing of the kind happened the denominator is 0 and the share not known.
    """

    # One file per source: see docs/architecture.md.
    _inherit = "cchc.reform.metric"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _service_rows(self, scope, part):
        """Return the statement of rows ``id, company_id, good``, each counted once.

        :param part: function of ``(agencies, start, end)`` that gives those of agencies
            in one time zone
        """
        return SQL(" UNION ALL ").join(
            SQL("(%s)", part(list(companies), start, end))
            for companies, start, end in scope.bounds
        )

    @api.model
    def _service_shares(self, scope, rows):
        """Return the share of good rows for each key of a source with one figure."""
        good = (SQL("good"), SQL("TRUE"))
        return self._count_each(scope, rows, dict.fromkeys(scope.keys, good))

    # --- Fees paid online

    @api.model
    def _paid_rows(self, scope):
        """Dossiers of which a fee was paid in the period, and whether online.

        A payment that was cancelled or given back does not count.
        """
        return SQL(
            """SELECT d.id, d.company_id, bool_or(l.method = 'online') AS good
                 FROM cchc_payment_line l
                 JOIN cchc_dossier d ON d.id = l.dossier_id
                WHERE d.company_id = ANY(%s) AND l.state = 'paid'
                  AND l.paid_on BETWEEN %s AND %s
             GROUP BY d.id, d.company_id""",
            list(scope.companies),
            scope.date_from,
            scope.date_to,
        )

    @api.model
    def _source_payment(self, scope):
        return self._service_shares(scope, self._paid_rows(scope))

    @api.model
    def _ids_payment(self, key, scope):
        return SQL("SELECT id FROM (%s) r WHERE good", self._paid_rows(scope))

    def _drill_payment(self, key, scope):
        return "cchc.dossier", self._counted_in(key, scope)

    # --- Parts as electronic files

    @api.model
    def _digitised_rows(self, scope):
        """Parts received with the dossiers accepted in the period, and whether there
        is a file of them (or the data of a database stands for them).

        Parts of a group of dossiers are those handed in once.
        """

        def part(companies, start, end):
            return SQL(
                """SELECT p.id, d.company_id,
                          p.source <> 'paper' OR EXISTS (
                              SELECT FROM cchc_dossier_document_attachment_rel f
                               WHERE f.document_id = p.id) AS good
                     FROM cchc_dossier d
                     JOIN cchc_dossier_document p ON p.dossier_id = d.id
                    WHERE d.company_id = ANY(%s)
                      AND d.accepted_at >= %s AND d.accepted_at < %s
                      AND d.state <> 'void' AND p.received
                      AND p.is_result IS NOT TRUE AND p.shared_from_id IS NULL""",
                companies,
                start,
                end,
            )

        return self._service_rows(scope, part)

    @api.model
    def _source_digitised(self, scope):
        return self._service_shares(scope, self._digitised_rows(scope))

    @api.model
    def _ids_digitised(self, key, scope):
        return SQL("SELECT id FROM (%s) r WHERE good", self._digitised_rows(scope))

    def _drill_digitised(self, key, scope):
        return "cchc.dossier.document", self._counted_in(key, scope)

    # --- Apologies

    @api.model
    def _apology_rows(self, scope):
        """Late dossiers of the period, as II.06a counts them, and whether an apology
        with a new appointment was issued for them by its end."""
        late = sorted(CELLS["dossier_late"][0])
        parts = SQL(" UNION ALL ").join(self._dossier_parts(scope))
        return SQL(
            """SELECT c.res_id AS id, c.company_id, EXISTS (
                      SELECT FROM cchc_dossier_paper p
                       WHERE p.dossier_id = c.res_id AND p.code = %s
                         AND p.state = 'issued' AND p.issued_at < %s) AS good
                 FROM (%s) c WHERE c.cell = ANY(%s)""",
            APOLOGY,
            max(end for _companies, _start, end in scope.bounds),
            parts,
            late,
        )

    @api.model
    def _source_apology(self, scope):
        return self._service_shares(scope, self._apology_rows(scope))

    @api.model
    def _ids_apology(self, key, scope):
        return SQL("SELECT id FROM (%s) r WHERE good", self._apology_rows(scope))

    def _drill_apology(self, key, scope):
        return "cchc.dossier", self._counted_in(key, scope)

    # --- Procedures at the one-stop desk

    @api.model
    def _procedure_rows(self, scope):
        """Procedures of the agency's level in force on the last day, as II.07b counts
        them, and whether its one-stop desk settles them: they are received there, and
        the agency has a process for them."""
        companies = self.env["res.company"].sudo().browse(scope.companies)
        return SQL(" UNION ALL ").join(
            SQL(
                """SELECT res_id AS id, company_id, mod(cell, 10) = %s AS good
                     FROM (%s) c WHERE cell / 10 = %s""",
                statistic.ONE_STOP | statistic.PROCESS,
                statistic.procedures(
                    company.id,
                    [int(key) for key in company.parent_path.split("/") if key],
                    scope.last_day,
                ),
                LEVELS.get(company.cchc_level, statistic.OTHER_LEVEL),
            )
            for company in companies
        )

    @api.model
    def _source_procedure(self, scope):
        return self._service_shares(scope, self._procedure_rows(scope))

    @api.model
    def _ids_procedure(self, key, scope):
        return SQL("SELECT id FROM (%s) r WHERE good", self._procedure_rows(scope))

    def _drill_procedure(self, key, scope):
        return "cchc.procedure", self._counted_in(key, scope)
