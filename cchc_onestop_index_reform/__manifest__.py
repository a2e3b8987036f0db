{
    "name": "CCHC One-Stop Shop Indices and Administrative Reform",
    "summary": "Index of QĐ 766 and the nine indices as figures of reform",
    "version": "19.0.1.1.0",
    "category": "Public Administration",
    "website": "https://github.com/cchc-suite/cchc",
    "author": "CCHC Suite, Odoo Community Association (OCA)",
    "license": "AGPL-3",
    "depends": ["cchc_onestop_index", "cchc_reform"],
    "data": [
        "security/ir.model.access.csv",
        "security/cchc_index_rules.xml",
        "data/cchc_reform_metric.xml",
    ],
    "auto_install": True,
    "uninstall_hook": "uninstall_hook",
}
