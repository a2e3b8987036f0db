from odoo import api, fields, models
from odoo.exceptions import UserError


class CchcReformReportOverride(models.TransientModel):
    """State another value than the measured one, with the reason; or take that back.

    Both values stay with the figure.
    """

    _name = "cchc.reform.report.override"
    _description = "State Another Value"

    figure_id = fields.Many2one(
        "cchc.reform.report.figure", required=True, readonly=True, ondelete="cascade"
    )
    shown_measured = fields.Char(related="figure_id.shown_measured")
    detail = fields.Char(related="figure_id.detail")
    source = fields.Char(related="figure_id.source")
    as_of = fields.Datetime(related="figure_id.as_of")
    unit = fields.Selection(related="figure_id.unit")
    unit_label = fields.Char(related="figure_id.unit_label")
    is_overridden = fields.Boolean(related="figure_id.is_overridden")
    value = fields.Float(
        "Stated Value",
        digits=(16, 2),
        compute="_compute_value",
        store=True,
        readonly=False,
        help="Of a share in percent",
    )
    reason = fields.Char(compute="_compute_value", store=True, readonly=False)

    @api.depends("figure_id")
    def _compute_value(self):
        for wizard in self:
            wizard.value = wizard.figure_id.value
            wizard.reason = wizard.figure_id.override_reason

    def action_state(self):
        """State the value in the report.

        :raises UserError: without a reason
        """
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(
                self.env._("Say why the report states another value than the measured.")
            )
        self.figure_id.write(
            {
                "is_overridden": True,
                "override_value": self.value,
                "override_reason": self.reason,
            }
        )
        return {"type": "ir.actions.act_window_close"}

    def action_take_measured(self):
        """State what was measured again."""
        self.ensure_one()
        self.figure_id.write(
            {"is_overridden": False, "override_value": 0, "override_reason": False}
        )
        return {"type": "ir.actions.act_window_close"}
