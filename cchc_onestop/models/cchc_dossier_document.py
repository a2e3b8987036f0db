from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import guard


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
    shared_from_id = fields.Many2one(
        "cchc.dossier.document",
        string="Handed in with the Group",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        copy=False,
        help="The paper of the group that this part shows: the same files, no copies",
    )
    quantity = fields.Integer(compute="_compute_quantity")

    _quantities = models.Constraint(
        "CHECK (originals >= 0 AND copies >= 0)",
        "The number of originals and copies cannot be negative.",
    )

    def _file_remarks(self):
        """Return what else is known of the files of these parts (hook).

        :return: ``{attachment id: [(kind, sentence)]}``; the kind is ``success``,
            ``warning``, ``danger`` or ``muted``
        """
        return {}

    @api.depends("originals", "copies")
    def _compute_quantity(self):
        for document in self:
            document.quantity = document.originals + document.copies

    @api.model_create_multi
    def create(self, vals_list):
        if not guard.is_unlocked(self.env):
            for vals in vals_list:
                vals.pop("shared_from_id", None)
        documents = super().create(vals_list)
        documents.filtered("attachment_ids")._adopt_files()
        return documents

    def write(self, vals):
        if "shared_from_id" in vals and not guard.is_unlocked(self.env):
            vals = {name: vals[name] for name in vals if name != "shared_from_id"}
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._adopt_files()
            self._share_files()
        return result

    def _adopt_files(self):
        """Make files that were added before the part was saved belong to it.

        Until then only who added them may read them.
        """
        for document in self:
            loose = document.sudo().attachment_ids.filtered(
                lambda file: file.res_model == self._name and not file.res_id
            )
            if loose:
                loose.write({"res_id": document.id})

    def _share_files(self):
        """Show files that came later in every part of the group that needs them."""
        shared = self.filtered(
            lambda document: (
                document.dossier_id.bundle_id and not document.dossier_id.parent_id
            )
        )
        if shared:
            shared.dossier_id.sudo().child_ids._link_shared_files()

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
