from odoo import fields, models


class CchcProcedureCase(models.Model):
    """Case of a procedure (trường hợp) with its own parts or time limits."""

    _name = "cchc.procedure.case"
    _description = "Case of a Procedure"
    _inherit = ["cchc.frozen.mixin"]
    _order = "version_id, sequence, id"
    _frozen_owner = "version_id"

    version_id = fields.Many2one(
        "cchc.procedure.version", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    code = fields.Char()
    name = fields.Char(required=True)
