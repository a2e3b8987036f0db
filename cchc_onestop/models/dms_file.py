from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.modules.db import FunctionStatus

from odoo.addons.dms.tools.file import check_name

from ..tools import file_name, guard

#: What makes a filed document what it is and where everybody finds it.
FILED_COLUMNS = frozenset(
    {
        "name",
        "active",
        "directory_id",
        "content",
        "content_binary",
        "content_file",
        "attachment_id",
        "checksum",
        "size",
        "cchc_dossier_id",
    }
)


def _name_trigram(registry):
    """Index for “contains”, which Odoo searches without accents where it can."""
    if not registry.has_trigram:
        return ""
    column = "name"
    if registry.has_unaccent == FunctionStatus.INDEXABLE:
        column = registry.unaccent(column)
    return f"USING gin ({column} gin_trgm_ops)"


class DmsFile(models.Model):
    """Documents of settled dossiers in the document system.

    A filed document has no bytes of its own: it points to the attachment of the
    dossier, whose content the file store keeps once per checksum.
    """

    _inherit = "dms.file"

    cchc_dossier_id = fields.Many2one(
        "cchc.dossier",
        string="Dossier",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    # dms derives both from the directory; a filed document belongs to its dossier
    # although hundreds of dossiers share a folder.
    res_model = fields.Char(
        related=None, compute="_compute_cchc_res", store=True, readonly=True
    )
    res_id = fields.Integer(
        related=None, compute="_compute_cchc_res", store=True, readonly=True
    )

    _name_trgm = models.Index(_name_trigram)
    _cchc_storage_idx = models.Index("(storage_id)")
    _cchc_filed_uniq = models.UniqueIndex(
        "(attachment_id, cchc_dossier_id) WHERE cchc_dossier_id IS NOT NULL",
        "This document has already been filed.",
    )

    @api.depends("cchc_dossier_id", "directory_id.res_model", "directory_id.res_id")
    def _compute_cchc_res(self):
        for record in self:
            if record.cchc_dossier_id:
                record.res_model = "cchc.dossier"
                record.res_id = record.cchc_dossier_id.id
            else:
                record.res_model = record.directory_id.res_model
                record.res_id = record.directory_id.res_id

    def _cchc_filed(self):
        """Return those of the files that have no bytes but those of an attachment."""
        return self.sudo().filtered("cchc_dossier_id")

    @api.depends("content_binary", "content_file", "attachment_id")
    def _compute_content(self):
        """Filed content is read with the right that dms gives, checked here."""
        filed = self._cchc_filed().sudo(self.env.su)
        super(DmsFile, self - filed)._compute_content()
        if not filed:
            return
        filed._cchc_check_read()
        bin_size = self.env.context.get("bin_size")
        context = {"human_size": True} if bin_size else {"base64": True}
        for record in filed:
            attachment = record.sudo().with_context(**context).attachment_id
            record.content = attachment.datas

    @api.depends("name", "mimetype", "content")
    def _compute_extension(self):
        """A filed document keeps what its attachment says; its bytes are not read."""
        filed = self._cchc_filed().sudo(self.env.su)
        for record in filed:
            record.extension = file_name.split(record.name)[1]
        return super(DmsFile, self - filed)._compute_extension()

    @api.depends("content")
    def _compute_mimetype(self):
        filed = self._cchc_filed().sudo(self.env.su)
        for record in filed:
            record.mimetype = record.sudo().attachment_id.mimetype
        return super(DmsFile, self - filed)._compute_mimetype()

    def _cchc_check_read(self):
        """Raise when the rules of dms hide one of the files.

        :meth:`check_access` of dms does not apply them; a search does.
        """
        if self.env.su:
            return
        visible = self.with_context(active_test=False).search([("id", "in", self.ids)])
        if hidden := self - visible:
            raise self.env["ir.rule"]._make_access_error("read", hidden)

    @api.constrains("name")
    def _check_name(self):
        """Same rule as dms (no twin in the folder), looking by name."""
        for record in self:
            if not check_name(record.name):
                raise ValidationError(self.env._("The file name is invalid."))
        twins = self.sudo().search(
            [
                ("directory_id", "in", self.sudo().directory_id.ids),
                ("name", "in", list(set(self.mapped("name")))),
            ]
        )
        by_place = {}
        for twin in twins:
            by_place.setdefault((twin.directory_id, twin.name), set()).add(twin.id)
        for record in self.sudo():
            if by_place.get((record.directory_id, record.name), set()) - {record.id}:
                raise ValidationError(
                    self.env._(
                        "A file with the same name already exists in this directory."
                    )
                )

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    def write(self, vals):
        if FILED_COLUMNS & set(vals) and not guard.is_unlocked(self.env):
            self._cchc_check_not_filed()
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        if not guard.is_unlocked(self.env) and any(
            vals.get("cchc_dossier_id") for vals in vals_list
        ):
            raise UserError(
                self.env._("Documents are filed from their dossier, not added by hand.")
            )
        return super().create(vals_list)

    def unlink(self):
        if not guard.is_unlocked(self.env):
            self._cchc_check_not_filed()
        return super().unlink()

    def _cchc_check_not_filed(self):
        filed = self.sudo().filtered("cchc_dossier_id")
        if filed:
            raise UserError(
                self.env._(
                    "“%(file)s” is filed with dossier %(dossier)s and cannot be "
                    "changed, moved or deleted.",
                    file=filed[0].name,
                    dossier=filed[0].cchc_dossier_id.name,
                )
            )

    def action_open_dossier(self):
        """Open the dossier this document was filed with."""
        self.ensure_one()
        self.cchc_dossier_id.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "cchc.dossier",
            "res_id": self.cchc_dossier_id.id,
            "views": [(False, "form")],
        }
