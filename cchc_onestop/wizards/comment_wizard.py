from odoo import models


class CommentWizard(models.TransientModel):
    _inherit = "comment.wizard"

    def add_comment(self):
        if not self.env["tier.review"]._cchc_is_hardened(self.res_model):
            return super().add_comment()
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id)
        status = {"validate": "approved", "reject": "rejected"}[self.validate_reject]
        record._cchc_decide(self.review_ids, status, self.comment)
        return None
