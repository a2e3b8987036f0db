from odoo import fields, models


class CchcPetitionMove(models.TransientModel):
    """The words of a move of petitions."""

    _name = "cchc.petition.move"
    _description = "Move of Petitions"

    petition_ids = fields.Many2many("cchc.petition", required=True, readonly=True)
    move = fields.Selection(
        [
            ("assign", "Assign"),
            ("ask_more", "Ask for more"),
            ("resume", "Completed by the sender"),
            ("refuse", "Return"),
            ("transfer", "Transfer"),
            ("keep", "Do not publish"),
            ("withdraw_page", "Take off the page"),
        ],
        required=True,
        readonly=True,
    )
    text = fields.Text("Reason")
    user_id = fields.Many2one(
        "res.users", "Handled by", domain="[('share', '=', False)]"
    )
    department_id = fields.Many2one("hr.department")
    regime = fields.Selection(
        [
            ("complaint", "Complaint (khiếu nại)"),
            ("denunciation", "Denunciation (tố cáo)"),
            ("petition", "Petition of another agency"),
        ],
        "Transfer As",
    )
    to = fields.Char("Transfer to")

    def action_confirm(self):
        self.ensure_one()
        petitions = self.petition_ids
        if self.move == "assign":
            petitions.action_assign(self.user_id, self.department_id)
        elif self.move == "transfer":
            petitions.action_transfer(self.text, self.regime, self.to)
        else:
            getattr(petitions, f"action_{self.move}")(self.text)
        return {"type": "ir.actions.act_window_close"}
