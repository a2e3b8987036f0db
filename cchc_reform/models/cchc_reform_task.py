from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.cchc_onestop.tools.guard import is_unlocked
from odoo.addons.cchc_onestop.tools.period import PeriodRule

from ..tools.numbering import number_tasks

DEADLINES = [
    ("fixed", "On a Date"),
    ("quarterly", "Each Quarter"),
    ("yearly", "By the End of the Year"),
    ("regular", "Regularly"),
]
#: What progress says of a task; overdue is worked out from the day on top of it.
PROGRESS_STATES = [
    ("not_started", "Not Started"),
    ("in_progress", "In Progress"),
    ("done", "Completed"),
    ("done_late", "Completed Late"),
    ("regular", "Regular"),
    ("cancelled", "Not Carried Out"),
    ("adjusted", "Adjusted"),
]
STATUSES = [*PROGRESS_STATES, ("overdue", "Overdue")]
#: States that can become overdue.
RUNNING = ("not_started", "in_progress")
#: States that a rate of completion leaves out: an authority took them back.
LEFT_OUT = ("cancelled", "adjusted")
_QUARTERS = PeriodRule(3)
#: What comes from the entries of progress and from nowhere else.
_DERIVED = frozenset(
    {"progress_state", "next_due", "date_done", "is_maintained", "actual", "percent"}
)
_CHATTER = ("message_", "activity_", "website_message_")


class CchcReformTask(models.Model):
    """Task of a plan (nhiệm vụ): a row of the annex of the plan.

    Who leads it (exactly one department), who coordinates, what comes out and by when.
    How it stands comes from its progress entries and from the day; nobody types it.
    """

    _name = "cchc.reform.task"
    _description = "Task of a Plan"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "plan_id, position, area_sequence, sequence, id"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "cchc.reform.plan",
        ondelete="cascade",
        index=True,
        check_company=True,
        help="Empty for a task that a document gave, in no plan",
    )
    company_id = fields.Many2one(
        "res.company",
        "Agency",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
    )
    plan_type = fields.Selection(related="plan_id.plan_type", store=True)
    plan_state = fields.Selection(related="plan_id.state", string="State of the Plan")
    is_editable = fields.Boolean(compute="_compute_is_editable")
    can_report = fields.Boolean(compute="_compute_can_report")
    year = fields.Integer(
        compute="_compute_year",
        store=True,
        precompute=True,
        index=True,
        aggregator=None,
    )
    area_id = fields.Many2one(
        "cchc.reform.area",
        index=True,
        ondelete="restrict",
        compute="_compute_area_id",
        recursive=True,
        store=True,
        readonly=False,
        precompute=True,
    )
    area_sequence = fields.Integer(
        "Order of the Area",
        related="area_id.sequence",
        store=True,
        aggregator=None,
    )
    area_key = fields.Selection(related="area_id.key", store=True)
    parent_id = fields.Many2one(
        "cchc.reform.task", "Part of", ondelete="cascade", index="btree_not_null"
    )
    child_ids = fields.One2many("cchc.reform.task", "parent_id", "Parts")
    has_parts = fields.Boolean(
        compute="_compute_has_parts",
        store=True,
        help="It stands as its parts stand, which are counted in its place",
    )
    task_count = fields.Integer(
        "Number of Tasks",
        compute="_compute_has_parts",
        store=True,
        help="One; none for a heading, whose parts are counted in its place",
    )
    depth = fields.Integer(
        compute="_compute_depth", recursive=True, store=True, aggregator=None
    )
    sequence = fields.Integer(default=10)
    code = fields.Char("Item No.", compute="_compute_code", store=True)
    position = fields.Integer(
        compute="_compute_code",
        store=True,
        aggregator=None,
        help="Place in the annex of the plan: parts follow what they are part of",
    )
    name = fields.Char("Task", required=True, tracking=True)
    tree_name = fields.Char("Indented Task", compute="_compute_tree_name")
    deadline_text = fields.Char("Time", compute="_compute_deadline_text")
    is_mine = fields.Boolean(
        compute="_compute_is_mine",
        search="_search_is_mine",
        help="Led by the person, or led or coordinated by his department",
    )
    product = fields.Char(help="What comes out: a plan, a report, a rate …")
    lead_department_id = fields.Many2one(
        "hr.department", "Lead", check_company=True, index=True, tracking=True
    )
    lead_user_id = fields.Many2one(
        "res.users", "Person in Charge", index=True, tracking=True
    )
    coordinating_department_ids = fields.Many2many(
        "hr.department", string="Coordinating", check_company=True
    )
    date_from = fields.Date("From")
    deadline_type = fields.Selection(
        DEADLINES, required=True, default="fixed", string="Kind of Deadline"
    )
    date_deadline = fields.Date(
        "Deadline",
        compute="_compute_date_deadline",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    budget = fields.Monetary(help="In đồng")
    budget_source = fields.Char("Source of Funds")
    indicator = fields.Char(help="What is measured, e.g. share of dossiers on time")
    indicator_unit = fields.Char("Unit")
    target = fields.Float(digits=(16, 4))
    actual = fields.Float(digits=(16, 4), readonly=True, copy=False)
    basis_ids = fields.Many2many("cchc.legal.basis", string="Legal Basis")
    note = fields.Char("Notes")
    document_ids = fields.Many2many(
        "cchc.issued.document",
        "cchc_reform_task_document_rel",
        "task_id",
        "document_id",
        string="Documents",
        help="Documents that the task leans on, from the register",
    )
    origin_id = fields.Many2one(
        "cchc.reform.task",
        "Continues",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="Task of an earlier plan from which this one was copied",
    )
    is_carried_over = fields.Boolean(
        "Carried Over",
        readonly=True,
        copy=False,
        help="It was not finished in the plan before",
    )
    adjustment_line_ids = fields.One2many(
        "cchc.reform.plan.adjustment.line",
        "task_id",
        "Adjustments",
        domain=[("adjustment_id.state", "=", "approved")],
        readonly=True,
    )
    progress_ids = fields.One2many(
        "cchc.reform.progress", "task_id", "Entries of Progress", readonly=True
    )
    percent = fields.Integer(
        "Progress (%)",
        compute="_compute_progress",
        recursive=True,
        store=True,
        aggregator="avg",
    )
    progress_state = fields.Selection(
        PROGRESS_STATES,
        compute="_compute_progress",
        recursive=True,
        store=True,
        index=True,
        string="Stage",
    )
    date_done = fields.Date(
        "Done on", compute="_compute_progress", recursive=True, store=True
    )
    is_maintained = fields.Boolean(
        "Kept Up",
        compute="_compute_progress",
        recursive=True,
        store=True,
        help="A regular task with evidence of what was done within the time of its "
        "plan",
    )
    next_due = fields.Date(
        compute="_compute_progress",
        recursive=True,
        store=True,
        help="Day after which the task is overdue",
    )
    status = fields.Selection(
        STATUSES, compute="_compute_status", search="_search_status"
    )
    days_late = fields.Integer(compute="_compute_status")

    _overdue_idx = models.Index(
        "(company_id, next_due) WHERE progress_state IN ('not_started', 'in_progress')"
    )

    # --- Computed

    @api.depends("plan_id.company_id")
    def _compute_company_id(self):
        for task in self:
            task.company_id = (
                task.plan_id.company_id or task.company_id or self.env.company
            )

    @api.depends("plan_id.year", "date_deadline", "date_from")
    def _compute_year(self):
        for task in self:
            day = task.date_deadline or task.date_from
            task.year = task.plan_id.year or (day.year if day else 0)

    @api.depends("plan_id.is_editable")
    def _compute_is_editable(self):
        for task in self:
            task.is_editable = not task.plan_id or task.plan_id.is_editable

    @api.depends("plan_id.state", "has_parts", "lead_user_id", "lead_department_id")
    @api.depends_context("uid")
    def _compute_can_report(self):
        for task in self:
            task.can_report = bool(
                (not task.plan_id or task.plan_id.state == "approved")
                and not task.has_parts
                and task._cchc_may_report()
            )

    @api.depends("child_ids")
    def _compute_has_parts(self):
        for task in self:
            task.has_parts = bool(task.child_ids)
            task.task_count = 0 if task.has_parts else 1

    @api.depends("parent_id.depth")
    def _compute_depth(self):
        for task in self:
            task.depth = task.parent_id.depth + 1 if task.parent_id else 0

    @api.depends("parent_id.area_id")
    def _compute_area_id(self):
        for task in self:
            task.area_id = task.parent_id.area_id or task.area_id

    @api.depends("deadline_type", "plan_id.date_to")
    def _compute_date_deadline(self):
        for task in self:
            if task.deadline_type == "yearly":
                task.date_deadline = task.plan_id.date_to or task._end_of_year()
            elif task.deadline_type != "fixed":
                task.date_deadline = False

    def _end_of_year(self):
        day = self.date_from or fields.Date.context_today(self)
        return day.replace(month=12, day=31)

    @api.depends(
        "plan_id.task_ids.sequence",
        "plan_id.task_ids.area_id",
        "plan_id.task_ids.parent_id",
    )
    def _compute_code(self):
        for plan in self.plan_id:
            tasks = plan.task_ids.sorted(
                lambda t: (t.area_sequence, t.sequence, t._origin.id or 0)
            )
            # What was approved keeps the number under which it was printed.
            kept = {} if plan.state == "draft" else {t: t.code for t in tasks if t.code}
            ordered = list(self._in_order(tasks))
            numbers = number_tasks(
                [(task, task.area_id.number or "", above) for above, task in ordered],
                kept,
            )
            for position, (_above, task) in enumerate(ordered, 1):
                task.code = numbers[task]
                task.position = position
        for task in self.filtered(lambda t: not t.plan_id):
            task.code = False
            task.position = 0

    @api.depends("name", "depth")
    def _compute_tree_name(self):
        for task in self:
            task.tree_name = "\u2003" * 2 * task.depth + (task.name or "")

    @api.depends("deadline_type", "date_deadline", "has_parts")
    @api.depends_context("lang")
    def _compute_deadline_text(self):
        for task in self:
            fixed = task.deadline_type == "fixed"
            task.deadline_text = (
                ""
                if task.has_parts
                else task._words("date_deadline" if fixed else "deadline_type")
            )

    @api.model
    def _my_departments(self):
        """Return the departments in which the person works."""
        employees = self.env["hr.employee"].sudo()
        return employees.search([("user_id", "=", self.env.uid)]).department_id

    @api.depends("lead_user_id", "lead_department_id", "coordinating_department_ids")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self.filtered_domain(self._search_is_mine("in", [True]))
        for task in self:
            task.is_mine = task in mine

    @api.model
    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        departments = self._my_departments().ids
        return (
            Domain("lead_user_id", "=", self.env.uid)
            | Domain("lead_department_id", "in", departments)
            | Domain("coordinating_department_ids", "in", departments)
        )

    @staticmethod
    def _in_order(tasks):
        """Yield (task above or ``None``, task), each after the one it is part of."""
        parts = {}
        for task in tasks:
            above = task.parent_id if task.parent_id in tasks else None
            parts.setdefault(above, []).append(task)
        stack = [(None, task) for task in reversed(parts.get(None, []))]
        while stack:
            above, task = stack.pop()
            yield above, task
            stack.extend((task, part) for part in reversed(parts.get(task, [])))

    @api.depends("code", "name")
    def _compute_display_name(self):
        for task in self:
            task.display_name = " ".join(filter(None, [task.code, task.name]))

    @api.depends(
        "deadline_type",
        "date_deadline",
        "date_from",
        "plan_id.date_from",
        "plan_id.date_to",
        "progress_ids.outcome",
        "progress_ids.percent",
        "progress_ids.day",
        "progress_ids.period_end",
        "progress_ids.is_corrected",
        "progress_ids.has_evidence",
        "child_ids.progress_state",
        "child_ids.percent",
        "child_ids.next_due",
        "child_ids.date_done",
        "child_ids.is_maintained",
    )
    def _compute_progress(self):
        for task in self:
            if task.child_ids:
                task.update(task._parts_values())
                continue
            entries = task.progress_ids.filtered(lambda e: not e.is_corrected)
            entries = entries.sorted(lambda e: (e.day, e._origin.id or 0))
            values = task._progress_values(entries)
            task.percent = values["percent"]
            task.progress_state = values["state"]
            task.date_done = values["done"]
            task.next_due = values["due"]
            task.is_maintained = values["maintained"]

    def _parts_values(self):
        """Return how a task stands as its parts stand; those given up say nothing."""
        parts = self.child_ids.filtered(lambda t: t.progress_state not in LEFT_OUT)
        if not parts:
            return {
                "percent": 0,
                "progress_state": self.child_ids[0].progress_state,
                "date_done": False,
                "next_due": False,
                "is_maintained": False,
            }
        states = set(parts.mapped("progress_state"))
        running = parts.filtered(lambda part: part.progress_state in RUNNING)
        dues = [part.next_due for part in running if part.next_due]
        if running:
            state = "not_started" if states == {"not_started"} else "in_progress"
        elif states == {"regular"}:
            state = "regular"
        else:
            state = "done_late" if "done_late" in states else "done"
        ends = [part.date_done for part in parts if part.date_done]
        return {
            "percent": sum(parts.mapped("percent")) // len(parts),
            "progress_state": state,
            "date_done": max(ends) if ends and not running else False,
            "next_due": min(dues)
            if dues
            else max(filter(None, parts.mapped("next_due")), default=False),
            "is_maintained": state == "regular" and all(parts.mapped("is_maintained")),
        }

    def _progress_values(self, entries):
        """Return how the task stands after its entries, in the order of their days."""
        last = entries[-1:]
        values = {
            "percent": last.percent,
            "state": "in_progress" if entries else "not_started",
            "done": False,
            "due": self.date_deadline,
            "maintained": False,
        }
        if last.outcome in LEFT_OUT:
            return {**values, "state": last.outcome, "due": False}
        if self.deadline_type == "regular":
            maintained = any(
                entry.has_evidence and self._lies_within(entry.day) for entry in entries
            )
            return {
                **values,
                "state": "regular",
                "due": False,
                "maintained": maintained,
            }
        if self.deadline_type == "quarterly":
            return {**values, **self._quarters_values(entries)}
        done = entries.filtered(lambda entry: entry.outcome == "done")[:1]
        if done and last.outcome == "done":
            late = self.date_deadline and done.day > self.date_deadline
            values |= {
                "percent": 100,
                "state": "done_late" if late else "done",
                "done": done.day,
            }
        return values

    def _lies_within(self, day):
        plan = self.plan_id
        return not plan or plan.date_from <= day <= plan.date_to

    def _quarters_values(self, entries):
        """Return how a task stands that is due at the end of each quarter."""
        ends = self._quarter_ends()
        met = {}
        for entry in entries.filtered(lambda e: e.outcome == "done"):
            met.setdefault(entry.period_end or self._quarter_of(entry.day), entry.day)
        missing = [end for end in ends if end not in met]
        if missing or not ends:
            share = 100 * (len(ends) - len(missing)) // len(ends) if ends else 0
            return {"due": missing[0] if missing else False, "percent": share}
        late = any(met[end] > end for end in ends)
        return {
            "due": ends[-1],
            "percent": 100,
            "state": "done_late" if late else "done",
            "done": max(met[end] for end in ends),
        }

    def _quarter_ends(self):
        """Return the last days of the quarters in which the task is due."""
        first = self.date_from or self.plan_id.date_from
        last = self._last_day()
        if not first or not last:
            return []
        ends = []
        day = first
        while day <= last:
            end = _QUARTERS.containing(day).end
            ends.append(min(end, last))
            day = end + timedelta(days=1)
        return ends

    def _quarter_of(self, day):
        """Return the end of the quarter of the task in which a day lies."""
        end = _QUARTERS.containing(day).end
        return min(end, self._last_day() or end)

    def _last_day(self):
        """Return the day after which a task due each quarter is due no more."""
        first = self.date_from
        return self.plan_id.date_to or (first and first.replace(month=12, day=31))

    @api.depends("progress_state", "next_due")
    @api.depends_context("tz")
    def _compute_status(self):
        today = fields.Date.context_today(self)
        for task in self:
            late = (
                task.progress_state in RUNNING
                and task.next_due
                and task.next_due < today
            )
            task.status = "overdue" if late else task.progress_state
            task.days_late = (today - task.next_due).days if late else 0

    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = self._domain_overdue()
        domain = Domain.FALSE
        for status in value:
            if status == "overdue":
                domain |= overdue
            else:
                domain |= Domain("progress_state", "=", status) & ~overdue
        return domain

    @api.model
    def _domain_overdue(self):
        return Domain("progress_state", "in", RUNNING) & Domain(
            "next_due", "<", fields.Date.context_today(self)
        )

    @api.model
    def _figures(self, domain, groupby):
        """Return how many tasks stand how, per group: numerators and denominators.

        Cancelled and adjusted tasks are left out of what is counted. Regular tasks
        count, as done when they were kept up, only where the agency says so (Thường
        xuyên; ``res.company.cchc_count_regular``). Of a task with parts the parts
        count.

        :return: ``{group: {"all", "counted", "done", "overdue", "regular",
            "maintained"}}``
        """
        figures = {}
        domain = Domain(domain) & Domain("has_parts", "=", False)
        groups = [groupby, "company_id", "progress_state", "is_maintained"]
        for group, company, state, maintained, count in self._read_group(
            domain, groups, ["__count"]
        ):
            found = figures.setdefault(
                group,
                dict.fromkeys(
                    ("all", "counted", "done", "overdue", "regular", "maintained"), 0
                ),
            )
            found["all"] += count
            if state == "regular":
                found["regular"] += count
                found["maintained"] += count * maintained
                if company.sudo().cchc_count_regular:
                    found["counted"] += count
                    found["done"] += count * maintained
            elif state not in LEFT_OUT:
                found["counted"] += count
                found["done"] += count * (state in ("done", "done_late"))
        overdue = self._domain_overdue() & domain
        for group, count in self._read_group(overdue, [groupby], ["__count"]):
            figures[group]["overdue"] = count
        return figures

    # --- What holds for a row

    @api.constrains("parent_id", "plan_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A task cannot be part of itself; choose another one.")
            )
        for task in self.filtered("parent_id"):
            if task.parent_id.plan_id != task.plan_id:
                raise ValidationError(
                    self.env._(
                        "“%(above)s” belongs to another plan than “%(task)s”.",
                        above=task.parent_id.name,
                        task=task.name,
                    )
                )

    @api.constrains("date_from", "date_deadline")
    def _check_dates(self):
        for task in self:
            if (
                task.date_from
                and task.date_deadline
                and task.date_deadline < task.date_from
            ):
                raise ValidationError(
                    self.env._(
                        "The deadline of “%(task)s”, %(day)s, lies before its start; "
                        "correct one of them.",
                        task=task.name,
                        day=task.date_deadline.strftime("%d/%m/%Y"),
                    )
                )

    def _check_complete(self):
        """Raise when a plan cannot be approved with this row as it is."""
        self.ensure_one()
        if not self.area_id and not self.parent_id and self.plan_id.programme_id:
            raise UserError(self.env._("Choose the area of “%s”.", self.name))
        if self.child_ids:
            return
        if not self.lead_department_id:
            raise UserError(
                self.env._("Name the department that leads “%s”.", self.name)
            )
        if self.deadline_type == "fixed" and not self.date_deadline:
            raise UserError(
                self.env._(
                    "Enter the deadline of “%s”, or say that it is done regularly.",
                    self.name,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_derived({name for vals in vals_list for name in vals})
        tasks = super().create(vals_list)
        tasks.plan_id._cchc_check_open()
        return tasks

    def write(self, vals):
        self._check_derived(vals)
        if not is_unlocked(self.env) and not all(
            name.startswith(_CHATTER) for name in vals
        ):
            self.plan_id._cchc_check_open()
        result = super().write(vals)
        if "plan_id" in vals:
            self.plan_id._cchc_check_open()
        return result

    def _check_derived(self, names):
        if _DERIVED.intersection(names) and not is_unlocked(self.env):
            raise AccessError(
                self.env._("How a task stands comes from its progress: report on it.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self.plan_id._cchc_check_open()
        for task in self:
            if task.progress_ids and not is_unlocked(self.env):
                raise UserError(
                    self.env._(
                        "Progress is entered on “%s”: it is not deleted any more.",
                        task.name,
                    )
                )

    # --- Progress

    def _cchc_may_report(self):
        """Whether the person leads the task, works in the department that leads it, or
        keeps the plans."""
        self.ensure_one()
        user = self.env.user
        if user.has_group("cchc_reform.group_officer") or user == self.lead_user_id:
            return True
        department = user.with_company(self.company_id).sudo().employee_id.department_id
        return bool(department) and department == self.sudo().lead_department_id

    def action_report(self):
        """Open the form of a further entry of progress."""
        self.ensure_one()
        values = {"default_task_id": self.id, "default_percent": self.percent}
        if self.deadline_type == "quarterly":
            values["default_period_end"] = self.next_due
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report Progress"),
            "res_model": "cchc.reform.progress",
            "view_mode": "form",
            "target": "new",
            "context": values,
        }
