from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import guard
from ..tools.transitions import TRANSITION


class CchcDossierApology(models.Model):
    """Draft of an apology with a new appointment, for a leader to approve.

    Whoever handles the dossier writes it; the approval of a leader extends the dossier
    and issues form 04 in one transaction, in the name of that leader. A leader may also
    extend without a draft (``cchc.dossier.action_extend``).
    """

    _name = "cchc.dossier.apology"
    _description = "Draft of an Apology"
    _inherit = ["cchc.approval.mixin", "mail.thread", "cchc.guarded.mixin"]
    _order = "id desc"
    _rec_name = "dossier_id"
    _state_from = ["to_approve"]
    _state_to = ["approved"]
    _cancel_state = "cancelled"
    _cchc_approval_required = True

    dossier_id = fields.Many2one(
        "cchc.dossier", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="dossier_id.company_id", store=True, string="Agency"
    )
    reason_id = fields.Many2one("cchc.reason", required=True, readonly=True)
    content = fields.Text(readonly=True)
    due_before = fields.Datetime(
        related="dossier_id.due_at", string="Present Appointment"
    )
    due_at = fields.Datetime(string="New Appointment", required=True, readonly=True)
    requester_id = fields.Many2one(
        "res.users", string="Drafted by", required=True, readonly=True
    )
    paper_id = fields.Many2one(
        "cchc.dossier.paper",
        string="Letter",
        readonly=True,
        groups="cchc_onestop.group_identity",
    )
    state = fields.Selection(
        [
            ("to_approve", "To Approve"),
            ("approved", "Approved"),
            ("rejected", "Sent Back"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="to_approve",
    )
    short_notice = fields.Char(compute="_compute_short_notice")

    _one_open = models.UniqueIndex(
        "(dossier_id) WHERE state = 'to_approve'",
        "An apology for this dossier waits for approval already.",
    )

    @api.depends("dossier_id.due_at", "state")
    def _compute_short_notice(self):
        now = fields.Datetime.now()
        for apology in self:
            apology.short_notice = apology.state == "to_approve" and (
                apology.dossier_id._short_notice(now)
            )

    def _guarded_sentence(self):
        return self.env._(
            "An apology is drafted from its dossier and cannot be changed: send it "
            "back and draft another one."
        )

    # ------------------------------------------------------------------
    # Decision
    # ------------------------------------------------------------------
    def _cchc_decide(self, reviews, status, comment=False):
        """Approve: the dossier is extended and the letter issued; or send back."""
        result = super()._cchc_decide(reviews, status, comment)
        if status == "rejected":
            guard.unlocked(self.sudo()).write({"state": "rejected"})
            self.dossier_id.sudo()._message_log(
                body=self.env._("The apology was sent back: %s", comment or "")
            )
        elif self.validation_status == "validated":
            self._extend()
        return result

    def _extend(self):
        self.ensure_one()
        dossier = self.dossier_id
        guard.unlocked(self.sudo()).write({"state": "approved"})
        dossier.action_extend(self.due_at, self.content or "", self.reason_id)
        paper = dossier.sudo().paper_ids.filtered(
            lambda paper: paper.code == "04" and paper.state == "issued"
        )
        guard.unlocked(self.sudo()).write(
            {"paper_id": paper.sorted("occasion")[-1:].id}
        )

    def action_print(self):
        """Open the letter."""
        self.ensure_one()
        return self.paper_id.action_print()

    def action_open_dossier(self):
        """Open the dossier that the apology is about."""
        self.ensure_one()
        return self.dossier_id.action_open_dossier()


class CchcDossier(models.Model):
    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    apology_ids = fields.One2many("cchc.dossier.apology", "dossier_id", readonly=True)
    open_apology_id = fields.Many2one(
        "cchc.dossier.apology", compute="_compute_open_apology_id"
    )

    @api.depends("apology_ids.state")
    def _compute_open_apology_id(self):
        for dossier in self:
            dossier.open_apology_id = dossier.apology_ids.filtered(
                lambda apology: apology.state == "to_approve"
            )[:1]

    def _short_notice(self, now):
        """Return the warning that the notice of the rule can no longer be kept."""
        self.ensure_one()
        days = self.sudo().deadline_rule_id.extension_notice_days
        if not self.due_at or self._notice_is_kept(now):
            return False
        return self.env._(
            "The apology should be sent at the latest %(days)s day(s) before the due "
            "date.",
            days=days,
        )

    def action_draft_apology(self, due_at, content, reason):
        """Draft the apology of each dossier and ask a leader to approve it.

        :param due_at: proposed appointment, naive UTC
        :param reason: reason of the delay, compulsory
        :raises UserError: the dossier cannot be extended (again), or to this date
        """
        reason = self._delay_reason(reason)
        due_at = fields.Datetime.to_datetime(due_at)
        self._check_drafting()
        now = fields.Datetime.now()
        apologies = self.env["cchc.dossier.apology"]
        for dossier in self:
            dossier._check_extension(due_at, now)
            if dossier.open_apology_id:
                raise UserError(
                    self.env._(
                        "An apology for %s waits for approval already.", dossier.name
                    )
                )
        # the index on the one open draft has to see that an earlier one was decided
        apologies.flush_model(["state"])
        created = guard.unlocked(apologies.sudo()).create(
            [
                {
                    "dossier_id": dossier.id,
                    "reason_id": reason.id,
                    "content": content or "",
                    "due_at": due_at,
                    "requester_id": self.env.uid,
                }
                for dossier in self
            ]
        )
        apologies = apologies.browse(created.ids)
        apologies.request_validation()
        for dossier in self:
            dossier.sudo()._message_log(
                body=self.env._("An apology was drafted and waits for approval.")
            )
        return apologies

    def _check_drafting(self):
        """Only who works on a running dossier drafts its apology."""
        self.check_access("write")
        transition = TRANSITION["extend"]
        for dossier in self:
            if dossier.state not in transition.sources:
                dossier._refuse_move(transition)

    def _drop_apologies(self):
        """Drafts of dossiers that are extended or have ended wait for nobody."""
        drafts = (
            self.env["cchc.dossier.apology"]
            .sudo()
            .search([("dossier_id", "in", self.ids), ("state", "=", "to_approve")])
        )
        if drafts:
            guard.unlocked(drafts).write({"state": "cancelled"})

    def action_open_apology(self):
        """Open the apology that waits for approval."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cchc.dossier.apology",
            "res_id": self.open_apology_id.id,
            "view_mode": "form",
        }
