"""Models that exist during the approval tests only."""

from odoo import fields, models

from ..tools.guard import unlocked


class ApprovalTester(models.Model):
    _name = "cchc.approval.tester"
    _description = "Approval Tester"
    _inherit = ["cchc.approval.mixin", "mail.thread"]
    _state_from = ["draft"]
    _state_to = ["approved"]
    _cancel_state = "cancelled"

    name = fields.Char()
    amount = fields.Integer()
    state = fields.Selection(
        [("draft", "Draft"), ("approved", "Approved"), ("cancelled", "Cancelled")],
        default="draft",
    )
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company.id
    )
    signer_id = fields.Many2one("res.users")

    def action_approve(self):
        unlocked(self).write({"state": "approved"})

    def action_cancel(self):
        unlocked(self).write({"state": "cancelled"})
