from odoo import api, fields, models
from odoo.exceptions import UserError


class CchcIsoEffectCheck(models.TransientModel):
    """The question whether the corrective actions had their effect."""

    _name = "cchc.iso.effect.check"
    _description = "Verify the Effect"

    nonconformity_id = fields.Many2one(
        "mgmtsystem.nonconformity", required=True, readonly=True
    )
    effect = fields.Selection(
        [("effective", "Effective"), ("not_effective", "Not Effective")], required=True
    )
    comments = fields.Text("What Was Checked", required=True)
    action_name = fields.Char("New Action")
    user_id = fields.Many2one("res.users", "By", domain="[('share', '=', False)]")
    date_deadline = fields.Date("Until")

    @api.onchange("nonconformity_id")
    def _onchange_nonconformity_id(self):
        self.user_id = self.nonconformity_id.responsible_user_id

    def action_confirm(self):
        """Close the nonconformity, or keep it open with the new action."""
        self.ensure_one()
        action = None
        if self.effect == "not_effective":
            if not (self.action_name and self.user_id and self.date_deadline):
                raise UserError(
                    self.env._(
                        "What was not effective needs a new action: say which, by "
                        "whom and until when."
                    )
                )
            action = {
                "name": self.action_name,
                "user_id": self.user_id.id,
                "date_deadline": self.date_deadline,
            }
        self.nonconformity_id._cchc_verify(self.effect, self.comments, action)
        return {"type": "ir.actions.act_window_close"}
