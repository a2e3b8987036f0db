from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.guard import unlocked

MONTHS = range(1, 13)


class CchcIsoAuditProgramme(models.Model):
    """Yearly programme of internal audits (chương trình đánh giá nội bộ).

    Drafted by the ISO secretary, approved by the head before the first audit of the
    year (ISO 9001 9.2.2 a). Each row says what is audited in which months and who
    leads; audits are opened from the rows. Once approved it is amended only by way
    of a new approval.
    """

    _name = "cchc.iso.audit.programme"
    _description = "Audit Programme"
    _inherit = ["cchc.approved.mixin"]
    _order = "year desc, id desc"
    _check_company_auto = True
    _cchc_signature_group = "cchc_iso.group_leader"
    _cchc_free = frozenset({"note"})

    name = fields.Char(
        compute="_compute_name", store=True, readonly=False, precompute=True
    )
    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    year = fields.Integer(
        required=True, default=lambda self: fields.Date.context_today(self).year
    )
    system_id = fields.Many2one(
        "mgmtsystem.system",
        required=True,
        check_company=True,
        ondelete="restrict",
        default=lambda self: self.env["mgmtsystem.system"]._cchc_for(),
    )
    edition_id = fields.Many2one(
        "cchc.iso.edition",
        compute="_compute_edition_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
        help="Edition of the standard that the audits of the year are judged by",
    )
    objective = fields.Text("Purpose", default=lambda self: self._default_objective())
    number = fields.Char(help="Number of the paper, e.g. 15/CT-UBND")
    issued_on = fields.Date("Date of Issue")
    state = fields.Selection(
        [("draft", "Draft"), ("approved", "Approved"), ("closed", "Closed")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    note = fields.Text("Notes")
    line_ids = fields.One2many(
        "cchc.iso.audit.programme.line", "programme_id", "Programme", copy=True
    )
    audit_ids = fields.One2many("mgmtsystem.audit", "programme_id", "Audits")
    paper_ids = fields.One2many("cchc.iso.audit.paper", "programme_id", "Prints")
    audit_count = fields.Integer(compute="_compute_audit_count")
    late_count = fields.Integer("Missed Months", compute="_compute_late_count")
    missing_clause_ids = fields.Many2many(
        "cchc.iso.clause",
        "Clauses Not Covered",
        compute="_compute_coverage",
        help="Auditable clauses of the edition, not excluded from the system, that no "
        "row of the programme covers",
    )
    missing_department_ids = fields.Many2many(
        "hr.department", "Departments Not Covered", compute="_compute_coverage"
    )
    coverage = fields.Float(
        "Clauses Covered", compute="_compute_coverage", help="Share of the clauses"
    )
    reminded = fields.Char(readonly=True, copy=False, help="Reminders given")

    _year_uniq = models.UniqueIndex(
        "(system_id, company_id, year)",
        "The quality system has an audit programme of this year already.",
    )
    _year_valid = models.Constraint(
        "CHECK (year BETWEEN 2000 AND 2200)", "The year has four digits."
    )

    @api.model
    def _default_objective(self):
        return (
            "Xác định hệ thống quản lý chất lượng có phù hợp với các yêu cầu của tiêu "
            "chuẩn, quy định của cơ quan và được thực hiện, duy trì có hiệu lực hay "
            "không; phát hiện cơ hội cải tiến."
        )

    # --- Computed

    @api.depends("year")
    def _compute_name(self):
        for programme in self:
            programme.name = self.env._(
                "Internal audit programme %(year)s", year=programme.year
            )

    @api.depends("system_id")
    def _compute_edition_id(self):
        for programme in self:
            programme.edition_id = (
                programme.system_id.edition_id or programme.edition_id
            )

    @api.depends("audit_ids")
    def _compute_audit_count(self):
        for programme in self:
            programme.audit_count = len(programme.audit_ids)

    @api.depends("state", "year", "line_ids.audit_ids.plan_state")
    def _compute_late_count(self):
        today = fields.Date.context_today(self)
        for programme in self:
            programme.late_count = sum(
                len(line._get_missed_months(today)) for line in programme.line_ids
            )

    @api.depends(
        "edition_id",
        "system_id",
        "line_ids.clause_ids",
        "line_ids.department_id",
        "line_ids.procedure_id",
    )
    def _compute_coverage(self):
        for programme in self:
            clauses = programme._get_auditable_clauses()
            covered = self.env["mgmtsystem.audit"]._cchc_with_children(
                programme.line_ids.clause_ids
            )
            missing = clauses - covered
            programme.missing_clause_ids = missing
            programme.coverage = 1 - len(missing) / len(clauses) if clauses else 0.0
            programme.missing_department_ids = (
                programme._get_departments() - programme.line_ids.department_id
            )

    def _get_auditable_clauses(self):
        """Return the clauses an internal audit of the year should look at: those at
        the end of the tree that are auditable and not excluded."""
        self.ensure_one()
        if not self.edition_id:
            return self.env["cchc.iso.clause"]
        clauses = self.env["cchc.iso.clause"].search(
            [
                ("edition_id", "=", self.edition_id.id),
                ("auditable", "=", True),
                ("child_ids", "=", False),
            ]
        )
        return clauses - clauses._excluded(self.system_id)

    def _get_departments(self):
        """Return the departments of the agency."""
        self.ensure_one()
        return self.env["hr.department"].search(
            [("company_id", "=", self.company_id.id)]
        )

    # --- Life

    def _cchc_check_submission(self):
        if not self.line_ids:
            raise UserError(
                self.env._("Say first what is audited: the programme has no rows.")
            )
        for line in self.line_ids:
            if not line._get_months():
                raise UserError(
                    self.env._("Tick at least one month for “%s”.", line.display_name)
                )

    def _cchc_approved_values(self):
        return {"issued_on": self.issued_on or fields.Date.context_today(self)}

    def _cchc_check_amend(self):
        if self.state == "closed":
            raise UserError(self.env._("%s is closed.", self.display_name))

    def action_close(self):
        """Close the programme of the year when all its audits are closed.

        :raises UserError: with the first audit that is not closed
        """
        self.check_access("write")
        for programme in self:
            if programme.state != "approved":
                raise UserError(
                    self.env._("Only an approved programme is closed at the year end.")
                )
            if running := programme.audit_ids.filtered(lambda a: a.state != "done")[:1]:
                raise UserError(
                    self.env._(
                        "Close the audit %s before the programme.",
                        running.display_name,
                    )
                )
            unlocked(programme.sudo()).write({"state": "closed"})
        return True

    def action_next_year(self):
        """Open the programme of the following year with the same rows."""
        self.ensure_one()
        following = self._copy_to(self.year + 1)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": following.id,
            "view_mode": "form",
        }

    def _copy_to(self, year):
        """Return a draft of ``year`` with the rows of this programme.

        Clauses of an edition that the system has left are mapped by their code.
        """
        self.ensure_one()
        if existing := self.search(
            [
                ("system_id", "=", self.system_id.id),
                ("company_id", "=", self.company_id.id),
                ("year", "=", year),
            ],
            limit=1,
        ):
            raise UserError(
                self.env._("%s is there already; open it.", existing.display_name)
            )
        edition = self.system_id.edition_id or self.edition_id
        return self.create(
            {
                "company_id": self.company_id.id,
                "system_id": self.system_id.id,
                "edition_id": edition.id,
                "year": year,
                "objective": self.objective,
                "line_ids": [
                    Command.create(line._get_copy_vals(edition))
                    for line in self.line_ids
                ],
            }
        )

    def copy_data(self, default=None):
        # one programme a year and system: a plain duplicate is that of the next year
        vals_list = super().copy_data(default)
        if "year" not in (default or {}):
            for vals in vals_list:
                vals["year"] += 1
                vals.pop("name", None)
        return vals_list

    def action_print_pdf(self):
        """Print the programme as its form."""
        return self.env["cchc.iso.audit.paper"]._print("programme", self, "pdf")

    def action_print_xlsx(self):
        """Write the programme as a spreadsheet."""
        return self.env["cchc.iso.audit.paper"]._print("programme", self, "xlsx")

    # --- Audits

    def action_create_audits(self):
        """Open the audits of the months that have none yet."""
        self.check_access("write")
        audits = self.env["mgmtsystem.audit"]
        for programme in self:
            audits |= programme.line_ids._create_audits()
        if not audits:
            raise UserError(
                self.env._("Every month that is ticked has its audit already.")
            )
        return self._open_audits(audits)

    def action_open_audits(self):
        """Show the audits of the programme."""
        return self._open_audits(self.audit_ids)

    def action_open_calendar(self):
        """Show the year of the programme: what is planned, held and missed when."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_iso.cchc_iso_audit_calendar_action"
        )
        action["domain"] = [("programme_id", "=", self.id)]
        action["context"] = {"initial_date": f"{self.year}-01-01"}
        return action

    def _open_audits(self, audits):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_iso.cchc_iso_audit_action"
        )
        action["domain"] = [("id", "in", audits.ids)]
        action["context"] = {}
        return action
