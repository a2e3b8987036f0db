from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .cchc_reform_report_rule import KINDS


class CchcReformReportStatus(models.Model):
    """Which agency sent which report, late or not at all: one row per agency below,
    rule and period that has begun, whether there is a report or not.

    A superior sees here that a report is missing; drafts of others stay closed to him.
    """

    _name = "cchc.reform.report.status"
    _description = "Reports of Agencies Below"
    _auto = False
    _order = "date_to desc, date_from, company_id"

    company_id = fields.Many2one("res.company", "Agency", readonly=True)
    parent_id = fields.Many2one("res.company", "Sent to", readonly=True)
    rule_id = fields.Many2one(
        "cchc.reform.report.rule", "Kind of Report", readonly=True
    )
    kind = fields.Selection(KINDS, readonly=True)
    date_from = fields.Date("From", readonly=True)
    date_to = fields.Date("To", readonly=True)
    year = fields.Integer(readonly=True, aggregator=None)
    due_date = fields.Date("Due", readonly=True)
    report_id = fields.Many2one("cchc.reform.report", readonly=True)
    number = fields.Char("Number and Symbol", readonly=True)
    submitted_at = fields.Datetime("Sent at", readonly=True)
    version = fields.Integer(readonly=True, aggregator=None)
    days_late = fields.Integer(readonly=True, aggregator=None)
    status = fields.Selection(
        [
            ("waiting", "Not Due Yet"),
            ("missing", "Missing"),
            ("on_time", "Sent on Time"),
            ("late", "Sent Late"),
            ("returned", "Returned"),
        ],
        readonly=True,
    )

    @property
    def _table_query(self):
        today = fields.Date.context_today(self)
        return SQL(
            """
            SELECT row_number() OVER (ORDER BY w.company_id, w.rule_id, w.date_from)
                       AS id,
                   w.company_id, w.parent_id, w.rule_id, w.kind, w.date_from,
                   w.date_to, date_part('year', w.date_to)::int AS year,
                   coalesce(r.due_date, w.due_date) AS due_date,
                   CASE WHEN r.state IN ('submitted', 'returned') THEN r.id END
                       AS report_id,
                   CASE WHEN r.submitted_at IS NOT NULL THEN r.number END AS number,
                   r.submitted_at,
                   CASE WHEN r.submitted_at IS NOT NULL THEN r.version END AS version,
                   greatest(0, coalesce(s.sent_on, %(today)s)
                               - coalesce(r.due_date, w.due_date)) AS days_late,
                   CASE WHEN r.state = 'submitted' AND s.sent_on
                             <= coalesce(r.due_date, w.due_date) THEN 'on_time'
                        WHEN r.state = 'submitted' THEN 'late'
                        WHEN r.state = 'returned' THEN 'returned'
                        WHEN %(today)s > coalesce(r.due_date, w.due_date)
                        THEN 'missing' ELSE 'waiting' END AS status
              FROM (%(windows)s) w
              LEFT JOIN LATERAL (
                   SELECT * FROM cchc_reform_report report
                    WHERE report.company_id = w.company_id
                      AND report.rule_id = w.rule_id
                      AND report.date_from = w.date_from
                      AND report.date_to = w.date_to
                    ORDER BY (report.state = 'submitted') DESC, report.version DESC
                    LIMIT 1) r ON TRUE
              CROSS JOIN LATERAL (
                   SELECT (r.submitted_at AT TIME ZONE 'UTC'
                           AT TIME ZONE %(zone)s)::date AS sent_on) s
            """,
            today=today,
            zone=self.env.company._cchc_tz().key,
            windows=self._windows(today),
        )

    def _windows(self, today):
        """Return the statement for the periods of the agencies below that began in
        the last two years."""
        rules = self.env["cchc.reform.report.rule"].sudo()
        rules = rules.search([("kind", "!=", "topic"), ("auto_open", "=", True)])
        rows = [
            SQL(
                "(%s, %s, %s::date, %s::date, %s::date)",
                rule.id,
                rule.kind,
                *window,
            )
            for rule in rules
            for year in range(today.year - 1, today.year + 2)
            for window in rule._to_rule().windows(year)
            if window.date_from <= today and rule._is_in_force(window.date_to)
        ]
        empty = SQL("SELECT 0, '', NULL::date, NULL::date, NULL::date WHERE FALSE")
        values = SQL("VALUES %s", SQL(", ").join(rows)) if rows else empty
        return SQL(
            """
            SELECT c.id AS company_id, c.parent_id, v.rule_id, v.kind, v.date_from,
                   v.date_to, v.due - coalesce(level.days, 0) AS due_date
              FROM res_company c
              CROSS JOIN (%s) v (rule_id, kind, date_from, date_to, due)
              LEFT JOIN cchc_reform_report_rule_level level
                ON level.rule_id = v.rule_id AND level.level = c.cchc_level
             WHERE c.active AND c.parent_id IS NOT NULL
            """,
            values,
        )

    def action_open(self):
        """Open the report."""
        self.ensure_one()
        if not self.report_id:
            raise UserError(
                self.env._(
                    "%s has not sent this report yet.", self.company_id.sudo().name
                )
            )
        return self.report_id._get_records_action()
