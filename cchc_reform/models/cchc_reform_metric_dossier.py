from odoo import api, models
from odoo.tools import SQL

from odoo.addons.cchc_onestop.tools import statistic

_IN = frozenset({statistic.ONLINE, statistic.DIRECT})
_EVERY = frozenset({*_IN, statistic.CARRIED})
_DONE = statistic.SETTLED
_KEPT = frozenset({statistic.EARLY, statistic.ON_TIME})
_MISSED = frozenset({statistic.LATE, statistic.OVERDUE})
_ALL = frozenset(range(8))


def _cells(received, standing):
    """Return the cells of the classification: how it came in, how it stands."""
    return frozenset(10 * way + state for way in received for state in standing)


_TOTAL = _cells(_EVERY, _ALL)
_SETTLED = _cells(_EVERY, _DONE)
#: Cells of the numerator and, for rates, of the denominator.
CELLS = {
    "dossier_received": (_cells(_IN, _ALL), None),
    "dossier_carried": (_cells({statistic.CARRIED}, _ALL), None),
    "dossier_total": (_TOTAL, None),
    "dossier_online": (_cells({statistic.ONLINE}, _ALL), None),
    "dossier_settled": (_SETTLED, None),
    "dossier_settled_early": (_cells(_EVERY, {statistic.EARLY}), None),
    "dossier_settled_in_time": (_cells(_EVERY, _KEPT), None),
    "dossier_settled_late": (_cells(_EVERY, {statistic.LATE}), None),
    "dossier_open": (_cells(_EVERY, statistic.RUNNING), None),
    "dossier_open_overdue": (_cells(_EVERY, {statistic.OVERDUE}), None),
    "dossier_late": (_cells(_EVERY, _MISSED), None),
    "dossier_on_time_settled": (_cells(_EVERY, _KEPT), _SETTLED),
    "dossier_on_time_received": (_cells(_EVERY, _KEPT | {statistic.OPEN}), _TOTAL),
    "dossier_late_settled": (_cells(_EVERY, {statistic.LATE}), _SETTLED),
    "dossier_late_received": (_cells(_EVERY, _MISSED), _TOTAL),
    "dossier_online_share": (_cells({statistic.ONLINE}, _ALL), _cells(_IN, _ALL)),
}


class CchcReformMetric(models.Model):
    """Figures of dossiers: counted as the reports on settlement count them.

    Each dossier stands in one cell of the classification of II.06a
    (``cchc_onestop/tools/statistic.py``), under the report regime in force at the end
    of the period, so both reports agree.
    """

    # One file per source: see docs/architecture.md.
    _inherit = "cchc.reform.metric"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _source_dossier(self, scope):
        found = {}
        counts = SQL(" UNION ALL ").join(
            SQL("(SELECT company_id, cell, count(*) FROM (%s) c GROUP BY 1, 2)", part)
            for part in self._dossier_parts(scope)
        )
        # A few cells per agency, which PostgreSQL cannot know: room to count them in
        # one pass instead of sorting the dossiers.
        self.env.cr.execute("SET LOCAL work_mem = '256MB'")
        rows = self._rows(counts)
        self.env.cr.execute("RESET work_mem")
        for company_id, cell, number in rows:
            found.setdefault(company_id, []).append((cell, number))
        for company_id, numbers in found.items():
            for key in scope.keys:
                counted, over = CELLS[key]
                yield (
                    company_id,
                    key,
                    _sum(numbers, counted),
                    None if over is None else _sum(numbers, over),
                )

    @api.model
    def _dossier_parts(self, scope):
        """Return the statements that put each dossier into its cell."""
        regime = self.env["cchc.report.regime"]
        found = regime.search(
            [
                ("valid_from", "<=", scope.date_to),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">=", scope.date_to),
            ],
            limit=1,
        )
        # Before the first regime that was entered its choices hold as well.
        found = found or regime.search([], order="valid_from", limit=1)
        choices = found._choices() if found else statistic.Choices()
        bounds = [statistic.Bounds(*bound) for bound in scope.bounds]
        return statistic.parts("06", bounds, choices)

    @api.model
    def _ids_dossier(self, key, scope):
        return SQL(
            "SELECT res_id FROM (%s) c WHERE cell = ANY(%s)",
            SQL(" UNION ALL ").join(self._dossier_parts(scope)),
            sorted(CELLS[key][0]),
        )

    def _drill_dossier(self, key, scope):
        return "cchc.dossier", self._counted_in(key, scope)

    # --- What citizens say

    @api.model
    def _source_evaluation(self, scope):
        for company_id, satisfied, number in self._rows(
            SQL(
                """SELECT company_id, sum(satisfied), count(*) FROM (%s) e
                    GROUP BY company_id""",
                SQL(" UNION ALL ").join(
                    SQL(
                        """SELECT company_id, satisfied FROM cchc_evaluation
                            WHERE active AND company_id = ANY(%s)
                              AND evaluated_at >= %s AND evaluated_at < %s""",
                        list(companies),
                        start,
                        end,
                    )
                    for companies, start, end in scope.bounds
                ),
            )
        ):
            for key in scope.keys:
                share = key == "evaluation_satisfied"
                yield (
                    company_id,
                    key,
                    satisfied if share else number,
                    number if share else None,
                )

    def _drill_evaluation(self, key, scope):
        (_companies, start, end), *_rest = scope.bounds
        domain = [
            ("company_id", "in", list(scope.companies)),
            ("active", "=", True),
            ("evaluated_at", ">=", start),
            ("evaluated_at", "<", end),
        ]
        if key == "evaluation_satisfied":
            domain.append(("satisfied", "=", 1))
        return "cchc.evaluation", domain


def _sum(numbers, cells):
    return sum(number for cell, number in numbers if cell in cells)
