from odoo import fields, models

#: Type of the view that shows risks on the map of likelihood × consequence.
RISK_MAP = "cchc_risk_map"


class IrUiView(models.Model):
    """Knows the map of risks."""

    _inherit = "ir.ui.view"

    type = fields.Selection(selection_add=[(RISK_MAP, "Map of Risks")])

    def _get_view_info(self):
        return {RISK_MAP: {"icon": "fa fa-th"}} | super()._get_view_info()


class IrActionsActWindowView(models.Model):
    """Lets actions name the map of risks."""

    _inherit = "ir.actions.act_window.view"

    view_mode = fields.Selection(
        selection_add=[(RISK_MAP, "Map of Risks")], ondelete={RISK_MAP: "cascade"}
    )
