from odoo import fields, models

from .cchc_procedure_document import SOURCES


class CchcBundleTypePart(models.Model):
    """A paper of an interlinked group: handed in and scanned once, used by several."""

    _name = "cchc.bundle.type.part"
    _description = "Shared Part of an Interlinked Group"
    _order = "type_id, sequence, id"

    type_id = fields.Many2one(
        "cchc.bundle.type", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    code = fields.Char(help="Code of the part (mã giấy tờ)")
    name = fields.Char(required=True)
    source = fields.Selection(SOURCES, required=True, default="paper")
    originals = fields.Integer(default=1)
    copies = fields.Integer()
    required = fields.Boolean(default=True)
    line_ids = fields.Many2many(
        "cchc.bundle.type.line",
        "cchc_bundle_type_part_line_rel",
        "part_id",
        "line_id",
        string="Needed by",
        domain="[('type_id', '=', type_id)]",
        help="Empty: by all",
    )

    _counts_positive = models.Constraint(
        "CHECK (originals >= 0 AND copies >= 0)",
        "The number of originals and copies cannot be negative.",
    )
