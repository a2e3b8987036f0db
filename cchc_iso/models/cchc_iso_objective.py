import json
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.cchc_onestop.models.cchc_statistic import midnight
from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked
from odoo.addons.cchc_onestop.tools.period import PeriodRule

from ..tools.objective import METRICS, MONTHS, Figure, Scope, value_of

#: What may be written of an objective in force.
_FREE = frozenset({"plan_ids", "note", "responsible_id"})
_FREE_PREFIXES = ("message_", "activity_", "review_", "website_message_")
_SPLIT_MODELS = {
    "department": "hr.department",
    "sector": "cchc.sector",
    "procedure": "cchc.procedure",
}


class CchcIsoObjective(models.Model):
    """Quality objective of a year, measured each period from live data.

    TCVN ISO 9001 6.2: measurable, with a plan of what is done, with which resources,
    by whom, until when and how it is evaluated. An objective in force is not changed;
    what a closed period measured stays, whatever the data say later.
    """

    _name = "cchc.iso.objective"
    _description = "Quality Objective"
    _inherit = ["cchc.approval.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "year desc, sequence, id"
    _check_company_auto = True
    _state_from = ["draft"]
    _state_to = ["approved"]
    _cancel_state = "cancelled"
    _tier_validation_manual_config = True
    _cchc_approval_required = True
    _cchc_signature_group = "cchc_iso.group_leader"

    name = fields.Char("Objective", required=True, tracking=True)
    sequence = fields.Integer(default=10)
    year = fields.Integer(
        required=True,
        aggregator=None,
        default=lambda self: fields.Date.context_today(self).year,
    )
    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    system_id = fields.Many2one(
        "mgmtsystem.system",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env["mgmtsystem.system"]._cchc_for(),
    )
    metric = fields.Selection(
        selection=lambda self: self.env["cchc.iso.metric"]._selection(),
        required=True,
        default="on_time_share",
        tracking=True,
    )
    unit = fields.Selection(
        [("percent", "%"), ("ratio", "per dossier"), ("count", "number")],
        compute="_compute_unit",
    )
    direction = fields.Selection(
        [("at_least", "At least"), ("at_most", "At most")],
        compute="_compute_direction",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    target = fields.Float(digits=(16, 2), required=True, tracking=True)
    department_id = fields.Many2one(
        "hr.department", check_company=True, help="Only this one, with those below it"
    )
    sector_id = fields.Many2one("cchc.sector", "Field")
    procedure_id = fields.Many2one("cchc.procedure")
    split = fields.Selection(
        [
            ("department", "Each department"),
            ("sector", "Each field"),
            ("procedure", "Each procedure"),
        ],
        "Measured also for",
        help="The target holds for every one of them, too",
    )
    period = fields.Selection(
        [("month", "Month"), ("quarter", "Quarter"), ("year", "Year")],
        required=True,
        default="quarter",
    )
    responsible_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
    )
    plan_ids = fields.One2many("cchc.iso.objective.plan", "objective_id")
    consequence = fields.Selection(
        [
            ("none", "Nothing"),
            ("action", "Opens an action"),
            ("nonconformity", "Opens a nonconformity"),
        ],
        "When Missed",
        required=True,
        default="none",
        tracking=True,
        help="Once per period and unit measured, when the period has ended",
    )
    category = fields.Selection(
        [("major", "Major"), ("minor", "Minor")], default="minor"
    )
    min_count = fields.Integer(
        "Counts from",
        default=1,
        help="With fewer dossiers (the denominator) a missed target has no consequence",
    )
    clause_ids = fields.Many2many("cchc.iso.clause", string="Clauses")
    note = fields.Text()
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("approved", "In Force"),
            ("closed", "Closed"),
            ("cancelled", "Withdrawn"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    active = fields.Boolean(default=True)
    measure_ids = fields.One2many(
        "cchc.iso.objective.measure", "objective_id", "Measured", readonly=True
    )
    last_measure_id = fields.Many2one(
        "cchc.iso.objective.measure", compute="_compute_last_measure"
    )
    last_value = fields.Float(digits=(16, 2), compute="_compute_last_measure")
    last_verdict = fields.Selection(
        [("pass", "Met"), ("fail", "Missed"), ("no_data", "Nothing to measure")],
        compute="_compute_last_measure",
    )
    last_trend = fields.Selection(
        [("better", "Better"), ("worse", "Worse"), ("same", "Same")],
        compute="_compute_last_measure",
    )
    last_shown = fields.Char("Measured Last", compute="_compute_last_measure")
    nonconformity_count = fields.Integer(
        "Nonconformities", compute="_compute_consequences"
    )
    action_count = fields.Integer("Actions", compute="_compute_consequences")
    graph = fields.Text("Trend over Time", compute="_compute_graph")
    color = fields.Integer(compute="_compute_last_measure")

    _min_count_positive = models.Constraint(
        "CHECK (min_count >= 0)", "The smallest number that counts is not negative."
    )
    _year_valid = models.Constraint(
        "CHECK (year BETWEEN 2000 AND 2200)", "Give the year with four digits."
    )

    # -- computed
    @api.depends("metric")
    def _compute_unit(self):
        for objective in self:
            metric = METRICS.get(objective.metric)
            objective.unit = metric.unit if metric else False

    @api.depends("metric")
    def _compute_direction(self):
        for objective in self:
            metric = METRICS.get(objective.metric)
            objective.direction = (
                "at_most" if metric and metric.better == "low" else "at_least"
            )

    @api.depends("measure_ids.is_current", "measure_ids.value")
    def _compute_last_measure(self):
        colors = {"pass": 10, "fail": 1}
        for objective in self:
            last = objective._totals()[-1:]
            objective.last_measure_id = last
            objective.last_value = last.value
            objective.last_shown = (
                objective._shown(last.numerator, last.denominator) if last else False
            )
            objective.last_verdict = last.verdict
            objective.last_trend = last.trend
            objective.color = colors.get(last.verdict, 0)

    def _totals(self):
        """Return what holds of each period for the whole, in order of time."""
        self.ensure_one()
        return self.measure_ids.filtered(
            lambda measure: (
                measure.is_current
                and not measure.split_key
                and measure.verdict != "no_data"
            )
        ).sorted("period_from")

    @api.depends(
        "measure_ids.is_current", "measure_ids.value", "target", "direction", "metric"
    )
    def _compute_graph(self):
        """What the trend is drawn from: the points in order of time and the target."""
        for objective in self:
            objective.graph = json.dumps(
                {
                    "target": objective.target,
                    "direction": objective.direction,
                    "unit": "%" if objective.unit == "percent" else "",
                    "points": [
                        {
                            "label": measure.period_name,
                            "value": measure.value,
                            "verdict": measure.verdict,
                            "shown": objective._shown(
                                measure.numerator, measure.denominator
                            ),
                            "final": measure.is_final,
                        }
                        for measure in objective._totals()
                    ],
                }
            )

    @api.depends("measure_ids.nonconformity_id", "measure_ids.action_id")
    def _compute_consequences(self):
        for objective in self:
            objective.nonconformity_count = len(objective.measure_ids.nonconformity_id)
            objective.action_count = len(objective.measure_ids.action_id)

    # -- checks
    @api.constrains("metric", "split", "department_id", "sector_id", "procedure_id")
    def _check_scope(self):
        for objective in self:
            metric = METRICS[objective.metric]
            label = objective._metric_label()
            used = {
                "department": objective.department_id,
                "sector": objective.sector_id,
                "procedure": objective.procedure_id,
            }
            for name, record in used.items():
                if (record or objective.split == name) and name not in metric.splits:
                    raise ValidationError(
                        self.env._(
                            "“%(metric)s” is not counted per %(unit)s: leave it out "
                            "or choose another figure.",
                            metric=label,
                            unit=self.env[_SPLIT_MODELS[name]]._description.lower(),
                        )
                    )

    @api.constrains("system_id", "company_id")
    def _check_system(self):
        for objective in self:
            system = objective.system_id
            if system.company_id and system.company_id != objective.company_id:
                raise ValidationError(
                    self.env._(
                        "%(system)s is the system of another agency than %(agency)s.",
                        system=system.name,
                        agency=objective.company_id.name,
                    )
                )

    def _metric_label(self):
        return self.env["cchc.iso.metric"]._labels()[self.metric][0]

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env) and any(
            vals.get("state", "draft") != "draft" for vals in vals_list
        ):
            raise UserError(
                self.env._("An objective begins as a draft; a leader approves it.")
            )
        return super().create(vals_list)

    def write(self, vals):
        names = {name for name in vals if not name.startswith(_FREE_PREFIXES)}
        if names - _FREE and not is_unlocked(self.env):
            for objective in self:
                if objective.state != "draft":
                    raise UserError(
                        self.env._(
                            "“%s” is in force and cannot be changed: withdraw it and "
                            "make another one.",
                            objective.name,
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        if any(objective.state != "draft" for objective in self):
            raise UserError(
                self.env._("Only drafts are deleted; withdraw an objective in force.")
            )

    # -- life
    def _cchc_decide(self, reviews, status, comment=False):
        """The last approval puts the objective in force."""
        result = super()._cchc_decide(reviews, status, comment)
        if status == "approved" and self.validation_status == "validated":
            unlocked(self.sudo()).write({"state": "approved"})
        return result

    def _check_leader(self):
        if not (
            self.env.su
            or self.env.user.has_group("cchc_iso.group_leader")
            or self.env.user.has_group("cchc_iso.group_manager")
        ):
            raise AccessError(
                self.env._("A leader of the quality system closes objectives.")
            )

    def action_close(self):
        """The year is over: nothing is measured any more."""
        self._check_leader()
        unlocked(self.sudo()).write({"state": "closed"})

    def action_withdraw(self):
        self._check_leader()
        unlocked(self.sudo()).write({"state": "cancelled"})

    def action_next_year(self):
        """Copy the objectives into the next year, as drafts."""
        copies = self.env[self._name]
        for objective in self:
            copies |= objective.copy({"year": objective.year + 1})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Objectives of the Next Year"),
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": [("id", "in", copies.ids)],
        }

    def copy_data(self, default=None):
        rows = super().copy_data(default)
        for objective, row in zip(self, rows, strict=True):
            row.setdefault("name", objective.name)
            row["plan_ids"] = [
                fields.Command.create(line)
                for line in objective.plan_ids.copy_data({"done_on": False})
            ]
        return rows

    # -- measuring
    def _periods(self):
        """Return the periods of the year that have begun, with whether they ended."""
        self.ensure_one()
        today = self.company_id._cchc_local_date(fields.Datetime.now())
        rule = PeriodRule(MONTHS[self.period])
        return [
            (period, period.end < today)
            for period in rule.periods(self.year)
            if period.start <= today
        ]

    def _scope(self, period, split=""):
        zone = self.company_id._cchc_tz()
        departments = self.env["hr.department"].sudo()
        if self.department_id:
            departments = departments.search(
                [("id", "child_of", self.department_id.id)]
            )
        return Scope(
            company_id=self.company_id.id,
            date_from=period.start,
            date_to=period.end,
            start=midnight(period.start, zone),
            end=midnight(period.end + timedelta(days=1), zone),
            zone=str(zone),
            department_ids=tuple(departments.ids),
            sector_id=self.sector_id.id or None,
            procedure_id=self.procedure_id.id or None,
            split=split,
        )

    def _figures(self, period):
        """Yield ``(scope, figure)`` of a period: the whole, then each unit."""
        metric = self.env["cchc.iso.metric"].sudo()
        scope = self._scope(period)
        whole = metric._measure(self.metric, scope) or [Figure(0, 0)]
        yield scope, whole[0]
        if self.split:
            scope = self._scope(period, self.split)
            for figure in metric._measure(self.metric, scope):
                if figure.split_id:
                    yield scope, figure

    def _measure(self, closed_only=False):
        """Measure the periods that are not closed yet, then act on what was missed."""
        measures = self.env["cchc.iso.objective.measure"].sudo()
        for objective in self.filtered(lambda objective: objective.metric != "manual"):
            closed = measures._closed_periods(objective)
            for period, ended in objective._periods():
                if period.start in closed or (closed_only and not ended):
                    continue
                for scope, figure in objective._figures(period):
                    measures |= measures._put(objective, scope, figure, ended)
        measures._act()
        return measures

    def action_measure(self):
        """Measure the running period and every ended one that was not measured."""
        self.check_access("read")
        self._check_in_force()
        self.sudo()._measure()

    def _check_in_force(self):
        for objective in self:
            if objective.state != "approved":
                raise UserError(
                    self.env._(
                        "“%s” is not in force: only such objectives are measured.",
                        objective.name,
                    )
                )

    def action_enter(self):
        """Open the form in which a figure is entered by hand."""
        self.ensure_one()
        self._check_in_force()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enter a Figure"),
            "res_model": "cchc.iso.objective.entry",
            "view_mode": "form",
            "target": "new",
            "context": {"default_objective_id": self.id},
        }

    def action_open_measures(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "cchc.iso.objective.measure",
            "view_mode": "list,graph,pivot,form",
            "domain": [("objective_id", "=", self.id)],
            "context": {"search_default_current": 1},
        }

    def action_open_nonconformities(self):
        """Open what was raised because the target was missed."""
        return self._open_consequences(
            self.env._("Nonconformities"), self.measure_ids.nonconformity_id
        )

    def action_open_actions(self):
        return self._open_consequences(
            self.env._("Actions"), self.measure_ids.action_id
        )

    def _open_consequences(self, name, records):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": records._name,
            "view_mode": "list,form",
            "domain": [("id", "in", records.ids)],
        }

    def _one_per_year(self):
        """Return one objective of each system and year: the paper is that of all."""
        groups = self.grouped(lambda objective: (objective.system_id, objective.year))
        return self.browse(group[:1].id for group in groups.values())

    def action_print_plan(self):
        """Print objectives and plan of the years chosen; of none, of this one."""
        objectives = self or self.search(
            [
                ("company_id", "=", self.env.company.id),
                ("year", "=", fields.Date.context_today(self).year),
                ("state", "!=", "cancelled"),
            ]
        )
        if not objectives:
            raise UserError(self.env._("There is no objective of this year to print."))
        return self.env.ref("cchc_iso.report_objectives_action").report_action(
            objectives._one_per_year()
        )

    @api.model
    def _cron_measure(self):
        """Measure the objectives in force, one after the other."""
        objectives = self.search([("state", "=", "approved")])
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(objectives))
        for objective in objectives:
            objective._measure()
            if not progress(1):
                break

    def _target(self):
        return Decimal(str(self.target))

    def _shown(self, numerator, denominator):
        """Return a figure as it is written, e.g. ``96,30 % (131/136)``."""
        value = value_of(numerator, denominator, self.unit)
        if value is None:
            return "–"
        text = f"{value:.2f}".replace(".", ",")
        if self.unit == "count":
            return str(int(value))
        suffix = "\N{NO-BREAK SPACE}%" if self.unit == "percent" else ""
        return f"{text}{suffix} ({int(numerator)}/{int(denominator)})"
