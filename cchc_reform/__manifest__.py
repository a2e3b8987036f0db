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
        "data/cchc_reform_metric.xml",
        "views/cchc_reform_menus.xml",
        "views/cchc_reform_overview_views.xml",
        "views/cchc_reform_programme_views.xml",
        "views/cchc_reform_metric_views.xml",
        "views/cchc_reform_plan_views.xml",
        "views/cchc_reform_progress_views.xml",
        "views/cchc_reform_task_views.xml",
    ],
    "demo": [
        "demo/cchc_reform_demo_people.xml",
        "demo/cchc_reform_demo_story.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "cchc_reform/static/src/**/*",
        ],
    },
}
