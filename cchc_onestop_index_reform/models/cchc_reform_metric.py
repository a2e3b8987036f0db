from fractions import Fraction

from odoo import api, fields, models
from odoo.tools import SQL

#: Begin of the keys of components; their code follows in small letters.
COMPONENT = "index766_component_"


class CchcReformMetric(models.Model):
    """The index of service quality (QĐ 766/QĐ-TTg) as figures of reform.

    A figure is that of the last weekly preview counted within the period, as of the
    moment when it was counted: points over the most points. What a preview does not
    know has no points to be reached, which is not zero; an agency without a preview in
    the period has no figure.
    """

    _inherit = "cchc.reform.metric"

    topic = fields.Selection(
        selection_add=[("index766", "Index of Service Quality")],
        ondelete={"index766": "set default"},
    )

    # --- One figure per component

    @api.model
    def _add_components(self, components):
        """Add a figure for each code of components that has none yet.

        :param components: ``cchc.index.component``; editions of one share their code
        """
        self._add_figures(
            {
                COMPONENT + component.code.lower(): {
                    "name": f"{component.legal_basis or 'QĐ 766/QĐ-TTg'}: "
                    f"{component.name}",
                    "topic": "index766",
                    "source_key": "index766",
                    "source": component.note or component.name,
                    "sequence": 730 + component.sequence,
                }
                for component in components
            }
        )

    @api.model
    def _add_figures(self, wanted):
        """Add the figures that are not there yet.

        :param dict wanted: values by key
        """
        metrics = self.sudo().with_context(active_test=False)
        known = metrics.search([("key", "in", list(wanted))]).mapped("key")
        # With external ids, so that they go with this addon like what it loads.
        metrics._load_records(
            [
                {
                    "xml_id": f"cchc_onestop_index_reform.metric_{key}",
                    "noupdate": True,
                    "values": {"key": key, "unit": "share", **values},
                }
                for key, values in wanted.items()
                if key not in known
            ]
        )

    @api.model
    def _add_all_components(self):
        """Add the figures of the components that are there at the installation."""
        components = self.env["cchc.index.component"].with_context(active_test=False)
        self._add_components(
            components.search([("code", "!=", False)], order="sequence, id")
        )

    # --- The source

    @api.model
    def _index766_last(self, scope):
        """Return the statement of the last preview of each agency in the period."""
        counted = SQL(" OR ").join(
            SQL(
                "(company_id = ANY(%s) AND counted_at >= %s AND counted_at < %s)",
                list(ids),
                start,
                end,
            )
            for ids, start, end in scope.bounds
        )
        return SQL(
            """
            SELECT DISTINCT ON (company_id)
                   id, company_id, counted_at, points, known_maximum, maximum
              FROM cchc_index_snapshot
             WHERE %s
             ORDER BY company_id, counted_at DESC, id DESC
            """,
            counted,
        )

    @api.model
    def _source_index766(self, scope):
        """Yield points over most points of the last preview; one statement."""
        rows = self._rows(
            SQL(
                """
                SELECT s.company_id, s.counted_at, s.points, s.known_maximum, s.maximum,
                       lower(c.code), l.points, l.maximum
                  FROM (%s) s
                  LEFT JOIN cchc_index_snapshot_line l
                         ON l.snapshot_id = s.id AND l.state <> 'unknown'
                  LEFT JOIN cchc_index_component c ON c.id = l.component_id
                """,
                self._index766_last(scope),
            )
        )
        found = {}
        for company_id, as_of, points, known, maximum, code, *component in rows:
            parts = {
                "index766_total": (points, known),
                "index766_of_all": (points, maximum),
                "index766_known": (known, maximum),
            }
            if code:
                parts[COMPONENT + code] = component
            for key in parts.keys() & set(scope.keys):
                found[company_id, key] = (*map(exact, parts[key]), as_of)
        for (company_id, key), figure in found.items():
            yield company_id, key, *figure

    @api.model
    def _drill_index766(self, key, scope):
        """Return the previews, or their rows of one component."""
        ids = [row[0] for row in self._rows(self._index766_last(scope))]
        if key.startswith(COMPONENT):
            model, domain = "cchc.index.snapshot.line", [("snapshot_id", "in", ids)]
            code = key.removeprefix(COMPONENT)
            domain.append(("component_id.code", "=ilike", code.replace("_", r"\_")))
        else:
            model, domain = "cchc.index.snapshot", [("id", "in", ids)]
        return (model, domain) if self.env[model].has_access("read") else None


def exact(value):
    """Return what a column of points holds, whole numbers as such."""
    points = Fraction(value or 0)
    return points.numerator if points.denominator == 1 else points
