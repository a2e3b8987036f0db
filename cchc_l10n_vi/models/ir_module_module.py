from odoo import api, models

ADDON = "cchc_l10n_vi"


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        """Load our terms again after those of any other addon.

        An addon that takes up a mixin of OCA's makes records (labels of fields, values
        of selections) whose external id is that of OCA's addon. Their Vietnamese stands
        in our files, which were loaded before the records were there.
        """
        result = super()._load_module_terms(modules, langs, overwrite=overwrite)
        if ADDON not in modules:
            super()._load_module_terms([ADDON], langs)
        return result
