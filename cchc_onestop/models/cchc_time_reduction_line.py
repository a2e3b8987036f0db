from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare

from ..tools import reduction as arithmetic
from ..tools import term
from ..tools.catalogue_xlsx import describe_limits
from .cchc_procedure_time_limit import UNITS


class CchcTimeReductionLine(models.Model):
    """One procedure of a time reduction: statutory, cut and committed time."""

    _name = "cchc.time.reduction.line"
    _description = "Shortened Time of a Procedure"
    _order = "reduction_id, sector_sequence, sector_id, sequence, id"

    reduction_id = fields.Many2one(
        "cchc.time.reduction", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="reduction_id.company_id", store=True, precompute=True, index=True
    )
    state = fields.Selection(related="reduction_id.state")
    sequence = fields.Integer(default=10)
    procedure_id = fields.Many2one(
        "cchc.procedure", required=True, index=True, ondelete="restrict"
    )
    sector_id = fields.Many2one(
        related="procedure_id.sector_id", string="Field", store=True, precompute=True
    )
    sector_sequence = fields.Integer(
        "Order of the Field",
        related="sector_id.sequence",
        store=True,
        precompute=True,
    )
    version_id = fields.Many2one(
        "cchc.procedure.version",
        compute="_compute_version_id",
        store=True,
        precompute=True,
        ondelete="restrict",
        help="The version in force on the day of the decision",
    )
    case_id = fields.Many2one(
        "cchc.procedure.case",
        domain="[('version_id', '=', version_id)]",
        ondelete="restrict",
        help="Only for this case of the procedure; empty: its general time",
    )
    statutory_amount = fields.Float(
        "Amount by Law",
        digits=(16, 2),
        compute="_compute_statutory",
        store=True,
        precompute=True,
    )
    statutory_unit = fields.Selection(
        UNITS,
        "Unit by Law",
        compute="_compute_statutory",
        store=True,
        precompute=True,
    )
    statutory_text = fields.Char("By Law", compute="_compute_statutory_text")
    is_stated = fields.Boolean(
        compute="_compute_statutory", store=True, precompute=True
    )
    committed_amount = fields.Float(
        "After the Cut",
        digits=(16, 2),
        compute="_compute_committed",
        store=True,
        readonly=False,
        precompute=True,
    )
    committed_unit = fields.Selection(
        UNITS,
        "Unit",
        compute="_compute_committed",
        store=True,
        readonly=False,
        precompute=True,
    )
    cut_amount = fields.Float(
        "Cut", digits=(16, 2), compute="_compute_cut", inverse="_inverse_cut"
    )
    is_comparable = fields.Boolean(compute="_compute_cut")
    rate = fields.Float(
        compute="_compute_cut", digits=(16, 6), help="(By law - after) / by law"
    )
    rate_text = fields.Char("Rate (%)", compute="_compute_cut")
    note = fields.Char()
    current_text = fields.Char("Committed until Now", compute="_compute_plan")
    steps_text = fields.Char("Steps (hours)", compute="_compute_plan")
    problem = fields.Char("To Mend", compute="_compute_problem")

    _procedure_uniq = models.UniqueIndex(
        "(reduction_id, procedure_id, COALESCE(case_id, 0))",
        "The procedure stands in the table already.",
    )
    _committed_positive = models.Constraint(
        "CHECK (committed_amount >= 0)", "The committed time cannot be negative."
    )

    @api.depends("procedure_id.display_name", "case_id.name")
    def _compute_display_name(self):
        for line in self:
            name = line.procedure_id.display_name or ""
            line.display_name = (
                f"{name} ({line.case_id.name})" if line.case_id else name
            )

    @api.depends("procedure_id", "reduction_id.valid_from", "reduction_id.company_id")
    def _compute_version_id(self):
        for reduction, lines in self.grouped("reduction_id").items():
            if reduction.state != "draft":
                continue
            day = reduction.valid_from or fields.Date.context_today(self)
            found = lines.procedure_id._versions_at(
                day, reduction.company_id or self.env.company
            )
            for line in lines:
                line.version_id = found.get(line.procedure_id._origin, False)

    @api.depends("version_id", "case_id")
    def _compute_statutory(self):
        for line in self:
            limit = (
                line.version_id._pick_time_limit(None, line.case_id)
                if line.version_id
                else self.env["cchc.procedure.time.limit"]
            )
            line.is_stated = limit.is_stated
            line.statutory_amount = limit.amount if limit.is_stated else 0.0
            line.statutory_unit = limit.unit or False

    @api.depends("is_stated", "statutory_amount", "statutory_unit", "procedure_id")
    def _compute_statutory_text(self):
        limits = self.env["cchc.procedure.time.limit"]
        for line in self:
            line.statutory_text = line.procedure_id and limits._format_term(
                line.is_stated and term.Term(line.statutory_amount, line.statutory_unit)
            )

    @api.depends("statutory_amount", "statutory_unit")
    def _compute_committed(self):
        for line in self:
            line.committed_amount = line.committed_amount or line.statutory_amount
            line.committed_unit = line.committed_unit or line.statutory_unit

    @api.depends(
        "statutory_amount", "statutory_unit", "committed_amount", "committed_unit"
    )
    def _compute_cut(self):
        for line in self:
            line.cut_amount = line.statutory_amount - line.committed_amount
            line.is_comparable = (
                line.is_stated
                and line.statutory_unit != term.SAME_DAY
                and line.statutory_unit == line.committed_unit
            )
            fraction = (
                arithmetic.rate(line.statutory_amount, line.committed_amount)
                if line.is_comparable
                else None
            )
            line.rate = float(fraction or 0)
            line.rate_text = "" if fraction is None else arithmetic.percent(fraction)

    @api.onchange("cut_amount")
    def _inverse_cut(self):
        for line in self:
            line.committed_amount = line.statutory_amount - line.cut_amount

    # --- What prevents it

    @api.depends(
        "version_id",
        "is_stated",
        "statutory_amount",
        "statutory_unit",
        "committed_amount",
        "committed_unit",
        "reduction_id.scale_steps",
    )
    def _compute_problem(self):
        for line in self:
            line.problem = line._get_problem()

    def _get_problem(self):
        """Return the sentence that says why the line cannot be applied, or empty."""
        self.ensure_one()
        env, name = self.env, self.procedure_id.display_name
        limit_model = env["cchc.procedure.time.limit"]
        if not self.procedure_id or self.state != "draft":
            return False
        if not self.version_id:
            return env._("%s is not in force on the day of the decision.", name)
        if not self.is_stated:
            return env._(
                "The law states no time for %s, so there is nothing to shorten.", name
            )
        statutory = term.Term(self.statutory_amount, self.statutory_unit)
        if self.statutory_unit == term.SAME_DAY:
            return env._(
                "%s is settled within the day by law, so there is nothing to shorten.",
                name,
            )
        if self.committed_unit != self.statutory_unit:
            return env._(
                "%(name)s: the law says %(statutory)s and the decision "
                "%(committed)s; state both in the same unit.",
                name=name,
                statutory=limit_model._format_term(statutory),
                committed=limit_model._format_term(
                    term.Term(self.committed_amount, self.committed_unit)
                ),
            )
        if not 0 < self.committed_amount < self.statutory_amount:
            return env._(
                "%(name)s: the time after the cut must be more than zero and less than "
                "%(statutory)s.",
                name=name,
                statutory=limit_model._format_term(statutory),
            )
        return self._get_steps_problem()

    def _get_steps_problem(self):
        if self.reduction_id.scale_steps:
            return False
        for process in self._get_processes():
            hours = self._to_hours(process)
            if float_compare(process.planned_hours, hours, precision_digits=2) > 0:
                return self.env._(
                    "%(name)s: the steps add up to %(planned)s hours, more than the "
                    "%(limit)s hours after the cut; let the steps be shortened in "
                    "proportion.",
                    name=self.procedure_id.display_name,
                    planned=f"{process.planned_hours:g}",
                    limit=f"{hours:g}",
                )
        return False

    # --- Processes

    def _get_processes(self):
        """Return the processes in force that this line changes, one per version.

        That of the agency, or the one of a superior agency that it works by.
        """
        self.ensure_one()
        process_model = self.env["cchc.process"]
        return process_model.union(
            *(
                process_model._for(
                    version,
                    self.company_id,
                    max(version.valid_from, self.reduction_id.valid_from),
                    case=self._case_of(version),
                )
                for version in self._get_versions()
            )
        )

    def _get_versions(self):
        """Return the version on the day of the decision and those published after."""
        self.ensure_one()
        current = self.version_id
        later = self.procedure_id.version_ids.filtered(
            lambda version: (
                version.state == "published"
                and version.company_id == current.company_id
                and version.valid_from > current.valid_from
                and (not version.valid_to or version.valid_to >= version.valid_from)
            )
        )
        return current | later.filtered(self._is_alike)

    def _is_alike(self, version):
        """Return whether the law states the same time in a later version."""
        limit = version._pick_time_limit(None, self._case_of(version))
        return limit.is_stated and (limit.amount, limit.unit) == (
            self.statutory_amount,
            self.statutory_unit,
        )

    def _case_of(self, version):
        name = self.case_id.name
        return version.case_ids.filtered(lambda case: case.name == name)[:1]

    def _to_hours(self, process):
        """Return the committed time in working hours of the agency."""
        calendar = self.company_id.sudo().resource_calendar_id
        days = {int(day) for day in calendar.attendance_ids.mapped("dayofweek")}
        return term.hours(
            term.Term(self.committed_amount, self.committed_unit),
            calendar.cchc_hours_per_day or 8.0,
            frozenset(days) or term.MONDAY_TO_FRIDAY,
        )

    def _plan_steps(self, process):
        """Return the hours of the steps of ``process`` after the cut."""
        planned = process.step_ids.mapped("planned_hours")
        after = self._to_hours(process)
        if not self.reduction_id.scale_steps or sum(planned) <= after + 1e-6:
            return planned
        return arithmetic.scale_steps(planned, after)

    @api.depends(
        "version_id",
        "case_id",
        "committed_amount",
        "committed_unit",
        "reduction_id.scale_steps",
    )
    def _compute_plan(self):
        for line in self:
            processes = line._get_processes() if line.version_id else None
            process = processes[:1] if processes else self.env["cchc.process"]
            line.current_text = process.committed_text or line.env._("no process yet")
            if not process or not line.is_comparable:
                line.steps_text = False
                continue
            before = process.step_ids.mapped("planned_hours")
            after = line._plan_steps(process)
            line.steps_text = _sum_text(before)
            if after != before:
                line.steps_text += f" → {_sum_text(after)}"

    def _apply(self):
        """Publish a process with the shortened time for each line."""
        for line in self:
            for version in line._get_versions():
                line._apply_to(version)

    def _apply_to(self, version):
        reduction = self.reduction_id
        day = max(reduction.valid_from, version.valid_from)
        case = self._case_of(version)
        process = self.env["cchc.process"]._for(
            version, self.company_id, day, case=case
        )
        vals = {
            "committed_amount": self.committed_amount,
            "committed_unit": self.committed_unit,
            "decision_id": reduction.decision_id.id,
            "case_id": case.id,
        }
        if process:
            hours = self._plan_steps(process)
            before = process.step_ids.mapped("planned_hours")
            draft = process._amend(
                max(day, process.valid_from), version=version, company=self.company_id
            )
            draft.write(vals)
            if hours != before:
                draft._set_step_hours(hours)
        else:
            draft = self._create_process(version, day, vals)
        draft.action_publish()

    def _create_process(self, version, day, vals):
        """Return a first process from the template, for the shortened time."""
        template = self.env["cchc.process.template"].search([], limit=1)
        if not template:
            raise UserError(
                self.env._(
                    "%s has neither a process nor is there a process template: add one "
                    "in the catalogue.",
                    version.display_name,
                )
            )
        process = self.env["cchc.process"].create(
            {
                "company_id": self.company_id.id,
                "version_id": version.id,
                "name": version.name,
                "valid_from": day,
                **vals,
            }
        )
        nobody = (self.env["hr.department"], self.env["res.users"])
        process.step_ids = template._prepare_steps(
            process.committed_hours, lambda role: nobody
        )
        return process

    # --- What is applied stays

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.reduction_id._check_draft()
        return lines

    def write(self, vals):
        self.reduction_id._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        self.reduction_id._check_draft()

    @api.constrains("case_id", "procedure_id")
    def _check_case(self):
        for line in self:
            if line.case_id and line.case_id.version_id != line.version_id:
                raise ValidationError(
                    self.env._(
                        "The case %(case)s does not belong to %(name)s.",
                        case=line.case_id.name,
                        name=line.procedure_id.display_name,
                    )
                )

    # --- The official table

    def _get_cells(self):
        """Return the cells of the official table, in its own words.

        Name, time by law, cut, time after the cut, rate, remark.
        """
        self.ensure_one()
        times = [
            describe_limits(
                [{"is_stated": True, "unit": self.statutory_unit, "amount": amount}]
            )
            for amount in (
                self.statutory_amount,
                self.cut_amount,
                self.committed_amount,
            )
        ]
        name = self.procedure_id.name
        if self.case_id:
            name = f"{name} ({self.case_id.name})"
        return [name, *times, self.rate_text or "", self.note or ""]


def _sum_text(hours):
    return f"{' + '.join(f'{hour:g}' for hour in hours)} = {round(sum(hours), 2):g}"
