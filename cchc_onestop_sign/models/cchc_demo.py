from odoo import api, models


class CchcDemo(models.AbstractModel):
    _inherit = "cchc.demo"

    @api.private
    @api.model
    def _load_signatures(self):
        """Give the leaders and the commune certificates, and sign some results."""
        # only with demo data
        from ..demo import signatures  # noqa: PLC0415

        signatures.load(self.env)
