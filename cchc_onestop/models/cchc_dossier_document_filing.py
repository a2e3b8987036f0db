from odoo import api, models


class CchcDossierDocument(models.Model):
    """The scans of a part belong to it, and are filed with its dossier."""

    _inherit = "cchc.dossier.document"

    @api.model_create_multi
    def create(self, vals_list):
        documents = super().create(vals_list)
        if any(vals.get("attachment_ids") for vals in vals_list):
            documents._take_files(self.env["ir.attachment"])
        return documents

    def write(self, vals):
        if "attachment_ids" not in vals:
            return super().write(vals)
        before = self.sudo().attachment_ids
        result = super().write(vals)
        self._take_files(before)
        return result

    def _take_files(self, before):
        """Make the newly linked files those of their part.

        Whoever may open the part may open them, whoever may not open a file cannot
        bring it into a dossier: filing shows it to the whole agency.
        """
        for document in self.sudo():
            added = document.attachment_ids - before
            added.with_env(self.env).check_access("read")
            loose = added.filtered(lambda attachment: not attachment.res_id)
            loose.write({"res_model": self._name, "res_id": document.id})
        self.dossier_id._filing_reopen()
