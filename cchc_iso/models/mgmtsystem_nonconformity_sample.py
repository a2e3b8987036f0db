from odoo import fields, models


class MgmtsystemNonconformity(models.Model):
    # One file per subject: see docs/architecture.md.
    _inherit = "mgmtsystem.nonconformity"  # pylint: disable=consider-merging-classes-inherited

    sample_line_id = fields.Many2one(
        "cchc.iso.sample.line",
        "Sampled Dossier",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )
