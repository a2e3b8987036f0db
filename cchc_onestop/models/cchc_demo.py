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
        # only with demo data
        from ..demo import (  # noqa: PLC0415
            catalogue,
            groups,
            handovers,
            lives,
            move_in,
            processes,
            reports,
        )

        manager = self.env.ref("cchc_onestop.demo_user_quantri")
        env = self.env(
            user=manager,
            context={
                "allowed_company_ids": manager.company_id.ids,
                "lang": "vi_VN",
                "tracking_disable": True,
            },
        )
        self._spare_greeting()
        catalogue.publish(env, fields.Date.context_today(self))
        processes.generate(env, fields.Date.context_today(self))
        told = lives.Lives(env)
        told.tell()
        groups.tell(told)
        told.explain_the_rest()
        reports.tell(told)
        catalogue.offer_stop(told)
        move_in.read(env, fields.Date.context_today(self))
        handovers.prepare(env, fields.Date.context_today(self))

    @api.model
    def _spare_greeting(self):
        """Let Odoo's chat robot greet no demo user: on a phone it covers the work."""
        users = self.env["res.users"]
        if "odoobot_state" in users._fields:
            data = self.env["ir.model.data"].search(
                [("module", "=", "cchc_onestop"), ("model", "=", "res.users")]
            )
            users.browse(data.mapped("res_id")).write({"odoobot_state": "disabled"})
