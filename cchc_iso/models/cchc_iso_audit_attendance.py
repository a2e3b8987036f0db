from odoo import api, fields, models


class CchcIsoAuditAttendance(models.Model):
    """Who took part in the opening or closing meeting of an audit."""

    _name = "cchc.iso.audit.attendance"
    _description = "Attendance at an Audit Meeting"
    _order = "audit_id, meeting desc, sequence, id"

    audit_id = fields.Many2one(
        "mgmtsystem.audit", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="audit_id.company_id", store=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    meeting = fields.Selection(
        [("opening", "Opening Meeting"), ("closing", "Closing Meeting")],
        required=True,
        default="opening",
    )
    user_id = fields.Many2one("res.users", "Person")
    name = fields.Char(
        compute="_compute_person",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    post = fields.Char(
        compute="_compute_person", store=True, readonly=False, precompute=True
    )
    department = fields.Char(
        compute="_compute_person", store=True, readonly=False, precompute=True
    )

    @api.depends("user_id")
    def _compute_person(self):
        for row in self:
            employee = row.user_id.sudo().employee_ids.filtered(
                lambda employee, row=row: employee.company_id == row.company_id
            )[:1]
            row.name = row.user_id.name or row.name
            row.post = employee.job_title or row.post
            row.department = employee.department_id.name or row.department

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.audit_id._cchc_check_open()
        rows.audit_id._cchc_check_planner()
        return rows

    def write(self, vals):
        self.audit_id._cchc_check_open()
        self.audit_id._cchc_check_planner()
        result = super().write(vals)
        if "audit_id" in vals:
            self.audit_id._cchc_check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self.audit_id._cchc_check_open()
        self.audit_id._cchc_check_planner()
