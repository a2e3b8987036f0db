from odoo import api, models


class ResGroups(models.Model):
    _inherit = "res.groups"

    @api.model_create_multi
    def create(self, vals_list):
        groups = super().create(vals_list)
        self.env["tier.review"]._cchc_refresh_group_reviewers()
        return groups

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"user_ids", "all_user_ids", "implied_ids", "implied_by_ids"}:
            self.env["tier.review"]._cchc_refresh_group_reviewers()
        return result
