from odoo import fields, models

from .cchc_procedure_fee import FEE_KINDS


class CchcReceiptLine(models.Model):
    """One fee on a receipt, with the dossier it belongs to."""

    _name = "cchc.receipt.line"
    _description = "Receipt Line"
    _inherit = ["cchc.guarded.mixin"]
    _guarded_kept = True
    _order = "receipt_id, id"
    _log_access = False

    receipt_id = fields.Many2one(
        "cchc.receipt", required=True, readonly=True, index=True, ondelete="restrict"
    )
    payment_line_id = fields.Many2one(
        "cchc.payment.line", required=True, readonly=True, ondelete="restrict"
    )
    name = fields.Char(required=True, readonly=True)
    kind = fields.Selection(FEE_KINDS, readonly=True)
    dossier_code = fields.Char(readonly=True)
    worked_out = fields.Char(readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    company_id = fields.Many2one(related="receipt_id.company_id")
    issued_on = fields.Date(related="receipt_id.issued_on")
    currency_id = fields.Many2one(related="receipt_id.currency_id")
