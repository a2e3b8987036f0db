from odoo import api, fields, models

from ..models.cchc_iso_risk import IMPACTS, LIKELIHOODS


class CchcIsoRiskAssess(models.TransientModel):
    """How likely something is and how much it would weigh."""

    _name = "cchc.iso.risk.assess"
    _description = "Assess a Risk"

    risk_id = fields.Many2one("cchc.iso.risk", required=True, readonly=True)
    stage = fields.Selection(
        [("before", "Before the Treatment"), ("after", "After the Treatment")],
        required=True,
        default="before",
    )
    likelihood = fields.Selection(LIKELIHOODS, required=True)
    impact = fields.Selection(IMPACTS, "Consequence", required=True)
    level_id = fields.Many2one("cchc.iso.risk.level", compute="_compute_level_id")
    note = fields.Text()

    @api.depends("likelihood", "impact")
    def _compute_level_id(self):
        levels = self.env["cchc.iso.risk.level"]
        for wizard in self:
            if wizard.likelihood and wizard.impact:
                wizard.level_id = levels._of_score(
                    int(wizard.likelihood) * int(wizard.impact)
                )
            else:
                wizard.level_id = False

    def action_confirm(self):
        self.ensure_one()
        self.risk_id._cchc_assess(self.stage, self.likelihood, self.impact, self.note)
        return {"type": "ir.actions.act_window_close"}
