from odoo import api, fields, models


class CchcDossierFee(models.Model):
    """A fee or charge (phí, lệ phí) of a dossier with its legal text verbatim.

    “Not stated” is not “free”: when the People's Council sets the level and it has not
    been entered yet, ``is_stated`` is off and the receipt says so.

    Amounts are plain numbers in the currency of the agency, shown as money: a monetary
    column would read agency and currency for every line of every dossier received.
    """

    _name = "cchc.dossier.fee"
    _description = "Dossier Fee"
    _inherit = ["cchc.dossier.row"]
    _order = "dossier_id, id"
    _log_access = False

    fee_id = fields.Many2one("cchc.procedure.fee", ondelete="restrict")
    name = fields.Char(required=True)
    is_stated = fields.Boolean(string="Amount Stated", default=True)
    amount = fields.Float(digits=(16, 2))
    quantity = fields.Integer(default=1)
    subtotal = fields.Float(digits=(16, 2), compute="_compute_subtotal")
    legal_text = fields.Char()
    currency_id = fields.Many2one(related="dossier_id.currency_id")

    _quantity_positive = models.Constraint(
        "CHECK (quantity >= 0)", "The quantity of a fee cannot be negative."
    )

    @api.depends("amount", "quantity", "is_stated")
    def _compute_subtotal(self):
        for fee in self:
            fee.subtotal = fee.amount * fee.quantity if fee.is_stated else 0
