from odoo import api, models


class TierDefinition(models.Model):
    _inherit = "tier.definition"

    @api.model
    def _get_tier_validation_model_names(self):
        hardened = [
            name
            for name, model in self.env.registry.items()
            if not model._abstract and getattr(model, "_cchc_hardened_approval", False)
        ]
        return [*super()._get_tier_validation_model_names(), *hardened]

    def _reviewers_to_check_for_access(self):
        if self.review_type == "group" and self.env["tier.review"]._cchc_is_hardened(
            self.model_id.model
        ):
            return self.reviewer_group_id.all_user_ids.filtered("active")
        return super()._reviewers_to_check_for_access()
