from odoo import api, models


class CchcDossierPaper(models.Model):
    """Papers issued or voided after the end make a supplement to the record."""

    _inherit = "cchc.dossier.paper"

    @api.model_create_multi
    def create(self, vals_list):
        papers = super().create(vals_list)
        papers._have_recorded()
        return papers

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self._have_recorded()
        return result

    def _have_recorded(self):
        """Have the record of ended dossiers supplemented."""
        self.env["cchc.iso.record.queue"]._add(
            self.sudo().dossier_id.filtered("ended_at").ids
        )
