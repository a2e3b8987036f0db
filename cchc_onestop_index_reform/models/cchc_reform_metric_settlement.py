from odoo import api, fields, models
from odoo.tools import SQL

from .cchc_reform_metric import exact

#: Begin of the keys of the nine indices; their number follows.
INDEX = "settlement_index_"


class CchcReformMetric(models.Model):
    """The nine indices of settling (TT 01/2018/TT-VPCP) as figures of reform.

    A figure is that of the last published evaluation whose period ends within the
    period asked for, as of the moment when it was scored: appraised points over the
    standard points. An index that is not known there is no figure, which is not zero.
    """

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.reform.metric"  # pylint: disable=consider-merging-classes-inherited

    topic = fields.Selection(
        selection_add=[("settlement", "Evaluation of Settlement")],
        ondelete={"settlement": "set default"},
    )

    @api.model
    def _add_settlement_indices(self):
        """Add a figure for each of the nine indices."""
        self._add_figures(
            {
                f"{INDEX}{index.number}": {
                    "name": f"TT 01/2018/TT-VPCP, chỉ số {index.number}: {index.name}",
                    "topic": "settlement",
                    "source_key": "settlement",
                    "source": index.note or index.name,
                    "sequence": 800 + index.number,
                }
                for index in self.env["cchc.settlement.index"].search([])
            }
        )

    @api.model
    def _settlement_last(self, scope):
        """Return the statement of the last evaluation of each agency in the period."""
        return SQL(
            """
            SELECT DISTINCT ON (company_id)
                   id, company_id, computed_at, final_points, known_maximum
              FROM cchc_settlement_review
             WHERE state = 'published' AND company_id = ANY(%s)
               AND date_to BETWEEN %s AND %s
             ORDER BY company_id, date_to DESC, date_from, id DESC
            """,
            list(scope.companies),
            scope.date_from,
            scope.date_to,
        )

    @api.model
    def _source_settlement(self, scope):
        """Yield appraised points over standard points; one statement."""
        rows = self._rows(
            SQL(
                """
                SELECT r.company_id, r.computed_at,
                       r.final_points::numeric, r.known_maximum::numeric,
                       l.number, l.final_points::numeric, i.maximum::numeric
                  FROM (%s) r
                  LEFT JOIN cchc_settlement_review_line l
                         ON l.review_id = r.id AND l.is_final_known
                  LEFT JOIN cchc_settlement_index i ON i.id = l.index_id
                """,
                self._settlement_last(scope),
            )
        )
        found = {}
        for company_id, as_of, points, known, number, *index in rows:
            parts = {"settlement_total": (points, known)}
            if number:
                parts[f"{INDEX}{number}"] = index
            for key in parts.keys() & set(scope.keys):
                found[company_id, key] = (*map(exact, parts[key]), as_of)
        for (company_id, key), figure in found.items():
            yield company_id, key, *figure

    @api.model
    def _drill_settlement(self, key, scope):
        """Return the evaluations, or their rows of one index."""
        ids = [row[0] for row in self._rows(self._settlement_last(scope))]
        if key.startswith(INDEX):
            model, domain = "cchc.settlement.review.line", [("review_id", "in", ids)]
            domain.append(("number", "=", int(key.removeprefix(INDEX))))
        else:
            model, domain = "cchc.settlement.review", [("id", "in", ids)]
        return (model, domain) if self.env[model].has_access("read") else None
