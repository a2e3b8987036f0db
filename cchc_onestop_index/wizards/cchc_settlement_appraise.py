from odoo import fields, models


class CchcSettlementAppraise(models.TransientModel):
    """Asks for the appraised points of an index and why."""

    _name = "cchc.settlement.appraise"
    _description = "Appraise an Index"

    line_id = fields.Many2one(
        "cchc.settlement.review.line", required=True, readonly=True
    )
    name = fields.Char("Index", related="line_id.index_id.name")
    own_text = fields.Char("Self-Scored", related="line_id.own_text")
    maximum = fields.Float("Standard Points", related="line_id.maximum", digits=(4, 1))
    value = fields.Float("Appraised Points", required=True, digits=(4, 1))
    reason = fields.Char(required=True)

    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        line = self.env["cchc.settlement.review.line"].browse(values.get("line_id"))
        if line and "value" in fields_list:
            values.setdefault("value", line.final_points)
        return values

    def action_apply(self):
        """Enter the appraisal."""
        self.ensure_one()
        self.line_id._appraise(self.value, self.reason)
        return {"type": "ir.actions.act_window_close"}
