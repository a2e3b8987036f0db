from odoo import fields, models

from ..tools import answer

KINDS = [
    (answer.TEXT, "Text"),
    (answer.NAME, "Name"),
    (answer.DAY, "Day"),
    (answer.SEX, "Sex"),
    (answer.NUMBER, "Number"),
    (answer.ADDRESS, "Address"),
]
#: What of an applicant a register may fill in: never anything else.
PARTNER_FIELDS = [
    ("name", "Name"),
    ("cchc_identity", "Identity number"),
    ("cchc_old_identity", "Old identity number"),
    ("cchc_birth_date", "Date of birth"),
    ("cchc_sex", "Sex"),
    ("street", "Address"),
]


class CchcLookupField(models.Model):
    """One piece of data in the answer of a register."""

    _name = "cchc.lookup.field"
    _description = "Data of a Register"
    _order = "service_id, sequence, id"

    service_id = fields.Many2one(
        "cchc.lookup.service", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("Label", required=True, translate=True)
    path = fields.Char(
        required=True,
        help="Where it stands in the answer, down by dots: NoiOHienTai.ChiTiet; "
        "several joined by + make one text; of several parted by | the first that "
        "holds something counts: NgayThangNamSinh|NamSinh",
    )
    kind = fields.Selection(KINDS, required=True, default="text")
    partner_field = fields.Selection(
        PARTNER_FIELDS,
        "Compared with",
        help="Field of the applicant; empty: shown only",
    )
