from odoo import fields, models
from odoo.tools import SQL

from ..tools.transitions import STATES
from .cchc_dossier import CHANNELS
from .cchc_dossier_clock import TIMELINESS


class CchcDossierStat(models.Model):
    """Totals of dossiers per agency, day, field and state, without any detail.

    A province sees the totals of all agencies below it here, even where it may not
    open their dossiers. The day is that of the reader's agency.
    """

    _name = "cchc.dossier.stat"
    _description = "Dossier Totals"
    _auto = False
    _order = "accepted_on desc"

    company_id = fields.Many2one("res.company", string="Agency", readonly=True)
    sector_id = fields.Many2one("cchc.sector", string="Field", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    channel = fields.Selection(CHANNELS, readonly=True)
    state = fields.Selection([(s.key, s.label) for s in STATES], readonly=True)
    timeliness = fields.Selection(TIMELINESS, readonly=True)
    accepted_on = fields.Date(readonly=True)
    received = fields.Integer(readonly=True)
    ended = fields.Integer(readonly=True)
    in_process = fields.Integer(readonly=True)
    overdue = fields.Integer(string="Overdue Now", readonly=True)
    late = fields.Integer(string="Ended Late", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT min(dossier.id) AS id, company_id, procedure.sector_id,
                department_id, channel, state, timeliness,
                (accepted_at AT TIME ZONE 'UTC' AT TIME ZONE %s)::date
                    AS accepted_on,
                count(*) AS received,
                count(*) FILTER (WHERE ended_at IS NOT NULL) AS ended,
                count(*) FILTER (WHERE is_open) AS in_process,
                count(*) FILTER (WHERE overdue_from < now() AT TIME ZONE 'UTC')
                    AS overdue,
                count(*) FILTER (WHERE timeliness = 'late') AS late
            FROM cchc_dossier dossier
            JOIN cchc_procedure procedure ON procedure.id = dossier.procedure_id
            WHERE accepted_at IS NOT NULL AND state <> 'void'
            GROUP BY 2, 3, 4, 5, 6, 7, 8
            """,
            self.env.company._cchc_tz().key,
        )
