from odoo import api, fields, models


class CchcApprovalForward(models.TransientModel):
    """Passes an approval on to another person who may give it.

    What may be chosen is a help only: who may pass on what to whom is checked by
    ``tier.review.action_forward``, with or without this form.
    """

    _name = "cchc.approval.forward"
    _description = "Pass On an Approval"

    review_id = fields.Many2one(
        "tier.review", required=True, readonly=True, ondelete="cascade"
    )
    name = fields.Char(related="review_id.name", string="Approval")
    allowed_user_ids = fields.Many2many(
        "res.users", compute="_compute_allowed_user_ids"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Pass On to",
        required=True,
        domain="[('id', 'in', allowed_user_ids)]",
    )
    reason = fields.Text(required=True)

    @api.depends("review_id")
    def _compute_allowed_user_ids(self):
        for wizard in self:
            review = wizard.review_id._filtered_access("read").sudo()
            wizard.allowed_user_ids = review and review._cchc_takers()

    def action_confirm(self):
        """Pass the approval on."""
        self.ensure_one()
        self.review_id.action_forward(self.user_id.id, self.reason)
        return {"type": "ir.actions.act_window_close"}
