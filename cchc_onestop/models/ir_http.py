from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Tell the web client whether codes are scanned: no request of its own."""
        info = super().session_info()
        info["cchc_scan"] = self.env.user.has_group("cchc_onestop.group_base")
        return info
