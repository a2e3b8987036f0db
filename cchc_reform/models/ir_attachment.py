from odoo import models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.guard import is_unlocked


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _cchc_check_kept(self):
        """The PDF of a report that was sent is kept as well."""
        result = super()._cchc_check_kept()
        ours = self.sudo().filtered(
            lambda attachment: attachment.res_model == "cchc.reform.report"
        )
        if ours and not is_unlocked(self.env):
            reports = self.env["cchc.reform.report"].sudo()
            if reports.search_count([("pdf_id", "in", ours.ids)], limit=1):
                raise UserError(
                    self.env._(
                        "This file is the PDF of a report that was sent and cannot be "
                        "changed or deleted."
                    )
                )
        return result
