from odoo import api, models


class CchcDemo(models.AbstractModel):
    """Tells how quality system and reform work together in the demo commune."""

    _inherit = "cchc.demo"

    @api.private
    @api.model
    def _load_iso_reform(self):
        """Tell ``demo/story.py`` as the manager of the demo."""
        # only with demo data
        from ..demo import story  # noqa: PLC0415

        manager = self.env.ref("cchc_onestop.demo_user_quantri")
        story.tell(
            self.env(
                user=manager,
                context={
                    "allowed_company_ids": manager.company_id.ids,
                    "lang": "vi_VN",
                    "tracking_disable": True,
                },
            )
        )
