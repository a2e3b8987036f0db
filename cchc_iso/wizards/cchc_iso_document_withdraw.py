from odoo import fields, models


class CchcIsoDocumentWithdraw(models.TransientModel):
    """Asks from when and why a document no longer applies."""

    _name = "cchc.iso.document.withdraw"
    _description = "Withdraw a Document"

    page_id = fields.Many2one("document.page", "Document", required=True)
    day = fields.Date(
        "Last Day in Force", required=True, default=fields.Date.context_today
    )
    reason = fields.Char(required=True)

    def action_withdraw(self):
        """Withdraw the document; its issues stay readable."""
        self.ensure_one()
        self.page_id._cchc_withdraw(self.day, self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
