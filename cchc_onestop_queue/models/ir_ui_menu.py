from odoo import api, models


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    @api.model
    def _cchc_desk_menus(self):
        return [
            *super()._cchc_desk_menus(),
            "cchc_onestop_queue.menu_panel",
            "cchc_onestop_queue.menu_queue",
            "cchc_onestop_queue.menu_figures",
        ]
