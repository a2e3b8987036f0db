import logging
from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.cchc_onestop.tools.guard import unlocked

from ..tools.history import LATE, NONE

_logger = logging.getLogger(__name__)

#: Open dossiers estimated in one transaction.
BATCH = 2_000
#: An agency that was done less long ago is not done again by the same run.
FRESH = {"built_at": timedelta(hours=12), "swept_at": timedelta(minutes=10)}


class CchcRiskAgency(models.Model):
    """Where the early warning of an agency stands: one row per agency.

    Holds totals only, so that a province may read those of the agencies below it.
    """

    _name = "cchc.risk.agency"
    _description = "Early Warning of an Agency"
    _inherit = ["cchc.guarded.mixin"]
    _order = "high_count desc, company_id"
    _rec_name = "company_id"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", string="Agency", required=True, readonly=True, ondelete="cascade"
    )
    finished_count = fields.Integer(string="Finished Dossiers Read", readonly=True)
    group_count = fields.Integer(
        string="Steps with Enough History",
        readonly=True,
        help="Steps of procedures with enough finished dossiers for an estimate",
    )
    open_count = fields.Integer(string="Open", readonly=True)
    none_count = fields.Integer(string="Without an Estimate", readonly=True)
    watch_count = fields.Integer(string="To Watch", readonly=True)
    high_count = fields.Integer(string="At Risk", readonly=True)
    late_count = fields.Integer(string="Overdue", readonly=True)
    built_at = fields.Datetime(string="History Read", readonly=True)
    swept_at = fields.Datetime(string="Estimated", readonly=True)
    checked_at = fields.Datetime(string="Checked", readonly=True)

    _once = models.UniqueIndex("(company_id)", "An agency has one row.")

    # -- scheduled actions
    @api.model
    def _cron_build(self):
        """Read the history of every agency anew, agency by agency, each committed."""
        since = fields.Datetime.now() - relativedelta(months=120)
        self._each_agency(
            "built_at",
            SQL("d.ended_at >= %s", since),
            self._build,
        )
        self.env.ref("cchc_onestop_risk.ir_cron_risk_sweep")._trigger()

    @api.model
    def _cron_sweep(self):
        """Estimate the open dossiers of every agency, batch by batch, and give the
        alerts that follow. What is killed half way is done by the next run, which
        begins with the agency that has waited longest."""
        self._each_agency("swept_at", SQL("d.is_open IS TRUE"), self._sweep)

    @api.model
    def _each_agency(self, column, condition, work):
        now = fields.Datetime.now()
        ids = [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    """
                    SELECT c.id
                      FROM res_company c
                      LEFT JOIN cchc_risk_agency a ON a.company_id = c.id
                     WHERE (EXISTS (SELECT FROM cchc_dossier d
                                     WHERE d.company_id = c.id AND %(condition)s)
                            OR a.open_count > 0)
                       AND (a.%(column)s IS NULL OR a.%(column)s < %(fresh)s)
                     ORDER BY a.%(column)s NULLS FIRST, c.id
                    """,
                    condition=condition,
                    column=SQL.identifier(column),
                    fresh=now - FRESH[column],
                )
            )
        ]
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(ids))
        for company in self.env["res.company"].sudo().browse(ids):
            try:
                work(company, commit=progress)
            except (UserError, ValueError) as error:
                # one office without usable hours does not hold up the others
                _logger.error("No early warning for %s: %s", company.name, error)
                self._note(company, {column: fields.Datetime.now()})
            if not progress(1):
                return
            self.env.invalidate_all()

    @api.model
    def _note(self, company, vals):
        row = self.sudo().search([("company_id", "=", company.id)])
        if row:
            unlocked(row).write(vals)
        else:
            unlocked(self.sudo()).create({"company_id": company.id, **vals})

    # -- history
    @api.model
    def _build(self, company, commit=None):
        """Read what an agency settled; check how good its warnings were, once a week.

        :param commit: not needed here: an agency is one transaction
        """
        now = fields.Datetime.now()
        limits = self.env["cchc.risk.threshold"]._of(company)
        finished = self.env["cchc.risk.history"]._finished(
            company, now - relativedelta(months=limits.months), now, limits.most
        )
        models_ = self.env["cchc.risk.model"]
        models_._build(company, finished, limits, now)
        self.env["cchc.risk.pace"]._build(company, now)
        vals = {
            "built_at": now,
            "finished_count": len(finished),
            "group_count": models_.sudo().search_count(
                [
                    ("company_id", "=", company.id),
                    ("base", "=", "step"),
                    ("enough", "=", True),
                ]
            ),
        }
        checked = self.sudo().search([("company_id", "=", company.id)]).checked_at
        if not checked or checked < now - timedelta(days=6, hours=12):
            self.env["cchc.risk.check"]._measure(company)
            vals["checked_at"] = now
        self._note(company, vals)

    # -- open dossiers
    @api.model
    def _sweep(self, company, commit=None):
        """Estimate the open dossiers of an agency, its workload and its alerts.

        :param commit: called after each batch
        """
        now = fields.Datetime.now()
        ids = [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    "SELECT id FROM cchc_dossier "
                    "WHERE company_id = %s AND is_open IS TRUE ORDER BY id",
                    company.id,
                )
            )
        ]
        groups = self.env["cchc.risk.model"]._samples(company.ids)[company.id]
        dossiers = self.env["cchc.dossier"]
        counts = defaultdict(int)
        workload = self.env["cchc.risk.workload"]._start(company, groups, now)
        for start in range(0, len(ids), BATCH):
            rows = dossiers._cchc_estimate(ids[start : start + BATCH], now, groups)
            for _row, estimate, level in rows:
                counts[level] += estimate.base not in (LATE, NONE)
                counts[estimate.base] += 1
            workload.add(rows)
            if commit:
                commit()
        self.env["cchc.risk.workload"]._replace(company, workload)
        self.env["cchc.alert"]._give_risk_alerts(company, now)
        self._note(
            company,
            {
                "swept_at": now,
                "open_count": len(ids),
                "none_count": counts[NONE],
                "watch_count": counts["watch"],
                "high_count": counts["high"],
                "late_count": counts[LATE],
            },
        )

    def action_open_dossiers(self):
        """Open the dossiers of the agency that are at risk."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop_risk.cchc_dossier_action_at_risk"
        )
        action["context"] = {}
        action["domain"] = [
            *self.env["cchc.dossier"]._cchc_at_risk_domain(),
            ("company_id", "=", self.company_id.id),
        ]
        return action
