from odoo import models


class CchcDossierDocument(models.Model):
    _name = "cchc.dossier.document"
    _inherit = ["cchc.dossier.document", "cchc.reform.counted.mixin"]
