from odoo import fields, models


class CchcSettlementIndex(models.Model):
    """One of the nine indices of settling procedures (TT 01/2018/TT-VPCP Đ.13)."""

    _name = "cchc.settlement.index"
    _description = "Index of Settlement"
    _order = "number, id"

    number = fields.Integer(required=True)
    name = fields.Char(required=True, translate=True)
    maximum = fields.Float("Standard Points", digits=(4, 1), required=True, default=2)
    for_officer = fields.Boolean("Counts for Officers")
    note = fields.Text("How It Is Counted", translate=True)
    how_known = fields.Text(
        "How to Make It Known",
        translate=True,
        help="What to do when the system does not know it",
    )

    _number_uniq = models.Constraint("UNIQUE (number)", "The indices have numbers.")
    _number_valid = models.Constraint(
        "CHECK (number BETWEEN 1 AND 9)", "There are nine indices."
    )
