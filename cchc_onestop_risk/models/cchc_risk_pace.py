from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.cchc_onestop.tools.guard import unlocked

#: Days over which the usual work of an officer is measured.
DAYS = 90


class CchcRiskPace(models.Model):
    """How many steps an officer usually has in hand side by side.

    The mean over the last :data:`DAYS` days: the time that all steps he finished were
    with him, without stops of the clock, over the length of the period (Little's law).
    Read by the workload only.
    """

    _name = "cchc.risk.pace"
    _description = "Usual Work of an Officer"
    _inherit = ["cchc.guarded.mixin"]
    _order = "company_id, user_id"
    _rec_name = "user_id"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", string="Agency", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", string="Officer", required=True, readonly=True, ondelete="cascade"
    )
    side_by_side = fields.Float(
        string="Usually in Hand", readonly=True, aggregator="avg"
    )
    step_count = fields.Integer(string="Steps Finished", readonly=True)
    measured_at = fields.Datetime(readonly=True)

    _once = models.UniqueIndex("(company_id, user_id)", "An officer is measured once.")

    @api.model
    def _build(self, company, now):
        """Measure the officers of an agency anew; two statements."""
        since = now - timedelta(days=DAYS)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT s.done_by_id, count(*),
                       sum(extract(epoch FROM s.ended_at - s.started_at)
                           - coalesce(stopped.seconds, 0))
                  FROM cchc_dossier d
                  JOIN cchc_dossier_step s ON s.dossier_id = d.id
                  LEFT JOIN LATERAL (
                    SELECT sum(extract(epoch FROM
                               least(p.date_to, s.ended_at)
                               - greatest(p.date_from, s.started_at))) AS seconds
                      FROM cchc_dossier_pause p
                     WHERE p.dossier_id = d.id AND p.date_from < s.ended_at
                       AND p.date_to > s.started_at
                  ) AS stopped ON TRUE
                 WHERE d.company_id = %(company)s AND d.ended_at >= %(since)s
                   AND s.state = 'done' AND s.role <> 'return'
                   AND s.ended_at > s.started_at AND s.started_at >= %(since)s
                   AND s.done_by_id IS NOT NULL
                 GROUP BY s.done_by_id
                """,
                company=company.id,
                since=since,
            )
        )
        self.env.cr.execute(
            SQL("DELETE FROM cchc_risk_pace WHERE company_id = %s", company.id)
        )
        self.invalidate_model(flush=False)
        unlocked(self.sudo()).create(
            [
                {
                    "company_id": company.id,
                    "user_id": user_id,
                    "step_count": count,
                    "side_by_side": round(float(seconds) / (DAYS * 86400), 2),
                    "measured_at": now,
                }
                for user_id, count, seconds in rows
            ]
        )
