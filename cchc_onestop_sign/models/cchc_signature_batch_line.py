from odoo import fields, models


class CchcSignatureBatchLine(models.Model):
    """One dossier of a batch: signed, or why not."""

    _name = "cchc.signature.batch.line"
    _description = "Dossier of a Signing Batch"
    _inherit = ["cchc.guarded.mixin"]
    _order = "batch_id, id"
    _rec_name = "dossier_id"

    batch_id = fields.Many2one(
        "cchc.signature.batch",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    dossier_id = fields.Many2one(
        "cchc.dossier", required=True, readonly=True, ondelete="cascade"
    )
    applicant_name = fields.Char(related="dossier_id.applicant_name", string="Owner")
    procedure_id = fields.Many2one(related="dossier_id.procedure_id")
    state = fields.Selection(
        [("waiting", "Waiting"), ("done", "Done"), ("failed", "Failed")],
        required=True,
        readonly=True,
        default="waiting",
    )
    message = fields.Char(string="What Went Wrong", readonly=True)
