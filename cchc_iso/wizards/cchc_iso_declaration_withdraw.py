from odoo import fields, models


class CchcIsoDeclarationWithdraw(models.TransientModel):
    """Ask why a declaration is withdrawn."""

    _name = "cchc.iso.declaration.withdraw"
    _description = "Withdraw a Declaration"

    declaration_id = fields.Many2one(
        "cchc.iso.declaration", required=True, ondelete="cascade"
    )
    reason = fields.Text(required=True)

    def action_withdraw(self):
        """Withdraw the declaration."""
        self.declaration_id._withdraw(self.reason)
        return {"type": "ir.actions.act_window_close"}
