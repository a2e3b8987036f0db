from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CchcIsoActionNew(models.TransientModel):
    """One action, decided where its reason stands: finding, review or risk."""

    _name = "cchc.iso.action.new"
    _description = "New Action"

    nonconformity_id = fields.Many2one("mgmtsystem.nonconformity", readonly=True)
    review_id = fields.Many2one("mgmtsystem.review", readonly=True)
    risk_id = fields.Many2one("cchc.iso.risk", readonly=True)
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
    output = fields.Selection(
        [
            ("improvement", "Opportunity for Improvement"),
            ("change", "Change of the System"),
            ("resource", "Resources Needed"),
        ],
        "Kind of Decision",
        default="improvement",
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

    @api.onchange("nonconformity_id", "risk_id")
    def _onchange_source(self):
        nc, risk = self.nonconformity_id, self.risk_id
        self.user_id = self.user_id or nc.responsible_user_id or risk.responsible_id
        self.date_deadline = self.date_deadline or nc.due_date or risk.review_date

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
        """Make the action; the record it belongs to shows it."""
        self.ensure_one()
        if self.nonconformity_id:
            self._add_to_nonconformity()
        elif self.review_id:
            self.review_id._check_may_prepare()
            self.review_id._cchc_decide_action(self._values(), self.output)
        elif self.risk_id:
            self._add_to_risk()
        else:
            raise UserError(
                self.env._("Open the finding, review or risk that needs this action.")
            )
        return {"type": "ir.actions.act_window_close"}

    def _add_to_nonconformity(self):
        nc = self.nonconformity_id
        nc._cchc_check_state("draft", "analysis", "pending", "open")
        if not (nc._cchc_may_answer() or nc._cchc_is_keeper()):
            raise AccessError(
                self.env._("Who answers for nonconformity %s plans them.", nc.ref)
            )
        action = nc._cchc_add_action(self._values())
        if nc.state == "open":
            action.sudo().case_open()

    def _add_to_risk(self):
        risk = self.risk_id
        risk.check_access("write")
        action = (
            self.env["mgmtsystem.action"]
            .sudo()
            .create(
                {
                    **self._values(),
                    "system_id": risk.system_id.id,
                    "company_id": risk.company_id.id,
                    "department_id": risk.department_id.id,
                }
            )
        )
        action.case_open()
        risk.action_ids += self.env["mgmtsystem.action"].browse(action.id)
