from odoo import api, models


class CchcDemo(models.AbstractModel):
    _inherit = "cchc.demo"

    @api.private
    @api.model
    def _load_voice(self):
        """Tell what citizens of the demo commune said of the dossiers returned."""
        # only with demo data
        from ..demo import story  # noqa: PLC0415

        story.tell(self.env)
