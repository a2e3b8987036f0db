from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import bundle_plan, guard, replay
from ..tools.transitions import ENDED_STATES, RUNNING_STATES, TRANSITION

_STATES = [
    ("running", "In Process"),
    ("decide", "Decision Needed"),
    ("supplement", "Supplement Requested"),
    ("outage", "System Outage"),
    ("done", "Results Ready"),
    ("returned", "Results Returned"),
    ("ended", "Ended without Result"),
]


class CchcBundle(models.Model):
    """One reception of a group of interlinked procedures (NĐ 63/2024/NĐ-CP).

    Stands beside the dossier of the group, which has the code, the receipt and the
    one appointment, and carries the order of its parts: it opens the dossier of a part
    when what it waits for is done, and ends the group with its last part.
    """

    _name = "cchc.bundle"
    _description = "Interlinked Group"
    _order = "id desc"
    _rec_names_search = ["dossier_id.name", "dossier_id.applicant_name"]

    dossier_id = fields.Many2one(
        "cchc.dossier",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    type_id = fields.Many2one(
        "cchc.bundle.type",
        string="Kind of Group",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    type_name = fields.Char(related="type_id.name", string="Name of the Group")
    company_id = fields.Many2one(
        "res.company", string="Agency", required=True, readonly=True, index=True
    )
    line_ids = fields.One2many("cchc.bundle.line", "bundle_id")
    state = fields.Selection(_STATES, default="running", required=True, readonly=True)
    ended_count = fields.Integer(string="Parts Ended", readonly=True)
    part_count = fields.Integer(string="Parts", readonly=True)
    progress = fields.Float(
        compute="_compute_progress", help="Share of the parts that have ended, 0-100"
    )
    progress_data = fields.Json(compute="_compute_progress")
    problem = fields.Char(
        readonly=True, help="What has to be decided before the rest can go on"
    )
    outage_at = fields.Datetime(string="Outage since", readonly=True)
    outage_limit_at = fields.Datetime(string="Outage until at Most", readonly=True)
    is_outage_long = fields.Boolean(
        string="Outage Too Long",
        compute="_compute_is_outage_long",
        search="_search_is_outage_long",
    )
    name = fields.Char(related="dossier_id.name", string="Dossier Code")
    applicant_name = fields.Char(related="dossier_id.applicant_name")
    procedure_id = fields.Many2one(related="dossier_id.procedure_id")
    accepted_at = fields.Datetime(related="dossier_id.accepted_at")
    due_at = fields.Datetime(related="dossier_id.due_at", string="Appointment")
    dossier_state = fields.Selection(
        related="dossier_id.state", string="State of the Dossier"
    )
    is_overdue = fields.Boolean(related="dossier_id.is_overdue")
    timeliness = fields.Selection(related="dossier_id.timeliness")
    returnable_count = fields.Integer(compute="_compute_progress")

    _dossier_uniq = models.Constraint(
        "UNIQUE (dossier_id)", "A dossier is received as a group once."
    )
    _open_idx = models.Index(
        "(company_id, id) WHERE state NOT IN ('done', 'returned', 'ended')"
    )

    @api.depends("dossier_id.name", "dossier_id.applicant_name")
    def _compute_display_name(self):
        for bundle in self:
            bundle.display_name = " · ".join(
                text for text in (bundle.name, bundle.applicant_name) if text
            )

    @api.depends("line_ids.state", "line_ids.dossier_id.state", "line_ids.chosen")
    def _compute_progress(self):
        lines = self.env["cchc.bundle.line"].sudo()
        states = dict(lines._fields["state"]._description_selection(self.env))
        dossier_states = dict(
            lines._fields["dossier_state"]._description_selection(self.env)
        )
        for bundle in self:
            chosen = bundle.sudo().line_ids.filtered("chosen")
            ended = chosen.filtered(lambda line: line._is_over())
            bundle.progress = 100 * len(ended) / len(chosen) if chosen else 0
            bundle.returnable_count = len(
                chosen.dossier_id.filtered(
                    lambda d: d.state in ("done", "rejected_result")
                )
            )
            bundle.progress_data = [
                {
                    "id": line.id,
                    "name": line.name,
                    "state": dossier_states.get(line.dossier_state)
                    or states[line.state],
                    "color": line._chip_colour(),
                    "over": line._is_over(),
                    "holder": line.agency_name
                    if line.state == "waiting"
                    else line.holder or "",
                    "due": line.state == "running"
                    and line.due_at
                    and fields.Datetime.context_timestamp(self, line.due_at).strftime(
                        "%d/%m"
                    )
                    or "",
                }
                for line in chosen
            ]

    @api.depends("outage_limit_at", "state")
    def _compute_is_outage_long(self):
        now = fields.Datetime.now()
        for bundle in self:
            bundle.is_outage_long = bool(
                bundle.state == "outage"
                and bundle.outage_limit_at
                and bundle.outage_limit_at < now
            )

    def _search_is_outage_long(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [
            ("state", "=", "outage"),
            ("outage_limit_at", "<", fields.Datetime.now()),
        ]

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        self._check_unlocked()
        return super().create(vals_list)

    def write(self, vals):
        if set(vals) - {"line_ids"}:
            self._check_unlocked()
        return super().write(vals)

    def unlink(self):
        self._check_unlocked()
        return super().unlink()

    def _check_unlocked(self):
        if not guard.is_unlocked(self.env):
            raise UserError(
                self.env._(
                    "A group is opened by accepting its dossier and moves by its own "
                    "actions; it cannot be changed directly."
                )
            )

    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------
    @api.model
    def _open(self, groups):
        """Open the groups of drafts that are being accepted, without their parts."""
        bundles = guard.unlocked(self.sudo()).create(
            [
                {
                    "dossier_id": group.id,
                    "type_id": group.bundle_type_id.id,
                    "company_id": group.receiving_company_id.id,
                    "part_count": len(group._chosen_lines()),
                }
                for group in groups
            ]
        )
        for bundle, group in zip(bundles, groups, strict=True):
            guard.unlocked(group.sudo()).write({"bundle_id": bundle.id})
            needs = group._group_needs()
            for line in guard.unlocked(group.sudo().group_line_ids):
                line.write(
                    {
                        "bundle_id": bundle.id,
                        "needs": sorted(needs.get(line.type_line_id.id, ())),
                        "state": "waiting" if line.chosen else "left_out",
                    }
                )
        return self.sudo().browse(bundles.ids)

    def _needs(self):
        """Return ``{line: lines that it waits for}`` of the chosen parts."""
        self.ensure_one()
        by_type = {line.type_line_id.id: line for line in self.line_ids}
        return {
            line: frozenset(by_type[before] for before in line.needs or ())
            for line in self.line_ids.filtered("chosen")
        }

    def _ready_lines(self):
        """Return the parts that can begin now."""
        ready = self.env["cchc.bundle.line"].sudo()
        for bundle in self:
            lines = bundle.line_ids
            over = lines.filtered(lambda line: line.state != "waiting")
            free = lines.filtered(
                lambda line: line.state in ("done", "left_out") or line.released
            )
            ready = ready.union(
                *bundle_plan.ready(bundle._needs(), set(over), set(free)), ready
            )
        return ready.sorted("sequence")

    def _open_dossiers(self, lines):
        """Make the drafts of the dossiers of these parts, with the shared papers."""
        if not lines:
            return self.env["cchc.dossier"].sudo()
        drafts = guard.unlocked(self.env["cchc.dossier"].sudo()).create(
            [line.group_id._part_vals(line) for line in lines]
        )
        drafts = self.env["cchc.dossier"].sudo().browse(drafts.ids)
        drafts._link_shared_files()
        return drafts

    def _opened(self, dossiers):
        """Note that the dossiers of parts were accepted."""
        now = replay.now(self.env)
        for dossier in dossiers:
            line = dossier.bundle_line_id
            # An agency that receives its own part has it already.
            own = not line.is_external and line.company_id == line.receiving_company_id
            limit = line.bundle_id.type_id.acknowledge_hours
            guard.unlocked(line).write(
                {
                    "dossier_id": dossier.id,
                    "state": "running",
                    "started_at": now,
                    "acknowledge_due_at": limit
                    and dossier._step_due(now, limit, "working_hour"),
                    "acknowledged_at": own and now,
                    "acknowledged_by_id": own and self.env.uid,
                }
            )
        # Only now it is known until when their agencies have to acknowledge them.
        dossiers.filtered(
            lambda d: not d.bundle_line_id.acknowledged_at
        )._cchc_schedule_alerts(fresh=True)

    def _begin_lines(self, lines):
        """Open and accept the dossiers of later parts.

        The first clock of a part starts with this: what is opened after 15:00 counts
        from the next working day.
        """
        dossiers = self._open_dossiers(lines)
        if dossiers:
            dossiers.action_accept()
            self._opened(dossiers)
        return dossiers

    # ------------------------------------------------------------------
    # Following its dossiers
    # ------------------------------------------------------------------
    def _lock(self):
        """Let the ends of parts that run side by side follow each other.

        The row of the group is written with each of them: a concurrent end fails and
        is tried again by Odoo, with the other one in view.
        """
        self.env.cr.execute(
            "SELECT id FROM cchc_bundle WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
            (self.ids,),
            log_exceptions=False,  # no error: the move is repeated
        )

    def _follow(self, moved):
        """Bring the groups up to date after a move of their dossiers."""
        changed = moved.sudo().filtered(
            lambda d: (
                d.parent_id and d.bundle_line_id._state_of(d) != d.bundle_line_id.state
            )
        )
        if changed:
            changed.bundle_id._lock()
        for bundle in changed.bundle_id:
            bundle._follow_parts(
                changed.filtered(lambda d, own=bundle: d.bundle_id == own)
            )
        for bundle in (moved.sudo().bundle_id - changed.bundle_id).filtered(
            lambda bundle: bundle.state != bundle._state_of_dossier()
        ):
            guard.unlocked(bundle).write({"state": bundle._state_of_dossier()})
        returned = moved.filtered(lambda d: d.parent_id and d.state == "returned")
        returned.sudo().bundle_id._return_whole()

    def _follow_parts(self, dossiers):
        """Go on with the group after some of its parts have ended or begun anew."""
        self.ensure_one()
        news = []
        for dossier in dossiers:
            line = dossier.bundle_line_id
            guard.unlocked(line).write({"state": line._state_of(dossier)})
            news.append(f"{line.name} ({dossier.name}): {line._state_label()}")
        group = self.dossier_id
        vals = {
            "ended_count": len(
                self.line_ids.filtered(lambda line: line.chosen and line._is_over())
            )
        }
        if not group.is_open:
            guard.unlocked(self).write({**vals, "state": self._state_of_dossier()})
            return
        ended = dossiers.filtered(lambda d: not d.is_open)
        ended.bundle_line_id._release_corrections()
        begun = self._begin_lines(self._ready_lines())
        news += [
            self.env._(
                "%(part)s begins (%(code)s)", part=d.bundle_line_id.name, code=d.name
            )
            for d in begun
        ]
        blocked = self._blocked_lines()
        if blocked:
            failed = self.line_ids.filtered(
                lambda line: line.state == "failed" and not line.released
            )
            vals["problem"] = self.env._(
                "%(failed)s ended without result; %(waiting)s waits for a decision.",
                failed=", ".join(failed.mapped("name")),
                waiting=", ".join(blocked.mapped("name")),
            )
            news.append(vals["problem"])
        else:
            vals["problem"] = False
        self._tell_group("; ".join(news))
        guard.unlocked(self).write(vals)
        guard.unlocked(self).write({"state": self._state_of_dossier()})
        if blocked:
            self._ask_decision()
        self._end_whole()

    def _tell_group(self, text):
        """Write into the ledger of the group what happened to its parts."""
        group = self.dossier_id
        group._mark_missed()
        begun = group.state in ("accepted", "processing")
        group._move(
            "group_progress", target="processing" if begun else None, content=text
        )

    def _blocked_lines(self):
        """Return the parts that wait for one that ended without result."""
        self.ensure_one()
        needs = self._needs()
        failed = {
            line for line in needs if line.state == "failed" and not line.released
        }
        waiting = bundle_plan.dependents(needs, failed)
        return self.env["cchc.bundle.line"].union(
            *(line for line in waiting if line.state == "waiting")
        )

    def _ask_decision(self):
        """Have the person who follows the group decide about the rest."""
        group = self.dossier_id
        user = group.user_id or group.receiver_id
        group.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Decide about the rest of the group"),
            note=self.problem,
            user_id=user.id,
        )

    def _end_whole(self):
        """End the group with its last part; its one appointment says if in time."""
        for bundle in self:
            lines = bundle.line_ids.filtered("chosen")
            group = bundle.dossier_id
            if not group.is_open or not all(line._is_over() for line in lines):
                continue
            states = set(lines.dossier_id.mapped("state"))
            target = (
                "done"
                if any(line.state == "done" for line in lines)
                else "rejected_result"
                if "rejected_result" in states
                else "stopped"
            )
            group._mark_missed()
            vals = {**group._no_step(), **bundle._late_vals()}
            group._end("group_finish", "", vals, target=target)
            group.activity_unlink(["mail.mail_activity_data_todo"])
            bundle._return_whole()

    def _late_vals(self):
        """Return the reason why a late group is late: that of its latest late part."""
        group = self.dossier_id
        if group.late_reason_id:
            return {}
        parts = self.line_ids.dossier_id.filtered("late_reason_id").sorted("ended_at")
        return {
            "late_reason_id": group.late_at and parts[-1:].late_reason_id.id,
            "late_reason_note": group.late_at and parts[-1:].late_reason_note,
        }

    def _return_whole(self):
        """Close the group once every result is in the hands of the applicant."""
        for bundle in self:
            group = bundle.dossier_id
            if group.state not in ("done", "rejected_result"):
                continue
            left = bundle.line_ids.dossier_id.filtered(
                lambda d: d.state in ("done", "rejected_result")
            )
            if not left:
                group._move(
                    "return_result",
                    vals_by_id={group.id: {"returned_at": replay.now(self.env)}},
                )

    def _state_of_dossier(self):
        """Return the state that follows from the dossier of the group."""
        self.ensure_one()
        state = self.dossier_id.state
        if state in ("supplement", "outage", "done", "returned"):
            return state
        if state == "rejected_result" or state in ENDED_STATES:
            return "ended"
        return "decide" if self.problem else "running"

    # ------------------------------------------------------------------
    # What people do with the whole
    # ------------------------------------------------------------------
    def action_open_dossier(self):
        """Open the dossier of the group."""
        return self.dossier_id.action_open_dossier()

    def action_return_results(self):
        """Give all results that are ready to the applicant."""
        ready = self.line_ids.dossier_id.filtered(
            lambda d: d.state in ("done", "rejected_result")
        )
        if not ready:
            raise UserError(self.env._("No result is ready yet."))
        return ready.action_return_result()

    def action_request_supplement(self, content=None, reason=None):
        """Ask the applicant once for what is missing in the whole group."""
        return self.dossier_id.action_request_supplement(content, reason)

    def action_supplement_complete(self):
        """Go on with the group: what was missing is there."""
        return self.dossier_id.action_resume()

    def _ask(self, move):
        return {
            "type": "ir.actions.act_window",
            "name": dict(
                self.env["cchc.bundle.move"]
                ._fields["move"]
                ._description_selection(self.env)
            )[move],
            "res_model": "cchc.bundle.move",
            "view_mode": "form",
            "target": "new",
            "context": {"default_bundle_ids": self.ids, "default_move": move},
        }

    def action_decide(self, choice=None, content=None):
        """Decide about the parts that wait for one that ended without result.

        :param choice: ``go_on``: they begin without it; ``leave_out``: they do not
        :param content: why; it is written into the ledger of the group
        """
        if choice is None:
            return self._ask("decide")
        if choice not in ("go_on", "leave_out"):
            raise UserError(self.env._("Decide to go on or to leave the rest out."))
        for bundle in self:
            text = bundle.dossier_id._begin("group_decide", content)
            bundle.sudo()._decided(choice, text)
        return True

    def _decided(self, choice, text):
        self.ensure_one()
        self._lock()
        waiting = self._blocked_lines()
        if not waiting:
            raise UserError(self.env._("There is nothing to decide in this group."))
        if choice == "go_on":
            failed = self.line_ids.filtered(lambda line: line.state == "failed")
            guard.unlocked(failed).write({"released": True})
            what = self.env._("go on without it")
        else:
            guard.unlocked(waiting).write({"state": "left_out"})
            what = self.env._("leave the rest out")
        group = self.dossier_id
        group._move(
            "group_decide",
            content=f"{what} ({', '.join(waiting.mapped('name'))}): {text}",
            data={"choice": choice, "lines": waiting.mapped("name")},
        )
        guard.unlocked(self).write({"problem": False})
        begun = self._begin_lines(self._ready_lines())
        if begun:
            self._tell_group(
                "; ".join(
                    self.env._(
                        "%(part)s begins (%(code)s)",
                        part=d.bundle_line_id.name,
                        code=d.name,
                    )
                    for d in begun
                )
            )
        guard.unlocked(self).write(
            {
                "state": self._state_of_dossier(),
                "ended_count": len(
                    self.line_ids.filtered(lambda line: line.chosen and line._is_over())
                ),
            }
        )
        group.activity_unlink(["mail.mail_activity_data_todo"])
        self._end_whole()

    # -- outage of the system
    def action_outage(self, content=None):
        """Stop the clocks of all running dossiers of the groups: the system is down.

        :param content: what is down; compulsory
        """
        if content is None:
            return self._ask("outage")
        for bundle in self:
            bundle._stop_for_outage(content)
        return True

    def _stop_for_outage(self, content):
        self.ensure_one()
        now = replay.now(self.env)
        whole = self.dossier_id | self.line_ids.dossier_id.sudo().with_env(self.env)
        self.env["cchc.dossier"]._check_role(TRANSITION["outage"])
        self.check_access("read")
        running = whole.sudo().filtered(lambda d: d.state in RUNNING_STATES)
        text = running._begin("outage", content)
        if self.dossier_id not in running:
            raise UserError(
                self.env._("The clock of %s does not run now.", self.dossier_id.name)
            )
        limit = now + timedelta(hours=self.type_id.sudo().outage_hours)
        for dossier in running:
            dossier._stop_clock("outage", now, text, limit, resume_state=dossier.state)
        # Before the move, which plans the alert of an outage that lasts too long.
        guard.unlocked(self.sudo()).write(
            {"state": "outage", "outage_at": now, "outage_limit_at": limit}
        )
        running._move("outage", content=text)

    def action_outage_end(self, content=None):
        """Let the clocks run again after an outage."""
        if content is None:
            return self._ask("outage_end")
        for bundle in self:
            bundle._go_on_after_outage(content)
        return True

    def _go_on_after_outage(self, content):
        self.ensure_one()
        self.env["cchc.dossier"]._check_role(TRANSITION["outage_end"])
        self.check_access("read")
        now = replay.now(self.env)
        stopped = (self.dossier_id | self.line_ids.sudo().dossier_id).sudo()
        stopped = stopped.filtered(lambda d: d.state == "outage")
        if not stopped:
            raise UserError(
                self.env._("%s is not stopped by an outage.", self.dossier_id.name)
            )
        text = stopped._begin("outage_end", content)
        if self.sudo().outage_limit_at and now > self.sudo().outage_limit_at:
            text = ": ".join(
                part
                for part in (
                    text,
                    self.env._("the outage was longer than the rule allows"),
                )
                if part
            )
        back = {
            dossier.id: dossier.pause_ids.filtered(lambda p: not p.date_to).resume_state
            for dossier in stopped
        }
        vals_by_id = {dossier.id: dossier._end_stop(now) for dossier in stopped}
        for state, together in stopped.grouped(lambda d: back[d.id]).items():
            together._move(
                "outage_end",
                target=state or "processing",
                vals_by_id=vals_by_id,
                content=text,
            )
        bundle = guard.unlocked(self.sudo())
        bundle.write({"outage_at": False, "outage_limit_at": False})
        bundle.write({"state": bundle._state_of_dossier()})
