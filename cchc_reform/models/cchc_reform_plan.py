from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.cchc_onestop.tools.guard import unlocked

from ..tools.share import share_text

PLAN_TYPES = [
    ("reform", "Administrative Reform"),
    ("communication", "Communications"),
    ("inspection", "Inspections"),
    ("control", "Control of Administrative Procedures"),
    ("remedy", "Remedy of Lost Points"),
    ("index", "Raising the Indices"),
    ("iso", "ISO 9001"),
    ("training", "Training"),
    ("other", "Other"),
]
LEVELS = [
    ("period", "Period of Years"),
    ("year", "Year"),
    ("quarter", "Quarter"),
    ("month", "Month"),
]


class CchcReformPlan(models.Model):
    """Plan of reform (kế hoạch): what an agency does in a period, by areas.

    Every plan that an agency issues in a year is one: reform, communications,
    inspections, remedy of lost points … A yearly plan points to that of its period of
    years. Approved it stays; what changes afterwards is an adjustment with its own
    authority, and progress is entered beside it.
    """

    _name = "cchc.reform.plan"
    _description = "Reform Plan"
    _inherit = ["cchc.approved.mixin"]
    _order = "date_from desc, id desc"
    # a paper is asked for by its number as well
    _rec_names_search = ["number", "name"]
    _check_company_auto = True
    _cchc_signature_group = "cchc_reform.group_leader"
    _cchc_free = frozenset({"note", "number", "date", "task_ids", "target_ids"})

    name = fields.Char("Title", required=True, tracking=True)
    plan_type = fields.Selection(PLAN_TYPES, required=True, default="reform")
    level = fields.Selection(LEVELS, required=True, default="year")
    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    year = fields.Integer(
        compute="_compute_year", store=True, precompute=True, aggregator=None
    )
    date_from = fields.Date("From", required=True, default=lambda self: self._day(1, 1))
    date_to = fields.Date("To", required=True, default=lambda self: self._day(12, 31))
    programme_id = fields.Many2one(
        "cchc.reform.programme",
        compute="_compute_programme_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        help="Programme whose areas order the tasks",
    )
    parent_id = fields.Many2one(
        "cchc.reform.plan",
        "Plan Above",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Plan of the period of years, or of the year, that this one carries out",
    )
    child_ids = fields.One2many("cchc.reform.plan", "parent_id", "Plans Below")
    number = fields.Char(copy=False, tracking=True, help="E.g. 34/KH-UBND")
    date = fields.Date("Signed on", copy=False, tracking=True)
    signer_id = fields.Many2one("res.users", "Signed by")
    purpose = fields.Html("I. Purpose and Requirements", sanitize=True)
    goals = fields.Html("II. Goals", sanitize=True)
    funding = fields.Html("IV. Funding", sanitize=True)
    organisation = fields.Html("V. Organisation", sanitize=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("approved", "Approved"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    committee_id = fields.Many2one(
        "cchc.reform.committee",
        check_company=True,
        ondelete="restrict",
        help="Steering committee that directs the plan",
    )
    target_ids = fields.One2many("cchc.reform.target", "plan_id", "Targets")
    adjustment_ids = fields.One2many(
        "cchc.reform.plan.adjustment", "plan_id", "Adjustments"
    )
    adjustment_count = fields.Integer(compute="_compute_adjustment_count")
    copied_from_id = fields.Many2one(
        "cchc.reform.plan",
        "Continues",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="Plan whose unfinished tasks this one takes over",
    )
    first_rows = fields.Json(
        readonly=True, copy=False, help="Rows of the tasks as they were first approved"
    )
    first_table = fields.Html(
        "As First Approved", compute="_compute_first_table", sanitize=False
    )
    note = fields.Text("Notes")
    task_ids = fields.One2many("cchc.reform.task", "plan_id", "Tasks", copy=False)
    task_count = fields.Integer(compute="_compute_counts")
    done_count = fields.Integer("Done", compute="_compute_counts")
    overdue_count = fields.Integer("Overdue", compute="_compute_counts")
    counted_count = fields.Integer(
        "Counted",
        compute="_compute_counts",
        help="Tasks that the rate of completion counts; see the setting on regular "
        "tasks",
    )
    done_share = fields.Float("Done (%)", compute="_compute_counts", aggregator=None)
    done_text = fields.Char(
        "Done of Counted", compute="_compute_counts", help="E.g. 31/75 = 41.33 %"
    )

    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "A plan cannot end before it begins."
    )

    @api.model
    def _day(self, month, day):
        return fields.Date.context_today(self).replace(month=month, day=day)

    @api.depends("date_from", "date_to", "level")
    def _compute_year(self):
        for plan in self:
            plan.year = plan.date_to.year if plan.date_to else 0

    @api.depends("date_from")
    def _compute_programme_id(self):
        programmes = self.env["cchc.reform.programme"]
        for plan in self:
            found = plan.date_from and programmes._in_force(plan.date_from)
            plan.programme_id = found or plan.programme_id

    @api.depends("number", "name")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = " - ".join(filter(None, [plan.number, plan.name]))

    @api.depends(
        "task_ids.progress_state", "task_ids.next_due", "company_id.cchc_count_regular"
    )
    @api.depends_context("tz")
    def _compute_counts(self):
        figures = self.env["cchc.reform.task"]._figures(
            Domain("plan_id", "in", self.ids), "plan_id"
        )
        for plan in self:
            found = figures.get(plan, {})
            plan.task_count = found.get("all", 0)
            plan.done_count = found.get("done", 0)
            plan.overdue_count = found.get("overdue", 0)
            plan.counted_count = found.get("counted", 0)
            plan.done_share = (
                found["done"] / found["counted"] if found.get("counted") else 0.0
            )
            plan.done_text = share_text(plan.done_count, plan.counted_count)

    @api.depends("adjustment_ids.state")
    def _compute_adjustment_count(self):
        for plan in self:
            plan.adjustment_count = len(
                plan.adjustment_ids.filtered(lambda line: line.state != "cancelled")
            )

    @api.depends("first_rows")
    def _compute_first_table(self):
        for plan in self:
            plan.first_table = plan.first_rows and self.env["ir.qweb"]._render(
                "cchc_reform.plan_first_table", {"rows": plan.first_rows}
            )

    @api.constrains("parent_id", "date_from", "date_to", "level")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A plan cannot stand under itself; choose another one.")
            )
        order = [level for level, _label in LEVELS]
        for plan in self.filtered("parent_id"):
            above = plan.parent_id
            if order.index(above.level) >= order.index(plan.level):
                raise ValidationError(
                    self.env._(
                        "%(above)s is not a plan of a longer period than %(plan)s; "
                        "choose the plan that it carries out.",
                        above=above.display_name,
                        plan=plan.display_name,
                    )
                )
            if not above.date_from <= plan.date_from <= plan.date_to <= above.date_to:
                raise ValidationError(
                    self.env._(
                        "%(plan)s lies outside the time of %(above)s; correct its "
                        "dates.",
                        plan=plan.display_name,
                        above=above.display_name,
                    )
                )

    # --- Life

    def _cchc_check_submission(self):
        if not self.task_ids:
            raise UserError(
                self.env._("%s has no tasks yet; add what is to be done.", self.name)
            )
        for task in self.task_ids:
            task._check_complete()

    def _cchc_approved_values(self):
        """Keep the rows as they are approved, in the words of the paper."""
        official = self.with_context(lang="vi_VN")
        return {"first_rows": official.task_ids._paper_rows()}

    def _cchc_check_amend(self):
        if self.state == "closed":
            raise UserError(self.env._("%s is closed.", self.display_name))
        if self.adjustment_ids.filtered(lambda record: record.state == "approved"):
            raise UserError(
                self.env._(
                    "%s has been adjusted: change it again by an adjustment.",
                    self.display_name,
                )
            )
        if self.task_ids.progress_ids:
            raise UserError(
                self.env._(
                    "Progress is entered on %s already: change its tasks by an "
                    "adjustment, so that the plan as it was approved stays.",
                    self.display_name,
                )
            )

    def action_close(self):
        """Close plans whose time is over; what is unfinished stays told as it is."""
        self.check_access("write")
        today = fields.Date.context_today(self)
        for plan in self:
            if plan.state != "approved":
                raise UserError(
                    self.env._("Only an approved plan is closed; %s is not.", plan.name)
                )
            if plan.date_to > today:
                raise UserError(
                    self.env._(
                        "%(plan)s runs until %(day)s; close it afterwards.",
                        plan=plan.display_name,
                        day=plan.date_to.strftime("%d/%m/%Y"),
                    )
                )
        unlocked(self.sudo()).write({"state": "closed"})
        return True

    def action_cancel(self):
        """Cancel plans that are not carried out."""
        self.check_access("write")
        if closed := self.filtered(lambda plan: plan.state == "closed")[:1]:
            raise UserError(self.env._("%s is closed.", closed.display_name))
        free = unlocked(self.sudo())
        free._cchc_remove_reviews("removed")
        free.write({"state": "cancelled"})
        return True

    def action_take_targets(self):
        """Take over the targets of the programme that apply to the time of the plan."""
        self.check_access("write")
        for plan in self:
            plan._cchc_check_open()
            focus = plan.programme_id.child_ids.filtered(
                lambda line, plan=plan: (
                    line.valid_from <= plan.date_from <= line.valid_to
                )
            )
            found = (plan.programme_id | focus).target_ids.filtered(
                lambda line, plan=plan: (
                    (not line.date_from or line.date_from <= plan.date_to)
                    and (not line.date_to or line.date_to >= plan.date_from)
                )
            )
            missing = found - plan.target_ids.origin_id
            if not missing:
                raise UserError(
                    self.env._("The programme has no further target for this time.")
                )
            plan.target_ids = [
                fields.Command.create(target._copied()) for target in missing
            ]
        return True

    def _months(self):
        """Return how many months the plan lasts, the last one begun counted whole."""
        return (
            12 * (self.date_to.year - self.date_from.year)
            + self.date_to.month
            - self.date_from.month
            + 1
        )

    def action_adjust(self):
        """Open a new adjustment of the plan."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Adjustment"),
            "res_model": "cchc.reform.plan.adjustment",
            "view_mode": "form",
            "context": {"default_plan_id": self.id},
        }

    def action_adjustments(self):
        """Open the adjustments of the plan."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_reform.cchc_reform_plan_adjustment_action"
        )
        return {
            **action,
            "domain": [("plan_id", "=", self.id)],
            "context": {"default_plan_id": self.id},
        }

    def action_tasks(self):
        """Open the tasks of the plan."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_reform.cchc_reform_task_action"
        )
        return {
            **action,
            "domain": [("plan_id", "=", self.id)],
            "context": {"default_plan_id": self.id},
            "display_name": self.display_name,
        }
