from odoo import api, fields, models
from odoo.exceptions import AccessError


class CchcIsoActionNew(models.TransientModel):
    """One corrective action, decided where its reason stands."""

    _name = "cchc.iso.action.new"
    _description = "New Action"

    nonconformity_id = fields.Many2one("mgmtsystem.nonconformity", readonly=True)
    name = fields.Char("What", required=True)
    type_action = fields.Selection(
        [
            ("immediate", "Immediate Action"),
            ("correction", "Corrective Action"),
            ("prevention", "Preventive Action"),
            ("improvement", "Improvement Opportunity"),
        ],
        "Kind",
        required=True,
        default="correction",
    )
    user_id = fields.Many2one(
        "res.users", "Who", required=True, domain="[('share', '=', False)]"
    )
    date_deadline = fields.Date("Until", required=True)
    description = fields.Text("How")

    @api.model
    def _open(self, **defaults):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Action"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {f"default_{name}": value for name, value in defaults.items()},
        }

    @api.onchange("nonconformity_id")
    def _onchange_nonconformity_id(self):
        self.user_id = self.user_id or self.nonconformity_id.responsible_user_id
        self.date_deadline = self.date_deadline or self.nonconformity_id.due_date

    def _values(self):
        self.ensure_one()
        return {
            "name": self.name,
            "type_action": self.type_action,
            "user_id": self.user_id.id,
            "date_deadline": self.date_deadline,
            "description": self.description or False,
        }

    def action_add(self):
        """Make the action; returns nothing to open, the record shows it."""
        self.ensure_one()
        nc = self.nonconformity_id
        if nc:
            nc._cchc_check_state("draft", "analysis", "pending", "open")
            if not (nc._cchc_may_answer() or nc._cchc_is_keeper()):
                raise AccessError(
                    self.env._(
                        "Who answers for nonconformity %s plans its actions.",
                        nc.ref,
                    )
                )
            action = nc._cchc_add_action(self._values())
            if nc.state == "open":
                action.sudo().case_open()
        return {"type": "ir.actions.act_window_close"}
