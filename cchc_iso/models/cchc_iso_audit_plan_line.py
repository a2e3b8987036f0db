from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CchcIsoAuditPlanLine(models.Model):
    """Row of the plan of an audit: when, which department, what, by whom.

    Kế hoạch đánh giá: thời gian, bộ phận được đánh giá, nội dung và điều khoản, đánh
    giá viên, người được đánh giá. Nobody audits his own department (ISO 9001 9.2.2 c).
    """

    _name = "cchc.iso.audit.plan.line"
    _description = "Row of an Audit Plan"
    _order = "audit_id, start_at, sequence, id"
    _check_company_auto = True

    audit_id = fields.Many2one(
        "mgmtsystem.audit", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="audit_id.company_id", store=True, precompute=True
    )
    edition_id = fields.Many2one(related="audit_id.edition_id")
    sequence = fields.Integer(default=10)
    start_at = fields.Datetime("From")
    end_at = fields.Datetime("To")
    department_id = fields.Many2one(
        "hr.department", check_company=True, ondelete="restrict"
    )
    content = fields.Char()
    clause_ids = fields.Many2many(
        "cchc.iso.clause",
        "cchc_iso_audit_plan_line_clause_rel",
        "line_id",
        "clause_id",
        "Clauses",
        domain="[('edition_id', '=', edition_id)]",
    )
    process_ids = fields.Many2many(
        "cchc.process",
        "cchc_iso_audit_plan_line_process_rel",
        "line_id",
        "process_id",
        "Processes",
        domain="[('state', '!=', 'draft')]",
    )
    auditor_ids = fields.Many2many(
        "res.users",
        "cchc_iso_audit_plan_line_auditor_rel",
        "line_id",
        "user_id",
        "Auditors",
        domain="[('id', 'in', team_ids)]",
    )
    team_ids = fields.Many2many(related="audit_id.auditor_user_ids", string="Team")
    auditee_ids = fields.Many2many(
        "res.users",
        "cchc_iso_audit_plan_line_auditee_rel",
        "line_id",
        "user_id",
        "Auditees",
    )

    _span_valid = models.Constraint(
        "CHECK (end_at IS NULL OR start_at IS NULL OR end_at >= start_at)",
        "A row of the plan ends after it begins.",
    )

    @api.depends("department_id", "content")
    def _compute_display_name(self):
        for line in self:
            line.display_name = " – ".join(
                filter(None, [line.department_id.name, line.content])
            )

    @api.constrains("auditor_ids", "department_id", "audit_id")
    def _check_auditors(self):
        for line in self:
            line.auditor_ids._cchc_check_independent(line.department_id)
            if strangers := line.auditor_ids - line.audit_id.auditor_user_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s is not in the audit team of %(audit)s; add the "
                        "person to the team first.",
                        user=strangers[:1].name,
                        audit=line.audit_id.display_name,
                    )
                )

    # --- The plan is fixed once it is submitted

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.audit_id._cchc_check_planning()
        return lines

    def write(self, vals):
        self.audit_id._cchc_check_planning()
        result = super().write(vals)
        if "audit_id" in vals:
            self.audit_id._cchc_check_planning()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self.audit_id._cchc_check_planning()
