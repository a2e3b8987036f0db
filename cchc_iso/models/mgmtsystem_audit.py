from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

#: Fixed with the approval of the plan.
PLAN_FIELDS = frozenset(
    {
        "name",
        "date",
        "date_end",
        "user_id",
        "auditor_user_ids",
        "auditee_user_ids",
        "lead_auditor_id",
        "system_id",
        "company_id",
        "edition_id",
        "programme_id",
        "programme_line_ids",
        "programme_month",
        "objective",
        "scope",
        "criteria",
        "clause_ids",
        "department_ids",
        "process_ids",
        "period_from",
        "period_to",
        "plan_line_ids",
        "plan_number",
        "decision_number",
        "decision_date",
    }
)
#: Given and taken by the buttons only.
BUTTON_FIELDS = frozenset(
    {
        "state",
        "closing_date",
        "report_state",
        "plan_approved_by_id",
        "plan_approved_at",
        "report_approved_by_id",
        "report_approved_at",
    }
)
#: Who decided and when: empty at the start.
DECIDED_FIELDS = BUTTON_FIELDS - {"state", "report_state"}
_CHATTER = ("message_", "activity_", "website_message_", "review_ids")


class MgmtsystemAudit(models.Model):
    """Internal audit of a quality system: plan, findings, report (ISO 9001 9.2).

    The plan is approved by the head before the audit begins; findings are written by
    the team while it runs; the head approves the report, which closes the audit. From
    then on nothing of it changes any more, for anybody. OCA's two states stay: an
    audit is ``done`` when it is closed. An audit without an edition of the standard is
    an ordinary one of OCA's and works as before.
    """

    _name = "mgmtsystem.audit"
    _inherit = ["mgmtsystem.audit", "cchc.approval.mixin"]
    _state_field = "plan_state"
    _state_from = ["draft"]
    _state_to = ["approved"]
    _cchc_approval_required = True
    _cchc_signature_group = "cchc_iso.group_leader"

    # --- What is audited
    edition_id = fields.Many2one(
        "cchc.iso.edition",
        compute="_compute_edition_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        help="Edition of its time that the audit is judged by; empty: an audit outside "
        "the quality system",
    )
    programme_id = fields.Many2one(
        "cchc.iso.audit.programme",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
    )
    programme_line_ids = fields.Many2many(
        "cchc.iso.audit.programme.line",
        "cchc_iso_audit_programme_line_rel",
        "audit_id",
        "line_id",
        "Rows of the Programme",
        copy=False,
        domain="[('programme_id', '=', programme_id)]",
    )
    programme_month = fields.Integer("Month of the Programme", copy=False)
    objective = fields.Text("Purpose")
    scope = fields.Text()
    criteria = fields.Text(
        compute="_compute_criteria", store=True, readonly=False, precompute=True
    )
    clause_ids = fields.Many2many(
        "cchc.iso.clause",
        "cchc_iso_audit_clause_rel",
        "audit_id",
        "clause_id",
        "Clauses",
        domain="[('edition_id', '=', edition_id)]",
    )
    department_ids = fields.Many2many(
        "hr.department",
        "cchc_iso_audit_department_rel",
        "audit_id",
        "department_id",
        "Departments",
    )
    process_ids = fields.Many2many(
        "cchc.process",
        "cchc_iso_audit_process_rel",
        "audit_id",
        "process_id",
        "Processes",
        domain="[('state', '!=', 'draft')]",
    )
    period_from = fields.Date("Period from", help="First day of the work looked at")
    period_to = fields.Date("Period to", help="Last day of the work looked at")
    date_end = fields.Datetime("End")
    # --- Team and plan
    lead_auditor_id = fields.Many2one("res.users", index="btree_not_null")
    decision_number = fields.Char(
        "Decision", help="Decision that sets up the audit team, e.g. 45/QĐ-UBND"
    )
    decision_date = fields.Date("Date of the Decision")
    plan_number = fields.Char("Number of the Plan", help="E.g. 22/KH-UBND")
    plan_line_ids = fields.One2many(
        "cchc.iso.audit.plan.line", "audit_id", "Plan", copy=True
    )
    plan_state = fields.Selection(
        [
            ("draft", "Draft"),
            ("approved", "Plan Approved"),
            ("in_progress", "In Progress"),
            ("closed", "Closed"),
        ],
        "Stage",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    plan_approved_by_id = fields.Many2one(
        "res.users", "Plan Approved by", readonly=True, copy=False
    )
    plan_approved_at = fields.Datetime(readonly=True, copy=False)
    # --- Meetings
    opening_at = fields.Datetime("Opening Meeting", copy=False)
    opening_place = fields.Char("Place of the Opening", copy=False)
    opening_note = fields.Text("Minutes of the Opening", copy=False)
    closing_at = fields.Datetime("Closing Meeting", copy=False)
    closing_place = fields.Char("Place of the Closing", copy=False)
    closing_note = fields.Text("Minutes of the Closing", copy=False)
    attendance_ids = fields.One2many(
        "cchc.iso.audit.attendance", "audit_id", copy=False
    )
    # --- Report
    strong_points = fields.Html(copy=False)
    to_improve_points = fields.Html(copy=False)
    conclusion = fields.Html(
        copy=False, help="Whether the quality system is kept up and works"
    )
    effect = fields.Selection(
        [
            ("effective", "Conforms and Is Effective"),
            ("partly", "Effective, to Be Corrected"),
            ("not_effective", "Not Effective"),
        ],
        "Conclusion on Effect",
        copy=False,
    )
    report_number = fields.Char("Number of the Report", copy=False)
    report_state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("approved", "Approved"),
        ],
        "Report",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    report_approved_by_id = fields.Many2one(
        "res.users", "Report Approved by", readonly=True, copy=False
    )
    report_approved_at = fields.Datetime(readonly=True, copy=False)
    paper_ids = fields.One2many("cchc.iso.audit.paper", "audit_id", "Prints")
    # --- Figures
    locked = fields.Boolean(
        compute="_compute_locked", help="Nothing of the audit can change"
    )
    can_plan = fields.Boolean(compute="_compute_rights")
    plan_editable = fields.Boolean(compute="_compute_rights")
    report_editable = fields.Boolean(compute="_compute_rights")
    can_write_findings = fields.Boolean(compute="_compute_rights")
    can_approve_report = fields.Boolean(compute="_compute_rights")
    line_count = fields.Integer("Questions", compute="_compute_progress")
    answered_count = fields.Integer("Answered", compute="_compute_progress")
    progress = fields.Float(compute="_compute_progress", help="Share answered")
    nc_major_count = fields.Integer("Major", compute="_compute_findings")
    nc_minor_count = fields.Integer("Minor", compute="_compute_findings")
    ofi_count = fields.Integer("Opportunities", compute="_compute_findings")
    unanswered_text = fields.Text("Still Open", compute="_compute_unanswered_text")

    # --- Computed

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("cchc_iso_audit") and "system_id" in fields:
            values.setdefault("system_id", self.env["mgmtsystem.system"]._cchc_for().id)
        return values

    @api.depends("system_id")
    def _compute_edition_id(self):
        for audit in self:
            # the edition of its time: a later one of the system changes nothing
            audit.edition_id = audit.edition_id or audit.system_id.edition_id

    @api.depends("edition_id")
    def _compute_criteria(self):
        for audit in self:
            if audit.edition_id and not audit.criteria:
                audit.criteria = (
                    f"{audit.edition_id.code}; tài liệu của hệ thống quản lý chất "
                    "lượng; quy định của pháp luật về giải quyết thủ tục hành chính."
                )

    @api.depends("state", "edition_id", "report_state")
    def _compute_locked(self):
        for audit in self:
            audit.locked = bool(audit.edition_id) and (
                audit.state == "done" or audit.report_state != "draft"
            )

    @api.depends_context("uid")
    @api.depends(
        "plan_state",
        "report_state",
        "locked",
        "lead_auditor_id",
        "auditor_user_ids",
        "review_ids",
    )
    def _compute_rights(self):
        user = self.env.user
        leads = user.has_group("cchc_iso.group_leader")
        for audit in self:
            audit.can_plan = audit._cchc_may_plan()
            audit.plan_editable = (
                audit.can_plan
                and audit.plan_state == "draft"
                and not audit.locked
                and not audit.sudo().review_ids
            )
            audit.report_editable = (
                audit.can_plan
                and audit.plan_state == "in_progress"
                and not audit.locked
            )
            audit.can_write_findings = (
                audit.plan_state == "in_progress"
                and not audit.locked
                and user in audit.auditor_user_ids
            )
            audit.can_approve_report = (
                audit.report_state == "submitted"
                and leads
                and user not in audit.auditor_user_ids
            )

    @api.depends("line_ids.finding", "line_ids.reason")
    def _compute_progress(self):
        for audit in self:
            open_lines = audit.line_ids._get_open()
            audit.line_count = len(audit.line_ids)
            audit.answered_count = audit.line_count - len(open_lines)
            audit.progress = (
                100 * audit.answered_count / audit.line_count
                if audit.line_count
                else 0.0
            )

    @api.depends(
        "line_ids.finding",
        "line_ids.nonconformity_id",
        "nonconformity_ids.category",
        "imp_opp_ids",
    )
    def _compute_findings(self):
        """Nonconformities raised, from questions and sampled dossiers, and those
        found at a question that are not raised yet."""
        for audit in self:
            raised = audit.nonconformity_ids.mapped("category")
            found = audit.line_ids.filtered(
                lambda line: not line.nonconformity_id
            ).mapped("finding")
            audit.nc_major_count = raised.count("major") + found.count("nc_major")
            audit.nc_minor_count = raised.count("minor") + found.count("nc_minor")
            audit.ofi_count = audit.line_ids.mapped("finding").count("ofi")

    @api.depends("line_ids.finding", "line_ids.reason", "line_ids.nonconformity_id")
    def _compute_unanswered_text(self):
        for audit in self:
            audit.unanswered_text = "\n".join(audit._cchc_unanswered()[:8])

    # --- Checks of the contents

    @api.constrains("clause_ids", "edition_id")
    def _check_clauses(self):
        for audit in self:
            if other := audit.clause_ids.filtered(
                lambda clause, audit=audit: clause.edition_id != audit.edition_id
            )[:1]:
                raise ValidationError(
                    self.env._(
                        "Clause %(clause)s is not of %(edition)s, the edition of the "
                        "audit.",
                        clause=other.display_name,
                        edition=audit.edition_id.code or "…",
                    )
                )

    @api.constrains("auditor_user_ids", "lead_auditor_id", "department_ids")
    def _check_team(self):
        """Refuse a member for whom no department would be left to audit."""
        for audit in self.filtered("edition_id"):
            for user in audit.auditor_user_ids:
                if audit.department_ids and not (
                    audit.department_ids.sudo() - user._cchc_audit_departments()
                ):
                    user._cchc_check_independent(audit.department_ids)
            for row in audit.plan_line_ids:
                row.auditor_ids._cchc_check_independent(row.department_id)

    @api.constrains("period_from", "period_to", "date", "date_end")
    def _check_dates(self):
        for audit in self:
            if (
                audit.period_from
                and audit.period_to
                and audit.period_from > audit.period_to
            ):
                raise ValidationError(
                    self.env._("The period audited ends before it begins.")
                )
            if audit.date and audit.date_end and audit.date > audit.date_end:
                raise ValidationError(self.env._("The audit ends before it begins."))

    # --- Who may do what

    def _cchc_may_plan(self):
        """Return whether the user drafts the plan: ISO secretary or lead auditor."""
        self.ensure_one()
        user = self.env.user
        return (
            self.env.su
            or user.has_group("cchc_iso.group_officer")
            or user == self.lead_auditor_id
        )

    def _cchc_check_planner(self):
        """Raise unless the user may draft the plan and the report."""
        for audit in self.filtered("edition_id"):
            if not audit._cchc_may_plan():
                raise AccessError(
                    self.env._(
                        "Only the ISO secretary or the lead auditor changes the plan "
                        "and the report of %s.",
                        audit.display_name,
                    )
                )

    def _cchc_check_open(self):
        """Raise when the audit is closed or its report is submitted: findings,
        samples, nonconformities and evidence of it stay as they are."""
        if is_unlocked(self.env):
            return
        for audit in self.sudo().filtered("locked"):
            if audit.state == "done":
                raise UserError(
                    self.env._(
                        "The audit %s is closed: nothing of it can be changed.",
                        audit.display_name,
                    )
                )
            raise UserError(
                self.env._(
                    "The report of %s waits for approval: take it back before "
                    "anything is changed.",
                    audit.display_name,
                )
            )

    def _cchc_check_planning(self):
        """Raise unless the plan is a draft that the user may change."""
        if is_unlocked(self.env):
            return
        self._cchc_check_open()
        self._cchc_check_planner()
        for audit in self.sudo().filtered("edition_id"):
            if audit.plan_state != "draft" or audit.review_ids:
                raise UserError(
                    self.env._(
                        "The plan of %s is approved or waits for approval and cannot "
                        "be changed; use “Amend Plan” to make it a draft again.",
                        audit.display_name,
                    )
                )

    def _cchc_check_auditing(self):
        """Raise unless the audit runs and the user is of its team: only auditors
        write findings, and those of their own open audits only."""
        self._cchc_check_open()
        if is_unlocked(self.env):
            return
        until = self.env.user.sudo().cchc_iso_until
        if until and until < fields.Date.context_today(self) and not self.env.su:
            raise AccessError(self.env._("Your access as an auditor has ended."))
        for audit in self.sudo().filtered("edition_id"):
            if not self.env.su and self.env.user not in audit.auditor_user_ids:
                raise AccessError(
                    self.env._(
                        "Only the audit team writes findings of %s.",
                        audit.display_name,
                    )
                )
            if audit.plan_state != "in_progress":
                raise UserError(
                    self.env._(
                        "Begin the audit %s before findings are written.",
                        audit.display_name,
                    )
                )

    # --- Guards

    @api.model_create_multi
    def create(self, vals_list):
        audits = super().create([self._cchc_with_lead(vals) for vals in vals_list])
        for audit in audits.filtered("edition_id"):
            if not is_unlocked(self.env) and (
                audit.state == "done"
                or audit.report_state != "draft"
                or any(audit[name] for name in DECIDED_FIELDS)
            ):
                raise AccessError(
                    self.env._("A new audit begins with the draft of its plan.")
                )
        audits._cchc_check_creator()
        return audits

    def _cchc_check_creator(self):
        if self.filtered("edition_id") and not (
            self.env.su or self.env.user.has_group("cchc_iso.group_officer")
        ):
            raise AccessError(
                self.env._("Only the ISO secretary opens audits of the quality system.")
            )

    def write(self, vals):
        vals = self._cchc_with_lead(vals)
        if not is_unlocked(self.env):
            names = {name for name in vals if not name.startswith(_CHATTER)}
            self.filtered("edition_id")._cchc_check_names(names)
            if vals.get("edition_id"):
                self._cchc_check_creator()
        return super().write(vals)

    @api.model
    def _cchc_with_lead(self, vals):
        """The lead auditor is a member of the team."""
        if lead := vals.get("lead_auditor_id"):
            members = [*vals.get("auditor_user_ids", []), Command.link(lead)]
            return {"user_id": lead, **vals, "auditor_user_ids": members}
        return vals

    def _cchc_check_names(self, names):
        """Refuse a write of these fields of audits of a quality system."""
        if not (self and names):
            return
        if reserved := names & BUTTON_FIELDS:
            raise AccessError(
                self.env._(
                    "%(field)s of %(audit)s is changed by its buttons only.",
                    field=self._fields[min(reserved)]._description_string(self.env),
                    audit=self[:1].display_name,
                )
            )
        if names == {"plan_state"}:
            return  # cchc.approval.mixin refuses it with its own sentence
        # the checklist has its own checks, line by line
        names = names - {"line_ids", "attendance_ids", "sample_ids"}
        if not names:
            return
        self._cchc_check_open()
        self._cchc_check_planner()
        if names & PLAN_FIELDS:
            self._cchc_check_planning()

    def _tier_validation_check_write_allowed(self, vals):
        # _cchc_check_names says it in the terms of the audit, field by field
        return None

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        for audit in self.filtered("edition_id"):
            if audit.plan_state != "draft" and not is_unlocked(self.env):
                raise UserError(
                    self.env._(
                        "%s has an approved plan and is kept; only a draft can be "
                        "deleted.",
                        audit.display_name,
                    )
                )

    # --- Life

    def action_submit_plan(self):
        """Ask the head to approve the plan."""
        self._cchc_check_planning()
        for audit in self:
            audit._cchc_check_plan_complete()
            if not audit.request_validation():
                raise UserError(
                    self.env._(
                        "No approval rule applies to %(record)s: ask an administrator "
                        "to define who approves it.",
                        record=audit.display_name,
                    )
                )
        return True

    def _cchc_check_plan_complete(self):
        self.ensure_one()
        if not self.edition_id:
            raise UserError(
                self.env._("Choose the quality system that is audited first.")
            )
        if not self.lead_auditor_id:
            raise UserError(self.env._("Name the lead auditor first."))
        if not self.date:
            raise UserError(self.env._("Say when the audit takes place."))
        if not self.plan_line_ids:
            raise UserError(
                self.env._("The plan has no rows: say who audits which department.")
            )
        if empty := self.plan_line_ids.filtered(lambda row: not row.auditor_ids)[:1]:
            raise UserError(
                self.env._("Name the auditors of “%s”.", empty.display_name)
            )

    def _cchc_decide(self, reviews, status, comment=False):
        result = super()._cchc_decide(reviews, status, comment)
        if status == "approved" and self.sudo().validation_status == "validated":
            unlocked(self.sudo()).write(
                {
                    "plan_state": "approved",
                    "plan_approved_by_id": self.env.uid,
                    "plan_approved_at": fields.Datetime.now(),
                }
            )
        return result

    def action_amend_plan(self):
        """Make the plan a draft again; findings wait until it is approved anew."""
        self._cchc_check_open()
        self._cchc_check_planner()
        for audit in self:
            if audit.plan_state not in ("approved", "in_progress"):
                raise UserError(self.env._("Only an approved plan is amended."))
            audit.sudo()._message_log(
                body=self.env._(
                    "The plan was taken back to be amended by %s.", self.env.user.name
                )
            )
            unlocked(audit.sudo())._cchc_remove_reviews("restarted")
            unlocked(audit.sudo()).write(
                {
                    "plan_state": "draft",
                    "plan_approved_by_id": False,
                    "plan_approved_at": False,
                }
            )
        return True

    def action_begin(self):
        """Begin the audit: from now on the team writes its findings."""
        self._cchc_check_open()
        for audit in self:
            if not (audit._cchc_may_plan() or self.env.user in audit.auditor_user_ids):
                audit._cchc_check_planner()
            if audit.plan_state != "approved":
                raise UserError(
                    self.env._(
                        "The plan of %s is not approved yet.", audit.display_name
                    )
                )
            unlocked(audit.sudo()).write(
                {
                    "plan_state": "in_progress",
                    "opening_at": audit.opening_at or fields.Datetime.now(),
                }
            )
        return True

    def action_submit_report(self):
        """Hand the report to the head; from now on findings stay as they are.

        :raises UserError: naming what is not answered yet
        """
        self._cchc_check_open()
        self._cchc_check_planner()
        for audit in self:
            if audit.plan_state != "in_progress":
                raise UserError(self.env._("Only a running audit is reported."))
            audit._cchc_check_answered()
            if not audit.effect:
                raise UserError(
                    self.env._("Say in the report whether the system is effective.")
                )
            unlocked(audit.sudo()).write(
                {
                    "report_state": "submitted",
                    "closing_at": audit.closing_at or fields.Datetime.now(),
                }
            )
        return True

    def action_take_back_report(self):
        """Take the submitted report back: who wrote it, or the head sends it back."""
        for audit in self:
            if audit.report_state != "submitted":
                raise UserError(self.env._("Only a submitted report is taken back."))
            if not audit.can_approve_report:
                audit._cchc_check_planner()
            unlocked(audit.sudo()).write({"report_state": "draft"})
            audit.sudo()._message_log(
                body=self.env._("The report was sent back by %s.", self.env.user.name)
            )
        return True

    def action_approve_report(self):
        """Approve the report as the head; this closes the audit for good.

        :raises AccessError: for others than leaders and for members of the team
        """
        for audit in self:
            if audit.report_state != "submitted":
                raise UserError(
                    self.env._("The report of %s is not submitted.", audit.display_name)
                )
            if not audit.can_approve_report:
                raise AccessError(
                    self.env._(
                        "The report of %s is approved by a leader who is not of its "
                        "audit team.",
                        audit.display_name,
                    )
                )
            unlocked(audit.sudo()).write(
                {
                    "report_state": "approved",
                    "report_approved_by_id": self.env.uid,
                    "report_approved_at": fields.Datetime.now(),
                }
            )
            audit.button_close()
        return True

    def button_close(self):
        """Close audits; those of a quality system once their report is approved."""
        controlled = self.filtered("edition_id")
        for audit in controlled:
            if audit.report_state != "approved":
                raise UserError(
                    self.env._(
                        "%s is closed by the approval of its report: submit the "
                        "report first.",
                        audit.display_name,
                    )
                )
            audit._cchc_check_answered()
            unlocked(audit.sudo()).write({"plan_state": "closed"})
            super(MgmtsystemAudit, unlocked(audit.sudo())).button_close()
        if others := self - controlled:
            return super(MgmtsystemAudit, others).button_close()
        return True

    def action_print(self):
        """Choose the paper that is printed."""
        self.ensure_one()
        default = {
            "draft": "plan",
            "approved": "plan",
            "in_progress": "notes",
            "closed": "report",
        }[self.plan_state]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Print"),
            "res_model": "cchc.iso.audit.print",
            "view_mode": "form",
            "target": "new",
            "context": {"default_audit_id": self.id, "default_code": default},
        }

    def action_draw_sample(self):
        """Open the form of a new sample of dossiers."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Sample"),
            "res_model": "cchc.iso.sample",
            "view_mode": "form",
            "context": {"default_audit_id": self.id},
        }

    # --- Checklist

    def action_generate_checklist(self):
        """Choose what the checklist is made from."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Generate the Checklist"),
            "res_model": "cchc.iso.checklist.generate",
            "view_mode": "form",
            "target": "new",
            "context": {"default_audit_id": self.id},
        }

    def action_answer_checklist(self):
        """Open the checklist for answering, at a desk or on a tablet."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_iso.cchc_iso_checklist_action"
        )
        action["domain"] = [("audit_id", "=", self.id)]
        action["context"] = {
            "default_audit_id": self.id,
            "search_default_open": 1,
            "create": False,
        }
        action["display_name"] = self.display_name
        return action

    @api.model
    def _cchc_with_children(self, clauses):
        """Return ``clauses`` and everything below them."""
        if not clauses:
            return clauses
        return self.env["cchc.iso.clause"].search([("id", "child_of", clauses.ids)])

    # --- What is still open

    def _cchc_unanswered(self):
        """Return sentences on what keeps the audit from being closed.

        Untouched questions, answers that lack their reason, nonconformities that were
        found and not raised, sampled dossiers without an answer.
        """
        self.ensure_one()
        audit = self.sudo()
        problems = [line._get_problem() for line in audit.line_ids._get_open()]
        return problems + audit.sample_ids._unanswered()

    def _cchc_drawn_samples(self):
        """Return the samples that were drawn for this audit."""
        return self.sudo().sample_ids.filtered(lambda sample: sample.state == "drawn")

    def _cchc_check_answered(self):
        """Raise unless every question and every sampled dossier has its answer."""
        self.ensure_one()
        if problems := self._cchc_unanswered():
            raise UserError(
                self.env._(
                    "%(audit)s cannot be closed, %(count)s answer(s) are missing: "
                    "%(first)s",
                    audit=self.display_name,
                    count=len(problems),
                    first=problems[0],
                )
            )

    # --- Figures of others

    @api.model
    def _cchc_figures(self, company=None):
        """Return the figures of the audits of an agency this year, for the overview.

        ``planned`` audits, ``held`` (closed), ``running``, ``late`` (months of the
        approved programme that passed without an audit), ``to_approve`` (plans and
        reports), and the nonconformities found, by grade.
        """
        company = company or self.env.company
        today = fields.Date.context_today(self)
        start, end = today.replace(month=1, day=1), today.replace(month=12, day=31)
        audits = self.search(
            Domain("company_id", "=", company.id)
            & Domain("edition_id", "!=", False)
            & Domain("date", ">=", start)
            & Domain("date", "<", fields.Date.add(end, days=1))
        )
        programmes = self.env["cchc.iso.audit.programme"].search(
            [("company_id", "=", company.id), ("year", "=", today.year)]
        )
        return {
            "planned": len(audits),
            "held": len(audits.filtered(lambda a: a.plan_state == "closed")),
            "running": len(audits.filtered(lambda a: a.plan_state == "in_progress")),
            "late": sum(programmes.mapped("late_count")),
            "to_approve": len(
                audits.filtered(
                    lambda a: (
                        a.report_state == "submitted"
                        or a.plan_state == "draft"
                        and a.sudo().review_ids
                    )
                )
            ),
            "nc_major": sum(audits.mapped("nc_major_count")),
            "nc_minor": sum(audits.mapped("nc_minor_count")),
            "programme": programmes[:1].state or False,
        }
