from odoo import fields, models
from odoo.tools import SQL


class CchcDigitiseStat(models.Model):
    """Share of digitised dossiers: one row per accepted dossier with parts to digitise.

    Numerator: dossiers all of whose required parts have a checked file. Denominator:
    accepted dossiers with at least one required part; void ones and the parts of an
    interlinked group do not count, the group does. Beside it the same for parts, by the
    stage in which the file came, and the results of those that have one to give.
    """

    _name = "cchc.digitise.stat"
    _description = "Share of Digitised Dossiers"
    _auto = False
    _order = "accepted_on desc, id desc"
    _rec_name = "dossier_id"

    dossier_id = fields.Many2one("cchc.dossier", readonly=True)
    company_id = fields.Many2one("res.company", "Agency", readonly=True)
    sector_id = fields.Many2one("cchc.sector", "Field", readonly=True)
    procedure_id = fields.Many2one("cchc.procedure", readonly=True)
    receiver_id = fields.Many2one("res.users", "Received by", readonly=True)
    accepted_on = fields.Date("Accepted", readonly=True)
    dossiers = fields.Integer("Dossiers to Digitise", readonly=True)
    digitised = fields.Integer("Digitised Dossiers", readonly=True)
    percent = fields.Float(
        "Share of Dossiers (%)", readonly=True, aggregator="avg", digits=(5, 1)
    )
    parts_required = fields.Integer("Parts to Digitise", readonly=True)
    parts_digitised = fields.Integer("Digitised Parts", readonly=True)
    at_reception = fields.Integer("Parts Digitised at Reception", readonly=True)
    at_settlement = fields.Integer("Parts Digitised while Settled", readonly=True)
    at_result = fields.Integer("Parts Digitised with the Result", readonly=True)
    reused = fields.Integer("Parts Re-used", readonly=True)
    results_due = fields.Integer("Results Given", readonly=True)
    results_digitised = fields.Integer("Digitised Results", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT dossier.id, dossier.id AS dossier_id, dossier.company_id,
                   procedure.sector_id, dossier.procedure_id, dossier.receiver_id,
                   (dossier.accepted_at AT TIME ZONE 'UTC' AT TIME ZONE %s)::date
                       AS accepted_on,
                   1 AS dossiers,
                   (part.parts_digitised = part.parts_required)::int AS digitised,
                   100.0 * (part.parts_digitised = part.parts_required)::int
                       AS percent,
                   part.parts_required, part.parts_digitised, part.at_reception,
                   part.at_settlement, part.at_result, part.reused,
                   (dossier.state IN ('done', 'returned'))::int AS results_due,
                   (dossier.state IN ('done', 'returned') AND part.has_result)::int
                       AS results_digitised
              FROM cchc_dossier dossier
              JOIN cchc_procedure procedure ON procedure.id = dossier.procedure_id
              JOIN LATERAL (
                   SELECT count(*) FILTER (WHERE digitise_required) AS parts_required,
                          count(*) FILTER (WHERE digitise_required
                              AND digitised_at IS NOT NULL) AS parts_digitised,
                          count(*) FILTER (WHERE digitise_required
                              AND digitise_stage = 'reception') AS at_reception,
                          count(*) FILTER (WHERE digitise_required
                              AND digitise_stage = 'settlement') AS at_settlement,
                          count(*) FILTER (WHERE digitise_required
                              AND digitise_stage = 'result') AS at_result,
                          count(reused_from_id) FILTER (WHERE digitise_required)
                              AS reused,
                          coalesce(bool_or(is_result AND digitised_at IS NOT NULL),
                              FALSE) AS has_result
                     FROM cchc_dossier_document
                    WHERE dossier_id = dossier.id
                   ) part ON part.parts_required > 0
             WHERE dossier.accepted_at IS NOT NULL AND dossier.state <> 'void'
               AND dossier.parent_id IS NULL
            """,
            self.env.company._cchc_tz().key,
        )

    def action_open_dossier(self):
        """Open the dossier behind a row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cchc.dossier",
            "res_id": self.dossier_id.id,
            "views": [(False, "form")],
        }
