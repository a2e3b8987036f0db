from odoo import api, models, modules
from odoo.exceptions import AccessError
from odoo.fields import Domain


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        self.env["tier.review"]._cchc_refresh_group_reviewers()
        return users

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"group_ids", "active", "company_ids"}:
            self.env["tier.review"]._cchc_refresh_group_reviewers()
        return result

    @api.model
    def review_user_count(self):
        """Count the approvals that wait for the user now, stand-ins included.

        For hardened models the answer comes from one counting query per model; an
        absent reviewer's work is counted with his stand-in until he is back.
        """
        Review = self.env["tier.review"]
        counts = [
            entry
            for entry in super().review_user_count()
            if not Review._cchc_is_hardened(entry["model"])
        ]
        for name, model_class in self.env.registry.items():
            if model_class._abstract or not Review._cchc_is_hardened(name):
                continue
            Model = self.env[name]
            domain = Model._cchc_pending_domain(self.env.user, hide_when_absent=True)
            domain &= Domain(Model._state_field, "!=", Model._cancel_state)
            try:
                records = Model.search(domain, limit=1)
                count = records and Model.search_count(domain)
            except AccessError:
                # No right to read the model: nothing to decide there.
                continue
            if count:
                counts.append(
                    {
                        "id": records.id,
                        "name": Model._description,
                        "model": name,
                        "active_field": "active" in Model._fields,
                        "icon": modules.module.get_module_icon(Model._original_module),
                        "type": "tier_review",
                        "pending_count": count,
                    }
                )
        return counts
