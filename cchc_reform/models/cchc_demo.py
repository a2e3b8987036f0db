from odoo import api, models


class CchcDemo(models.AbstractModel):
    """Tells the reform work of the demo agencies."""

    _inherit = "cchc.demo"

    @api.private
    @api.model
    def _load_reform(self, parts=None):
        """Tell the story of ``demo/story.py`` as the manager of the demo."""
        # only with demo data
        from ..demo import story  # noqa: PLC0415

        # Odoo loads the terms of data after the demo; what the story writes down is in
        # the language of the agencies.
        langs = [code for code, _name in self.env["res.lang"].get_installed()]
        self.env["ir.module.module"]._load_module_terms(["cchc_reform"], langs)
        manager = self.env.ref("cchc_onestop.demo_user_quantri")
        story.tell(
            self.env(
                user=manager,
                context={
                    "allowed_company_ids": manager.company_id.ids,
                    "lang": "vi_VN",
                    "tracking_disable": True,
                },
            ),
            parts,
        )
        self._spare_greeting()
