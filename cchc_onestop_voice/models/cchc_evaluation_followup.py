from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked


class CchcEvaluationFollowup(models.Model):
    """What a leader does about a dissatisfied citizen.

    Hidden from who settled the dossier, like the slip itself.
    """

    _name = "cchc.evaluation.followup"
    _description = "Follow-Up of a Dissatisfied Citizen"
    _inherit = ["cchc.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "state desc, due_on, id"
    _rec_name = "dossier_id"
    _guarded_free = frozenset({"user_id", "due_on", "outcome"})
    _guarded_kept = True

    evaluation_id = fields.Many2one(
        "cchc.evaluation",
        "Slip",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    company_id = fields.Many2one(
        related="evaluation_id.company_id", store=True, precompute=True
    )
    dossier_id = fields.Many2one(related="evaluation_id.dossier_id")
    procedure_id = fields.Many2one(
        related="evaluation_id.procedure_id", store=True, precompute=True
    )
    evaluated_at = fields.Datetime(related="evaluation_id.evaluated_at")
    comment = fields.Text(related="evaluation_id.comment")
    reason_ids = fields.Many2many(related="evaluation_id.reason_ids")
    user_id = fields.Many2one(
        "res.users", "Leader", index=True, domain="[('share', '=', False)]"
    )
    due_on = fields.Date("Due", required=True)
    state = fields.Selection(
        [("open", "To Do"), ("done", "Done"), ("dropped", "Dropped")],
        required=True,
        readonly=True,
        default="open",
    )
    outcome = fields.Text(
        "What Was Done", help="How the citizen was answered, and what changes"
    )
    done_at = fields.Datetime("Done on", readonly=True)
    done_by_id = fields.Many2one("res.users", "Done by", readonly=True)

    _slip_uniq = models.UniqueIndex(
        "(evaluation_id)", "This slip is being followed up already."
    )

    @api.model
    def _open(self, vals_list):
        """Open follow-ups and put them among the activities of the leaders."""
        followups = unlocked(
            self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        ).create(vals_list)
        for followup in followups:
            if followup.user_id:
                followup._ask_leader()

    def _ask_leader(self):
        self.ensure_one()
        words = self.with_context(lang=self.user_id.lang)
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            "cchc_onestop_voice.mail_activity_type_followup",
            date_deadline=self.due_on,
            summary=words.env._("A citizen is not satisfied"),
            user_id=self.user_id.id,
        )

    def write(self, vals):
        if self._guarded_free.intersection(vals) and not is_unlocked(self.env):
            for followup in self:
                if followup.state != "open":
                    raise UserError(self.env._("What was followed up stays as it is."))
        before = {followup: followup.user_id for followup in self}
        result = super().write(vals)
        if "user_id" in vals:
            for followup, user in before.items():
                if followup.user_id != user:
                    followup.sudo().activity_unlink(
                        ["cchc_onestop_voice.mail_activity_type_followup"]
                    )
                    if followup.user_id:
                        followup.sudo()._ask_leader()
        return result

    @api.constrains("user_id")
    def _check_leader(self):
        for followup in self.sudo():
            if followup.user_id in followup.evaluation_id._settlers():
                raise UserError(
                    self.env._(
                        "%s settled the dossier and does not see the slip: choose "
                        "another leader.",
                        followup.user_id.name,
                    )
                )

    def action_done(self):
        """Close the follow-up with what was done."""
        self.check_access("write")
        for followup in self:
            if followup.state != "open":
                raise UserError(self.env._("This has been followed up already."))
            if not (followup.outcome or "").strip():
                raise UserError(self.env._("Say what was done for the citizen."))
        unlocked(self.sudo()).write(
            {
                "state": "done",
                "done_at": fields.Datetime.now(),
                "done_by_id": self.env.uid,
            }
        )
        self._end_activities()

    def _drop(self, reason):
        """The slip was voided: nothing is left to do."""
        open_ones = self.filtered(lambda followup: followup.state == "open")
        unlocked(open_ones).write({"state": "dropped", "outcome": reason})
        open_ones._end_activities()

    def _end_activities(self):
        self.sudo().with_context(mail_activity_quick_update=True).activity_unlink(
            ["cchc_onestop_voice.mail_activity_type_followup"]
        )
