{
    "name": "CCHC ISO 9001",
    "summary": "Process documents, process records an auditor can trust, audits",
    "version": "19.0.1.0.0",
    "category": "Public Administration",
    "website": "https://github.com/cchc-suite/cchc",
    "author": "CCHC Suite, Odoo Community Association (OCA)",
    "license": "AGPL-3",
    "application": True,
    "depends": [
        "cchc_onestop",
        "mgmtsystem_quality",
        "document_page_approval",
    ],
    "data": [
        "security/cchc_iso_groups.xml",
        "security/ir.model.access.csv",
        "security/cchc_iso_rules.xml",
        "views/cchc_iso_menus.xml",
        "views/cchc_iso_edition_views.xml",
        "views/cchc_iso_clause_views.xml",
        "views/mgmtsystem_system_views.xml",
    ],
}
