from odoo import models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools import guard


class IrAttachment(models.Model):
    """A digital copy is what its checksum says, also after it was replaced."""

    _inherit = "ir.attachment"

    def _cchc_let_go(self):
        """The rows stay with checksum, person and time when the content goes."""
        files = self.env["cchc.digitise.file"].sudo()
        files = files.search([("attachment_id", "in", self.ids)])
        guard.unlocked(files).write({"attachment_id": False})
        return super()._cchc_let_go()

    def _cchc_check_kept(self):
        super()._cchc_check_kept()
        ours = self.sudo().filtered(
            lambda attachment: attachment.res_model == "cchc.dossier.document"
        )
        if not ours or guard.is_unlocked(self.env):
            return
        files = self.env["cchc.digitise.file"].sudo()
        kept = files.search([("attachment_id", "in", ours.ids)], limit=1)
        if kept:
            raise UserError(
                self.env._(
                    "“%(file)s” is kept with its SHA-256 and cannot be changed or "
                    "deleted: replace it at its part, the former one stays.",
                    file=kept.name,
                )
            )
