from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

#: What an officer may write on the plan that gathers assigned tasks.
_OWN = frozenset({"note", "task_ids"})


class CchcReformPlan(models.Model):
    """Yearly plan of an agency that gathers the tasks its superiors gave it.

    It makes itself with the first task of a year and needs no approval: what it says
    was decided by the documents that its tasks arise from.
    """

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.reform.plan"  # pylint: disable=consider-merging-classes-inherited

    plan_type = fields.Selection(
        selection_add=[("assigned", "Assigned by Superiors"), ("other",)],
        ondelete={"assigned": "cascade"},
    )

    _assigned_uniq = models.UniqueIndex(
        "(company_id, year) WHERE plan_type = 'assigned'",
        "The tasks that superiors gave in this year have their plan already.",
    )

    @api.model
    def _assigned_plan(self, company, year):
        """Return the plan that gathers what superiors gave an agency in a year."""
        plans = self.sudo().with_context(active_test=False)
        plan = plans.search(
            [
                ("company_id", "=", company.id),
                ("year", "=", year),
                ("plan_type", "=", "assigned"),
            ],
            limit=1,
        )
        if not plan:
            lang = self.env["cchc.form.edition"]._office_lang()
            plan = unlocked(plans.with_context(lang=lang)).create(
                {
                    "name": plans.with_context(lang=lang)._assigned_name(year),
                    "plan_type": "assigned",
                    "company_id": company.id,
                    "date_from": f"{year}-01-01",
                    "date_to": f"{year}-12-31",
                    "state": "approved",
                }
            )
        return self.browse(plan.id)

    @api.model
    def _assigned_name(self, year):
        return self.env._("Tasks Assigned by Superiors %s", year)

    def _cchc_check_open(self):
        """Tasks come to the plan of assigned tasks at any time."""
        return super(
            CchcReformPlan, self.filtered(lambda plan: plan.plan_type != "assigned")
        )._cchc_check_open()

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env) and any(
            vals.get("plan_type") == "assigned" for vals in vals_list
        ):
            raise UserError(self._assigned_sentence())
        return super().create(vals_list)

    def write(self, vals):
        if not is_unlocked(self.env):
            changed = {name for name in vals if not name.startswith("message_")} - _OWN
            if vals.get("plan_type") == "assigned" or (
                changed and any(plan.plan_type == "assigned" for plan in self)
            ):
                raise UserError(self._assigned_sentence())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_assigned(self):
        if any(plan.plan_type == "assigned" and plan.task_ids for plan in self):
            raise UserError(self._assigned_sentence())

    @api.model
    def _assigned_sentence(self):
        return self.env._(
            "The plan of tasks that superiors gave makes itself: assign a task from "
            "the document that it arises from."
        )


class CchcReformTask(models.Model):
    """Task that arises from a document (nhiệm vụ giao theo văn bản)."""

    # The plan above and its task are one subject: see docs/architecture.md.
    _inherit = "cchc.reform.task"

    origin_document_id = fields.Many2one(
        "cchc.issued.document",
        "Arises from",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        help="Document of a superior that asks for this task",
    )
    is_assigned = fields.Boolean(compute="_compute_is_assigned")

    @api.depends("plan_id.plan_type")
    def _compute_is_assigned(self):
        for task in self:
            task.is_assigned = task.plan_id.plan_type == "assigned" or (
                not task.plan_id and bool(task.origin_document_id)
            )

    @api.model_create_multi
    def create(self, vals_list):
        documents = self.env["cchc.issued.document"]
        for vals in vals_list:
            if vals.get("origin_document_id") and not vals.get("plan_id"):
                document = documents.browse(vals["origin_document_id"])
                document.check_access("read")
                due = fields.Date.to_date(vals.get("date_deadline"))
                day = due or document.received_on or document.date
                vals["plan_id"] = (
                    self.env["cchc.reform.plan"]
                    ._assigned_plan(document.company_id, day.year)
                    .id
                )
                vals.setdefault("area_id", document.area_id.id)
        return super().create(vals_list)

    def action_edit_assigned(self):
        """Change who leads an assigned task, and by when."""
        self.ensure_one()
        form = self.env.ref("cchc_reform.cchc_reform_task_view_form_assigned")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Task"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(form.id, "form")],
            "target": "new",
        }

    @api.constrains(
        "origin_document_id",
        "plan_id",
        "deadline_type",
        "date_deadline",
        "lead_department_id",
        "lead_user_id",
    )
    def _check_assigned(self):
        for task in self:
            if task.plan_id.plan_type != "assigned":
                continue
            if not task.origin_document_id:
                raise ValidationError(
                    self.env._("Name the document that “%s” arises from.", task.name)
                )
            if task.deadline_type == "fixed" and not task.date_deadline:
                raise ValidationError(
                    self.env._(
                        "Enter the deadline of “%s”, or say that it is done regularly.",
                        task.name,
                    )
                )
            if not task.lead_department_id and not task.lead_user_id:
                raise ValidationError(
                    self.env._("Say which department, or who, leads “%s”.", task.name)
                )


class CchcIssuedDocument(models.Model):
    """Tasks that arise from a document, and how they stand."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.issued.document"  # pylint: disable=consider-merging-classes-inherited

    task_ids = fields.One2many(
        "cchc.reform.task", "origin_document_id", "Tasks Arising"
    )
    task_count = fields.Integer("Tasks", compute="_compute_tasks")
    task_done_count = fields.Integer("Tasks Done", compute="_compute_tasks")
    task_overdue_count = fields.Integer(
        "Overdue Tasks",
        compute="_compute_tasks",
        search="_search_task_overdue_count",
    )
    task_due = fields.Date(
        "Next Deadline",
        compute="_compute_tasks",
        help="First deadline of the tasks that are not done yet",
    )

    @api.depends("task_ids.progress_state", "task_ids.next_due")
    @api.depends_context("tz")
    def _compute_tasks(self):
        tasks = self.env["cchc.reform.task"]
        domain = Domain("origin_document_id", "in", self.ids)
        figures = tasks._figures(domain, "origin_document_id") if self.ids else {}
        running = domain & Domain(
            "progress_state", "in", ("not_started", "in_progress")
        )
        due = dict(
            tasks._read_group(running, ["origin_document_id"], ["next_due:min"])
            if self.ids
            else []
        )
        for document in self:
            found = figures.get(document._origin, {})
            document.task_count = found.get("all", 0)
            document.task_done_count = found.get("done", 0)
            document.task_overdue_count = found.get("overdue", 0)
            document.task_due = due.get(document._origin)

    def _search_task_overdue_count(self, operator, value):
        if (operator, value) not in ((">", 0), ("!=", 0), (">=", 1)):
            return NotImplemented
        return Domain("task_ids", "any", self.env["cchc.reform.task"]._domain_overdue())

    def action_assign_task(self):
        """Open the short form of a task that arises from the document."""
        self.ensure_one()
        form = self.env.ref("cchc_reform.cchc_reform_task_view_form_assigned")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assign Task"),
            "res_model": "cchc.reform.task",
            "view_mode": "form",
            "views": [(form.id, "form")],
            "target": "new",
            "context": {
                "default_origin_document_id": self.id,
                "default_name": self.subject,
                "default_area_id": self.area_id.id,
                "default_company_id": self.company_id.id,
            },
        }

    def action_tasks(self):
        """Open the tasks that arise from the documents."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_reform.cchc_reform_task_action_assigned"
        )
        action["domain"] = [("origin_document_id", "in", self.ids)]
        action["context"] = {"default_origin_document_id": self[:1].id}
        return action
