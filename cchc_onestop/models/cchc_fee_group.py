from odoo import fields, models


class CchcFeeGroup(models.Model):
    """A group of people who pay less or nothing (đối tượng miễn, giảm).

    Luật Phí và lệ phí Đ.10 names them; further ones come with other laws, e.g. the
    “digital citizen” of NQ 66.22/2026/NQ-CP.
    """

    _name = "cchc.fee.group"
    _description = "Group Exempt from Fees"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    evidence = fields.Char(
        string="Proved by", help="Paper or database that proves that somebody belongs"
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "This group of people exists already.")
