from odoo import fields, models
from odoo.tools import SQL

from .cchc_procedure import LEVELS, ONLINE_LEVELS


class CchcCatalogueStat(models.Model):
    """Procedures in force on a day for an agency: one row each, one SQL statement.

    The day is ``cchc_date`` of the context, else today; the agency is the one in use:
    its own list, that of its parents and the general one.
    """

    _name = "cchc.catalogue.stat"
    _description = "Procedures in Force"
    _auto = False
    _order = "sector_id, procedure_id"
    _depends = {
        "cchc.procedure": [
            "active",
            "level",
            "online_level",
            "sector_id",
            "repealed_from",
        ],
        "cchc.procedure.version": [
            "company_id",
            "procedure_id",
            "state",
            "valid_from",
            "valid_to",
        ],
    }

    procedure_id = fields.Many2one("cchc.procedure", readonly=True)
    sector_id = fields.Many2one("cchc.sector", string="Field", readonly=True)
    level = fields.Selection(LEVELS, readonly=True)
    online_level = fields.Selection(ONLINE_LEVELS, readonly=True)
    in_force_since = fields.Date("Version since", readonly=True)
    ends_on = fields.Date("Last Day in Force", readonly=True)
    in_force = fields.Integer("Procedures in Force", readonly=True, aggregator="sum")

    @property
    def _table_query(self):
        day = self.env["cchc.procedure"]._get_catalogue_date()
        path = self.env.company.sudo().parent_path or ""
        lineage = [int(key) for key in path.split("/") if key]
        return SQL(
            """
            SELECT procedure.id, procedure.id AS procedure_id, procedure.sector_id,
                   procedure.level, procedure.online_level,
                   version.since AS in_force_since,
                   procedure.repealed_from - 1 AS ends_on,
                   1 AS in_force
              FROM cchc_procedure procedure
              JOIN (SELECT procedure_id, max(valid_from) AS since
                      FROM cchc_procedure_version
                     WHERE state = 'published'
                       AND valid_from <= %(day)s
                       AND (valid_to IS NULL OR valid_to >= %(day)s)
                       AND (company_id IS NULL OR company_id = ANY(%(lineage)s))
                  GROUP BY procedure_id) version
                ON version.procedure_id = procedure.id
             WHERE procedure.active
               AND (procedure.repealed_from IS NULL
                    OR procedure.repealed_from > %(day)s)
            """,
            day=day,
            lineage=lineage,
        )

    def action_open_procedure(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cchc.procedure",
            "res_id": self.procedure_id.id,
            "view_mode": "form",
        }
