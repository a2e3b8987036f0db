from odoo import api, models


class CchcIndexComponent(models.Model):
    """Each component can be chosen as a figure of reform."""

    _inherit = "cchc.index.component"

    @api.model_create_multi
    def create(self, vals_list):
        components = super().create(vals_list)
        self.env["cchc.reform.metric"]._add_components(components)
        return components

    def write(self, vals):
        result = super().write(vals)
        if "code" in vals:
            self.env["cchc.reform.metric"]._add_components(self)
        return result
