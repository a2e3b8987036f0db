def overwrite_terms(env, addon):
    """One wording: ours, also for the few terms that an OCA addon has in Vietnamese.

    Odoo keeps a translation that stands in the database, and those addons came first.
    """
    env.ref(f"base.module_{addon}")._update_translations(overwrite=True)


def post_init_hook(env):
    overwrite_terms(env, "cchc_l10n_vi")
