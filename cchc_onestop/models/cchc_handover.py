from collections import defaultdict

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools.guard import is_unlocked, unlocked

#: Roles whose holders can take steps of a dossier.
WORKERS = (
    "cchc_onestop.group_desk",
    "cchc_onestop.group_handler",
    "cchc_onestop.group_leader",
    "cchc_onestop.group_manager",
)
#: What a draft holds that people type; the rest is written by the methods.
_TYPED = frozenset(
    {
        *("kind", "user_id", "company_id", "date_from", "date_to", "reason"),
        *("decision_number", "note", "substitute_id", "sign_substitute_id"),
        *("line_ids", "candidate_ids"),
    }
)
#: What may still be typed once the work was handed over.
_ALWAYS = frozenset({"note", "decision_number"})


class CchcHandover(models.Model):
    """Hand-over of a worklist (bàn giao công việc) for an absence or for good.

    Each open step and approval of the person is a line with who takes it. For an
    absence the steps stay the person's own: the taker does them from the first to the
    last day on behalf of him, and what is not done then is his again without anybody
    doing anything. What comes in meanwhile, and approvals, go to a stand-in
    (``cchc.substitution``). For good the steps and approvals get their new owner at
    once.
    """

    _name = "cchc.handover"
    _description = "Hand-over of Work"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"

    kind = fields.Selection(
        [("absence", "Absence"), ("leave", "For Good")],
        required=True,
        default="absence",
        help="For good: transfer to another post, retirement, end of service",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Person Handing Over",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._cchc_local_date(fields.Datetime.now()),
        tracking=True,
    )
    date_to = fields.Date(
        string="To", tracking=True, help="Last day of the absence, included"
    )
    reason = fields.Char(help="E.g. annual leave, mission, training")
    decision_number = fields.Char(
        string="Decision No.", help="Paper that the hand-over follows from"
    )
    note = fields.Text(help="Papers, seals, keys and matters that are not dossiers")
    substitute_id = fields.Many2one(
        "res.users",
        string="Stand-in for What Comes In",
        domain="[('share', '=', False), ('company_ids', 'in', company_id),"
        " ('id', '!=', user_id)]",
        help="Takes what reaches the person during the absence, and each line without "
        "another taker",
    )
    is_leader = fields.Boolean(compute="_compute_is_leader")
    sign_substitute_id = fields.Many2one(
        "res.users",
        string="Stand-in for Signatures",
        domain="[('share', '=', False), ('company_ids', 'in', company_id),"
        " ('id', '!=', user_id)]",
        help="Another leader, who signs and approves in place of the absent one",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("confirmed", "Handed Over"),
            ("ended", "Ended"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many("cchc.handover.line", "handover_id")
    candidate_ids = fields.One2many("cchc.handover.candidate", "handover_id")
    substitution_ids = fields.Many2many(
        "cchc.substitution", readonly=True, copy=False, string="Stand-ins Named"
    )
    listed_at = fields.Datetime(readonly=True, copy=False)
    confirmed_at = fields.Datetime(readonly=True, copy=False)
    confirmed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    ended_at = fields.Datetime(readonly=True, copy=False)
    line_count = fields.Integer(string="Handed Over", compute="_compute_counts")
    done_count = fields.Integer(string="Done", compute="_compute_counts")
    open_count = fields.Integer(string="Not Done Yet", compute="_compute_counts")
    back_count = fields.Integer(string="Came Back", compute="_compute_counts")
    other_matters = fields.Text(
        compute="_compute_other_matters",
        help="What names the person besides dossiers and approvals",
    )
    may_decide = fields.Boolean(compute="_compute_may_decide")

    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "The last day of an absence cannot come before the first.",
    )
    _running_idx = models.Index("(date_to) WHERE state = 'confirmed'")

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("user_id", "date_from", "date_to", "kind")
    def _compute_display_name(self):
        for record in self:
            first = record.date_from and f"{record.date_from:%d/%m/%Y}"
            last = record.date_to and f"{record.date_to:%d/%m/%Y}"
            record.display_name = (
                self.env._(
                    "%(user)s, for good from %(first)s",
                    user=record.user_id.name or "",
                    first=first or "",
                )
                if record.kind == "leave"
                else self.env._(
                    "%(user)s, %(first)s – %(last)s",
                    user=record.user_id.name or "",
                    first=first or "",
                    last=last or "",
                )
            )

    @api.depends("user_id")
    def _compute_is_leader(self):
        for record in self:
            record.is_leader = record.user_id.has_group("cchc_onestop.group_leader")

    @api.depends("line_ids.state")
    def _compute_counts(self):
        for record in self:
            states = record.line_ids.mapped("state")
            record.line_count = len(states)
            record.done_count = states.count("done")
            record.open_count = states.count("open")
            record.back_count = states.count("back")

    @api.depends_context("uid")
    @api.depends("user_id")
    def _compute_may_decide(self):
        for record in self:
            record.may_decide = record._may_decide()

    @api.depends("user_id", "company_id", "kind")
    def _compute_other_matters(self):
        for record in self:
            record.other_matters = "\n".join(
                record.user_id._cchc_other_matters(record.company_id)
                if record.kind == "leave" and record.user_id
                else []
            )

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.kind == "leave":
            self.date_to = False

    def _may_decide(self):
        """Whether the current user may hand over for this person: for himself, or as
        a leader or manager of the agency."""
        self.ensure_one()
        user = self.env.user
        return bool(
            self.env.su
            or self.user_id == user
            or user.has_group("cchc_onestop.group_leader")
            or user.has_group("cchc_onestop.group_manager")
        )

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env):
            for vals in vals_list:
                names = {name for name, value in vals.items() if value}
                self._check_typed(
                    names - ({"state"} if vals.get("state") == "draft" else set())
                )
        records = super().create(vals_list)
        records._check_decider()
        return records

    def write(self, vals):
        if not is_unlocked(self.env):
            names = {
                name
                for name in vals
                if not name.startswith(("message_", "activity_", "website_message_"))
            }
            self._check_typed(names)
            closed = names - _ALWAYS - {"line_ids"}
            for record in self.filtered(lambda record: record.state != "draft"):
                if closed:
                    raise UserError(
                        self.env._(
                            "%s: what was handed over stays on record. End it, and "
                            "make a new hand-over for other days or persons.",
                            record.display_name,
                        )
                    )
        result = super().write(vals)
        if vals.keys() & {"user_id", "company_id"}:
            self._check_decider()
        return result

    def _check_typed(self, names):
        if names - _TYPED:
            raise UserError(
                self.env._(
                    "The state of a hand-over changes only by its buttons: List Open "
                    "Work, Hand Over, End."
                )
            )

    def _check_decider(self):
        for record in self:
            if not record._may_decide():
                raise AccessError(
                    self.env._(
                        "You hand over your own work; for %s a leader or a manager "
                        "of the agency does it.",
                        record.user_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        for record in self:
            if record.state not in ("draft", "cancelled"):
                raise UserError(
                    self.env._(
                        "%s: what was handed over stays on record.",
                        record.display_name,
                    )
                )

    def _check_state(self, state, sentence):
        for record in self:
            if record.state != state:
                raise UserError(sentence)

    # ------------------------------------------------------------------
    # What is open, and who could take it
    # ------------------------------------------------------------------
    def action_list(self):
        """List the open steps and approvals of the person and propose who takes them.

        What was chosen for a line before is kept.
        """
        self.check_access("write")
        self._check_decider()
        self._check_state(
            "draft", self.env._("This work has been handed over already.")
        )
        for record in self:
            record._list()
        return True

    def _list(self):
        self.ensure_one()
        chosen = {line._key(): line for line in self.line_ids}
        wanted = self._open_matters()
        keys = {(vals["step_id"], vals["review_id"]) for vals in wanted}
        stale = self.line_ids.filtered(lambda line: line._key() not in keys)
        fresh = [
            vals
            for vals in wanted
            if (vals["step_id"], vals["review_id"]) not in chosen
        ]
        free = unlocked(self)
        free.write(
            {
                "line_ids": [
                    *(Command.delete(line.id) for line in stale),
                    *map(Command.create, fresh),
                ],
                "listed_at": fields.Datetime.now(),
            }
        )
        self._list_candidates()
        self._propose()

    def _open_matters(self):
        """Return the values of a line for each open step and approval, by due date."""
        self.ensure_one()
        rows = [
            {
                "step_id": step.id,
                "review_id": False,
                "dossier_id": step.dossier_id.id,
                "due_at": step.due_at,
            }
            for step in self._open_steps()
        ]
        rows += [
            {
                "step_id": False,
                "review_id": review.id,
                "dossier_id": (
                    review.res_id if review.model == "cchc.dossier" else False
                ),
                "due_at": False,
            }
            for review in self.user_id._cchc_open_reviews(self.company_id)
        ]
        return rows

    def _open_steps(self):
        """Return the steps to hand over, those that fall due first standing first.

        For an absence those that the person works on; for good also those that are
        planned for him.
        """
        self.ensure_one()
        steps = self.user_id._cchc_open_steps(self.company_id)
        if self.kind == "absence":
            steps = steps.filtered(lambda step: step.state == "current")
        return steps.sorted(
            lambda step: (
                step.dossier_id.due_at or fields.Datetime.now(),
                step.dossier_id.id,
                step.sequence,
            )
        )

    def _last_day(self):
        """Return the last day of the absence; without one the day after the first."""
        return self.date_to or self.date_from

    def _list_candidates(self):
        """List who could take the work, with what each has on his hands."""
        self.ensure_one()
        rows = self.env["cchc.handover.candidate"]._rows_for(self)
        unlocked(self).write(
            {"candidate_ids": [Command.clear(), *map(Command.create, rows)]}
        )

    def _propose(self):
        """Choose a taker for each line that has none.

        The stand-in for what comes in; else a person whom the process names for the
        step, then one of the same department, then anybody who works on dossiers: the
        one with the least on his hands, what is given here included.
        """
        self.ensure_one()
        load = {
            candidate.user_id: candidate.open_count
            for candidate in self.candidate_ids
            if not candidate.is_away
        }
        given = defaultdict(int)
        for line in self.line_ids:
            given[line.taker_id] += 1
        if not self.substitute_id and self.kind == "absence":
            near = [c.user_id for c in self.candidate_ids if c.same_department]
            pool = [user for user in near if user in load] or list(load)
            if pool:
                unlocked(self).substitute_id = min(
                    pool, key=lambda user: (load[user], user.id)
                )
        near = self.candidate_ids.filtered("same_department").user_id
        for line in self.line_ids.filtered(lambda line: not line.taker_id):
            taker = line._proposal(load, given, near)
            if taker:
                given[taker] += 1
                unlocked(line).taker_id = taker

    def action_give_rest(self):
        """Give every line without a taker to the stand-in for what comes in."""
        self.check_access("write")
        self._check_state(
            "draft", self.env._("This work has been handed over already.")
        )
        for record in self:
            record.line_ids.filtered(
                lambda line: line.step_id and not line.taker_id
            ).taker_id = record.substitute_id
        return True

    # ------------------------------------------------------------------
    # Handing over
    # ------------------------------------------------------------------
    def action_confirm(self):
        """Hand the work over; nothing of it is left without an owner.

        :raises UserError: with one sentence that names what is missing
        """
        self.check_access("write")
        self._check_decider()
        for record in self:
            if record.state == "confirmed" and record.confirmed_by_id == self.env.user:
                continue
            record._check_state(
                "draft", self.env._("This work has been handed over already.")
            )
            record._confirm()
        return True

    def _confirm(self):
        self.ensure_one()
        self.env.cr.execute(
            "SELECT id FROM cchc_handover WHERE id = %s FOR NO KEY UPDATE", (self.id,)
        )
        self._check_days()
        self._list()
        if self.kind == "absence":
            self._name_stand_ins()
        self._check_takers()
        now = fields.Datetime.now()
        free = unlocked(self.sudo())
        free.write(
            {
                "state": "confirmed",
                "confirmed_at": now,
                "confirmed_by_id": self.env.uid,
            }
        )
        if self.kind == "leave":
            free.line_ids._give_for_good()
            free.write({"state": "ended", "ended_at": now})
        else:
            free.line_ids.write({"in_force": True})
        self._log_lines("hand_over")
        self._tell_takers()

    def _check_days(self):
        today = self.company_id._cchc_local_date(fields.Datetime.now())
        if self.kind == "absence" and not self.date_to:
            raise UserError(self.env._("Enter the last day of the absence."))
        if self.kind == "absence" and not (self.reason or "").strip():
            raise UserError(
                self.env._("Enter the reason of the absence: the record states it.")
            )
        if self.kind == "absence" and self.date_from < today:
            raise UserError(
                self.env._(
                    "Work is handed over for today or later: what was done in the "
                    "past is not covered."
                )
            )

    def _check_takers(self):
        """Refuse lines without a taker, or with one who cannot do the work."""
        self.ensure_one()
        without = self.line_ids.filtered(lambda line: not line.taker_id)
        if without:
            raise UserError(
                self.env._(
                    "%(count)s line(s) have nobody who takes them, the first is "
                    "%(line)s: choose a person for each.",
                    count=len(without),
                    line=without[0].display_name,
                )
            )
        away = self._away(self.line_ids.taker_id) if self.kind == "absence" else {}
        for line in self.line_ids:
            line._check_taker()
            if line.taker_id in away:
                raise UserError(
                    self.env._(
                        "%(taker)s is away himself from %(first)s to %(last)s: give "
                        "%(line)s to somebody who is present.",
                        taker=line.taker_id.name,
                        first=f"{away[line.taker_id].date_from:%d/%m/%Y}",
                        last=f"{away[line.taker_id].date_to:%d/%m/%Y}",
                        line=line.display_name,
                    )
                )

    def _away(self, users, scope="steps"):
        """Return ``{user: stand-in record}`` of those away on one of these days.

        :param scope: what they would be needed for, ``steps`` or ``signatures``
        """
        links = (
            self.env["cchc.substitution"]
            .sudo()
            .search(
                [
                    ("user_id", "in", users.ids),
                    ("company_id", "=", self.company_id.id),
                    ("revoked_at", "=", False),
                    ("scope", "in", (scope, "both")),
                    ("date_from", "<=", self._last_day()),
                    ("date_to", ">=", self.date_from),
                ]
            )
        )
        return {link.user_id: link for link in links}

    def _name_stand_ins(self):
        """Name the stand-ins of the days, unless they are named already."""
        self.ensure_one()
        if not self.substitute_id:
            raise UserError(
                self.env._(
                    "Choose who takes what comes in meanwhile, so that nothing is "
                    "left without an owner."
                )
            )
        signs = self.is_leader or any(line.review_id for line in self.line_ids)
        if signs and not self.sign_substitute_id:
            raise UserError(
                self.env._(
                    "%s signs or approves: choose who does it meanwhile.",
                    self.user_id.name,
                )
            )
        wanted = {"steps": self.substitute_id}
        if signs:
            wanted["signatures"] = self.sign_substitute_id
            if self.sign_substitute_id == self.substitute_id:
                wanted = {"both": self.substitute_id}
        for scope, person in wanted.items():
            self._check_present(scope, person)
        links = self.env["cchc.substitution"]
        for scope, person in wanted.items():
            links |= self._stand_in(scope, person)
        unlocked(self).substitution_ids = links
        for line in self.line_ids.filtered("review_id"):
            unlocked(line).taker_id = self.sign_substitute_id

    def _check_present(self, scope, person):
        """Refuse a stand-in who is away himself on one of the days."""
        for one in ("steps", "signatures") if scope == "both" else (scope,):
            link = self._away(person, one).get(person)
            if link:
                raise UserError(
                    self.env._(
                        "%(person)s is away himself from %(first)s to %(last)s: "
                        "choose a stand-in who is present.",
                        person=person.name,
                        first=f"{link.date_from:%d/%m/%Y}",
                        last=f"{link.date_to:%d/%m/%Y}",
                    )
                )

    def _stand_in(self, scope, person):
        """Name ``person`` the stand-in, unless the days are covered that way.

        :return: the stand-in that was named here, if any
        """
        substitutions = self.env["cchc.substitution"].sudo()
        scopes = ("steps", "signatures") if scope == "both" else (scope,)
        covering = substitutions.search(
            [
                ("user_id", "=", self.user_id.id),
                ("substitute_id", "=", person.id),
                ("company_id", "=", self.company_id.id),
                ("revoked_at", "=", False),
                ("date_from", "<=", self.date_from),
                ("date_to", ">=", self.date_to),
            ]
        )
        covered = set(covering.mapped("scope"))
        if "both" in covered or set(scopes) <= covered:
            return substitutions.browse()
        # The head of the office names stand-ins for his officers this way.
        return substitutions.create(
            {
                "user_id": self.user_id.id,
                "substitute_id": person.id,
                "date_from": self.date_from,
                "date_to": self.date_to,
                "scope": scope,
                "company_id": self.company_id.id,
                "reason": self.reason,
                "decision_number": self.decision_number,
            }
        )

    def _log_lines(self, kind, lines=None):
        """Write into the ledger of each dossier who has its step, or has it back."""
        self.ensure_one()
        lines = (self.line_ids if lines is None else lines).sudo()
        per_dossier = {}
        dossiers = self.env["cchc.dossier"].sudo()
        for line in lines.filtered("step_id"):
            dossiers |= line.dossier_id
            per_dossier.setdefault(
                line.dossier_id.id,
                {
                    "content": self._log_text(kind, line),
                    "step": line.step_id.name,
                    "data": {
                        "handover": self.id,
                        "from": self.user_id.id,
                        "user": line.taker_id.id,
                        "name": line.taker_id.name,
                        "until": fields.Date.to_string(self.date_to) or "",
                    },
                },
            )
        if dossiers:
            dossiers.with_env(self.env(su=True))._move(kind, per_dossier=per_dossier)

    def _log_text(self, kind, line):
        if kind == "hand_back":
            return self.env._(
                "Not done by %(taker)s until the end of the absence: back with "
                "%(user)s.",
                taker=line.taker_id.name,
                user=self.user_id.name,
            )
        if self.kind == "leave":
            return self.env._(
                "From %(user)s to %(taker)s for good.",
                user=self.user_id.name,
                taker=line.taker_id.name,
            )
        return self.env._(
            "%(taker)s for %(user)s from %(first)s to %(last)s: %(reason)s",
            taker=line.taker_id.name,
            user=self.user_id.name,
            first=f"{self.date_from:%d/%m/%Y}",
            last=f"{self.date_to:%d/%m/%Y}",
            reason=self.reason,
        )

    def _tell_takers(self):
        """Tell each taker how many matters came to him."""
        self.ensure_one()
        for taker, lines in self.line_ids.grouped("taker_id").items():
            if taker == self.env.user:
                continue
            self.message_notify(
                partner_ids=taker.sudo().partner_id.ids,
                subject=self.env._("Work handed over: %s", self.display_name),
                body=self.env._(
                    "%(user)s hands over %(count)s matter(s) to you.",
                    user=self.user_id.name,
                    count=len(lines),
                ),
            )

    # ------------------------------------------------------------------
    # The end of an absence
    # ------------------------------------------------------------------
    def action_end(self):
        """The person is back: the rest is his again today."""
        self.check_access("write")
        self._check_decider()
        for record in self:
            if record.state == "ended":
                continue
            record._check_state(
                "confirmed", self.env._("Only what was handed over can be ended.")
            )
            record._end()
        return True

    def action_cancel(self):
        """Throw a draft away; it stays visible as cancelled."""
        self.check_access("write")
        self._check_decider()
        self._check_state(
            "draft",
            self.env._("What was handed over is ended, not cancelled."),
        )
        unlocked(self).write({"state": "cancelled"})
        return True

    def _end(self):
        """Close the hand-over; undone lines come back and are told."""
        self.ensure_one()
        now = fields.Datetime.now()
        links = self.sudo().substitution_ids.filtered(
            lambda link: link.state in ("to_come", "active")
        )
        if links:
            links.action_revoke()
        free = unlocked(self.sudo())
        undone = free.line_ids.filtered(lambda line: line.state == "open")
        free.line_ids.write({"in_force": False})
        undone.write({"returned_at": now})
        free.write({"state": "ended", "ended_at": now})
        self._log_lines("hand_back", undone.filtered("step_id"))
        self.message_notify(
            partner_ids=self.user_id.sudo().partner_id.ids,
            subject=self.env._("Your work is back: %s", self.display_name),
            body=self._back_text(undone),
        )

    def _back_text(self, undone):
        """Return what the person reads about his work when he is back."""
        text = self.env._(
            "%(done)s of %(total)s matters were done meanwhile, %(back)s came back.",
            done=self.done_count,
            total=len(self.line_ids),
            back=len(undone),
        )
        items = Markup().join(
            Markup("<li>%s</li>") % line.display_name for line in undone[:20]
        )
        return Markup("<p>%s</p><ul>%s</ul>") % (text, items)

    @api.model
    def _cron_end(self):
        """End the hand-overs whose last day is over in their agency."""
        now = fields.Datetime.now()
        due = self.search(
            [("state", "=", "confirmed"), ("date_to", "<=", now.date())]
        ).filtered(
            lambda record: record.date_to < record.company_id._cchc_local_date(now)
        )
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(due))
        for record in due:
            record._end()
            if not progress(1):
                break

    # ------------------------------------------------------------------
    # Looking
    # ------------------------------------------------------------------
    def action_open_lines(self):
        """Open the lines as a list, to search, group and export."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_handover_line_action"
        )
        action["domain"] = [("handover_id", "in", self.ids)]
        action["context"] = self.env.context.get("cchc_filter", {})
        return action

    def action_open_back(self):
        """Open the dossiers that came back undone."""
        lines = self.line_ids.filtered(lambda line: line.state == "back")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_dossier_action"
        )
        action["domain"] = [("id", "in", lines.dossier_id.ids)]
        action["context"] = {}
        return action

    def action_print(self):
        """Print the record of the hand-over (biên bản bàn giao)."""
        return self.env.ref("cchc_onestop.report_handover_action").report_action(self)

    @api.model
    def _workers_domain(self, company):
        """Return the domain of the people who can take steps in an agency."""
        groups = [self.env.ref(name).id for name in WORKERS]
        return (
            Domain("share", "=", False)
            & Domain("company_ids", "in", company.ids)
            & Domain("all_group_ids", "in", groups)
        )
