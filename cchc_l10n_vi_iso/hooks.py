from odoo.addons.cchc_l10n_vi.hooks import overwrite_terms

ADDON = "cchc_l10n_vi_iso"


def post_init_hook(env):
    overwrite_terms(env, ADDON)
