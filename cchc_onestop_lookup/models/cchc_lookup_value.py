from odoo import fields, models

from .cchc_lookup_field import KINDS

VERDICTS = [
    ("same", "Agrees"),
    ("differs", "Differs"),
    ("missing_here", "Not held here"),
    ("missing_there", "Not in the register"),
]


class CchcLookupValue(models.Model):
    """One piece of data that a register returned, beside what we held just then."""

    _name = "cchc.lookup.value"
    _description = "Data Returned"
    _inherit = "cchc.guarded.mixin"
    _order = "request_id, sequence, id"

    request_id = fields.Many2one(
        "cchc.lookup.request", required=True, index=True, ondelete="cascade"
    )
    field_id = fields.Many2one("cchc.lookup.field", ondelete="set null")
    sequence = fields.Integer()
    name = fields.Char("Data", required=True)
    kind = fields.Selection(KINDS, required=True)
    partner_field = fields.Char()
    returned = fields.Char()
    ours = fields.Char("Held Here")
    verdict = fields.Selection(
        VERDICTS, help="Empty: shown only, nothing here to compare with"
    )
