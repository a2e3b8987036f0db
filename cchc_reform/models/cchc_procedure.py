from odoo import models


class CchcProcedure(models.Model):
    _name = "cchc.procedure"
    _inherit = ["cchc.procedure", "cchc.reform.counted.mixin"]
