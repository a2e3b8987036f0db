from odoo import api, models


class CchcDemo(models.AbstractModel):
    """Gives the demo commune a past to learn from, and its first estimates."""

    _inherit = "cchc.demo"

    @api.private
    @api.model
    def _load_risk(self):
        """Load finished dossiers of the year before, read them and estimate."""
        # only with demo data
        from ..demo import past  # noqa: PLC0415

        manager = self.env.ref("cchc_onestop.demo_user_quantri")
        company = self.env.ref("cchc_onestop.demo_commune")
        env = self.env(
            user=manager,
            context={
                "allowed_company_ids": company.ids,
                "lang": "vi_VN",
                "tracking_disable": True,
            },
        )
        past.load(env, company)
        agencies = self.env["cchc.risk.agency"].sudo()
        for agency in company | self.env.ref("cchc_onestop.demo_neighbour"):
            agencies._build(agency)
            agencies._sweep(agency)
