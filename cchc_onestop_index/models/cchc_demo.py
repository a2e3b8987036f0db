from odoo import api, models


class CchcDemo(models.AbstractModel):
    """Tells the indices of the demo commune."""

    _inherit = "cchc.demo"

    @api.private
    @api.model
    def _load_indices(self):
        """Tell the story of ``demo/story.py`` as the people of the demo."""
        # only with demo data
        from ..demo import story  # noqa: PLC0415

        story.tell(self.env)
