from odoo import fields, models

from .cchc_iso_risk import RATINGS


class CchcIsoRiskAssessment(models.Model):
    """One assessment of a risk; it stays as it was made."""

    _name = "cchc.iso.risk.assessment"
    _description = "Assessment of a Risk"
    _inherit = ["cchc.guarded.mixin"]
    _order = "risk_id, assessed_on desc, id desc"
    _guarded_kept = True

    risk_id = fields.Many2one(
        "cchc.iso.risk", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="risk_id.company_id", store=True, index=True)
    stage = fields.Selection(
        [("before", "Before the Treatment"), ("after", "After the Treatment")],
        required=True,
    )
    likelihood = fields.Selection(RATINGS, required=True)
    impact = fields.Selection(RATINGS, "Consequence", required=True)
    score = fields.Integer(required=True, aggregator="avg")
    level_id = fields.Many2one(
        "cchc.iso.risk.level", required=True, ondelete="restrict"
    )
    level_name = fields.Char("Level of Then", required=True)
    assessed_on = fields.Date(required=True)
    assessed_by_id = fields.Many2one("res.users", required=True, ondelete="restrict")
    note = fields.Text()
