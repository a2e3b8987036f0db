{
    "name": "CCHC Administrative Reform",
    "summary": "Reform plans, PAR index with evidence, inspections, communications",
    "version": "19.0.1.0.0",
    "category": "Public Administration",
    "website": "https://github.com/cchc-suite/cchc",
    "author": "CCHC Suite, Odoo Community Association (OCA)",
    "license": "AGPL-3",
    "application": True,
    "depends": ["cchc_onestop", "survey"],
    "data": [
        "security/cchc_reform_groups.xml",
        "security/ir.model.access.csv",
        "security/cchc_reform_plan_rules.xml",
        "data/cchc_reform_programme.xml",
        "views/cchc_reform_menus.xml",
        "views/cchc_reform_programme_views.xml",
    ],
}
