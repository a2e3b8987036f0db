from odoo import fields, models


class CchcIssuedDocumentType(models.Model):
    """Type of official documents (loại văn bản), with the letters its symbols bear."""

    _name = "cchc.issued.document.type"
    _description = "Type of Document"
    _order = "sequence, id"
    _rec_names_search = ["name", "key"]

    name = fields.Char(required=True)
    key = fields.Char("Short Name", required=True, help="As symbols bear it: KH, QĐ …")
    sequence = fields.Integer(default=10)
    is_report = fields.Boolean(
        "Looks Back",
        help="Documents of this type tell of a period that is over: one that is dated "
        "long before its end is questioned",
    )
    active = fields.Boolean(default=True)

    _key_uniq = models.UniqueIndex(
        "(upper(key))", "There is a type of document with this short name."
    )
