from odoo import fields, models


class CchcIsoEffect(models.Model):
    """One verification whether a corrective action had the effect it should have.

    Nobody changes or deletes one: a nonconformity that was reopened shows all of them.
    """

    _name = "cchc.iso.effect"
    _description = "Verification of Effect"
    _inherit = ["cchc.guarded.mixin"]
    _order = "verified_at desc, id desc"
    _guarded_kept = True

    nonconformity_id = fields.Many2one(
        "mgmtsystem.nonconformity", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="nonconformity_id.company_id", store=True, index=True
    )
    verified_by_id = fields.Many2one("res.users", required=True, ondelete="restrict")
    verified_at = fields.Datetime(required=True)
    effect = fields.Selection(
        [("effective", "Effective"), ("not_effective", "Not Effective")], required=True
    )
    comments = fields.Text("What Was Checked", required=True)
