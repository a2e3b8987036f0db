from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class CchcIsoChecklistGenerate(models.TransientModel):
    """Makes the checklist of an audit from templates, clauses and process steps.

    The rows of the plan say which clauses and processes are asked in which
    department; what is there already is not made again.
    """

    _name = "cchc.iso.checklist.generate"
    _description = "Generate a Checklist"

    audit_id = fields.Many2one("mgmtsystem.audit", required=True, readonly=True)
    company_id = fields.Many2one(related="audit_id.company_id")
    edition_id = fields.Many2one(related="audit_id.edition_id")
    source = fields.Selection(
        [("plan", "Rows of the Plan"), ("choice", "Own Choice")],
        "From",
        default="plan",
        required=True,
    )
    plan_line_ids = fields.Many2many(
        "cchc.iso.audit.plan.line",
        string="Rows",
        compute="_compute_plan_line_ids",
        store=True,
        readonly=False,
        domain="[('audit_id', '=', audit_id)]",
    )
    department_ids = fields.Many2many(
        "hr.department",
        string="Departments",
        domain="[('company_id', '=', company_id)]",
    )
    clause_ids = fields.Many2many(
        "cchc.iso.clause",
        string="Clauses",
        domain="[('edition_id', '=', edition_id)]",
    )
    process_ids = fields.Many2many(
        "cchc.process", string="Processes", domain="[('state', '!=', 'draft')]"
    )
    template_ids = fields.Many2many(
        "cchc.iso.checklist.template",
        string="Templates",
        compute="_compute_template_ids",
        store=True,
        readonly=False,
        domain="[('edition_id', '=', edition_id)]",
    )
    new_count = fields.Integer("New Questions", compute="_compute_new_count")

    @api.depends("audit_id")
    def _compute_plan_line_ids(self):
        for wizard in self:
            wizard.plan_line_ids = wizard.audit_id.plan_line_ids

    @api.depends("audit_id")
    def _compute_template_ids(self):
        for wizard in self:
            wizard.template_ids = self.env["cchc.iso.checklist.template"].search(
                [
                    ("edition_id", "=", wizard.edition_id.id),
                    ("company_id", "in", [wizard.company_id.id, False]),
                ]
            )

    @api.depends(
        "source",
        "plan_line_ids",
        "department_ids",
        "clause_ids",
        "process_ids",
        "template_ids",
    )
    def _compute_new_count(self):
        for wizard in self:
            wizard.new_count = len(wizard._get_vals_list())

    def action_generate(self):
        """Add the questions that are not asked yet."""
        self.ensure_one()
        vals_list = self._get_vals_list()
        if not vals_list:
            raise UserError(
                self.env._(
                    "Nothing new to ask: every question of this choice is in the "
                    "checklist, or the choice is empty."
                )
            )
        self.env["mgmtsystem.verification.line"].create(vals_list)
        return {"type": "ir.actions.act_window_close"}

    # --- What is asked

    def _get_vals_list(self):
        """Return the values of the questions that are not in the checklist yet."""
        self.ensure_one()
        asked = {line._cchc_key() for line in self.audit_id.line_ids}
        seq = max(self.audit_id.line_ids.mapped("seq"), default=0)
        vals_list = []
        for vals in self._iter_questions():
            key = (
                vals["template_line_id"] or vals["name"],
                vals["clause_id"],
                vals["department_id"],
                vals["process_id"],
                vals["process_step_id"],
            )
            if key in asked:
                continue
            asked.add(key)
            seq += 10
            vals.update(
                seq=seq,
                audit_id=self.audit_id.id,
                company_id=self.audit_id.company_id.id,
            )
            vals_list.append(vals)
        return vals_list

    def _iter_questions(self):
        """Yield the values of each question of each place where it is asked."""
        for place in self._get_places():
            yield from self._iter_clause_questions(place)
            for process in place["processes"]:
                yield from self._iter_process_questions(place, process)

    def _get_places(self):
        """Return where what is asked, one dict for each department."""
        if self.source == "plan":
            return [
                {
                    "plan_line": row,
                    "department": row.department_id,
                    "clauses": row.clause_ids,
                    "processes": row.process_ids,
                    "auditor": row.auditor_ids[:1],
                }
                for row in self.plan_line_ids
            ]
        no_user = self.env["res.users"]
        no_row = self.env["cchc.iso.audit.plan.line"]
        return [
            {
                "plan_line": no_row,
                "department": department,
                "clauses": self.clause_ids,
                "processes": self.process_ids,
                "auditor": no_user,
            }
            for department in self.department_ids or [self.env["hr.department"]]
        ]

    def _iter_clause_questions(self, place):
        clauses = self.audit_id._cchc_with_children(place["clauses"])
        lines = self.template_ids.filtered(lambda t: t.kind == "clause").line_ids
        chosen = lines.filtered(lambda line: line.clause_id in clauses)
        for line in chosen.sorted(
            lambda line: (line.clause_id.sort_key, line.sequence)
        ):
            yield self._get_vals(place, line)

    def _iter_process_questions(self, place, process):
        lines = self.template_ids.filtered(lambda t: t.kind == "process").line_ids
        for line in lines.filtered(lambda line: not line.per_step):
            yield self._get_vals(place, line, process)
        for step in process.sudo().step_ids:
            for line in lines.filtered(
                lambda line, step=step: (
                    line.per_step and line.role in (False, step.role)
                )
            ):
                yield self._get_vals(place, line, process, step)

    def _get_vals(self, place, line, process=None, step=None):
        process = process or self.env["cchc.process"]
        step = step or self.env["cchc.process.step"]
        name = line.name
        if step:
            name = f"{step.name}: {name}"
        return {
            "name": name,
            "section": process.display_name or self._get_chapter(line.clause_id),
            "guidance": self._get_guidance(line, step),
            "clause_id": line.clause_id.id,
            "department_id": place["department"].id,
            "process_id": process.id,
            "process_step_id": step.id,
            "template_line_id": line.id,
            "plan_line_id": place["plan_line"].id,
            "auditor_id": place["auditor"].id,
            "procedure_id": self._get_page(process).id,
        }

    @api.model
    def _get_chapter(self, clause):
        """Return number and title of the clause at the top of ``clause``."""
        while clause.parent_id:
            clause = clause.parent_id
        return clause.display_name

    def _get_page(self, process):
        """Return the controlled document of ``process`` in force today."""
        if not process:
            return self.env["document.page"]
        return (
            self.env["document.page.history"]
            ._cchc_in_force(process, fields.Date.context_today(self), self.company_id)
            .page_id
        )

    def _get_guidance(self, line, step):
        """Return what to look at: the words of the template and what the step says."""
        parts = [line.guidance]
        if step:
            if step.department_id:
                parts.append(f"Trách nhiệm: {step.department_id.name}")
            if step.planned_amount:
                unit = "ngày làm việc" if step.planned_unit == "working_day" else "giờ"
                parts.append(f"Thời gian: {step.planned_amount:g} {unit}")
            if step.output:
                parts.append(f"Biểu mẫu/kết quả: {step.output}")
        return "\n".join(filter(None, parts))

    @api.model
    def _for_audit(self, audit):
        """Return the wizard of ``audit``, filled from its plan."""
        return self.create({"audit_id": audit.id})

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        audit = self.env["mgmtsystem.audit"].browse(values.get("audit_id"))
        if audit and not audit.plan_line_ids:
            values["source"] = "choice"
            values["department_ids"] = [Command.set(audit.department_ids.ids)]
            values["clause_ids"] = [Command.set(audit.clause_ids.ids)]
            values["process_ids"] = [Command.set(audit.process_ids.ids)]
        return values
