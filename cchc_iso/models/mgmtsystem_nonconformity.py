from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

#: Written by the answering department; all else by the secretary and the leaders.
ANSWER_FIELDS = frozenset(
    {
        "action_comments",
        "analysis",
        "cause_ids",
        "correction",
        "immediate_action_id",
    }
)
#: Bookkeeping of OCA that changes with a stage, and what Odoo keeps beside a record.
FREE_FIELDS = frozenset({"closing_date", "kanban_state"})
FREE_PREFIXES = ("message_", "activity_", "website_message_")
#: What the methods of the life alone write.
LIFE_FIELDS = frozenset(
    {
        "accepted_at",
        "accepted_by_id",
        "edition_id",
        "effect",
        "effect_ids",
        "rule_key",
        "state",
        "verified_at",
        "verified_by_id",
    }
)
ENDED = ("done", "cancel")


class MgmtsystemNonconformity(models.Model):
    """Nonconformity (sự không phù hợp) of a quality system under an edition.

    OCA's stages are kept. Of a *controlled* nonconformity - one of a system with an
    edition - each stage is reached by its button: the department accepts it, finds the
    cause and plans, a leader approves the plan, somebody independent verifies the
    effect (TCVN ISO 9001 10.2). What is closed is locked for everybody; plain
    nonconformities of an office go on as OCA made them.
    """

    _inherit = "mgmtsystem.nonconformity"

    edition_id = fields.Many2one(
        "cchc.iso.edition",
        compute="_compute_edition_id",
        store=True,
        precompute=True,
        ondelete="restrict",
        help="Edition of the system when the finding was made; a later edition does "
        "not change it",
    )
    category = fields.Selection(
        [("major", "Major"), ("minor", "Minor")],
        tracking=True,
        help="Major: a requirement is not met at all, or time and again",
    )
    clause_ids = fields.Many2many(
        "cchc.iso.clause",
        "cchc_iso_nonconformity_clause_rel",
        "nonconformity_id",
        "clause_id",
        "Clauses",
        domain="[('edition_id', '=?', edition_id), ('auditable', '=', True)]",
    )
    department_id = fields.Many2one(
        "hr.department",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('company_id', 'in', [company_id, False])]",
        tracking=True,
    )
    process_id = fields.Many2one(
        "cchc.process", index="btree_not_null", ondelete="restrict"
    )
    dossier_id = fields.Many2one(
        "cchc.dossier", index="btree_not_null", ondelete="restrict"
    )
    record_id = fields.Many2one(
        "cchc.iso.record",
        "Process Record",
        index="btree_not_null",
        ondelete="restrict",
    )
    dossier_ids = fields.Many2many(
        "cchc.dossier",
        "cchc_iso_nonconformity_dossier_rel",
        "nonconformity_id",
        "dossier_id",
        "Dossiers in Evidence",
        help="All dossiers that the finding rests on",
    )
    dossier_count = fields.Integer(compute="_compute_dossier_count")
    verification_line_id = fields.Many2one(
        "mgmtsystem.verification.line",
        "Question of the Audit",
        index="btree_not_null",
        ondelete="restrict",
    )
    evidence = fields.Text(help="What was seen: papers, dossiers, figures, statements")
    due_date = fields.Date(
        "Correct by",
        tracking=True,
        help="Day by which the corrective action is done and its effect verified",
    )
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    accepted_by_id = fields.Many2one("res.users", "Accepted by", readonly=True)
    accepted_at = fields.Datetime("Accepted on", readonly=True)
    correction = fields.Text(
        help="What puts this case right at once; what keeps it from happening again "
        "is a corrective action"
    )
    verifier_id = fields.Many2one(
        "res.users",
        "Effect Verified by",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who verifies the effect; empty: a leader or an auditor of the audit",
    )
    effect_ids = fields.One2many(
        "cchc.iso.effect", "nonconformity_id", "Verifications of Effect", readonly=True
    )
    verified_by_id = fields.Many2one("res.users", "Verified by", readonly=True)
    verified_at = fields.Datetime("Verified on", readonly=True)
    effect = fields.Selection(
        [("effective", "Effective"), ("not_effective", "Not Effective")],
        readonly=True,
        tracking=True,
    )
    cancel_reason = fields.Char(help="Why the finding is withdrawn")
    rule_key = fields.Char(
        readonly=True,
        copy=False,
        help="Of a nonconformity opened by rule: objective, period and unit",
    )
    overdue_told_for = fields.Date(readonly=True, copy=False)
    may_answer = fields.Boolean(compute="_compute_may")
    may_decide = fields.Boolean(compute="_compute_may")
    may_verify = fields.Boolean(compute="_compute_may")

    _rule_uniq = models.UniqueIndex(
        "(company_id, rule_key) WHERE rule_key IS NOT NULL",
        "The rule has opened a nonconformity for this period already.",
    )
    _due_idx = models.Index("(due_date) WHERE due_date IS NOT NULL")

    # -- computed
    @api.depends("system_id")
    def _compute_edition_id(self):
        for nc in self:
            nc.edition_id = nc.system_id.sudo().edition_id

    @api.depends("dossier_ids", "dossier_id")
    def _compute_dossier_count(self):
        for nc in self:
            nc.dossier_count = len((nc.dossier_ids | nc.dossier_id).ids)

    @api.depends("due_date", "state")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for nc in self:
            nc.is_late = bool(
                nc.due_date and nc.due_date < today and nc.state not in ENDED
            )

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [
            ("due_date", "<", fields.Date.context_today(self)),
            ("state", "not in", ENDED),
        ]

    @api.depends_context("uid")
    @api.depends("responsible_user_id", "department_id", "verifier_id", "audit_ids")
    def _compute_may(self):
        for nc in self:
            nc.may_answer = nc._cchc_may_answer()
            nc.may_decide = nc._cchc_may_decide()
            nc.may_verify = nc._cchc_may_verify()

    @api.onchange("system_id", "department_id")
    def _onchange_cchc_people(self):
        """Fill what the agency's settings say, where nobody chose yet."""
        if not self.system_id.edition_id:
            return
        company = self.system_id.company_id or self.company_id
        self.partner_id = self.partner_id or company.partner_id
        people = self._cchc_people(self.system_id, self.department_id, company)
        self.responsible_user_id = people["responsible_user_id"]
        self.manager_user_id = self.manager_user_id.id or people["manager_user_id"]

    @api.model
    def default_get(self, fields_list):
        """A form of our own menu begins with the system of the agency."""
        values = super().default_get(fields_list)
        if self.env.context.get("cchc_iso") and not values.get("system_id"):
            system = self.env["mgmtsystem.system"]._cchc_for()
            people = self._cchc_people(
                system, self.env["hr.department"], self.env.company
            )
            values |= {
                "system_id": system.id,
                "partner_id": self.env.company.partner_id.id,
                "due_date": self._cchc_due_date(system, self.env.company),
                **people,
            }
        return values

    # -- raising
    @api.model
    def _cchc_raise(self, vals):
        """Open a nonconformity of a quality system, without mail.

        The caller has checked that the user may make this finding (an auditor holds no
        right of his own to write nonconformities). Records, not ids, are handed over.

        :param dict vals: ``name`` and ``description`` (both required), ``company``,
            ``system``, ``evidence``, ``category`` (``major`` or ``minor``), ``clause``,
            ``department``, ``process``, ``dossier``, ``dossiers``, ``record``,
            ``audit``, ``verification_line``, ``sample_line``, ``auditor``,
            ``origin``, ``rule_key``
        :return: the nonconformity, in the environment of the caller
        """
        company = vals.get("company") or self.env.company
        system = vals.get("system") or self.env["mgmtsystem.system"].sudo()._cchc_for(
            company
        )
        if not system:
            raise UserError(
                self.env._(
                    "%s has no quality system with an edition of the standard: make "
                    "one under ISO 9001 / Configuration first.",
                    company.name,
                )
            )
        department = vals.get("department") or self.env["hr.department"]
        records = {
            "department_id": department,
            "process_id": vals.get("process"),
            "dossier_id": vals.get("dossier"),
            "record_id": vals.get("record"),
            "verification_line_id": vals.get("verification_line"),
            "sample_line_id": vals.get("sample_line"),
        }
        row = {
            "name": vals["name"],
            "description": vals["description"],
            "evidence": vals.get("evidence") or False,
            "category": vals.get("category") or "minor",
            "company_id": company.id,
            "system_id": system.id,
            "partner_id": company.partner_id.id,
            "user_id": (vals.get("auditor") or self.env.user).id,
            "due_date": self._cchc_due_date(system, company),
            "origin_ids": self._cchc_origin(vals).ids,
            "clause_ids": (vals.get("clause") or self.env["cchc.iso.clause"]).ids,
            "dossier_ids": (vals.get("dossiers") or self.env["cchc.dossier"]).ids,
            "audit_ids": (vals.get("audit") or self.env["mgmtsystem.audit"]).ids,
            "rule_key": vals.get("rule_key"),
            **{
                name: record.id
                for name, record in records.items()
                if record and name in self._fields
            },
            **self._cchc_people(system, department, company),
        }
        silent = unlocked(self.sudo()).with_context(
            mail_auto_subscribe_no_notify=True, mail_notrack=True, cchc_no_mail=True
        )
        nc = silent.create(row)
        return self.browse(nc.id)

    @api.model
    def _cchc_people(self, system, department, company):
        """Return who answers and who follows up: head of the department, secretary."""
        users = self.env["res.users"].sudo()
        system = system.sudo().with_company(company)
        manager = system.nonconformity_manager_id
        for role in ("3_secretary", "1_head"):
            manager = manager or (system and system._cchc_people(role)[:1]) or users
        for group in ("cchc_iso.group_officer", "cchc_iso.group_leader"):
            manager = manager or users.search(
                [
                    ("all_group_ids", "in", self.env.ref(group).id),
                    ("company_ids", "in", company.id),
                    ("share", "=", False),
                    ("id", "!=", self.env.ref("base.user_admin").id),
                ],
                order="id",
                limit=1,
            )
        manager = manager or self.env.user
        head, unit = users, department.sudo()
        while unit and not head:
            head, unit = unit.manager_id.user_id, unit.parent_id
        return {
            "responsible_user_id": (head or manager).id,
            "manager_user_id": manager.id,
        }

    @api.model
    def _cchc_due_date(self, system, company):
        today = company._cchc_local_date(fields.Datetime.now())
        return company._cchc_shift_day(
            today, system.sudo().nonconformity_days, "calendar_day"
        )

    @api.model
    def _cchc_origin(self, vals):
        """Return where the finding comes from; an office may have removed a kind."""
        if vals.get("origin"):
            return vals["origin"]
        name = "internal_audit" if vals.get("audit") else "process"
        return self.env.ref(
            f"mgmtsystem_nonconformity.nc_origin_{name}", raise_if_not_found=False
        ) or self.env["mgmtsystem.nonconformity.origin"].sudo().search([], limit=1)

    @api.model_create_multi
    def create(self, vals_list):
        kept = [vals.get("ref") for vals in vals_list]
        vals_list = [self._cchc_prepared(vals) for vals in vals_list]
        ncs = super().create(vals_list)
        # OCA numbers every row anew; a number that was given (an import) stays.
        for nc, ref in zip(ncs, kept, strict=True):
            if ref and ref != "NEW":
                unlocked(nc).write({"ref": ref})
        ncs.filtered("edition_id")._cchc_tell_responsible()
        return ncs

    @api.model
    def _cchc_prepared(self, vals):
        """Return the values of a row to create, completed by the agency's settings."""
        system = self.env["mgmtsystem.system"].browse(vals.get("system_id"))
        if not system.sudo().edition_id:
            return vals
        if not is_unlocked(self.env):
            if any(vals.get(name) for name in LIFE_FIELDS):
                raise UserError(self._cchc_life_sentence())
            stage = self.env["mgmtsystem.nonconformity.stage"].browse(
                vals.get("stage_id")
            )
            if stage.state not in (False, "draft"):
                raise UserError(self._cchc_life_sentence())
        company = (
            self.env["res.company"].browse(vals.get("company_id"))
            or system.company_id
            or self.env.company
        )
        department = self.env["hr.department"].browse(vals.get("department_id"))
        category = vals.get("category") or "minor"
        severity = self.env.ref(
            f"mgmtsystem_nonconformity.nonconformity_severity_{category[:3]}",
            raise_if_not_found=False,
        )
        return {
            "partner_id": company.partner_id.id,
            "severity_id": severity.id if severity else False,
            "category": category,
            "due_date": self._cchc_due_date(system, company),
            **self._cchc_people(system, department, company),
            **{name: value for name, value in vals.items() if value or value == 0},
        }

    # -- who may
    def _cchc_is_keeper(self):
        """Whether the user keeps the findings: secretary, leader or manager."""
        user = self.env.user
        return self.env.su or any(
            user.has_group(f"cchc_iso.group_{name}")
            for name in ("officer", "leader", "manager")
        )

    def _cchc_may_answer(self):
        """Whether the user answers for the department: the responsible or its head."""
        self.ensure_one()
        user = self.env.user
        return self._cchc_may_decide() or user in (
            self.responsible_user_id | self.department_id.sudo().manager_id.user_id
        )

    def _cchc_may_decide(self):
        """Whether the user approves plans and withdraws findings: a leader."""
        user = self.env.user
        return (
            self.env.su
            or user.has_group("cchc_iso.group_leader")
            or user.has_group("cchc_iso.group_manager")
        )

    def _cchc_may_verify(self):
        """Whether the user verifies the effect.

        The named verifier, an auditor of the audit, else a leader; never who answers
        for the finding or did one of its actions.
        """
        self.ensure_one()
        user = self.env.user
        if user in self.responsible_user_id | self.sudo()._get_all_actions().user_id:
            return False
        if self.verifier_id:
            return user == self.verifier_id
        return self._cchc_may_decide() or user in self.sudo().audit_ids.auditor_user_ids

    # -- locks
    def _cchc_life_sentence(self):
        return self.env._(
            "The stages of a nonconformity are reached by its buttons: accept, state "
            "the cause, approve the plan, verify the effect."
        )

    def _cchc_check_write(self, vals):
        """Refuse what the life of a controlled nonconformity does not allow."""
        names = {name for name in vals if not name.startswith(FREE_PREFIXES)}
        names -= FREE_FIELDS
        if is_unlocked(self.env) or not names:
            return
        keeper = self._cchc_is_keeper()
        for nc in self.filtered("edition_id"):
            if nc.state in ENDED:
                raise UserError(
                    self.env._(
                        "Nonconformity %s is closed and locked; a leader reopens it "
                        "with a new action when it was not effective.",
                        nc.ref,
                    )
                )
            if names & LIFE_FIELDS or "stage_id" in names:
                raise UserError(self._cchc_life_sentence())
            if not keeper and names - ANSWER_FIELDS:
                raise AccessError(
                    self.env._(
                        "Of nonconformity %s the answering department writes cause, "
                        "correction and plan; ask the ISO secretary for the rest.",
                        nc.ref,
                    )
                )

    def write(self, vals):
        self._cchc_check_write(vals)
        result = super().write(vals)
        if "responsible_user_id" in vals or "due_date" in vals:
            self.filtered("edition_id")._cchc_tell_responsible()
        return result

    # -- life
    def _cchc_check_state(self, *states):
        names = dict(self.env["mgmtsystem.nonconformity.stage"]._get_states())
        for nc in self:
            if not nc.edition_id:
                raise UserError(
                    self.env._(
                        "Nonconformity %s belongs to no quality system with an "
                        "edition: move it by its stages.",
                        nc.ref,
                    )
                )
            if nc.state not in states:
                raise UserError(
                    self.env._(
                        "Nonconformity %(ref)s is in the stage “%(stage)s”; this is "
                        "done in “%(needed)s”.",
                        ref=nc.ref,
                        stage=nc.stage_id.name,
                        needed=names[states[0]],
                    )
                )

    def _cchc_go(self, state, **values):
        """Move to the stage of OCA with this state and write ``values``."""
        stage = self.env.ref(
            f"mgmtsystem_nonconformity.stage_{state}", raise_if_not_found=False
        ) or self.env["mgmtsystem.nonconformity.stage"].search(
            [("state", "=", state)], limit=1
        )
        free = unlocked(self.sudo()).with_context(cchc_no_mail=True)
        free.write({"stage_id": stage.id, **values})
        self._cchc_tell_stage()

    def action_accept(self):
        """The auditee accepts the finding (signature of the department)."""
        self._cchc_check_state("draft")
        for nc in self:
            if not nc._cchc_may_answer():
                raise AccessError(
                    self.env._(
                        "Nonconformity %(ref)s is accepted by %(name)s or the head of "
                        "the department.",
                        ref=nc.ref,
                        name=nc.responsible_user_id.name,
                    )
                )
            nc._cchc_go(
                "analysis",
                accepted_by_id=self.env.uid,
                accepted_at=fields.Datetime.now(),
            )

    def action_state_cause(self):
        """The department has found the cause; the plan comes next."""
        self._cchc_check_state("analysis")
        for nc in self:
            nc._cchc_check_answers()
            if not nc.analysis and not nc.cause_ids:
                raise UserError(
                    self.env._(
                        "Write the cause of nonconformity %s first: without it no "
                        "action can remove it.",
                        nc.ref,
                    )
                )
            nc._cchc_go("pending")

    def action_send_plan(self):
        """The plan is ready; who follows up is told."""
        self._cchc_check_state("pending")
        for nc in self:
            nc._cchc_check_answers()
            nc._cchc_check_planned()
            free = unlocked(nc.sudo()).with_context(mail_activity_quick_update=True)
            free.kanban_state = "done"
            free.activity_schedule(
                "cchc_iso.mail_activity_type_nonconformity",
                date_deadline=fields.Date.context_today(nc),
                summary=self.env._("Plan to approve: %s", nc.display_name),
                user_id=nc.manager_user_id.id,
            )

    def _cchc_check_answers(self):
        if not (self._cchc_may_answer() or self._cchc_is_keeper()):
            raise AccessError(
                self.env._(
                    "Cause and plan of nonconformity %s come from who answers for it.",
                    self.ref,
                )
            )

    def _cchc_check_planned(self):
        if not self.sudo().action_ids:
            raise UserError(
                self.env._(
                    "Nonconformity %s has no corrective action yet: add one.", self.ref
                )
            )

    def action_approve_plan(self):
        """A leader approves the plan; its actions are open from now on."""
        self._cchc_check_state("pending")
        if not self._cchc_may_decide():
            raise AccessError(
                self.env._("A leader of the quality system approves the plan.")
            )
        for nc in self:
            nc._cchc_check_planned()
            comments = nc.action_comments or self.env._(
                "Plan approved by %s.", self.env.user.name
            )
            nc._cchc_go("open", action_comments=comments)

    def action_return_plan(self):
        """The plan is not good enough: back to the department."""
        self._cchc_check_state("pending")
        if not self._cchc_is_keeper():
            raise AccessError(
                self.env._("The ISO secretary or a leader returns the plan.")
            )
        self._cchc_go("analysis")

    def action_withdraw(self):
        """A leader withdraws the finding, with the reason."""
        self._cchc_check_state("draft", "analysis", "pending", "open")
        if not self._cchc_may_decide():
            raise AccessError(self.env._("A leader withdraws a nonconformity."))
        for nc in self:
            if not nc.cancel_reason:
                raise UserError(
                    self.env._(
                        "Write why nonconformity %s is withdrawn into its reason "
                        "first.",
                        nc.ref,
                    )
                )
        self._cchc_go("cancel")

    def _cchc_verify(self, effect, comments, action_vals=None):
        """Write down one verification of the effect.

        :param effect: ``effective`` closes the nonconformity; ``not_effective`` keeps
            or makes it open again, with a new action
        :param comments: what was checked, and how
        :param action_vals: values of the new action
        """
        self.ensure_one()
        self._cchc_check_state("open", "done")
        if not self._cchc_may_verify():
            raise AccessError(
                self.env._(
                    "The effect of nonconformity %s is verified by the named verifier, "
                    "an auditor of the audit or a leader, not by who carried it out.",
                    self.ref,
                )
            )
        if effect == "not_effective" and not action_vals:
            raise UserError(
                self.env._(
                    "What was not effective needs a new action: say which, by whom "
                    "and until when."
                )
            )
        pending = (
            self.sudo()
            ._get_all_actions()
            .filtered(lambda action: not action.stage_id.is_ending)
        )
        if effect == "effective" and pending:
            raise UserError(
                self.env._(
                    "Action %s is not closed yet: close it before verifying the "
                    "effect.",
                    pending[0].display_name,
                )
            )
        now = fields.Datetime.now()
        values = {
            "effect": effect,
            "verified_by_id": self.env.uid,
            "verified_at": now,
            "evaluation_comments": comments,
        }
        unlocked(self.env["cchc.iso.effect"].sudo()).create(
            {
                "nonconformity_id": self.id,
                "effect": effect,
                "verified_by_id": self.env.uid,
                "verified_at": now,
                "comments": comments,
            }
        )
        if effect == "effective":
            self._cchc_go("done", **values)
            return self.env["mgmtsystem.action"]
        self._cchc_go("open", due_date=action_vals["date_deadline"], **values)
        action = self._cchc_add_action(action_vals)
        action.sudo().with_context(cchc_no_mail=True).case_open()
        return action

    def action_verify(self):
        """Open the form for one verification of the effect."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Verify the Effect"),
            "res_model": "cchc.iso.effect.check",
            "view_mode": "form",
            "target": "new",
            "context": {"default_nonconformity_id": self.id},
        }

    def _cchc_add_action(self, vals):
        """Add an action of this nonconformity; the caller checked who may."""
        self.ensure_one()
        action = (
            self.env["mgmtsystem.action"]
            .sudo()
            .create(
                {
                    "type_action": "correction",
                    "system_id": self.system_id.id,
                    "company_id": self.company_id.id,
                    "department_id": self.department_id.id,
                    **vals,
                }
            )
        )
        unlocked(self.sudo()).write({"action_ids": [fields.Command.link(action.id)]})
        return self.env["mgmtsystem.action"].browse(action.id)

    def action_new_action(self):
        """Open the form for one corrective action."""
        self.ensure_one()
        return self.env["cchc.iso.action.new"]._open(nonconformity_id=self.id)

    def action_open_dossiers(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dossiers in Evidence"),
            "res_model": "cchc.dossier",
            "view_mode": "list,form",
            "domain": [("id", "in", (self.dossier_ids | self.dossier_id).ids)],
        }

    # -- telling people
    def _cchc_tell_responsible(self):
        """Give who answers one activity with the due date, never a mail."""
        kind = "cchc_iso.mail_activity_type_nonconformity"
        for nc in self:
            if nc.state in ENDED:
                continue
            nc = nc.sudo().with_context(mail_activity_quick_update=True)
            nc.activity_unlink([kind])
            nc.activity_schedule(
                kind,
                date_deadline=nc.due_date or fields.Date.context_today(nc),
                summary=nc.display_name,
                user_id=nc.responsible_user_id.id,
            )

    def _cchc_tell_stage(self):
        """Close the activities of what ended; tell the leader of a plan to approve."""
        kind = "cchc_iso.mail_activity_type_nonconformity"
        for nc in self.sudo().with_context(mail_activity_quick_update=True):
            if nc.state in ENDED:
                nc.activity_unlink([kind, "cchc_iso.mail_activity_type_overdue"])
            elif not nc.activity_ids.filtered(
                lambda activity: activity.activity_type_id == self.env.ref(kind)
            ):
                nc._cchc_tell_responsible()

    @api.model
    def _cron_tell_overdue(self):
        """Tell who follows up of each nonconformity over its date, once per date."""
        late = self.search(
            [("edition_id", "!=", False), *self._search_is_late("in", {True})]
        ).filtered(lambda nc: nc.overdue_told_for != nc.due_date)
        for nc in late.with_context(mail_activity_quick_update=True):
            nc.activity_schedule(
                "cchc_iso.mail_activity_type_overdue",
                date_deadline=nc.due_date,
                summary=self.env._("Overdue: %s", nc.display_name),
                user_id=nc.manager_user_id.id,
            )
            unlocked(nc).write({"overdue_told_for": nc.due_date})

    @api.depends("ref", "name")
    def _compute_display_name(self):
        for nc in self:
            nc.display_name = " ".join(filter(None, [nc.ref, nc.name])) or nc.ref
