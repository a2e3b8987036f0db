from odoo import api, models


class IrUiMenu(models.Model):
    """Menus of desk work are for people whose agency receives dossiers.

    A province that only watches over its communes would find each of them empty for
    ever; its figures stand under Reporting.
    """

    _inherit = "ir.ui.menu"

    @api.model
    def _load_menus_blacklist(self):
        hidden = super()._load_menus_blacklist()
        user = self.env.user
        if (
            not user.has_group("cchc_onestop.group_base")
            # with the details of the agencies below, these lists are not empty
            or user.has_group("cchc_onestop.group_subordinate")
            or any(user.sudo().company_ids.mapped("cchc_runs_desk"))
        ):
            return hidden
        menus = (
            self.env.ref(name, raise_if_not_found=False)
            for name in self._cchc_desk_menus()
        )
        return [*hidden, *(menu.id for menu in menus if menu)]

    @api.model
    def _cchc_desk_menus(self):
        """Return external ids of menus about dossiers of the agency itself (hook)."""
        return ["cchc_onestop.menu_fees"]
