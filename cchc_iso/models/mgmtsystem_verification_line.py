from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

FINDINGS = [
    ("conform", "Conforms"),
    ("nc_major", "Major Nonconformity"),
    ("nc_minor", "Minor Nonconformity"),
    ("observation", "Observation"),
    ("ofi", "Opportunity for Improvement"),
    ("not_applicable", "Not Applicable"),
    ("not_checked", "Not Checked"),
]
CONFORM = ("conform", "ofi")
NONCONFORM = ("nc_major", "nc_minor")
#: What the auditor writes while the audit runs.
ANSWER_FIELDS = frozenset(
    {
        "finding",
        "evidence",
        "reason",
        "comments",
        "attachment_ids",
        "is_conformed",
    }
)
#: Written by the methods only.
_METHOD_FIELDS = frozenset(
    {"nonconformity_id", "improvement_id", "answered_by_id", "answered_at"}
)


class MgmtsystemVerificationLine(models.Model):
    """Question of a checklist and what the auditor found.

    ``not_checked`` is the start: a question nobody looked at counts neither as
    conforming nor as not conforming. OCA's ``is_conformed`` follows the finding.
    """

    _name = "mgmtsystem.verification.line"
    _inherit = ["mgmtsystem.verification.line"]
    _order = "seq, id"

    is_conformed = fields.Boolean(
        compute="_compute_is_conformed", store=True, readonly=False
    )
    edition_id = fields.Many2one(related="audit_id.edition_id")
    clause_id = fields.Many2one(
        "cchc.iso.clause",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('edition_id', '=', edition_id)]",
    )
    department_id = fields.Many2one(
        "hr.department", index="btree_not_null", ondelete="restrict"
    )
    process_id = fields.Many2one("cchc.process", ondelete="restrict")
    process_step_id = fields.Many2one("cchc.process.step", ondelete="restrict")
    template_line_id = fields.Many2one(
        "cchc.iso.checklist.template.line", ondelete="set null", copy=False
    )
    plan_line_id = fields.Many2one(
        "cchc.iso.audit.plan.line", ondelete="set null", copy=False
    )
    section = fields.Char(help="What the question belongs to, e.g. a process")
    guidance = fields.Text("What to Look at")
    auditor_id = fields.Many2one("res.users")
    finding = fields.Selection(
        FINDINGS, default="not_checked", required=True, index=True, copy=False
    )
    evidence = fields.Text(copy=False)
    reason = fields.Char(
        copy=False, help="Why the question does not apply or was not looked at"
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "cchc_iso_verification_line_attachment_rel",
        "line_id",
        "attachment_id",
        "Files",
        copy=False,
    )
    nonconformity_id = fields.Many2one(
        "mgmtsystem.nonconformity", readonly=True, copy=False, ondelete="restrict"
    )
    improvement_id = fields.Many2one(
        "mgmtsystem.action", readonly=True, copy=False, ondelete="restrict"
    )
    answered_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    answered_at = fields.Datetime(readonly=True, copy=False)
    audit_plan_state = fields.Selection(related="audit_id.plan_state")
    locked = fields.Boolean(related="audit_id.locked")
    can_write_findings = fields.Boolean(related="audit_id.can_write_findings")
    problem = fields.Char(compute="_compute_problem")

    @api.depends("finding", "audit_id.edition_id")
    def _compute_is_conformed(self):
        for line in self:
            if line.finding != "not_checked" or line.audit_id.edition_id:
                line.is_conformed = line.finding in CONFORM
            else:
                # a question of an ordinary audit is ticked by hand
                line.is_conformed = line.is_conformed

    @api.depends("finding", "reason", "nonconformity_id")
    def _compute_problem(self):
        for line in self:
            line.problem = line._get_problem()

    def _get_problem(self):
        """Return what is missing of the answer, or an empty text."""
        self.ensure_one()
        if self.finding == "not_checked" and not self.reason:
            return self.env._("“%s” is not checked.", self.name)
        if self.finding == "not_applicable" and not self.reason:
            return self.env._("Give the reason why “%s” does not apply.", self.name)
        if self.finding in NONCONFORM and not self.nonconformity_id:
            return self.env._("Raise the nonconformity found at “%s”.", self.name)
        return ""

    def _get_open(self):
        """Return the lines whose answer is missing or incomplete."""
        return self.filtered(lambda line: line._get_problem())

    @api.constrains("clause_id", "audit_id")
    def _check_edition(self):
        for line in self:
            if line.clause_id and line.clause_id.edition_id != line.audit_id.edition_id:
                raise UserError(
                    self.env._(
                        "Clause %(clause)s is not of the edition of %(audit)s.",
                        clause=line.clause_id.display_name,
                        audit=line.audit_id.display_name,
                    )
                )

    @api.constrains("auditor_id", "department_id")
    def _check_auditor(self):
        for line in self.filtered("edition_id"):
            line.auditor_id._cchc_check_independent(line.department_id)

    # --- Guards

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._cchc_check_question()
        if not self._is_unlocked() and lines.filtered("edition_id"):
            for vals in vals_list:
                if any(vals.get(name) for name in _METHOD_FIELDS):
                    raise UserError(self._cchc_by_buttons())
        answered = lines.filtered(
            lambda line: line.finding != "not_checked" or line.evidence
        )
        answered._cchc_check_answer()
        if found := answered.filtered(
            lambda line: line.edition_id and not line.answered_by_id
        ):
            unlocked(found.sudo()).write(
                {"answered_by_id": self.env.uid, "answered_at": fields.Datetime.now()}
            )
        return lines

    def _cchc_by_buttons(self):
        return self.env._("Raise nonconformities and opportunities by the buttons.")

    def write(self, vals):
        controlled = self.filtered("edition_id")
        if controlled and not self._is_unlocked():
            controlled._cchc_check_write(set(vals))
            if "finding" in vals:
                vals = {
                    **vals,
                    "answered_by_id": self.env.uid,
                    "answered_at": fields.Datetime.now(),
                }
                controlled._cchc_check_withdrawal(vals["finding"])
        result = super().write(vals)
        if "audit_id" in vals:
            self._cchc_check_question()
        return result

    def _is_unlocked(self):
        return is_unlocked(self.env)

    def _cchc_check_write(self, names):
        """Refuse what the user may not write now on these lines."""
        if names & _METHOD_FIELDS:
            raise UserError(self._cchc_by_buttons())
        if names & ANSWER_FIELDS:
            self._cchc_check_answer()
        if names - ANSWER_FIELDS:
            self._cchc_check_question()
            asked = names & {"name", "clause_id", "department_id", "audit_id"}
            if asked and self.filtered(lambda line: line.finding != "not_checked"):
                raise UserError(
                    self.env._(
                        "A question that is answered stays as it was asked; set the "
                        "finding back to “Not Checked” first."
                    )
                )

    def _cchc_check_question(self):
        """Questions are written by the secretary and the team, until the end."""
        audits = self.audit_id
        audits._cchc_check_open()
        if self._is_unlocked():
            return
        for audit in audits.filtered("edition_id"):
            if self.env.user not in audit.auditor_user_ids:
                audit._cchc_check_planner()

    def _cchc_check_answer(self):
        """Answers are written by independent members of the team, while it runs."""
        audits = self.audit_id
        audits._cchc_check_auditing()
        if self._is_unlocked() or self.env.su:
            return
        self.env.user._cchc_check_independent(self.filtered("edition_id").department_id)

    def _cchc_check_withdrawal(self, finding):
        """A finding from which a nonconformity was raised is not taken back."""
        if finding in NONCONFORM:
            return
        if raised := self.filtered("nonconformity_id")[:1]:
            raise UserError(
                self.env._(
                    "The nonconformity %(ref)s was raised from “%(line)s”: cancel it "
                    "before the finding is changed.",
                    ref=raised.nonconformity_id.ref,
                    line=raised.name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_answered(self):
        self._cchc_check_question()
        if self._is_unlocked():
            return
        for line in self.filtered("edition_id"):
            if line.finding != "not_checked" or line.evidence:
                raise UserError(
                    self.env._("“%s” is answered and cannot be deleted.", line.name)
                )
