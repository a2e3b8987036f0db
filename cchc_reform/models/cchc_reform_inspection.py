from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

FORMS = [
    ("plan", "By Plan"),
    ("report", "Through Reports"),
    ("surprise", "Surprise"),
    ("combined", "Combined with Another"),
    ("self", "Self-Inspection"),
]
INSPECTORS = [
    ("committee", "People's Committee"),
    ("superior", "Superior Agency"),
    ("council", "People's Council"),
    ("front", "Fatherland Front"),
    ("quality", "Branch of Standards and Quality"),
    ("internal", "Internal"),
]
#: Who inspects in the name of the agency itself; the others inspect it.
OWN_INSPECTORS = ("committee", "internal")


class CchcReformInspection(models.Model):
    """Inspection of reform and public duty (kiểm tra CCHC, kiểm tra công vụ).

    One inspection makes many visits; what is counted is the visit (lượt): one unit
    visited once. Findings have a remedy with its due date, confirmed by a leader.
    """

    _name = "cchc.reform.inspection"
    _description = "Inspection"
    _inherit = ["cchc.reform.entry.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char("Subject", required=True, tracking=True)
    form = fields.Selection(FORMS, required=True, default="plan", index=True)
    inspector_type = fields.Selection(
        INSPECTORS, "Inspected by", required=True, default="committee"
    )
    inspector_name = fields.Char(
        "Inspecting Body", help="E.g. Ban Pháp chế HĐND, Sở Nội vụ"
    )
    plan_id = fields.Many2one(
        "cchc.reform.plan",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        default=lambda self: self._default_plan(),
    )
    task_id = fields.Many2one(
        "cchc.reform.task",
        check_company=True,
        ondelete="set null",
        index="btree_not_null",
    )
    decision_id = fields.Many2one(
        "cchc.issued.document",
        check_company=True,
        ondelete="restrict",
        help="Decision that sets up the team",
    )
    leader_id = fields.Many2one("res.users", "Head of the Team")
    member_ids = fields.Many2many("res.users", string="Team")
    member_names = fields.Char("Further Members", help="Who has no account here")
    date_from = fields.Date(
        "From", required=True, default=lambda self: fields.Date.context_today(self)
    )
    date_to = fields.Date("Until")
    period_from = fields.Date("Period Inspected from")
    period_to = fields.Date("Period Inspected until")
    area_ids = fields.Many2many("cchc.reform.area", string="Areas")
    criteria = fields.Text("What Is Inspected")
    conclusion_number = fields.Char(
        "Conclusion No.", tracking=True, help="Number of the conclusion or notice"
    )
    conclusion_date = fields.Date("Conclusion of", tracking=True)
    conclusion_id = fields.Many2one(
        "cchc.issued.document", check_company=True, ondelete="restrict"
    )
    conclusion = fields.Text("Summary of the Conclusion")
    state = fields.Selection(
        [
            ("planned", "Expected"),
            ("running", "Running"),
            ("concluded", "Concluded"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        default="planned",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    visit_ids = fields.One2many(
        "cchc.reform.inspection.visit", "inspection_id", "Visits"
    )
    finding_ids = fields.One2many(
        "cchc.reform.inspection.finding", "inspection_id", "Findings"
    )
    visit_count = fields.Integer("Visits Made", compute="_compute_counts")
    visit_planned_count = fields.Integer("All Visits", compute="_compute_counts")
    finding_count = fields.Integer("Number of Findings", compute="_compute_counts")
    remedied_count = fields.Integer("Remedied", compute="_compute_counts")
    overdue_count = fields.Integer(
        "Overdue Remedies", compute="_compute_counts", search="_search_overdue_count"
    )
    violator_count = fields.Integer("Officials in Breach", compute="_compute_counts")
    is_overdue = fields.Boolean(compute="_compute_counts")

    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "An inspection cannot end before it begins.",
    )
    _period = models.Constraint(
        "CHECK (period_to IS NULL OR period_from IS NULL OR period_to >= period_from)",
        "The period inspected cannot end before it begins.",
    )

    @api.model
    def _default_plan(self):
        return self.env["cchc.reform.plan"]._plan_of_the_year("inspection")

    @api.depends("visit_ids.day", "finding_ids.state", "finding_ids.date_due")
    @api.depends_context("tz")
    def _compute_counts(self):
        today = fields.Date.context_today(self)
        for inspection in self:
            visits, findings = inspection.visit_ids, inspection.finding_ids
            inspection.visit_planned_count = len(visits)
            inspection.visit_count = len(visits.filtered("day"))
            inspection.finding_count = len(findings)
            confirmed = findings.filtered(lambda f: f.state == "confirmed")
            inspection.remedied_count = len(confirmed)
            inspection.violator_count = sum(findings.mapped("violator_count"))
            late = findings.filtered(lambda f: f._is_late(today))
            inspection.overdue_count = len(late)
            inspection.is_overdue = bool(late)

    def _search_overdue_count(self, operator, value):
        if (operator, value) not in ((">", 0), ("!=", 0), (">=", 1)):
            return NotImplemented
        findings = self.env["cchc.reform.inspection.finding"]
        return Domain("finding_ids", "any", findings._domain_overdue())

    @api.onchange("form")
    def _onchange_form(self):
        if self.form == "self":
            self.inspector_type = "internal"

    # --- Life

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env):
            for vals in vals_list:
                vals.pop("state", None)
        return super().create(vals_list)

    def write(self, vals):
        if "state" in vals and not is_unlocked(self.env):
            raise AccessError(
                self.env._("The state of an inspection changes by its buttons.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_made(self):
        for inspection in self:
            if inspection.state not in ("planned", "cancelled"):
                raise UserError(
                    self.env._(
                        "“%s” has begun and stays in the book; cancel it instead.",
                        inspection.name,
                    )
                )

    def _move(self, state, *allowed):
        self.check_access("write")
        for inspection in self:
            if inspection.state not in allowed:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "“%(inspection)s” is %(state)s: this step is not possible now.",
                        inspection=inspection.name,
                        state=labels[inspection.state].lower(),
                    )
                )
        unlocked(self).write({"state": state})
        return True

    def action_start(self):
        """Begin inspections."""
        return self._move("running", "planned")

    def action_conclude(self):
        """Conclude inspections.

        :raises UserError: while a visit has no day, or there is no conclusion
        """
        for inspection in self:
            if not inspection.visit_ids:
                raise UserError(
                    self.env._("Enter who was visited in “%s”.", inspection.name)
                )
            open_visits = inspection.visit_ids.filtered(lambda visit: not visit.day)
            if open_visits:
                raise UserError(
                    self.env._(
                        "%s was not visited yet: enter the day, or take the visit out.",
                        open_visits[0].unit,
                    )
                )
            if not (
                inspection.conclusion
                or inspection.conclusion_id
                or inspection.conclusion_number
            ):
                raise UserError(
                    self.env._(
                        "Enter the conclusion of “%s”: its number, its document, or a "
                        "summary.",
                        inspection.name,
                    )
                )
        return self._move("concluded", "planned", "running")

    def action_close(self):
        """Close inspections whose findings are all remedied, as leaders confirmed."""
        for inspection in self:
            open_findings = inspection.finding_ids.filtered(
                lambda finding: finding.state != "confirmed"
            )
            if open_findings:
                raise UserError(
                    self.env._(
                        "%(count)s findings of “%(inspection)s” are not remedied yet, "
                        "or not confirmed by a leader.",
                        count=len(open_findings),
                        inspection=inspection.name,
                    )
                )
        return self._move("closed", "concluded")

    def action_reopen(self):
        """Go on with inspections that were concluded or cancelled."""
        return self._move("running", "concluded", "closed", "cancelled")

    def action_cancel(self):
        """Cancel inspections; those of a plan say why in their log."""
        return self._move("cancelled", "planned", "running")

    def action_findings(self):
        """Open the findings of the inspections."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_reform.cchc_reform_inspection_finding_action"
        )
        return {
            **action,
            "domain": [("inspection_id", "in", self.ids)],
            "context": {"default_inspection_id": self[:1].id},
        }
