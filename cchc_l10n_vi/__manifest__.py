{
    "name": "CCHC Vietnamese for OCA Addons",
    "summary": "Vietnamese for the OCA addons that the suite stands on",
    "version": "19.0.1.0.0",
    "category": "Localization",
    "website": "https://github.com/cchc-suite/cchc",
    "author": "CCHC Suite, Odoo Community Association (OCA)",
    "license": "AGPL-3",
    "depends": ["base_tier_validation", "dms", "report_xlsx"],
    "auto_install": True,
    "post_init_hook": "post_init_hook",
}
