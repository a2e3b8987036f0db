from odoo import fields, models


class CchcIndexGroup(models.Model):
    """Group of agencies that are ranked together (xã, phường, đặc khu; nhóm đơn vị)."""

    _name = "cchc.index.group"
    _description = "Group of Agencies Ranked Together"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        "Superior",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    member_ids = fields.Many2many(
        "res.company",
        "cchc_index_group_company_rel",
        "group_id",
        "company_id",
        "Agencies",
    )
    member_count = fields.Integer("Number", compute="_compute_member_count")

    _name_uniq = models.Constraint(
        "UNIQUE (company_id, name)", "This group is there already."
    )

    def _compute_member_count(self):
        for group in self.sudo():
            group.member_count = len(group.member_ids)
