{
    "name": "CCHC One-Stop Shop: VietQR",
    "summary": "The payment slip carries Odoo's EMV QR code (VietQR)",
    "version": "19.0.1.0.0",
    "category": "Public Administration",
    "website": "https://github.com/cchc-suite/cchc",
    "author": "CCHC Suite, Odoo Community Association (OCA)",
    "license": "AGPL-3",
    "depends": ["cchc_onestop", "l10n_vn"],
    "demo": ["demo/cchc_demo_account.xml"],
    "auto_install": True,
}
