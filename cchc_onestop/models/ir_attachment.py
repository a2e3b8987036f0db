from odoo import api, models
from odoo.exceptions import UserError

from ..tools import guard

#: What makes an attachment the file that was kept.
KEPT_COLUMNS = frozenset(
    {"raw", "datas", "db_datas", "store_fname", "checksum", "type", "url", "name"}
    | {"res_model", "res_id", "res_field", "public", "mimetype"}
)


class IrAttachment(models.Model):
    """The PDF of an issued paper is evidence: it is neither changed nor deleted."""

    _inherit = "ir.attachment"

    def _cchc_kept(self):
        """Attachments of ``self`` that are the PDF of an issued paper."""
        candidates = self.sudo().filtered(
            lambda attachment: attachment.res_model == "cchc.dossier.paper"
        )
        if not candidates:
            return candidates
        return (
            self.env["cchc.dossier.paper"]
            .sudo()
            .search([("attachment_id", "in", candidates.ids)])
            .attachment_id
        )

    def _cchc_check_kept(self):
        if not guard.is_unlocked(self.env) and self._cchc_kept():
            raise UserError(
                self.env._(
                    "This file is the PDF of an issued paper and cannot be changed or "
                    "deleted; void the paper instead."
                )
            )

    def write(self, vals):
        if KEPT_COLUMNS & set(vals):
            self._cchc_check_kept()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued_paper(self):
        self._cchc_check_kept()
