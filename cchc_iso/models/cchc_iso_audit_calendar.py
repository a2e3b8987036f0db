from odoo import api, fields, models
from odoo.tools import SQL

from .cchc_iso_audit_programme import MONTHS

STATES = [
    ("planned", "Planned"),
    ("opened", "Being Prepared"),
    ("running", "In Progress"),
    ("held", "Held"),
    ("missed", "Missed"),
]
#: Before the name of a row, as in the table of the programme.
MARKS = {"held": "✓ ", "missed": "! "}


class CchcIsoAuditCalendar(models.Model):
    """Calendar of the audits of a year: one row for each month of each row of the
    programmes, and one for each audit outside a programme.

    A month that has its audit stands on the days of the audit; one that has none yet
    on the whole month. Missed is a month of an approved programme that has passed
    without its audit having begun.
    """

    _name = "cchc.iso.audit.calendar"
    _description = "Calendar of Audits"
    _auto = False
    _order = "date_start, id"
    _depends = {
        "cchc.iso.audit.programme": ["company_id", "state", "year"],
        "cchc.iso.audit.programme.line": [
            "audit_ids",
            "department_id",
            "lead_auditor_id",
            "name",
            "procedure_id",
            "programme_id",
            *(f"month_{month}" for month in MONTHS),
        ],
        "mgmtsystem.audit": [
            "company_id",
            "date",
            "date_end",
            "edition_id",
            "lead_auditor_id",
            "name",
            "plan_state",
            "programme_month",
        ],
    }

    company_id = fields.Many2one("res.company", "Agency", readonly=True)
    programme_id = fields.Many2one("cchc.iso.audit.programme", readonly=True)
    line_id = fields.Many2one("cchc.iso.audit.programme.line", "Row", readonly=True)
    audit_id = fields.Many2one("mgmtsystem.audit", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    procedure_id = fields.Many2one("cchc.procedure", readonly=True)
    subject = fields.Char("Audited", readonly=True)
    lead_auditor_id = fields.Many2one("res.users", readonly=True)
    date_start = fields.Date("Begin", readonly=True)
    date_stop = fields.Date("End", readonly=True)
    state = fields.Selection(STATES, readonly=True)

    @property
    def _table_query(self):
        months = SQL(", ").join(
            SQL("(%s, line.%s)", month, SQL.identifier(f"month_{month}"))
            for month in MONTHS
        )
        today = fields.Date.context_today(self)
        return SQL(
            """
            SELECT line.id * 16 + month.number AS id,
                programme.company_id, programme.id AS programme_id,
                line.id AS line_id, audit.id AS audit_id, line.department_id,
                line.procedure_id, line.name AS subject,
                coalesce(audit.lead_auditor_id, line.lead_auditor_id)
                    AS lead_auditor_id,
                coalesce(%(begin)s, month.first) AS date_start,
                coalesce(%(end)s, (month.first + interval '1 month - 1 day')::date)
                    AS date_stop,
                CASE
                    WHEN audit.plan_state = 'closed' THEN 'held'
                    WHEN audit.plan_state = 'in_progress' THEN 'running'
                    WHEN programme.state = 'approved'
                        AND month.first + interval '1 month' <= %(today)s
                        THEN 'missed'
                    WHEN audit.id IS NOT NULL THEN 'opened'
                    ELSE 'planned'
                END AS state
            FROM cchc_iso_audit_programme_line line
            JOIN cchc_iso_audit_programme programme
                ON programme.id = line.programme_id
            JOIN LATERAL (
                SELECT ticked.number, make_date(programme.year, ticked.number, 1)
                    AS first
                FROM (VALUES %(months)s) AS ticked (number, wanted)
                WHERE ticked.wanted
            ) month ON true
            LEFT JOIN LATERAL (
                SELECT one.* FROM mgmtsystem_audit one
                JOIN cchc_iso_audit_programme_line_rel rel
                    ON rel.audit_id = one.id AND rel.line_id = line.id
                WHERE one.programme_month = month.number
                ORDER BY one.id DESC LIMIT 1
            ) audit ON true
            %(zone)s
            UNION ALL
            SELECT audit.id * 16, audit.company_id, NULL, NULL, audit.id, NULL, NULL,
                audit.name, audit.lead_auditor_id, %(begin)s, %(end)s,
                CASE audit.plan_state
                    WHEN 'closed' THEN 'held'
                    WHEN 'in_progress' THEN 'running'
                    ELSE 'opened'
                END
            FROM mgmtsystem_audit audit
            %(zone)s
            WHERE audit.edition_id IS NOT NULL AND audit.date IS NOT NULL
                AND audit.plan_state <> 'draft'
                AND NOT EXISTS (
                    SELECT FROM cchc_iso_audit_programme_line_rel rel
                    WHERE rel.audit_id = audit.id
                )
            """,
            months=months,
            today=today,
            begin=self._local_day(SQL("audit.date")),
            end=self._local_day(SQL("coalesce(audit.date_end, audit.date)")),
            zone=SQL(
                """
                LEFT JOIN res_company agency ON agency.id = audit.company_id
                LEFT JOIN resource_calendar clock
                    ON clock.id = agency.resource_calendar_id
                """
            ),
        )

    @api.model
    def _local_day(self, moment):
        """Return the day of a moment by the clocks of the agency."""
        return SQL(
            "(%s AT TIME ZONE 'UTC' "
            "AT TIME ZONE coalesce(clock.tz, 'Asia/Ho_Chi_Minh'))::date",
            moment,
        )

    @api.depends("subject", "department_id", "procedure_id", "state")
    def _compute_display_name(self):
        for row in self:
            subject = [row.department_id.name, row.procedure_id.name, row.subject]
            row.display_name = MARKS.get(row.state, "") + " – ".join(
                filter(None, subject)
            )

    def action_open(self):
        """Open the audit, or the programme that plans it."""
        self.ensure_one()
        return (self.audit_id or self.programme_id).get_formview_action()
