from odoo import api, models


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    @api.model
    def _cchc_desk_menus(self):
        return [
            *super()._cchc_desk_menus(),
            "cchc_onestop_digitise.menu_stacks",
            "cchc_onestop_digitise.menu_to_scan",
            "cchc_onestop_digitise.menu_scans",
            "cchc_onestop_digitise.menu_looks",
            "cchc_onestop_digitise.menu_share",
        ]
