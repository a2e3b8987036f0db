from odoo import fields, models

RESULT_TYPES = [
    ("licence", "Licence"),
    ("certificate", "Certificate"),
    ("decision", "Decision"),
    ("extract", "Extract"),
    ("copy", "Copy"),
    ("reply", "Written Reply"),
    ("refusal", "Written Refusal"),
    ("other", "Other"),
]


class CchcProcedureResult(models.Model):
    """Result of a procedure (kết quả thực hiện)."""

    _name = "cchc.procedure.result"
    _description = "Result of a Procedure"
    _inherit = ["cchc.frozen.mixin"]
    _order = "version_id, sequence, id"
    _frozen_owner = "version_id"

    version_id = fields.Many2one(
        "cchc.procedure.version", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    code = fields.Char(help="Code of the result (mã kết quả)")
    name = fields.Char(required=True)
    result_type = fields.Selection(RESULT_TYPES, required=True, default="other")
