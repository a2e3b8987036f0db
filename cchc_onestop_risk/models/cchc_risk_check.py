from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.cchc_onestop.tools.guard import unlocked

from ..tools import history
from ..tools.score import area, brier, score

#: Days of finished dossiers that the check looks back on.
DAYS = 90
#: Shares of the time limit at which it asks what the warning would have said.
SHARES = (50, 75)
#: Share of the limit from which the rule “due soon” warns of everything open.
RULE = 80


class CchcRiskCheck(models.Model):
    """How good the warnings would have been, on the agency's own dossiers.

    Replays the last :data:`DAYS` days: each dossier that got its result in them is
    looked at as it stood when half or three quarters of its time were used, and
    estimated from nothing but dossiers that had ended before these days. Beside it the
    rule “due soon”, which warns of whatever is open when 80 % of the time are used.
    """

    _name = "cchc.risk.check"
    _description = "Check of the Early Warning"
    _inherit = ["cchc.guarded.mixin"]
    _order = "company_id, share"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", string="Agency", required=True, readonly=True, ondelete="cascade"
    )
    share = fields.Integer(
        string="Time Used (%)", required=True, readonly=True, aggregator=None
    )
    date_from = fields.Date(string="Ended from", readonly=True)
    date_to = fields.Date(string="Ended to", readonly=True)
    threshold = fields.Float(string="Warned from (%)", readonly=True, aggregator=None)
    dossier_count = fields.Integer(
        string="Then Open", readonly=True, help="Dossiers that were open at that moment"
    )
    estimated_count = fields.Integer(
        string="Estimated",
        readonly=True,
        help="Those with enough history for an estimate",
    )
    late_count = fields.Integer(string="Late in the End", readonly=True)
    warned_count = fields.Integer(string="Warned of", readonly=True)
    hit_count = fields.Integer(string="Warned of and Late", readonly=True)
    precision = fields.Float(
        string="Warnings Come True (%)",
        readonly=True,
        aggregator="avg",
        help="Share of the warnings after which the dossier was late (precision)",
    )
    recall = fields.Float(
        string="Late Ones Foreseen (%)",
        readonly=True,
        aggregator="avg",
        help="Share of the late dossiers that were warned of (recall)",
    )
    brier = fields.Float(
        string="Error of the Chances",
        digits=(6, 4),
        readonly=True,
        aggregator="avg",
        help="Mean squared distance of chance and outcome (Brier score): 0 is perfect",
    )
    base_brier = fields.Float(
        string="Error of the Mean",
        digits=(6, 4),
        readonly=True,
        aggregator="avg",
        help="The same for the mean share of late ones given to every dossier",
    )
    area = fields.Float(
        string="Order (AUC, %)",
        readonly=True,
        aggregator="avg",
        help="How often a late dossier stood above one in time: 50 is chance",
    )
    rule_warned_count = fields.Integer(
        string="“Due Soon”: Warned of",
        readonly=True,
        help="Dossiers still open when 80 % of the time were used",
    )
    rule_precision = fields.Float(
        string="“Due Soon”: Come True (%)", readonly=True, aggregator="avg"
    )
    measured_at = fields.Datetime(readonly=True)

    _once = models.UniqueIndex("(company_id, share)", "Each moment is checked once.")

    @api.depends("company_id", "share")
    def _compute_display_name(self):
        for check in self:
            check.display_name = self.env._(
                "%(agency)s at %(share)s %% of the time",
                agency=check.company_id.name,
                share=check.share,
            )

    @api.model
    def _measure(self, company):
        """Replay the last days of an agency; the rows replace those before."""
        now = fields.Datetime.now()
        limits = self.env["cchc.risk.threshold"]._of(company)
        begin = now - timedelta(days=DAYS)
        reader = self.env["cchc.risk.history"]
        groups = history.samples(
            reader._finished(
                company,
                begin - relativedelta(months=limits.months),
                begin,
                limits.most,
            )
        )
        finished = reader._finished(company, begin, now, limits.most)
        rule = [late for _row, late in history.replay(finished, RULE / 100)]
        common = {
            "company_id": company.id,
            "date_from": company._cchc_local_date(begin),
            "date_to": company._cchc_local_date(now),
            "threshold": 100 * limits.high,
            "rule_warned_count": len(rule),
            "rule_precision": _percent(sum(rule) / len(rule) if rule else None),
            "measured_at": now,
        }
        self.env.cr.execute(
            SQL("DELETE FROM cchc_risk_check WHERE company_id = %s", company.id)
        )
        self.invalidate_model(flush=False)
        if not finished:
            return
        unlocked(self.sudo()).create(
            [
                {**common, **self._figures(finished, share, groups, limits)}
                for share in SHARES
            ]
        )

    @api.model
    def _figures(self, finished, share, groups, limits):
        """Return what was estimated at a share of the limit beside what happened."""
        rows = history.replay(finished, share / 100)
        estimates = history.estimate([row for row, _late in rows], groups, limits.least)
        pairs = [
            (estimates[row.id].chance, late)
            for row, late in rows
            if estimates[row.id].base != history.NONE
        ]
        result = score(pairs, limits.high)
        mean_late = result.late / result.number if pairs else 0.0
        return {
            "share": share,
            "dossier_count": len(rows),
            "estimated_count": result.number,
            "late_count": result.late,
            "warned_count": result.warned,
            "hit_count": result.hits,
            "precision": _percent(result.precision),
            "recall": _percent(result.recall),
            "brier": brier(pairs) or 0.0,
            "base_brier": mean_late * (1 - mean_late),
            "area": _percent(area(pairs)),
        }


def _percent(share):
    """Return a share in per cent with one decimal; zero where there is none."""
    return round(100 * share, 1) if share is not None else 0.0
