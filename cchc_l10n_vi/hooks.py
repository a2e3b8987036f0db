def post_init_hook(env):
    """One wording: ours, also for the few terms that an OCA addon has in Vietnamese.

    Odoo keeps a translation that stands in the database, and those addons came first.
    """
    env.ref("base.module_cchc_l10n_vi")._update_translations(overwrite=True)
