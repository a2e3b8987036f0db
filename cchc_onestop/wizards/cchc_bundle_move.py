from odoo import fields, models
from odoo.exceptions import UserError


class CchcBundleMove(models.TransientModel):
    """Asks for what a move of whole groups needs: a decision, a reason."""

    _name = "cchc.bundle.move"
    _description = "Move Groups"

    bundle_ids = fields.Many2many("cchc.bundle", required=True, readonly=True)
    move = fields.Selection(
        [
            ("decide", "Decide about the Rest"),
            ("outage", "Stop for an Outage"),
            ("outage_end", "System Works Again"),
        ],
        required=True,
        readonly=True,
    )
    problem = fields.Char(compute="_compute_problem")
    choice = fields.Selection(
        [
            ("go_on", "Go on with the others"),
            ("leave_out", "Leave out what waits for it"),
        ],
        string="What Happens to the Rest",
    )
    content = fields.Text(string="Reason")

    def _compute_problem(self):
        for wizard in self:
            wizard.problem = "; ".join(
                bundle.problem for bundle in wizard.bundle_ids if bundle.problem
            )

    def action_confirm(self):
        """Make the move for all chosen groups, in one transaction."""
        self.ensure_one()
        content = self.content or ""
        if self.move == "decide":
            if not self.choice:
                raise UserError(self.env._("Choose what happens to the rest."))
            return self.bundle_ids.action_decide(self.choice, content)
        if self.move == "outage":
            return self.bundle_ids.action_outage(content)
        return self.bundle_ids.action_outage_end(content)
