from odoo import fields, models


class CchcIsoRecordChain(models.Model):
    """End of the chain of process records of an agency in a year.

    Locked by whoever appends. A chain that was cut off at its end is shorter than what
    stands here.
    """

    _name = "cchc.iso.record.chain"
    _description = "Chain of Process Records"
    _inherit = ["cchc.guarded.mixin"]
    _order = "year desc, company_id"
    _log_access = False
    _guarded_kept = True

    company_id = fields.Many2one(
        "res.company", "Agency", required=True, readonly=True, ondelete="restrict"
    )
    year = fields.Integer(required=True, readonly=True, aggregator=None)
    last_number = fields.Integer("Records", required=True, readonly=True)
    last_sha256 = fields.Char("Last SHA-256", required=True, readonly=True)

    _chain_uniq = models.UniqueIndex(
        "(company_id, year)", "The agency has a chain of this year already."
    )
