from odoo import fields, models

SOURCES = [
    ("paper", "Paper"),
    ("efile", "Electronic File"),
    ("database", "From a Database"),
]


class CchcProcedureDocument(models.Model):
    """Part that a dossier must hold (thành phần hồ sơ)."""

    _name = "cchc.procedure.document"
    _description = "Part of a Dossier"
    _inherit = ["cchc.frozen.mixin"]
    _order = "version_id, sequence, id"
    _frozen_owner = "version_id"

    version_id = fields.Many2one(
        "cchc.procedure.version", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    case_id = fields.Many2one(
        "cchc.procedure.case",
        domain="[('version_id', '=', version_id)]",
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: part of every case",
    )
    code = fields.Char(help="Code of the part (mã giấy tờ)")
    name = fields.Char(required=True)
    originals = fields.Integer(help="Number of originals (bản chính)")
    copies = fields.Integer(help="Number of copies (bản sao)")
    required = fields.Boolean(default=True)
    source = fields.Selection(
        SOURCES,
        required=True,
        default="paper",
        help="From a database: the agency looks it up and may ask for the part only "
        "when the data are down or wrong (NĐ 118/2025 Đ.4 k.2a)",
    )
    digitise_required = fields.Boolean(
        "Must Be Digitised", help="Scanned and signed at reception (TT 01/2023/TT-VPCP)"
    )
    digitise_basis = fields.Char("Basis of Digitisation")
    template_name = fields.Char("Application Form")
    template_url = fields.Char("Link to the Form")
    template_file = fields.Binary("Form File", attachment=True)
    template_file_name = fields.Char()
    note = fields.Text()
    to_confirm = fields.Boolean(
        "To Be Confirmed", help="From general knowledge, not from a published decision"
    )

    _counts_positive = models.Constraint(
        "CHECK (originals >= 0 AND copies >= 0)",
        "The number of originals and copies cannot be negative.",
    )
