from odoo import models


class CchcDossier(models.Model):
    _name = "cchc.dossier"
    _inherit = ["cchc.dossier", "cchc.reform.counted.mixin"]
