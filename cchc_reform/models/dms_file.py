from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.models.dms_file import FILED_COLUMNS
from odoo.addons.cchc_onestop.tools import guard


class DmsFile(models.Model):
    """Files of issued documents in the library of their agency."""

    _inherit = "dms.file"

    cchc_issued_document_id = fields.Many2one(
        "cchc.issued.document",
        "Issued Document",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    _cchc_issued_uniq = models.UniqueIndex(
        "(attachment_id, cchc_issued_document_id) "
        "WHERE cchc_issued_document_id IS NOT NULL",
        "This file stands in the library already.",
    )

    def _cchc_filed(self):
        return super()._cchc_filed() | self.sudo().filtered("cchc_issued_document_id")

    @api.depends("cchc_issued_document_id")
    def _compute_cchc_res(self):
        result = super()._compute_cchc_res()
        for record in self.filtered("cchc_issued_document_id"):
            record.res_model = "cchc.issued.document"
            record.res_id = record.cchc_issued_document_id.id
        return result

    @api.model_create_multi
    def create(self, vals_list):
        if not guard.is_unlocked(self.env) and any(
            vals.get("cchc_issued_document_id") for vals in vals_list
        ):
            raise UserError(
                self.env._(
                    "Files of issued documents come from the register of documents."
                )
            )
        return super().create(vals_list)

    def write(self, vals):
        columns = FILED_COLUMNS | {"cchc_issued_document_id"}
        if columns & set(vals) and not guard.is_unlocked(self.env):
            self._cchc_check_not_issued()
        return super().write(vals)

    def unlink(self):
        if not guard.is_unlocked(self.env):
            self._cchc_check_not_issued()
        return super().unlink()

    def _cchc_check_not_issued(self):
        if issued := self.sudo().filtered("cchc_issued_document_id")[:1]:
            raise UserError(
                self.env._(
                    "“%(file)s” belongs to %(document)s in the register of documents; "
                    "change it there.",
                    file=issued.name,
                    document=issued.cchc_issued_document_id.display_name,
                )
            )
