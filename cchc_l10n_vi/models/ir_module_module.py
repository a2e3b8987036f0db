from odoo import api, models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.model
    def _cchc_carriers(self):
        """Return the addons that carry Vietnamese, each after those it builds on."""
        return ["cchc_l10n_vi"]

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        """Load our terms again after those of any other addon.

        An addon that takes up a mixin of OCA's makes records (labels of fields, values
        of selections) whose external id is that of OCA's addon. Their Vietnamese stands
        in our files, which were loaded before the records were there.
        """
        result = super()._load_module_terms(modules, langs, overwrite=overwrite)
        again = [addon for addon in self._cchc_carriers() if addon not in modules]
        if again:
            super()._load_module_terms(again, langs)
        return result
