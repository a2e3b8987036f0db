from odoo import fields, models


class CchcIsoDocumentKept(models.Model):
    """Record that a document asks to keep beside those the procedure names."""

    _name = "cchc.iso.document.kept"
    _description = "Record Kept"
    _order = "page_id, sequence, id"
    _check_company_auto = True

    page_id = fields.Many2one(
        "document.page", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="page_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char("Record", required=True)
    department_id = fields.Many2one(
        "hr.department",
        "Kept by",
        check_company=True,
        help="Empty: the owner department",
    )
    retention = fields.Char("Kept for")
