{
    "name": "CCHC ISO 9001 and Administrative Reform",
    "summary": "Findings of inspections as nonconformities, ISO figures for the index",
    "version": "19.0.1.1.0",
    "category": "Public Administration",
    "website": "https://github.com/cchc-suite/cchc",
    "author": "CCHC Suite, Odoo Community Association (OCA)",
    "license": "AGPL-3",
    "depends": ["cchc_iso", "cchc_reform"],
    "data": [
        "data/cchc_reform_metric.xml",
        "views/cchc_reform_inspection_finding_views.xml",
        "views/mgmtsystem_nonconformity_views.xml",
    ],
    "demo": [
        "demo/cchc_iso_reform_demo_story.xml",
    ],
    "auto_install": True,
    "uninstall_hook": "uninstall_hook",
}
