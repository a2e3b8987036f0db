from datetime import UTC, date, datetime, time

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from .cchc_iso_audit_programme import MONTHS

MONTH_FIELDS = tuple(f"month_{month}" for month in MONTHS)


class CchcIsoAuditProgrammeLine(models.Model):
    """Row of the programme: who or what is audited, by which clauses, when."""

    _name = "cchc.iso.audit.programme.line"
    _description = "Row of an Audit Programme"
    _order = "programme_id, sequence, id"
    _check_company_auto = True

    programme_id = fields.Many2one(
        "cchc.iso.audit.programme", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="programme_id.company_id", store=True, precompute=True
    )
    edition_id = fields.Many2one(related="programme_id.edition_id")
    sequence = fields.Integer(default=10)
    department_id = fields.Many2one(
        "hr.department", check_company=True, ondelete="restrict"
    )
    procedure_id = fields.Many2one(
        "cchc.procedure",
        ondelete="restrict",
        help="The audit looks at the process of this procedure",
    )
    name = fields.Char(
        "Process or Activity",
        help="What is audited where it is neither a department nor a procedure, e.g. "
        "control of documents",
    )
    clause_ids = fields.Many2many(
        "cchc.iso.clause",
        "cchc_iso_audit_programme_line_clause_rel",
        "line_id",
        "clause_id",
        "Clauses",
        domain="[('edition_id', '=', edition_id)]",
    )
    month_1 = fields.Boolean("1")
    month_2 = fields.Boolean("2")
    month_3 = fields.Boolean("3")
    month_4 = fields.Boolean("4")
    month_5 = fields.Boolean("5")
    month_6 = fields.Boolean("6")
    month_7 = fields.Boolean("7")
    month_8 = fields.Boolean("8")
    month_9 = fields.Boolean("9")
    month_10 = fields.Boolean("10")
    month_11 = fields.Boolean("11")
    month_12 = fields.Boolean("12")
    lead_auditor_id = fields.Many2one("res.users", check_company=True)
    note = fields.Char("Notes")
    audit_ids = fields.Many2many(
        "mgmtsystem.audit",
        "cchc_iso_audit_programme_line_rel",
        "line_id",
        "audit_id",
        "Audits",
        readonly=True,
        copy=False,
    )
    progress = fields.Char(
        compute="_compute_progress",
        help="Months held, planned and missed",
    )
    is_late = fields.Boolean(compute="_compute_progress")
    held_months = fields.Char(compute="_compute_progress")
    missed_months = fields.Char(compute="_compute_progress")

    @api.depends("department_id", "procedure_id", "name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line._get_subject()

    @api.depends(
        "programme_id.state", "programme_id.year", "audit_ids.plan_state", *MONTH_FIELDS
    )
    def _compute_progress(self):
        today = fields.Date.context_today(self)
        for line in self:
            held = line._get_held_months()
            missed = line._get_missed_months(today)
            parts = []
            for month in line._get_months():
                mark = "✓" if month in held else "!" if month in missed else "·"
                parts.append(f"{month}{mark}")
            line.progress = "  ".join(parts)
            line.is_late = bool(missed)
            line.held_months = ",".join(map(str, sorted(held)))
            line.missed_months = ",".join(map(str, missed))

    @api.constrains("department_id", "procedure_id", "name")
    def _check_subject(self):
        for line in self:
            if not (line.department_id or line.procedure_id or line.name):
                raise ValidationError(
                    self.env._(
                        "Each row of the programme names a department, a procedure or "
                        "an activity."
                    )
                )

    @api.constrains("clause_ids", "programme_id")
    def _check_edition(self):
        for line in self:
            if other := line.clause_ids.filtered(
                lambda clause, line=line: clause.edition_id != line.edition_id
            )[:1]:
                raise ValidationError(
                    self.env._(
                        "Clause %(clause)s is not of %(edition)s, the edition of the "
                        "programme.",
                        clause=other.display_name,
                        edition=line.edition_id.code,
                    )
                )

    @api.constrains("lead_auditor_id", "department_id")
    def _check_independence(self):
        for line in self:
            line.lead_auditor_id._cchc_check_independent(line.department_id)

    # --- What is approved stays

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.programme_id._cchc_check_open()
        return lines

    def write(self, vals):
        self.programme_id._cchc_check_open()
        result = super().write(vals)
        if "programme_id" in vals:
            self.programme_id._cchc_check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self.programme_id._cchc_check_open()

    # --- Months

    def _get_subject(self):
        """Return what the row audits, in words."""
        self.ensure_one()
        return " – ".join(
            filter(None, [self.department_id.name, self.procedure_id.name, self.name])
        )

    def _get_months(self):
        """Return the months of the row, 1 to 12, in order."""
        self.ensure_one()
        return [month for month in MONTHS if self[f"month_{month}"]]

    def _get_held_months(self):
        """Return the months whose audit has begun or is closed."""
        self.ensure_one()
        return {
            audit.programme_month
            for audit in self.sudo().audit_ids
            if audit.plan_state in ("in_progress", "closed")
        }

    def _get_missed_months(self, today):
        """Return the months before that of ``today`` whose audit has not begun."""
        self.ensure_one()
        programme = self.programme_id
        if programme.state != "approved":
            return []
        held = self._get_held_months()
        return [
            month
            for month in self._get_months()
            if month not in held and (programme.year, month) < (today.year, today.month)
        ]

    def _get_copy_vals(self, edition):
        """Return the values of this row in the programme of another year."""
        self.ensure_one()
        clauses = self.clause_ids
        if edition != self.edition_id:
            clauses = self.env["cchc.iso.clause"].search(
                [
                    ("edition_id", "=", edition.id),
                    ("code", "in", clauses.mapped("code")),
                ]
            )
        return {
            "sequence": self.sequence,
            "department_id": self.department_id.id,
            "procedure_id": self.procedure_id.id,
            "name": self.name,
            "clause_ids": [Command.set(clauses.ids)],
            "lead_auditor_id": self.lead_auditor_id.filtered("active").id,
            "note": self.note,
            **{name: self[name] for name in MONTH_FIELDS},
        }

    # --- Audits

    def action_create_audits(self):
        """Open the audits of these rows only."""
        audits = self._create_audits()
        if not audits:
            raise UserError(
                self.env._("Every month that is ticked has its audit already.")
            )
        return self.programme_id._open_audits(audits)

    def _create_audits(self):
        """Open what the programme plans and return the new audits.

        Rows of the same month under the same lead auditor are one audit (một đợt).
        """
        groups = {}
        for line in self:
            if line.programme_id.state != "approved":
                raise UserError(
                    self.env._(
                        "%s is not approved: audits are opened from an approved "
                        "programme.",
                        line.programme_id.display_name,
                    )
                )
            opened = set(line.sudo().audit_ids.mapped("programme_month"))
            for month in line._get_months():
                if month not in opened:
                    key = (line.programme_id, month, line.lead_auditor_id)
                    groups.setdefault(key, self.browse())
                    groups[key] |= line
        return self.env["mgmtsystem.audit"].create(
            [
                lines._get_audit_vals(programme, month, lead)
                for (programme, month, lead), lines in groups.items()
            ]
        )

    def _get_audit_vals(self, programme, month, lead):
        """Return the values of the audit of these rows in ``month``."""
        first = date(programme.year, month, 1)
        day = programme.company_id._cchc_shift_day(first, 10, "working_day")
        processes = self._get_processes(first)
        return {
            "name": self.env._(
                "Internal audit %(month)s/%(year)s",
                month=f"{month:02d}",
                year=programme.year,
            ),
            "company_id": programme.company_id.id,
            "system_id": programme.system_id.id,
            "edition_id": programme.edition_id.id,
            "programme_id": programme.id,
            "programme_line_ids": [Command.set(self.ids)],
            "programme_month": month,
            "objective": programme.objective,
            "date": at_office(programme.company_id, day, time(7, 30)),
            "date_end": at_office(programme.company_id, day, time(17, 0)),
            "period_from": fields.Date.subtract(first, years=1),
            "period_to": fields.Date.subtract(first, days=1),
            "user_id": lead.id,
            "lead_auditor_id": lead.id,
            "auditor_user_ids": [Command.set(lead.ids)],
            "clause_ids": [Command.set(self.clause_ids.ids)],
            "department_ids": [Command.set(self.department_id.ids)],
            "process_ids": [Command.set(processes.ids)],
            "plan_line_ids": [
                Command.create(
                    {
                        "department_id": line.department_id.id,
                        "content": line._get_content(),
                        "clause_ids": [Command.set(line.clause_ids.ids)],
                        "process_ids": [Command.set(line._get_processes(first).ids)],
                    }
                )
                for line in self
            ],
        }

    def _get_content(self):
        """Return what the row of the plan says beside its department."""
        self.ensure_one()
        return " – ".join(filter(None, [self.procedure_id.name, self.name]))

    def _get_processes(self, day):
        """Return the processes in force on ``day`` of the procedures of these rows."""
        processes = self.env["cchc.process"]
        for line in self.filtered("procedure_id"):
            version = line.procedure_id._versions_at(day, line.company_id).get(
                line.procedure_id
            )
            if version:
                processes |= processes._for(version, line.company_id, day)
        return processes


def at_office(company, day, clock):
    """Return the naive UTC moment of ``clock`` on ``day`` in an agency."""
    local = datetime.combine(day, clock, company._cchc_tz())
    return local.astimezone(UTC).replace(tzinfo=None)
