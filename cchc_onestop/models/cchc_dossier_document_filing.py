from odoo import api, models


class CchcDossierDocument(models.Model):
    """A scan added after the end of a dossier is filed like the others."""

    _inherit = "cchc.dossier.document"

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        if any(vals.get("attachment_ids") for vals in vals_list):
            documents.dossier_id._filing_reopen()
        return documents

    def write(self, vals):
        result = super().write(vals)
        if "attachment_ids" in vals:
            self.dossier_id._filing_reopen()
        return result
