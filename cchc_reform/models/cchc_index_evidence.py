from odoo import fields, models


class CchcIndexEvidence(models.Model):
    """A file of the evidence as it was when the scores were sent in (chốt điểm).

    Its checksum says later whether it is still the same file.
    """

    _name = "cchc.index.evidence"
    _description = "Evidence Sent in"
    _inherit = ["cchc.guarded.mixin"]
    _order = "assessment_id, path, id"

    assessment_id = fields.Many2one(
        "cchc.index.assessment", required=True, ondelete="cascade", index=True
    )
    line_id = fields.Many2one(
        "cchc.index.assessment.line", required=True, ondelete="cascade", index=True
    )
    path = fields.Char(related="line_id.path", store=True)
    company_id = fields.Many2one(related="assessment_id.company_id", store=True)
    superior_id = fields.Many2one(related="assessment_id.superior_id", store=True)
    code = fields.Char("No.")
    document_id = fields.Many2one("cchc.issued.document", ondelete="set null")
    document_text = fields.Char(
        "Number, Date, Abstract", help="Number, date and abstract as they were"
    )
    attachment_id = fields.Many2one(
        "ir.attachment", "File", ondelete="restrict", index="btree_not_null"
    )
    name = fields.Char("File Name")
    size = fields.Integer("Size (Bytes)")
    sha256 = fields.Char("Checksum (SHA-256)")
