from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import guard, replay
from ..tools.transitions import ENDED_STATES, STATES
from .cchc_procedure_time_limit import UNITS

#: What the desk may change in a draft, and afterwards.
_DRAFT_FIELDS = frozenset({"chosen", "verify", "sequence"})
_FREE_FIELDS = frozenset({"external_code", "external_system", "external_state"})


class CchcBundleLine(models.Model):
    """One procedure of a group that is received or in progress.

    Made with the draft of the group and copied from its definition, so that a new
    edition changes nothing of what was received before. The dossier of the line is
    opened when what it waits for is done.
    """

    _name = "cchc.bundle.line"
    _description = "Part of an Interlinked Group"
    _order = "bundle_id desc, group_id desc, sequence, id"

    group_id = fields.Many2one(
        "cchc.dossier",
        string="Dossier of the Group",
        required=True,
        ondelete="cascade",
        index=True,
    )
    bundle_id = fields.Many2one(
        "cchc.bundle", string="Group", readonly=True, ondelete="restrict", index=True
    )
    type_line_id = fields.Many2one(
        "cchc.bundle.type.line", required=True, ondelete="restrict"
    )
    receiving_company_id = fields.Many2one(
        related="group_id.receiving_company_id", string="Receiving Agency"
    )
    # Copied from the definition when the line is made.
    sequence = fields.Integer(compute="_compute_from_type", store=True, precompute=True)
    name = fields.Char(compute="_compute_from_type", store=True, precompute=True)
    procedure_id = fields.Many2one(
        "cchc.procedure", compute="_compute_from_type", store=True, precompute=True
    )
    optional = fields.Boolean(compute="_compute_from_type", store=True, precompute=True)
    company_id = fields.Many2one(
        "res.company",
        string="Competent Agency",
        compute="_compute_from_type",
        store=True,
        precompute=True,
        help="For an agency outside this database: the one that follows the part",
    )
    is_external = fields.Boolean(
        string="Outside", compute="_compute_from_type", store=True, precompute=True
    )
    external_name = fields.Char(
        compute="_compute_from_type", store=True, precompute=True
    )
    external_system = fields.Char(
        compute="_compute_external_system", store=True, precompute=True, readonly=False
    )
    agency_name = fields.Char(string="Agency", compute="_compute_agency_name")
    amount = fields.Float(
        digits=(12, 2), compute="_compute_time", store=True, precompute=True
    )
    unit = fields.Selection(
        UNITS, compute="_compute_from_type", store=True, precompute=True
    )
    time_text = fields.Char(string="Time Limit", compute="_compute_time_text")
    needs = fields.Json(
        readonly=True, help="Lines of the definition that have to be done before"
    )
    # Chosen at the desk.
    chosen = fields.Boolean(
        compute="_compute_chosen", store=True, precompute=True, readonly=False
    )
    verify = fields.Boolean(
        string="Verification", help="The facts have to be verified: the longer time"
    )
    can_verify = fields.Boolean(compute="_compute_can_verify")
    after_text = fields.Char(string="After", compute="_compute_after_text")
    process_text = fields.Char(string="Process", compute="_compute_preview")
    planned_due_at = fields.Datetime(string="Planned End", compute="_compute_preview")
    # In progress.
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("running", "In Process"),
            ("done", "Done"),
            ("failed", "Ended without Result"),
            ("left_out", "Left Out"),
        ],
        default="waiting",
        required=True,
        readonly=True,
    )
    released = fields.Boolean(
        readonly=True,
        help="Ended without result, and it was decided to go on without it",
    )
    dossier_id = fields.Many2one(
        "cchc.dossier", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    dossier_state = fields.Selection(
        [(state.key, state.label) for state in STATES],
        compute="_compute_progress",
    )
    status_text = fields.Char(
        string="Status",
        compute="_compute_progress",
        help="State of the dossier of the part, or why it has none",
    )
    holder = fields.Char(string="Held by", compute="_compute_progress")
    due_at = fields.Datetime(compute="_compute_progress")
    clock_status = fields.Char(compute="_compute_progress")
    started_at = fields.Datetime(readonly=True)
    acknowledge_due_at = fields.Datetime(readonly=True)
    acknowledged_at = fields.Datetime(readonly=True)
    acknowledged_by_id = fields.Many2one("res.users", readonly=True)
    is_acknowledge_late = fields.Boolean(
        compute="_compute_acknowledge", search="_search_acknowledge_late"
    )
    notice_due_at = fields.Datetime(
        string="Notice of Deficiency until", compute="_compute_acknowledge"
    )
    correction_line_id = fields.Many2one(
        "cchc.bundle.line",
        string="Waits for the Correction of",
        readonly=True,
        ondelete="restrict",
    )
    external_code = fields.Char(
        index="btree_not_null", help="Code of this part in the software of its agency"
    )
    external_state = fields.Char(help="State as the other software shows it")
    result_number = fields.Char(
        string="Number of the Result",
        readonly=True,
        help="Number of the paper or card that the agency outside gave",
    )
    result_file_ids = fields.Many2many(
        "ir.attachment", string="Result", compute="_compute_result_file_ids"
    )

    _line_uniq = models.Constraint(
        "UNIQUE (group_id, type_line_id)", "A group holds each of its parts once."
    )
    _external_code_uniq = models.UniqueIndex(
        "(external_system, external_code) WHERE external_code IS NOT NULL",
        "Another part has this code in the same software already.",
    )

    # ------------------------------------------------------------------
    # What it is
    # ------------------------------------------------------------------
    @api.depends("type_line_id")
    def _compute_from_type(self):
        for line in self:
            source = line.type_line_id.sudo()
            receiving = line.group_id.receiving_company_id or self.env.company
            company, is_external, outside = (
                source._agency_for(receiving) if source else (receiving, False, False)
            )
            line.sequence = source.sequence
            line.name = source.name
            line.procedure_id = source.procedure_id
            line.optional = source.optional
            line.company_id = company
            line.is_external = is_external
            line.external_name = outside
            line.unit = source.unit

    # Fields that the desk may change have a method of their own: one that is shared
    # would undo what was changed.
    @api.depends("type_line_id")
    def _compute_external_system(self):
        for line in self:
            line.external_system = line.type_line_id.sudo().external_system

    @api.depends("type_line_id")
    def _compute_chosen(self):
        for line in self:
            source = line.type_line_id.sudo()
            line.chosen = not source.optional or source.preselected

    @api.depends("type_line_id")
    def _compute_can_verify(self):
        for line in self:
            line.can_verify = bool(line.type_line_id.sudo().verify_amount)

    @api.depends("type_line_id", "verify")
    def _compute_time(self):
        for line in self:
            line.amount = line.type_line_id.sudo()._time(line.verify)

    @api.depends("company_id", "is_external", "external_name")
    def _compute_agency_name(self):
        for line in self:
            line.agency_name = (
                line.external_name
                if line.is_external and line.external_name
                else line.company_id.sudo().name
            )

    @api.depends("amount", "unit")
    def _compute_time_text(self):
        limits = self.env["cchc.procedure.time.limit"]
        for line in self:
            line.time_text = (
                limits._format_term(line._term())
                if line.amount
                else self.env._("with the whole")
            )

    @api.depends("type_line_id")
    def _compute_after_text(self):
        for line in self:
            line.after_text = ", ".join(
                line.type_line_id.sudo().after_ids.mapped("name")
            )

    @api.depends(
        "chosen", "verify", "group_id.channel", "group_id.received_at", "company_id"
    )
    def _compute_preview(self):
        self.process_text = False
        self.planned_due_at = False
        for group in self.group_id:
            lines = self.filtered(lambda line, group=group: line.group_id == group)
            ends = group._group_ends()
            for line in lines:
                line.planned_due_at = ends.get(line.type_line_id.id, False)
                line.process_text = line._process_text(group)

    def _process_text(self, group):
        """Return the process by which the part would be settled, or what is missing."""
        self.ensure_one()
        if self.is_external:
            return self.env._("software of the agency")
        if not self.procedure_id:
            return self.env._("process template")
        version = self.procedure_id.sudo()._version_at(company=self.company_id)
        process = (
            version
            and version._limits(
                group.channel,
                self.env["cchc.procedure.case"],
                self.company_id.sudo(),
                self.company_id.sudo()._cchc_local_date(replay.now(self.env)),
            ).process
        )
        return process.display_name if process else self.env._("process template")

    def _term(self):
        """Return the time of the part as a :class:`Term`, or ``None``."""
        self.ensure_one()
        return self.type_line_id.sudo()._term(self.amount, self.unit)

    # ------------------------------------------------------------------
    # How far it is
    # ------------------------------------------------------------------
    @api.depends("dossier_id.state", "dossier_id.due_at", "dossier_id.user_id", "state")
    def _compute_progress(self):
        own = dict(self._fields["state"]._description_selection(self.env))
        for line in self:
            dossier = line.dossier_id.sudo()
            line.dossier_state = dossier.state
            line.status_text = line._state_label() if dossier else own[line.state]
            line.due_at = dossier.due_at
            line.clock_status = dossier.clock_status if dossier else "none"
            line.holder = line.state == "running" and (
                line.agency_name
                if line.is_external
                else dossier.user_id.name or dossier.department_id.name
            )

    @api.depends("acknowledge_due_at", "acknowledged_at", "state")
    def _compute_acknowledge(self):
        now = fields.Datetime.now()
        for line in self:
            line.is_acknowledge_late = bool(
                line.acknowledge_due_at
                and (line.acknowledged_at or now) > line.acknowledge_due_at
            )
            dossier = line.dossier_id.sudo()
            days = line.type_line_id.sudo().notice_days
            line.notice_due_at = (
                days
                and dossier.clock_start_at
                and dossier._step_due(dossier.clock_start_at, days, "working_day")
            )

    def _search_acknowledge_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [
            ("state", "=", "running"),
            ("acknowledged_at", "=", False),
            ("acknowledge_due_at", "<", fields.Datetime.now()),
        ]

    def _compute_result_file_ids(self):
        for line in self:
            line.result_file_ids = line.dossier_id.document_ids.filtered(
                "is_result"
            ).attachment_ids

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.constrains("chosen", "optional")
    def _check_chosen(self):
        for line in self:
            if not line.chosen and not line.optional:
                raise ValidationError(
                    self.env._(
                        "“%s” belongs to the group and cannot be left out.", line.name
                    )
                )

    @api.constrains("group_id", "type_line_id")
    def _check_type(self):
        for line in self:
            if line.type_line_id.type_id != line.group_id.bundle_type_id:
                raise ValidationError(
                    self.env._(
                        "“%s” is no part of the group that was chosen.", line.name
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not guard.is_unlocked(self.env):
            kept = _DRAFT_FIELDS | {"group_id", "type_line_id"}
            vals_list = [
                {name: vals[name] for name in vals if name in kept}
                for vals in vals_list
            ]
            groups = self.env["cchc.dossier"].browse(
                {vals["group_id"] for vals in vals_list if vals.get("group_id")}
            )
            self._check_draft(groups)
        return super().create(vals_list)

    def write(self, vals):
        if not guard.is_unlocked(self.env):
            names = set(vals)
            allowed = _DRAFT_FIELDS if not self.bundle_id else _FREE_FIELDS
            # The client sends back what the definition said; that changes nothing.
            vals = {name: vals[name] for name in names & (allowed | _FREE_FIELDS)}
            if names - (allowed | _FREE_FIELDS) and self.bundle_id:
                self._check_draft(self.group_id)
        result = super().write(vals)
        if "external_code" in vals:
            for line in self.filtered("dossier_id"):
                line.dossier_id.external_code = line.external_code
        return result

    def unlink(self):
        if not guard.is_unlocked(self.env):
            self._check_draft(self.group_id)
        return super().unlink()

    @api.model
    def _check_draft(self, groups):
        if any(group.state not in ("draft", "pre_supplement") for group in groups):
            raise UserError(
                self.env._(
                    "The parts of a group that was accepted move only by its own "
                    "actions."
                )
            )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_open(self):
        """Open the dossier of the part."""
        self.ensure_one()
        if not self.dossier_id:
            raise UserError(
                self.env._(
                    "“%(part)s” has not begun; it waits for: %(before)s.",
                    part=self.name,
                    before=self.after_text or self.env._("the decision about the rest"),
                )
            )
        return self.dossier_id.action_open_dossier()

    def action_acknowledge(self):
        """Confirm that the competent agency has the dossier of the part."""
        now = replay.now(self.env)
        fresh = self.filtered(
            lambda line: line.state == "running" and not line.acknowledged_at
        )
        dossiers = fresh.dossier_id
        dossiers._begin("acknowledge")
        fresh._acknowledged(now)
        dossiers._move("acknowledge")
        return True

    def _acknowledged(self, now):
        guard.unlocked(self.sudo()).write(
            {"acknowledged_at": now, "acknowledged_by_id": self.env.uid}
        )

    def action_return_result(self):
        """Give the results that are ready to the applicant."""
        return self.dossier_id.action_return_result()

    def action_external_result(self):
        """Ask for the result of an agency outside this database."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Result of %s", self.name),
            "res_model": "cchc.bundle.external",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id},
        }

    @api.private
    def take_external_result(
        self, is_refusal, content="", ended_on=None, files=None, number=""
    ):
        """Enter the result of an agency outside this database.

        :param is_refusal: settlement was refused; ``content`` says why
        :param ended_on: moment at which the other agency says it ended (naive UTC),
            kept in the ledger; the clock ends when the result is here
        :param files: attachments with the result
        :param str number: number of the paper or card that is the result
        """
        self.ensure_one()
        dossier = self.dossier_id
        if not self.is_external:
            raise UserError(
                self.env._(
                    "“%s” is settled in this database: its result comes from there.",
                    self.name,
                )
            )
        if is_refusal and not (content or "").strip():
            raise UserError(self.env._("State why the agency refused."))
        text = dossier._begin("external_result", content)
        if files:
            document = self.env["cchc.dossier.document"].create(
                {
                    "dossier_id": dossier.id,
                    "name": self.env._("Result: %s", self.name),
                    "kind": "electronic",
                    "source": "efile",
                    "is_result": True,
                    "received": True,
                    "required": False,
                }
            )
            document.attachment_ids = files
        if not self.acknowledged_at:
            self._acknowledged(replay.now(self.env))
        if number:
            guard.unlocked(self.sudo()).result_number = number
        dossier._end(
            "external_result",
            text,
            dossier._no_step(),
            target="rejected_result" if is_refusal else "done",
            data={
                "system": self.external_system or "",
                "code": self.external_code or "",
                **({"number": number} if number else {}),
                "ended_on": ended_on and fields.Datetime.to_string(ended_on) or "",
            },
        )

    # ------------------------------------------------------------------
    # For the engine of the group
    # ------------------------------------------------------------------
    def _state_of(self, dossier):
        """Return the state of the line that follows from that of its dossier."""
        self.ensure_one()
        if dossier.state == "done" or (
            dossier.state == "returned" and self.state != "failed"
        ):
            return "done"
        return "failed" if dossier.state in ENDED_STATES else "running"

    def _plan(self, plan):
        """Return the plan of reception of the dossier of this part.

        The times are those of the group, whatever its procedure says alone, and no
        transfer counts: the dossier is with the agency as soon as it begins.
        """
        self.ensure_one()
        promise = self.type_line_id.sudo()._promise(plan, self.amount, self.unit)
        if not promise:
            # No time of its own: due with the whole group.
            group = self.group_id.sudo()
            promise = self.type_line_id.sudo()._promise(
                plan, group._group_amount(), "working_day"
            )
        plan = plan._replace(committed=promise, statutory=promise, transfer=None)
        if self.is_external:
            plan = plan._replace(process_id=False, steps=())
        return plan

    def _is_over(self):
        """Return whether nothing more happens in this part."""
        self.ensure_one()
        return self.state in ("done", "failed", "left_out")

    def _state_label(self):
        """Return the state of the dossier of the part in words."""
        self.ensure_one()
        dossier = self.dossier_id.sudo()
        return dict(dossier._fields["state"]._description_selection(self.env))[
            dossier.state
        ]

    def _chip_colour(self):
        """Return the colour of the chip that shows the part."""
        self.ensure_one()
        if self.state != "running":
            return {"done": "success", "failed": "danger"}.get(self.state, "light")
        if self.clock_status == "overdue" or self.is_acknowledge_late:
            return "danger"
        if self.clock_status in ("soon", "held"):
            return "warning"
        return "info"

    def _release_corrections(self):
        """Let the parts go on that waited for a correction in these ones."""
        waiting = self.bundle_id.line_ids.filtered(
            lambda line: line.correction_line_id in self
        )
        if waiting:
            dossiers = waiting.dossier_id.filtered(lambda d: d.state == "consulting")
            dossiers._mark_missed()
            dossiers._move("corrected")
            guard.unlocked(waiting).write({"correction_line_id": False})

    def _first_body(self):
        """Return the first part of the group that this one came from, if any."""
        if not self.bundle_id:
            return self.browse()
        needs = self.bundle_id._needs()
        before, fresh = set(), {self}
        while fresh:
            fresh = {source for line in fresh for source in needs.get(line, ())}
            fresh -= before
            before |= fresh
        first = [line for line in before if not needs.get(line) and line.dossier_id]
        return min(first, key=lambda line: line.sequence, default=self.browse())
