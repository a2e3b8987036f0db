from odoo import api, fields, models


class CchcDossierFee(models.Model):
    """A fee or charge (phí, lệ phí) of a dossier with its legal text verbatim.

    “Not stated” is not “free”: when the People's Council sets the level and it has not
    been entered yet, ``is_stated`` is off and the receipt says so.
    """

    _name = "cchc.dossier.fee"
    _description = "Dossier Fee"
    _inherit = ["cchc.dossier.row"]
    _order = "dossier_id, id"

    fee_id = fields.Many2one("cchc.procedure.fee", ondelete="restrict")
    name = fields.Char(required=True)
    is_stated = fields.Boolean(string="Amount Stated", default=True)
    amount = fields.Monetary()
    quantity = fields.Integer(default=1)
    subtotal = fields.Monetary(compute="_compute_subtotal", store=True, precompute=True)
    legal_text = fields.Char()
    currency_id = fields.Many2one(related="dossier_id.currency_id")

    _quantity_positive = models.Constraint(
        "CHECK (quantity >= 0)", "The quantity of a fee cannot be negative."
    )

    @api.depends("amount", "quantity", "is_stated")
    def _compute_subtotal(self):
        for fee in self:
            fee.subtotal = fee.amount * fee.quantity if fee.is_stated else 0
