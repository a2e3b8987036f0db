from odoo import fields, models


class CchcIsoAuditForm(models.Model):
    """Title, form code and signatures of a paper of the internal audit.

    Form numbers and titles differ from agency to agency: those shipped are a default.
    """

    _name = "cchc.iso.audit.form"
    _description = "Form of an Audit Paper"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    key = fields.Char(required=True, readonly=True, help="Which paper")
    name = fields.Char("Printed Title", required=True)
    form_code = fields.Char("Code of the Form", help="E.g. BM-ĐGNB-03")
    signer_left = fields.Char("Signature on the Left")
    signer_middle = fields.Char("Signature in the Middle")
    signer_right = fields.Char("Signature on the Right")

    _key_uniq = models.Constraint("UNIQUE (key)", "There is one form for each paper.")
