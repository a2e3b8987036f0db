from odoo import api, models


class CchcDigitiseDemo(models.AbstractModel):
    """Scans for the dossiers of the demo; does nothing without demo data."""

    _name = "cchc.digitise.demo"
    _description = "Demo Scans"

    @api.private
    @api.model
    def _load(self):
        """Tell the story of ``demo/``."""
        from ..demo import scans  # noqa: PLC0415

        scans.tell(self.env)
