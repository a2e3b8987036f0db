"""Run in `odoo shell` on a database that `make run` has just made: Vietnamese."""

LANGUAGE = "vi_VN"
TIME_ZONE = "Asia/Ho_Chi_Minh"

env = env(context={"active_test": False})  # noqa: F821 given by the shell
env["res.users"].search([]).write({"lang": LANGUAGE, "tz": TIME_ZONE})
env["res.company"].search([]).partner_id.write({"lang": LANGUAGE})
env["ir.default"].set("res.partner", "lang", LANGUAGE)
env["ir.default"].set("res.partner", "tz", TIME_ZONE)
# The first page would otherwise wait for this.
env(context={"lang": LANGUAGE})["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
