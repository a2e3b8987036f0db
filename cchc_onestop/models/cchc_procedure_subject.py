from odoo import fields, models


class CchcProcedureSubject(models.Model):
    """Who may use a procedure (đối tượng thực hiện)."""

    _name = "cchc.procedure.subject"
    _description = "Kind of Applicant"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    code = fields.Char()
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex(
        "(lower(name))", "Another kind of applicant already has this name."
    )
