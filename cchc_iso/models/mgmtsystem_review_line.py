from odoo import api, fields, models
from odoo.exceptions import UserError


class MgmtsystemReviewLine(models.Model):
    """Output of a management review (9.3.3): a decision with who and until when."""

    _inherit = "mgmtsystem.review.line"

    output = fields.Selection(
        [
            ("improvement", "Opportunity for Improvement"),
            ("change", "Change of the System"),
            ("resource", "Resources Needed"),
        ],
        "Kind of Decision",
        default="improvement",
    )
    user_id = fields.Many2one("res.users", "Who", domain="[('share', '=', False)]")
    date_deadline = fields.Date("Until")
    action_stage_id = fields.Many2one(related="action_id.stage_id", string="Stage")

    @api.model_create_multi
    def create(self, vals_list):
        reviews = self.env["mgmtsystem.review"].browse(
            vals["review_id"] for vals in vals_list if vals.get("review_id")
        )
        reviews._check_open()
        return super().create(vals_list)

    def write(self, vals):
        self.review_id._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_while_open(self):
        self.review_id._check_open()

    def action_make(self):
        """Make the action of this decision."""
        for line in self:
            if not (line.user_id and line.date_deadline):
                raise UserError(
                    self.env._(
                        "Say who does “%s” and until when; then it becomes an action.",
                        line.name,
                    )
                )
        self._make_actions()

    def _make_actions(self):
        """Make the actions of the decisions that name who and until when."""
        for line in self:
            if line.action_id or not (line.user_id and line.date_deadline):
                continue
            review = line.review_id
            action = (
                self.env["mgmtsystem.action"]
                .sudo()
                .create(
                    {
                        "name": line.name,
                        "description": line.decision or False,
                        "type_action": "improvement",
                        "system_id": review.system_id.id,
                        "company_id": review.company_id.id,
                        "user_id": line.user_id.id,
                        "date_deadline": line.date_deadline,
                    }
                )
            )
            action.case_open()
            line.write({"action_id": action.id, "type": "action"})
