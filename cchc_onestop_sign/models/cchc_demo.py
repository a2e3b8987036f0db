from odoo import api, models

from ..tools import pdf_check


class CchcDemo(models.AbstractModel):
    _inherit = "cchc.demo"

    @api.private
    @api.model
    def _load_signatures(self):
        """Give the leaders and the commune certificates, and sign some results."""
        # only with demo data
        from ..demo import signatures  # noqa: PLC0415

        signatures.load(self.env)
        # What follows in this process has no check to make.
        pdf_check.READER.stop()
