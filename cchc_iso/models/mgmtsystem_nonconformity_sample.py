from odoo import fields, models


class MgmtsystemNonconformity(models.Model):
    _inherit = "mgmtsystem.nonconformity"

    sample_line_id = fields.Many2one(
        "cchc.iso.sample.line",
        "Sampled Dossier",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )
