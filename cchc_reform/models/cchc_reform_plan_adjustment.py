from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.cchc_onestop.tools.guard import unlocked

from .cchc_reform_task import DEADLINES

#: What an adjustment can change in a task.
CHANGED = (
    "area_id",
    "name",
    "product",
    "lead_department_id",
    "lead_user_id",
    "coordinating_department_ids",
    "date_from",
    "deadline_type",
    "date_deadline",
    "budget",
    "budget_source",
    "indicator",
    "target",
    "indicator_unit",
)
ACTIONS = [
    ("change", "Alter"),
    ("add", "Add"),
    ("drop", "Give up"),
]


class CchcReformPlanAdjustment(models.Model):
    """Adjustment of an approved plan (điều chỉnh kế hoạch), on an authority.

    It names the document that orders it, and for each task what was and what shall be.
    Nothing changes before a leader has approved it; then everything does at once. The
    plan as first approved stays readable on the plan.
    """

    _name = "cchc.reform.plan.adjustment"
    _description = "Adjustment of a Plan"
    _inherit = ["cchc.approved.mixin"]
    _order = "plan_id desc, id desc"
    _check_company_auto = True
    _cchc_signature_group = "cchc_reform.group_leader"
    _cchc_free = frozenset({"note"})

    name = fields.Char(compute="_compute_name", store=True)
    plan_id = fields.Many2one(
        "cchc.reform.plan",
        required=True,
        ondelete="restrict",
        index=True,
        domain=[("state", "=", "approved")],
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    document_id = fields.Many2one(
        "cchc.issued.document",
        "Document of the Register",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Document that orders the adjustment; its number, day and issuer are "
        "taken over",
    )
    authority = fields.Char(
        compute="_compute_authority",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
        help="Number of the document that orders the adjustment",
    )
    authority_date = fields.Date(
        "Signed on",
        compute="_compute_authority",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    issuer = fields.Char(
        compute="_compute_authority", store=True, readonly=False, precompute=True
    )
    reason = fields.Text(required=True)
    state = fields.Selection(
        [("draft", "Draft"), ("approved", "Approved"), ("cancelled", "Cancelled")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many(
        "cchc.reform.plan.adjustment.line", "adjustment_id", "Tasks"
    )
    line_count = fields.Integer(compute="_compute_line_count")
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    note = fields.Text("Notes")

    @api.depends("document_id")
    def _compute_authority(self):
        for record in self:
            document = record.document_id
            record.authority = document.reference or record.authority
            record.authority_date = document.date or record.authority_date
            record.issuer = document.issuer_id.name or record.issuer

    @api.depends("plan_id.name", "authority", "authority_date")
    def _compute_name(self):
        for record in self:
            day = record.authority_date
            record.name = " ".join(
                filter(None, [record.authority, day and f"({day:%d/%m/%Y})"])
            )

    @api.depends("line_ids")
    def _compute_line_count(self):
        for record in self:
            record.line_count = len(record.line_ids)

    def _cchc_check_submission(self):
        if self.plan_id.state != "approved":
            raise UserError(
                self.env._(
                    "%s is not approved: change its tasks in the plan itself.",
                    self.plan_id.display_name,
                )
            )
        if not self.line_ids:
            raise UserError(
                self.env._("%s changes no task yet; add what changes.", self.name)
            )
        self.line_ids._check_ready()

    def _cchc_approved_values(self):
        self.line_ids._check_ready()
        unlocked(self.sudo()).line_ids._apply()
        return {}

    def _cchc_check_amend(self):
        raise UserError(
            self.env._(
                "%s has been carried out: change the plan again by a further "
                "adjustment.",
                self.name,
            )
        )

    def action_withdraw(self):
        """Take an adjustment back that waits for approval."""
        self.check_access("write")
        for record in self:
            if record.state != "draft":
                record._cchc_check_amend()
            unlocked(record.sudo())._cchc_remove_reviews("restarted")
        return True

    def action_cancel(self):
        """Cancel adjustments that were not approved."""
        self.check_access("write")
        for record in self:
            if record.state == "approved":
                record._cchc_check_amend()
        free = unlocked(self.sudo())
        free._cchc_remove_reviews("removed")
        free.write({"state": "cancelled"})
        return True


class CchcReformPlanAdjustmentLine(models.Model):
    """What an adjustment does with one task: the row as it shall be.

    Choosing the task copies its row; what then differs is the change. The row as it was
    is kept beside it, so that two adjustments of one task cannot undo each other.
    """

    _name = "cchc.reform.plan.adjustment.line"
    _description = "Line of an Adjustment"
    _order = "adjustment_id desc, id"
    _check_company_auto = True

    adjustment_id = fields.Many2one(
        "cchc.reform.plan.adjustment", required=True, ondelete="cascade", index=True
    )
    plan_id = fields.Many2one(related="adjustment_id.plan_id", store=True)
    programme_id = fields.Many2one(related="plan_id.programme_id")
    company_id = fields.Many2one(related="adjustment_id.company_id", store=True)
    state = fields.Selection(related="adjustment_id.state", string="State")
    is_editable = fields.Boolean(related="adjustment_id.is_editable")
    approved_at = fields.Datetime(related="adjustment_id.approved_at")
    action = fields.Selection(
        ACTIONS, "Kind of Change", required=True, default="change"
    )
    task_id = fields.Many2one(
        "cchc.reform.task",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('plan_id', '=', plan_id), ('has_parts', '=', False)]",
    )
    parent_id = fields.Many2one(
        "cchc.reform.task", "Part of", domain="[('plan_id', '=', plan_id)]"
    )
    area_id = fields.Many2one("cchc.reform.area", ondelete="restrict")
    name = fields.Char("Task Text")
    product = fields.Char()
    lead_department_id = fields.Many2one("hr.department", "Lead", check_company=True)
    lead_user_id = fields.Many2one("res.users", "Person in Charge")
    coordinating_department_ids = fields.Many2many(
        "hr.department", string="Coordinating", check_company=True
    )
    date_from = fields.Date("From")
    deadline_type = fields.Selection(
        DEADLINES, string="Kind of Deadline", required=True, default="fixed"
    )
    date_deadline = fields.Date("Deadline")
    currency_id = fields.Many2one(related="company_id.currency_id")
    budget = fields.Monetary(help="In đồng")
    budget_source = fields.Char("Source of Funds")
    indicator = fields.Char()
    target = fields.Float(digits=(16, 4))
    indicator_unit = fields.Char("Unit")
    reason = fields.Char("Reason of This Line")
    before = fields.Json(compute="_compute_before", store=True)
    kept = fields.Json(readonly=True, help="Old and new words, once carried out")
    changes = fields.Text("What Changes", compute="_compute_changes")

    @api.depends("task_id")
    def _compute_before(self):
        for line in self:
            line.before = line.task_id._adjustable() if line.task_id else False

    @api.onchange("task_id")
    def _onchange_task_id(self):
        if self.task_id:
            for name in CHANGED:
                self[name] = self.task_id[name]

    @api.depends("action", "before", "kept", *CHANGED)
    @api.depends_context("lang")
    def _compute_changes(self):
        for line in self:
            line.changes = "\n".join(
                self.env._(
                    "%(field)s: %(old)s → %(new)s",
                    field=self._fields[name]._description_string(self.env),
                    old=old or "∅",
                    new=new or "∅",
                )
                for name, old, new in line._told()
            )

    def _told(self):
        """Return ``[(field, old words, new words)]`` of what the line changes."""
        self.ensure_one()
        if self.kept:
            return [tuple(entry) for entry in self.kept]
        if self.action == "drop":
            return []
        task = self.task_id if self.action == "change" else self.task_id.browse()
        return [
            (name, task._words(name) if task else "", self._words(name))
            for name in CHANGED
            if (self._is_changed(name) if task else self[name])
        ]

    def _is_changed(self, name):
        return self._raw(name) != self.task_id._raw(name)

    def _check_ready(self):
        """Raise one sentence when a line cannot be carried out."""
        for line in self:
            task = line.task_id
            if line.action == "add":
                line._check_addition()
                continue
            if not task:
                raise UserError(self.env._("Choose the task of each line."))
            if task.progress_state in ("cancelled", "adjusted"):
                raise UserError(
                    self.env._("“%s” has been given up already.", task.display_name)
                )
            if line.action == "drop":
                continue
            if line.before != task._adjustable():
                raise UserError(
                    self.env._(
                        "“%s” has been changed since this line was made: take the "
                        "line out and enter it again.",
                        task.display_name,
                    )
                )
            if not any(line._is_changed(name) for name in CHANGED):
                raise UserError(
                    self.env._("Nothing changes in “%s”.", task.display_name)
                )
            if line.deadline_type == "fixed" and not line.date_deadline:
                raise UserError(
                    self.env._(
                        "Enter the deadline of “%s”, or say that it is done regularly.",
                        line.name,
                    )
                )

    def _check_addition(self):
        if not self.name or not self.lead_department_id:
            raise UserError(
                self.env._("A task that is added has a text and a lead department.")
            )
        if not self.area_id and not self.parent_id:
            raise UserError(self.env._("Choose the area of “%s”.", self.name))
        if self.deadline_type == "fixed" and not self.date_deadline:
            raise UserError(
                self.env._(
                    "Enter the deadline of “%s”, or say that it is done regularly.",
                    self.name,
                )
            )

    @api.constrains("action", "task_id", "adjustment_id")
    def _check_task(self):
        for line in self:
            if line.task_id and line.task_id.plan_id != line.plan_id:
                raise ValidationError(
                    self.env._(
                        "“%(task)s” is no task of %(plan)s.",
                        task=line.task_id.display_name,
                        plan=line.plan_id.display_name,
                    )
                )
            twice = line.adjustment_id.line_ids.filtered(
                lambda other, line=line: other.task_id == line.task_id
            )
            if line.task_id and len(twice) > 1:
                raise ValidationError(
                    self.env._(
                        "“%s” stands in this adjustment twice; keep one line.",
                        line.task_id.display_name,
                    )
                )

    def _apply(self):
        """Carry the lines out; what was and what is stays in ``kept``."""
        for line in self:
            kept = line._told()
            if line.action == "add":
                values = {name: line._value(name) for name in CHANGED}
                line.task_id = line.env["cchc.reform.task"].create(
                    {
                        **values,
                        "plan_id": line.plan_id.id,
                        "parent_id": line.parent_id.id,
                        "sequence": max(line.plan_id.task_ids.mapped("sequence") or [0])
                        + 10,
                    }
                )
            elif line.action == "drop":
                line._give_up()
            else:
                line.task_id.write(
                    {
                        name: line._value(name)
                        for name in CHANGED
                        if line._is_changed(name)
                    }
                )
            line.kept = kept

    def _give_up(self):
        record = self.adjustment_id
        self.env["cchc.reform.progress"].create(
            {
                "task_id": self.task_id.id,
                "outcome": "cancelled",
                "percent": self.task_id.percent,
                "text": self.reason or record.reason,
                "authority": record.name,
            }
        )

    def _value(self, name, row=None):
        """Return a field of a row as ``create`` and ``write`` take it."""
        kind, value = self._fields[name].type, (self if row is None else row)[name]
        if kind == "many2many":
            return [fields.Command.set(value.ids)]
        return value.id if kind == "many2one" else value

    def _raw(self, name):
        return self.env["cchc.reform.task"]._comparable(self, name)

    def _words(self, name):
        return self.env["cchc.reform.task"]._in_words(self, name)

    @api.model
    def _values_of(self, task):
        """Return the row of a task as it is, to be changed."""
        return {name: self._value(name, task) for name in CHANGED}

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            task = self.env["cchc.reform.task"].browse(vals.get("task_id") or [])
            for name, value in (self._values_of(task) if task else {}).items():
                vals.setdefault(name, value)
        lines = super().create(vals_list)
        lines.adjustment_id._cchc_check_open()
        return lines

    def write(self, vals):
        self.adjustment_id._cchc_check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self.adjustment_id._cchc_check_open()
