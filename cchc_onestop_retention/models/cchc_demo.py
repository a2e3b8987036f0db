from odoo import api, models


class CchcDemo(models.AbstractModel):
    _inherit = "cchc.demo"

    @api.private
    @api.model
    def _load_retention(self):
        """Let some dossiers of the demo be old enough for a list."""
        # only with demo data
        from ..demo import retention  # noqa: PLC0415

        retention.load(self.env)
