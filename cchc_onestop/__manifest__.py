{
    "name": "CCHC One-Stop Shop",
    "summary": "Administrative procedures, dossiers, exact deadlines and alerts",
    "version": "19.0.1.0.0",
    "category": "Public Administration",
    "website": "https://github.com/cchc-suite/cchc",
    "author": "CCHC Suite, Odoo Community Association (OCA)",
    "license": "AGPL-3",
    "application": True,
    "depends": [
        "mail",
        "resource",
        "hr",
        "dms",
        "base_tier_validation",
        "report_xlsx",
    ],
    "external_dependencies": {
        "python": [
            "holidays",
            "openpyxl",
            "python-stdnum",
            "qrcode",
            "weasyprint",
            "xlsxwriter",
        ],
    },
    "data": [
        "security/cchc_groups.xml",
        "security/ir.model.access.csv",
        "security/cchc_rules.xml",
        "views/cchc_menus.xml",
    ],
}
