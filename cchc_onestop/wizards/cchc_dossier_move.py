from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.transitions import TRANSITIONS

#: Moves that ask for something, and the kind of reasons they offer.
_REASON_KIND = {
    "ask_completion": "supplement",
    "refuse": "refuse",
    "request_supplement": "supplement",
    "request_finance": "finance",
    "send_back": "send_back",
    "withdraw": "withdraw",
    "stop": "stop",
    "extend": "late",
    "void": "void",
    "consult": False,
    "assign": False,
}


class CchcDossierMove(models.TransientModel):
    """Asks for what a move of dossiers needs: a reason, a person, a date."""

    _name = "cchc.dossier.move"
    _description = "Move Dossiers"

    dossier_ids = fields.Many2many("cchc.dossier", required=True, readonly=True)
    dossier_count = fields.Integer(compute="_compute_dossier_count")
    move = fields.Selection(
        [(t.key, t.label) for t in TRANSITIONS if t.key in _REASON_KIND],
        required=True,
        readonly=True,
    )
    reason_kind = fields.Char(compute="_compute_reason_kind")
    reason_id = fields.Many2one("cchc.reason", domain="[('kind', '=', reason_kind)]")
    content = fields.Text(string="Details")
    user_id = fields.Many2one("res.users", string="Hand to")
    company_id = fields.Many2one("res.company", compute="_compute_dossier_count")
    due_before = fields.Datetime(
        string="Present Appointment", compute="_compute_dossier_count"
    )
    due_at = fields.Datetime(
        string="New Appointment",
        compute="_compute_due_at",
        store=True,
        readonly=False,
    )
    short_notice = fields.Char(compute="_compute_short_notice")

    @api.depends("dossier_ids")
    def _compute_dossier_count(self):
        for wizard in self:
            wizard.dossier_count = len(wizard.dossier_ids)
            wizard.company_id = wizard.dossier_ids.company_id[:1]
            wizard.due_before = max(
                wizard.dossier_ids.filtered("due_at").mapped("due_at"), default=False
            )

    @api.depends("move")
    def _compute_reason_kind(self):
        for wizard in self:
            wizard.reason_kind = _REASON_KIND.get(wizard.move)

    @api.depends("dossier_ids", "move")
    def _compute_due_at(self):
        for wizard in self:
            proposals = [
                dossier._proposed_extension() for dossier in wizard.dossier_ids
            ]
            wizard.due_at = (
                max(proposals) if wizard.move == "extend" and proposals else False
            )

    @api.depends("dossier_ids", "move")
    def _compute_short_notice(self):
        """Warn when the notice that a deadline rule asks for can no longer be kept."""
        now = fields.Datetime.now()
        for wizard in self:
            notices = [
                dossier.deadline_rule_id.extension_notice_days
                for dossier in wizard.dossier_ids.sudo()
                if wizard.move == "extend" and dossier.due_at
                if dossier.due_at - now
                < timedelta(days=dossier.deadline_rule_id.extension_notice_days)
            ]
            wizard.short_notice = bool(notices) and self.env._(
                "The apology should be sent at the latest %(days)s day(s) before the "
                "due date.",
                days=max(notices),
            )

    def action_confirm(self):
        """Make the move for all chosen dossiers, in one transaction."""
        self.ensure_one()
        dossiers = self.dossier_ids
        content = self.content or ""
        if self.move == "assign":
            if not self.user_id:
                raise UserError(self.env._("Choose the person who takes the dossier."))
            return dossiers.action_assign(self.user_id, content)
        if self.move == "extend":
            if not self.due_at:
                raise UserError(self.env._("Enter the new appointment."))
            return dossiers.action_extend(self.due_at, content, self.reason_id)
        return getattr(dossiers, f"action_{self.move}")(content, self.reason_id)
