from odoo import fields, models


class CchcBundleTypeAgency(models.Model):
    """Which agency settles a part of a group for which receiving agency."""

    _name = "cchc.bundle.type.agency"
    _description = "Competent Agency of a Part"
    _order = "line_id, company_id, id"

    line_id = fields.Many2one(
        "cchc.bundle.type.line", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        "res.company",
        string="Received by",
        help="And the agencies below it; empty: for all",
    )
    agency_id = fields.Many2one(
        "res.company",
        string="Settled by",
        help="Agency of this database; empty: an agency outside it",
    )
    external_name = fields.Char(string="Agency outside")
