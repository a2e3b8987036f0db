from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

from .mgmtsystem_nonconformity import FREE_PREFIXES

#: What the person who carries an action out writes of it.
OWNER_FIELDS = frozenset(
    {"description", "evidence", "kanban_state", "progress", "result", "stage_id"}
)
CLOSE_FIELDS = frozenset({"date_closed", "date_open", "verified_at", "verified_by_id"})


class MgmtsystemAction(models.Model):
    """Action of a quality system: who does what until when, and with which effect.

    Who carries out an action of a system with an edition reports progress and result;
    somebody else closes it. Such actions put an activity into the worklist of a person
    instead of a mail into his box.
    """

    _inherit = "mgmtsystem.action"

    edition_id = fields.Many2one(
        "cchc.iso.edition",
        compute="_compute_edition_id",
        store=True,
        precompute=True,
        ondelete="restrict",
    )
    department_id = fields.Many2one(
        "hr.department", index="btree_not_null", ondelete="restrict"
    )
    progress = fields.Integer(
        "Progress (%)", tracking=True, aggregator="avg", help="From 0 to 100"
    )
    result = fields.Text(help="What was done")
    evidence = fields.Text(help="What shows that it was done")
    effect = fields.Selection(
        [("effective", "Effective"), ("not_effective", "Not Effective")],
        "Effectiveness",
        tracking=True,
    )
    verifier_id = fields.Many2one(
        "res.users",
        "Closed by",
        domain="[('share', '=', False), ('id', '!=', user_id)]",
        help="Who looks at the result and closes the action; empty: a leader",
    )
    verified_by_id = fields.Many2one("res.users", "Verified by", readonly=True)
    verified_at = fields.Datetime("Verified on", readonly=True)
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    is_ended = fields.Boolean(related="stage_id.is_ending")
    overdue_told_for = fields.Date(readonly=True, copy=False)
    reminded_for = fields.Date(
        readonly=True, copy=False, help="Deadline of which the person was reminded"
    )
    may_close = fields.Boolean(compute="_compute_may_close")

    _progress_percent = models.Constraint(
        "CHECK (progress BETWEEN 0 AND 100)", "Progress lies between 0 and 100 %."
    )

    @api.depends("system_id")
    def _compute_edition_id(self):
        for action in self:
            action.edition_id = action.system_id.sudo().edition_id

    @api.depends("date_deadline", "stage_id")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for action in self:
            action.is_late = bool(
                action.date_deadline
                and action.date_deadline < today
                and not action.stage_id.is_ending
            )

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [
            ("date_deadline", "<", fields.Date.context_today(self)),
            ("stage_id.is_ending", "=", False),
        ]

    @api.depends_context("uid")
    @api.depends("verifier_id", "user_id")
    def _compute_may_close(self):
        for action in self:
            action.may_close = action._cchc_may_close()

    @api.depends("reference", "name")
    def _compute_display_name(self):
        for action in self:
            action.display_name = " ".join(
                filter(None, [action.reference, action.name])
            )

    @api.model
    def _elapsed_days(self, dt1_text, dt2_text):
        """Days from the first moment to the second; OCA counts them backwards."""
        return super()._elapsed_days(dt2_text, dt1_text)

    @api.model
    def _cchc_mend_days(self):
        """Count anew the days of the actions that were there before us."""
        actions = self.with_context(active_test=False).search(
            ["|", ("date_open", "!=", False), ("date_closed", "!=", False)]
        )
        for name in ("number_of_days_to_open", "number_of_days_to_close"):
            self.env.add_to_compute(self._fields[name], actions)

    # -- mails of OCA
    def send_mail_for_action(self, force_send=True):
        """Mail only what OCA's own screens make.

        Imports, demo data and whoever sets ``cchc_no_mail`` in the context send
        nothing; actions of a system with an edition give their person an activity.
        """
        self.filtered("edition_id")._cchc_tell_owner()
        plain = self.filtered(lambda action: not action.edition_id)
        if (
            not plain
            or self.env.context.get("cchc_no_mail")
            or self.env.context.get("import_file")
        ):
            return True
        return super(MgmtsystemAction, plain).send_mail_for_action(force_send)

    def get_action_url(self):
        """Return the address of the action in today's form.

        The parameters after ``?`` are those of the old links, which others read.
        """
        self.ensure_one()
        base_url = self.get_base_url()
        return (
            f"{base_url}/odoo/mgmtsystem-actions/{self.id}"
            f"?db={self.env.cr.dbname}&id={self.id}&model={self._name}"
        )

    @api.model
    def process_reminder_queue(self, reminder_days=10):
        """Mail each person once when a deadline is ``reminder_days`` or less ahead.

        OCA looks for the very day, so that a missed run loses the reminder, and
        reminds of cancelled actions too.
        """
        today = fields.Date.context_today(self)
        actions = self.search(
            [
                ("edition_id", "=", False),
                ("stage_id.is_ending", "=", False),
                ("date_deadline", ">=", today),
                ("date_deadline", "<=", today + timedelta(days=reminder_days)),
            ]
        ).filtered(lambda action: action.reminded_for != action.date_deadline)
        template = self.env.ref(
            "mgmtsystem_action.action_email_template_reminder_action"
        )
        for action in actions:
            template.send_mail(action.id)
            action.reminded_for = action.date_deadline
        return bool(actions)

    # -- life of controlled actions
    def _cchc_is_keeper(self):
        user = self.env.user
        return self.env.su or any(
            user.has_group(f"cchc_iso.group_{name}")
            for name in ("officer", "leader", "manager")
        )

    def _cchc_may_close(self):
        """Whether the user closes this action: the named person, else a leader; not
        who carries it out."""
        self.ensure_one()
        user = self.env.user
        if self.env.su:
            return True
        if self.verifier_id:
            return user == self.verifier_id
        return user != self.user_id and (
            user.has_group("cchc_iso.group_leader")
            or user.has_group("cchc_iso.group_manager")
        )

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env):
            stages = self.env["mgmtsystem.action.stage"]
            for vals in vals_list:
                system = self.env["mgmtsystem.system"].browse(vals.get("system_id"))
                ended = stages.browse(vals.get("stage_id")).is_ending
                if system.sudo().edition_id and (ended or CLOSE_FIELDS & set(vals)):
                    raise UserError(
                        self.env._(
                            "A new action is not closed yet: close it by its button "
                            "when its result is there."
                        )
                    )
        return super().create(vals_list)

    def write(self, vals):
        controlled = self.filtered("edition_id")
        names = {name for name in vals if not name.startswith(FREE_PREFIXES)}
        if not controlled or not names or is_unlocked(self.env):
            return super().write(vals)
        controlled._cchc_check_write(names)
        stage = self.env["mgmtsystem.action.stage"].browse(vals.get("stage_id"))
        if stage.is_ending:
            values = {**vals, **controlled._cchc_closing(vals, stage)}
            super(MgmtsystemAction, unlocked(controlled.sudo())).write(values)
            controlled._cchc_tell_owner()
            plain = self - controlled
            return super(MgmtsystemAction, plain).write(vals) if plain else True
        if stage and any(controlled.mapped("stage_id.is_ending")):
            vals = {**vals, "date_closed": False}
        # OCA's check of a stage writes the dates of the action.
        result = super(MgmtsystemAction, unlocked(self)).write(vals)
        if names & {"user_id", "date_deadline"}:
            controlled._cchc_tell_owner()
        return result

    def _cchc_check_write(self, names):
        """Refuse what this user does not write of a controlled action."""
        keeper = self._cchc_is_keeper()
        for action in self:
            if action.stage_id.is_ending and not (
                names == {"stage_id"} and action._cchc_may_close()
            ):
                raise UserError(
                    self.env._(
                        "Action %s is closed and locked; a leader opens it again by "
                        "its stage.",
                        action.display_name,
                    )
                )
            if names & CLOSE_FIELDS:
                raise UserError(self.env._("Close and verify an action by its button."))
            if not keeper and names - OWNER_FIELDS:
                raise AccessError(
                    self.env._(
                        "Of action %s its owner writes progress, result and evidence; "
                        "ask the ISO secretary for the rest.",
                        action.display_name,
                    )
                )

    def _cchc_closing(self, vals, stage):
        """Return what closing or cancelling writes, once it may be done.

        Each action is closed by somebody other than who carried it out.
        """
        cancelled = stage == self.env.ref(
            "mgmtsystem_action.stage_cancel", raise_if_not_found=False
        )
        for action in self:
            if not action._cchc_may_close():
                raise AccessError(
                    self.env._(
                        "Action %(action)s is closed by %(name)s, not by who carries "
                        "it out.",
                        action=action.display_name,
                        name=action.verifier_id.name or self.env._("a leader"),
                    )
                )
            if not cancelled and not (vals.get("result") or action.result):
                raise UserError(
                    self.env._(
                        "Action %s has no result yet: write what was done first.",
                        action.display_name,
                    )
                )
        done = {} if cancelled else {"progress": 100}
        return {
            "verified_by_id": self.env.uid,
            "verified_at": fields.Datetime.now(),
            **done,
        }

    def action_close(self):
        """Close the action: its result was looked at."""
        self.write({"stage_id": self.env.ref("mgmtsystem_action.stage_close").id})

    # -- telling people
    def _cchc_tell_owner(self):
        """Give who carries the action out one activity with its deadline."""
        kind = "cchc_iso.mail_activity_type_action"
        for action in self.sudo().with_context(mail_activity_quick_update=True):
            action.activity_unlink([kind])
            if action.stage_id.is_ending:
                action.activity_unlink(["cchc_iso.mail_activity_type_overdue"])
            else:
                action.activity_schedule(
                    kind,
                    date_deadline=action.date_deadline
                    or fields.Date.context_today(action),
                    summary=action.name,
                    user_id=action.user_id.id,
                )

    @api.model
    def _cron_tell_overdue(self):
        """Tell who follows up of each action over its deadline, once per deadline."""
        late = self.search(
            [("edition_id", "!=", False), *self._search_is_late("in", {True})]
        ).filtered(lambda action: action.overdue_told_for != action.date_deadline)
        for action in late.with_context(mail_activity_quick_update=True):
            people = self.env["mgmtsystem.nonconformity"]._cchc_people(
                action.system_id, action.department_id, action.company_id
            )
            action.activity_schedule(
                "cchc_iso.mail_activity_type_overdue",
                date_deadline=action.date_deadline,
                summary=self.env._("Overdue: %s", action.display_name),
                user_id=action.nonconformity_ids[:1].manager_user_id.id
                or people["manager_user_id"],
            )
            unlocked(action).write({"overdue_told_for": action.date_deadline})
