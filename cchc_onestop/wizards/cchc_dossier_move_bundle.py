from odoo import api, fields, models


class CchcDossierMove(models.TransientModel):
    """Says to whom an error goes back that was found in an interlinked group."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier.move"  # pylint: disable=consider-merging-classes-inherited

    first_body = fields.Char(compute="_compute_first_body")

    @api.depends("dossier_ids", "move")
    def _compute_first_body(self):
        for wizard in self:
            parts = wizard.dossier_ids.sudo().bundle_line_id
            bodies = parts.browse()
            if wizard.move == "report_error":
                bodies = bodies.union(*(part._first_body() for part in parts))
            wizard.first_body = ", ".join(
                f"{body.name} ({body.agency_name}, {body.dossier_id.name})"
                for body in bodies
            )
