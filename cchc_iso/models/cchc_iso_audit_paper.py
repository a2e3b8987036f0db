from odoo import fields, models


class CchcIsoAuditPaper(models.Model):
    """One print of a paper of the internal audit, kept as it was printed.

    With its parameters, moment, person, the checksum of the file and that of the
    content it was drawn from: the same content drawn again has the same checksum, so
    a report can be shown to be reproducible.
    """

    _name = "cchc.iso.audit.paper"
    _description = "Printed Audit Paper"
    _inherit = ["cchc.guarded.mixin"]
    _order = "id desc"
    _guarded_kept = True

    company_id = fields.Many2one("res.company", "Agency", required=True, index=True)
    code = fields.Char(required=True, help="Which paper, e.g. audit_report")
    name = fields.Char(required=True)
    form_code = fields.Char("Form", help="Code of the form, e.g. BM-ĐGNB-05")
    audit_id = fields.Many2one("mgmtsystem.audit", index="btree_not_null")
    programme_id = fields.Many2one("cchc.iso.audit.programme", index="btree_not_null")
    nonconformity_id = fields.Many2one(
        "mgmtsystem.nonconformity", index="btree_not_null"
    )
    file_type = fields.Selection(
        [("pdf", "PDF"), ("xlsx", "Excel")], required=True, default="pdf"
    )
    printed_at = fields.Datetime(required=True)
    user_id = fields.Many2one("res.users", "Printed by", required=True)
    parameters = fields.Json()
    content_sha256 = fields.Char(
        "Checksum of the Content", help="SHA-256 of the canonical content"
    )
    sha256 = fields.Char("Checksum of the File", help="SHA-256 of the file")
    attachment_id = fields.Many2one("ir.attachment", "File", ondelete="restrict")
