from odoo import api, fields, models


class CchcDemo(models.AbstractModel):
    """Loads the demo data that is worked out rather than written down."""

    _name = "cchc.demo"
    _description = "Demo Data"

    @api.private
    @api.model
    def _load(self):
        """Make the processes of the demo commune and tell the lives of its dossiers.

        Counted back from today, so that the demo looks alive whenever it is installed;
        apart from that always the same.
        """
        from ..demo import lives, processes  # noqa: PLC0415  only with demo data

        manager = self.env.ref("cchc_onestop.demo_user_quantri")
        env = self.env(
            user=manager,
            context={
                "allowed_company_ids": manager.company_id.ids,
                "lang": "vi_VN",
                "tracking_disable": True,
            },
        )
        processes.generate(env, fields.Date.context_today(self))
        lives.Lives(env).tell()
