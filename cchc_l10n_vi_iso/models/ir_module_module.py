from odoo import api, models

from ..hooks import ADDON
from ..shipped_texts import LANG, write_vietnamese


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.model
    def _cchc_carriers(self):
        return [*super()._cchc_carriers(), ADDON]

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        """Bring the texts that no translation reaches into Vietnamese as well."""
        result = super()._load_module_terms(modules, langs, overwrite=overwrite)
        if LANG in langs:
            write_vietnamese(self.env)
        return result
