from odoo import api, models


class CchcDemo(models.AbstractModel):
    _inherit = "cchc.demo"

    @api.private
    @api.model
    def _load_queue(self):
        """Seat the desk of the demo commune and tell two weeks of its queue."""
        # only with demo data
        from ..demo import story  # noqa: PLC0415

        story.tell(self.env)
