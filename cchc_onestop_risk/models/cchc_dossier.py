from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.cchc_onestop.tools import replay

from ..tools import history

LEVELS = [("low", "Low"), ("watch", "To watch"), ("high", "At risk")]
BASES = [
    (history.STEP, "This step"),
    (history.PROCEDURE, "The procedure"),
    (history.SECTOR, "The field"),
    (history.NONE, "Not enough history"),
    (history.LATE, "Overdue"),
]
_OWN = frozenset({"risk_late", "risk_level", "risk_base", "risk_count", "risk_at"})


class CchcDossier(models.Model):
    """The chance of an open dossier to be late.

    Written by plain statements only, where it changed: neither the ledger nor the last
    change of the dossier knows of it, since nothing happened to the dossier.
    """

    _inherit = "cchc.dossier"

    risk_late = fields.Float(
        string="Chance to Be Late",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Share (0 to 1) of comparable finished dossiers that took longer than the "
        "time that this one has left",
    )
    risk_level = fields.Selection(
        LEVELS, string="Risk", readonly=True, copy=False, tracking=False
    )
    risk_base = fields.Selection(
        BASES,
        string="Estimate Based on",
        readonly=True,
        copy=False,
        help="Finished dossiers of the agency that the estimate compares with",
    )
    risk_count = fields.Integer(
        string="Dossiers Compared",
        readonly=True,
        copy=False,
        aggregator=None,
    )
    risk_at = fields.Datetime(
        string="Estimate of",
        readonly=True,
        copy=False,
        help="Since when the estimate is as it is; it is looked at every 15 minutes",
    )

    _at_risk_idx = models.Index(
        "(company_id) WHERE is_open IS TRUE AND risk_level IN ('watch', 'high')"
    )

    def _check_protected(self, names):
        if names & _OWN:
            raise UserError(
                self.env._("The chance to be late is estimated, not typed in.")
            )
        return super()._check_protected(names)

    @api.model
    def _cchc_at_risk_domain(self):
        """Return the domain of dossiers to watch that are not late yet."""
        return [
            ("is_open", "=", True),
            ("risk_level", "in", ["watch", "high"]),
            ("risk_base", "!=", history.LATE),
        ]

    # -- estimating
    def _move(self, key, vals_by_id=None, target=None, heads=None, **line):
        result = super()._move(key, vals_by_id, target=target, heads=heads, **line)
        # A fresh dossier waits for the next sweep: acceptance does nothing for this.
        if key != "accept" and not replay.clock(self.env):
            self._cchc_refresh_risk()
        return result

    def _finish_or_pass(self, content, signing=False):
        result = super()._finish_or_pass(content, signing=signing)
        if self.is_open and not replay.clock(self.env):
            self._cchc_refresh_risk()  # handed over without a move of its own
        return result

    def _cchc_refresh_risk(self):
        """Estimate these dossiers anew; a fixed number of statements."""
        dossiers = self.sudo()
        groups = self.env["cchc.risk.model"]._samples(
            dossiers.company_id.ids, dossiers.procedure_id.ids
        )
        ended = dossiers.filtered(lambda dossier: not dossier.is_open)
        if ended:
            self._cchc_write_risk(
                [(each, None, None, None, None) for each in ended.ids]
            )
        for company, group in (dossiers - ended).grouped("company_id").items():
            self._cchc_estimate(group.ids, fields.Datetime.now(), groups[company.id])

    @api.model
    def _cchc_estimate(self, ids, now, groups):
        """Estimate these dossiers of one agency and write what changed.

        :param groups: ``{key: Sample}`` of the agency
        :return: list of ``(row, Estimate, level)`` of those that are open
        """
        rows = self.env["cchc.risk.history"]._open(ids, now)
        if not rows:
            return []
        company = self.env["res.company"].sudo().browse(rows[0][1]["company_id"])
        limits = self.env["cchc.risk.threshold"]._of(company)
        estimates = history.estimate([row for row, _raw in rows], groups, limits.least)
        found, changed = [], []
        for row, raw in rows:
            estimate = estimates[row.id]
            chance = round(estimate.chance, 2)
            level = None
            if estimate.base != history.NONE:
                level = history.level(estimate.chance, limits.watch, limits.high)
            known = (
                raw["risk_late"],
                raw["risk_level"],
                raw["risk_base"],
                raw["risk_count"],
            )
            if known != (chance, level, estimate.base, estimate.count):
                changed.append((row.id, chance, level, estimate.base, estimate.count))
            found.append((dict(raw, open=row), estimate, level))
        self._cchc_write_risk(changed, now)
        return found

    @api.model
    def _cchc_write_risk(self, rows, now=None):
        """Store estimates in one statement; rows that somebody holds wait for the next
        sweep.

        :param rows: ``(id, chance, level, base, count)``
        """
        if not rows:
            return
        columns = [list(column) for column in zip(*rows, strict=True)]
        self.env.cr.execute(
            SQL(
                """
                WITH held AS (
                    SELECT id FROM cchc_dossier WHERE id = ANY(%s) ORDER BY id
                       FOR NO KEY UPDATE SKIP LOCKED
                )
                UPDATE cchc_dossier d
                   SET risk_late = n.chance, risk_level = n.level, risk_base = n.base,
                       risk_count = n.number, risk_at = %s
                  FROM unnest(%s::int[], %s::float8[], %s::varchar[], %s::varchar[],
                              %s::int[]) AS n(id, chance, level, base, number)
                  JOIN held ON held.id = n.id
                 WHERE d.id = n.id
                   AND (d.risk_late, d.risk_level, d.risk_base, d.risk_count)
                       IS DISTINCT FROM (n.chance, n.level, n.base, n.number)
                """,
                columns[0],
                now,
                *columns,
            )
        )
        self.browse(columns[0]).invalidate_recordset(_OWN, flush=False)

    # -- reading
    def action_explain_risk(self):
        """Open the page “Why this estimate?”."""
        self.ensure_one()
        self.check_access("read")
        page = self.env["cchc.risk.explanation"]._explain(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why this estimate?"),
            "res_model": page._name,
            "res_id": page.id,
            "view_mode": "form",
            "target": "new",
        }
