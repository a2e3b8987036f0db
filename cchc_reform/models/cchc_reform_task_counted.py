from odoo import models


class CchcReformTask(models.Model):
    _name = "cchc.reform.task"
    _inherit = ["cchc.reform.task", "cchc.reform.counted.mixin"]
