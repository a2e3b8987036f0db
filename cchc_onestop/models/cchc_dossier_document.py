from odoo import api, fields, models
from odoo.exceptions import UserError


class CchcDossierDocument(models.Model):
    """A part of a dossier (thành phần hồ sơ): paper, e-file or database record."""

    _name = "cchc.dossier.document"
    _description = "Dossier Document"
    _inherit = ["cchc.dossier.row"]
    _order = "dossier_id, sequence, id"
    _log_access = False

    part_id = fields.Many2one(
        "cchc.procedure.document", string="Part of the Procedure", ondelete="restrict"
    )
    sequence = fields.Integer(default=10)
    code = fields.Char()
    name = fields.Char(required=True)
    source = fields.Selection(
        [
            ("paper", "Paper"),
            ("efile", "Electronic file"),
            ("database", "Database"),
        ],
        default="paper",
        required=True,
        help="Database data replace a paper (NĐ 118/2025 Đ.4 k.2a); a paper may only "
        "be asked for when the data are missing or wrong",
    )
    kind = fields.Selection(
        [
            ("original", "Original"),
            ("copy", "Photocopy"),
            ("certified", "Certified copy"),
            ("electronic", "Electronic original"),
            ("certified_electronic", "Certified electronic copy"),
            ("database", "Data from a database"),
        ],
        default="original",
        required=True,
    )
    required = fields.Boolean(default=True)
    originals = fields.Integer(default=1)
    copies = fields.Integer()
    received = fields.Boolean()
    is_result = fields.Boolean(help="This row is the result of the dossier")
    paper_reason = fields.Char(
        help="Why the paper was asked for although a database holds the data"
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "cchc_dossier_document_attachment_rel",
        "document_id",
        "attachment_id",
        string="Files",
    )
    quantity = fields.Integer(compute="_compute_quantity")

    _quantities = models.Constraint(
        "CHECK (originals >= 0 AND copies >= 0)",
        "The number of originals and copies cannot be negative.",
    )

    @api.depends("originals", "copies")
    def _compute_quantity(self):
        for document in self:
            document.quantity = document.originals + document.copies

    @api.ondelete(at_uninstall=False)
    def _unlink_before_acceptance(self):
        for document in self:
            state = document.dossier_id.state
            if document.received and state not in ("draft", "pre_supplement"):
                raise UserError(
                    self.env._(
                        "“%(name)s” is printed on the receipt of %(code)s and cannot "
                        "be removed: void the dossier and issue it anew.",
                        name=document.name,
                        code=document.dossier_id.name,
                    )
                )
