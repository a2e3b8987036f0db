from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.models.ir_attachment import KEPT_COLUMNS
from odoo.addons.cchc_onestop.tools.guard import is_unlocked

ISSUE = "document.page.history"


class IrAttachment(models.Model):
    """The file of an approved issue of a document stays what was approved."""

    _inherit = "ir.attachment"

    def _cchc_check_issue_files(self):
        if is_unlocked(self.env):
            return
        ids = [
            attachment.res_id
            for attachment in self.sudo()
            if attachment.res_model == ISSUE and attachment.res_field == "file"
        ]
        issues = self.env[ISSUE].sudo().browse(ids).exists()
        closed = issues.filtered(lambda i: i.doc_type_id and i.state != "draft")
        if closed:
            raise UserError(
                self.env._(
                    "This file belongs to %s, which is closed and is never changed.",
                    closed[0].display_name,
                )
            )

    def write(self, vals):
        if KEPT_COLUMNS & set(vals):
            self._cchc_check_issue_files()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issue_files(self):
        self._cchc_check_issue_files()
