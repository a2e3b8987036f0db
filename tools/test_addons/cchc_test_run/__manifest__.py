{
    "name": "CCHC Test Run",
    "summary": "Only for test runs: records results, mends Debian's Odoo",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "website": "https://github.com/cchc-suite/cchc",
    "author": "CCHC Suite, Odoo Community Association (OCA)",
    "license": "AGPL-3",
    "depends": ["mail", "web_tour"],
    # Debian's package leaves this minified file out; the browser logs an error where
    # the bundle names it, and a browser test fails on every logged error.
    "assets": {
        "web.assets_backend": [
            ("remove", "mail/static/lib/selfie_segmentation/selfie_segmentation.js"),
        ],
        "web_tour.automatic": ["cchc_test_run/static/src/patience.js"],
    },
}
