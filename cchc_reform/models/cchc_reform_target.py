from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.cchc_onestop.tools.guard import is_unlocked

from ..tools.share import share_text

OPERATORS = [
    ("ge", "At least"),
    ("le", "At most"),
    ("eq", "Exactly"),
    ("text", "In words"),
]


#: What is entered on the targets of a plan that is approved.
_REACHED = frozenset({"actual", "actual_text", "actual_on", "actual_source"})


class CchcReformTarget(models.Model):
    """Target of a programme or of a plan (chỉ tiêu): what is to be reached, by when.

    With what it is worked out from, and where it is written. A plan takes over the
    targets of its programme; what was reached is entered on those of the plan.
    """

    _name = "cchc.reform.target"
    _description = "Target of Reform"
    _order = "programme_id, plan_id, date_to, sequence, id"

    programme_id = fields.Many2one(
        "cchc.reform.programme", ondelete="cascade", index="btree_not_null"
    )
    plan_id = fields.Many2one(
        "cchc.reform.plan", ondelete="cascade", index="btree_not_null"
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, index="btree_not_null"
    )
    plan_state = fields.Selection(related="plan_id.state", string="State of the Plan")
    is_editable = fields.Boolean(compute="_compute_is_editable")
    origin_id = fields.Many2one(
        "cchc.reform.target",
        "Taken from",
        readonly=True,
        ondelete="set null",
        help="Target of the programme that the plan took over",
    )
    sequence = fields.Integer(default=10)
    area_id = fields.Many2one("cchc.reform.area", ondelete="restrict")
    name = fields.Text("Target", required=True)
    date_from = fields.Date("From")
    date_to = fields.Date("To")
    period = fields.Char(compute="_compute_period")
    formula = fields.Text(help="What is divided by what, and where it is counted")
    operator = fields.Selection(OPERATORS, required=True, default="ge")
    target = fields.Float("Value", digits=(16, 4), aggregator=None)
    unit = fields.Char(default="%")
    target_text = fields.Char(compute="_compute_target_text")
    source = fields.Char("Source Document", help="Number and date of the text")
    metric_id = fields.Many2one(
        "cchc.reform.metric",
        "Measured by",
        ondelete="restrict",
        help="Figure of the system that says what was reached",
    )
    to_confirm = fields.Boolean(
        "To Be Confirmed", help="Not yet confirmed by the official text"
    )
    actual = fields.Float("Reached", digits=(16, 4), copy=False, aggregator=None)
    actual_text = fields.Char("Reached, in Words", copy=False)
    actual_on = fields.Date("As of", copy=False)
    actual_source = fields.Char("Counted from", copy=False)
    result = fields.Selection(
        [("unknown", "Not Measured"), ("missed", "Not Reached"), ("met", "Reached")],
        compute="_compute_result",
        store=True,
    )

    _owner = models.Constraint(
        "CHECK (num_nonnulls(programme_id, plan_id) = 1)",
        "A target belongs to a programme or to a plan.",
    )
    _valid = models.Constraint(
        "CHECK (date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "The time of a target cannot end before it begins.",
    )

    @api.depends("plan_id.is_editable")
    def _compute_is_editable(self):
        for target in self:
            target.is_editable = not target.plan_id or target.plan_id.is_editable

    @api.depends("date_from", "date_to")
    def _compute_period(self):
        for target in self:
            years = [day.year for day in (target.date_from, target.date_to) if day]
            target.period = " - ".join(str(year) for year in dict.fromkeys(years))

    @api.depends("operator", "target", "unit")
    @api.depends_context("lang")
    def _compute_target_text(self):
        signs = {"ge": "≥ ", "le": "≤ ", "eq": ""}
        for target in self:
            if target.operator == "text":
                target.target_text = target.unit if target.unit != "%" else False
                continue
            target.target_text = (
                f"{signs[target.operator]}{target._number(target.target)}"
            )

    def _number(self, value):
        """Return a value with its unit, as it is printed: 95%, 1,5 giờ."""
        text = f"{value:.4f}".rstrip("0").rstrip(".").replace(".", ",")
        unit = self.unit or ""
        return f"{text}{unit}" if unit == "%" else f"{text} {unit}".strip()

    @api.depends("operator", "target", "actual", "actual_on")
    def _compute_result(self):
        for target in self:
            if not target.actual_on:
                target.result = "unknown"
            elif target.operator == "text":
                target.result = "met" if target.actual else "missed"
            else:
                met = {
                    "ge": target.actual >= target.target,
                    "le": target.actual <= target.target,
                    "eq": target.actual == target.target,
                }[target.operator]
                target.result = "met" if met else "missed"

    @api.constrains("plan_id", "date_from", "date_to")
    def _check_time(self):
        for target in self.filtered("plan_id"):
            plan = target.plan_id
            outside = target.date_from and target.date_from > plan.date_to
            if outside or (target.date_to and target.date_to < plan.date_from):
                raise ValidationError(
                    self.env._(
                        "The time of “%(target)s” lies outside that of %(plan)s.",
                        target=target.name,
                        plan=plan.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        targets = super().create(vals_list)
        targets.plan_id._cchc_check_open()
        return targets

    def write(self, vals):
        if set(vals) - _REACHED and not is_unlocked(self.env):
            self.plan_id._cchc_check_open()
        if {"actual", "actual_text"} & set(vals) and "actual_on" not in vals:
            vals = {**vals, "actual_on": fields.Date.context_today(self)}
        result = super().write(vals)
        if "plan_id" in vals:
            self.plan_id._cchc_check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self.plan_id._cchc_check_open()

    def action_measure(self):
        """Measure what was reached up to today by the figure of the system."""
        self.check_access("write")
        today = fields.Date.context_today(self)
        for target in self.filtered(lambda line: line.metric_id and line.plan_id):
            date_from, date_to = target._window()
            if date_from > today:
                raise UserError(
                    self.env._(
                        "The time of “%s” has not begun: there is nothing to measure.",
                        target.name,
                    )
                )
            figure = target._measured(date_from, min(date_to, today))
            share = figure.denominator is not None
            target.write(
                {
                    "actual": float(figure.share or 0) * 100
                    if share
                    else float(figure.value),
                    "actual_text": share_text(figure.numerator, figure.denominator)
                    if share
                    else False,
                    "actual_on": target.company_id._cchc_local_date(figure.as_of)
                    if figure.as_of
                    else today,
                    "actual_source": target.metric_id.name,
                }
            )
        return True

    def _window(self):
        """Return the days between which the figure of the target is measured."""
        plan = self.plan_id
        return self.date_from or plan.date_from, self.date_to or plan.date_to

    def _measured(self, date_from, date_to):
        company, key = self.company_id.id, self.metric_id.key
        figures = self.env["cchc.reform.metric"]._measure(
            [key], [company], date_from, date_to
        )
        return figures[company, key]

    def action_records(self):
        """Open what the figure of the target counts."""
        self.ensure_one()
        action = self.metric_id._action([self.company_id.id], *self._window())
        if not action:
            raise UserError(self.env._("There is nothing to open behind this figure."))
        return action

    def _copied(self):
        """Return the values of the same target in a plan that takes it over."""
        self.ensure_one()
        return {
            "origin_id": self.id,
            "sequence": self.sequence,
            "area_id": self.area_id.id,
            "name": self.name,
            "formula": self.formula,
            "operator": self.operator,
            "target": self.target,
            "unit": self.unit,
            "metric_id": self.metric_id.id,
            "source": self.source or self.programme_id.display_name,
        }
