from odoo import api, fields, models

from ..tools.figure import percent


class CchcReformPlan(models.Model):
    """What was entered over the year under a plan."""

    _inherit = "cchc.reform.plan"

    communication_ids = fields.One2many("cchc.reform.communication", "plan_id")
    target_channel_ids = fields.One2many(
        "cchc.reform.communication.target",
        "plan_id",
        "Planned Communications",
        copy=True,
    )
    communication_count = fields.Integer(
        "Communications", compute="_compute_year_counts"
    )
    inspection_count = fields.Integer("Inspections", compute="_compute_year_counts")
    training_count = fields.Integer("Classes", compute="_compute_year_counts")
    document_count = fields.Integer("Documents", compute="_compute_year_counts")
    channel_met_count = fields.Integer(
        "Channels Met", compute="_compute_channel_counts"
    )
    channel_count = fields.Integer("Channels", compute="_compute_channel_counts")

    def _compute_year_counts(self):
        for name, model in (
            ("communication_count", "cchc.reform.communication"),
            ("inspection_count", "cchc.reform.inspection"),
            ("training_count", "cchc.reform.training"),
            ("document_count", "cchc.issued.document"),
        ):
            counts = dict(
                self.env[model]._read_group(
                    [("plan_id", "in", self.ids)], ["plan_id"], ["__count"]
                )
            )
            for plan in self:
                plan[name] = counts.get(plan._origin, 0)

    self_inspected = fields.Char(
        "Departments Self-Inspected",
        compute="_compute_self_inspected",
        help="Departments that a self-inspection visited within the time of the plan, "
        "over all departments of the agency; at least half are asked for",
    )

    def _compute_self_inspected(self):
        """Count as the figure “Departments self-inspected” does."""
        metrics = self.env["cchc.reform.metric"].sudo()
        key = "inspection_departments"
        for plan in self:
            if plan.plan_type != "inspection" or not plan.date_to:
                plan.self_inspected = False
                continue
            figure = metrics._measure(
                [key], plan.company_id.ids, plan.date_from, plan.date_to
            )[plan.company_id.id, key]
            plan.self_inspected = (
                f"{figure.numerator}/{figure.denominator} ({percent(figure.share, 0)})"
            )

    @api.depends("target_channel_ids")
    def _compute_channel_counts(self):
        for plan in self:
            plan.channel_count = len(plan.target_channel_ids)
            plan.channel_met_count = len(plan.target_channel_ids.filtered("is_met"))

    @api.model
    def _plan_of_the_year(self, plan_type):
        """Return the approved plan of this kind that runs today, when there is one."""
        today = fields.Date.context_today(self)
        plans = self.search(
            [
                ("plan_type", "=", plan_type),
                ("state", "=", "approved"),
                ("company_id", "=", self.env.company.id),
                ("level", "=", "year"),
                ("date_from", "<=", today),
                ("date_to", ">=", today),
            ],
            limit=2,
        )
        return plans if len(plans) == 1 else plans.browse()

    def action_year_entries(self):
        """Open what was entered under the plan; the button names the action."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"cchc_reform.{self.env.context['year_action']}"
        )
        return {
            **action,
            "domain": [("plan_id", "=", self.id)],
            "context": {"default_plan_id": self.id},
        }
