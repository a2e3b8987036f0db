import json
from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.cchc_onestop.tools.guard import unlocked

from ..tools.objective import METRICS, passes, trend, value_of

#: Codes of dossiers that are written out in the evidence; all are linked.
_LISTED = 50


class CchcIsoObjectiveMeasure(models.Model):
    """What an objective measured in one period, for the whole or for one unit.

    A period that has ended is measured once. What it measured stays; measuring it
    again, with data that came later, adds a row that says so.
    """

    _name = "cchc.iso.objective.measure"
    _description = "Measured Figure of an Objective"
    _inherit = ["cchc.guarded.mixin"]
    _order = "objective_id, period_from desc, split_key, version desc, id"
    _rec_name = "period_name"
    _guarded_free = frozenset({"note"})
    _guarded_kept = True

    objective_id = fields.Many2one(
        "cchc.iso.objective", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="objective_id.company_id", store=True, index=True, precompute=True
    )
    year = fields.Integer(related="objective_id.year", store=True, aggregator=None)
    metric = fields.Selection(related="objective_id.metric", store=True)
    period_from = fields.Date("From", required=True)
    period_to = fields.Date("To", required=True)
    period_name = fields.Char("Period", compute="_compute_period_name")
    split_key = fields.Char(
        required=True, default="", help="Unit measured; empty for the whole"
    )
    department_id = fields.Many2one("hr.department", ondelete="restrict")
    sector_id = fields.Many2one("cchc.sector", "Field", ondelete="restrict")
    procedure_id = fields.Many2one("cchc.procedure", ondelete="restrict")
    unit_name = fields.Char("For", compute="_compute_unit_name")
    # Whole numbers; minutes of a large agency pass the range of an integer column.
    numerator = fields.Float(digits=(20, 0))
    denominator = fields.Float(digits=(20, 0))
    value = fields.Float(digits=(16, 2), aggregator="avg")
    target = fields.Float(digits=(16, 2), aggregator="avg")
    shown = fields.Char("Result Measured", compute="_compute_shown")
    target_shown = fields.Char("Target Set", compute="_compute_shown")
    consequence_shown = fields.Char(
        "Opened", compute="_compute_shown", help="What the missed target opened"
    )
    direction = fields.Selection([("at_least", "At least"), ("at_most", "At most")])
    verdict = fields.Selection(
        [("pass", "Met"), ("fail", "Missed"), ("no_data", "Nothing to measure")]
    )
    trend = fields.Selection(
        [("better", "Better"), ("worse", "Worse"), ("same", "Same")],
        help="Against the period before",
    )
    is_final = fields.Boolean(
        "Closed", help="The period had ended when it was measured"
    )
    is_current = fields.Boolean("In Force", default=True)
    version = fields.Integer(default=1, aggregator=None)
    corrects_id = fields.Many2one("cchc.iso.objective.measure", ondelete="restrict")
    measured_at = fields.Datetime("As of", required=True)
    measured_by_id = fields.Many2one("res.users", "Measured by")
    source = fields.Char(required=True)
    parameters = fields.Text(help="What was asked, to ask it again")
    note = fields.Text()
    nonconformity_id = fields.Many2one("mgmtsystem.nonconformity", ondelete="restrict")
    action_id = fields.Many2one("mgmtsystem.action", ondelete="restrict")

    _version_uniq = models.Constraint(
        "UNIQUE (objective_id, period_from, split_key, version)",
        "This period of the objective was measured already.",
    )
    _current_uniq = models.UniqueIndex(
        "(objective_id, period_from, split_key) WHERE is_current",
        "Only one figure of a period is in force.",
    )

    @api.depends("period_from", "period_to", "objective_id.period")
    def _compute_period_name(self):
        for measure in self:
            start = measure.period_from
            kind = measure.objective_id.period
            if not start:
                measure.period_name = ""
            elif kind == "quarter":
                measure.period_name = self.env._(
                    "Quarter %(number)s/%(year)s",
                    number=(start.month + 2) // 3,
                    year=start.year,
                )
            elif kind == "month":
                measure.period_name = f"{start:%m/%Y}"
            else:
                measure.period_name = str(start.year)

    @api.depends("numerator", "denominator", "target", "nonconformity_id", "action_id")
    def _compute_shown(self):
        for measure in self:
            objective = measure.objective_id
            measure.shown = objective._shown(measure.numerator, measure.denominator)
            measure.target_shown = measure._target_text()
            measure.consequence_shown = (
                measure.nonconformity_id.sudo().display_name
                or measure.action_id.sudo().display_name
            )

    def _target_text(self):
        """Return the target as it is written, e.g. ``at least 98,00 %``."""
        sign = "\N{NO-BREAK SPACE}%" if self.objective_id.unit == "percent" else ""
        wanted = f"{self.target:.2f}{sign}".replace(".", ",")
        if self.direction == "at_most":
            return self.env._("at most %s", wanted)
        return self.env._("at least %s", wanted)

    @api.depends("department_id", "sector_id", "procedure_id")
    def _compute_unit_name(self):
        for measure in self:
            unit = measure.department_id or measure.sector_id or measure.procedure_id
            measure.unit_name = unit.display_name or self.env._("The whole")

    @api.model
    def _closed_periods(self, objective):
        """Return the first days of the periods that are closed."""
        return set(
            self.search(
                [
                    ("objective_id", "=", objective.id),
                    ("is_final", "=", True),
                    ("split_key", "=", ""),
                ]
            ).mapped("period_from")
        )

    @api.model
    def _row(self, objective, scope, figure, ended):
        """Return the columns of a figure, judged against the target of today."""
        metric = METRICS[objective.metric]
        value = value_of(figure.numerator, figure.denominator, metric.unit)
        met = passes(
            figure.numerator,
            figure.denominator,
            metric.unit,
            objective._target(),
            objective.direction,
        )
        split_key = f"{scope.split}:{figure.split_id}" if scope.split else ""
        before = self.search(
            [
                ("objective_id", "=", objective.id),
                ("split_key", "=", split_key),
                ("period_from", "<", scope.date_from),
                ("is_current", "=", True),
                ("verdict", "!=", "no_data"),
            ],
            order="period_from desc",
            limit=1,
        )
        unit = {f"{scope.split}_id": figure.split_id} if scope.split else {}
        return {
            "objective_id": objective.id,
            "period_from": scope.date_from,
            "period_to": scope.date_to,
            "split_key": split_key,
            "numerator": figure.numerator,
            "denominator": figure.denominator,
            "value": float(value or 0),
            "target": objective.target,
            "direction": objective.direction,
            "verdict": {None: "no_data", True: "pass", False: "fail"}[met],
            "trend": trend(
                value,
                Decimal(str(before.value)) if before else None,
                metric.better,
            )
            or False,
            "is_final": ended,
            "measured_at": fields.Datetime.now(),
            "measured_by_id": self.env.uid,
            "source": self.env["cchc.iso.metric"]._labels()[objective.metric][1],
            "parameters": self._parameters(objective, scope, figure),
            **unit,
        }

    @api.model
    def _parameters(self, objective, scope, figure):
        """Return what was asked as canonical JSON."""
        return json.dumps(
            {
                "metric": objective.metric,
                "model": METRICS[objective.metric].model,
                "company": scope.company_id,
                "from": str(scope.date_from),
                "to": str(scope.date_to),
                "start": f"{scope.start:%Y-%m-%dT%H:%M:%SZ}",
                "end": f"{scope.end:%Y-%m-%dT%H:%M:%SZ}",
                "departments": list(scope.department_ids),
                "sector": scope.sector_id,
                "procedure": scope.procedure_id,
                "split": scope.split,
                "unit": figure.split_id,
            },
            sort_keys=True,
        )

    @api.model
    def _put(self, objective, scope, figure, ended):
        """Store the figure of a period; one that is still running is measured over."""
        row = self._row(objective, scope, figure, ended)
        running = self.search(
            [
                ("objective_id", "=", objective.id),
                ("period_from", "=", scope.date_from),
                ("split_key", "=", row["split_key"]),
                ("is_current", "=", True),
            ]
        )
        if running.is_final:
            return self.browse()
        if running:
            unlocked(running).write(row)
            return running
        return unlocked(self).create(row)

    def _name_source(self, source):
        """Name where a figure that a person entered comes from."""
        unlocked(self).write({"source": source})

    # -- again
    def action_measure_again(self):
        """Measure a closed period with the data of today.

        What was measured stays. Where the figure differs, a new row takes its place
        and names the old one; that it does not differ is said.
        """
        if not (
            self.env.su
            or self.env.user.has_group("cchc_iso.group_officer")
            or self.env.user.has_group("cchc_iso.group_manager")
        ):
            raise AccessError(
                self.env._("The ISO secretary measures a closed period again.")
            )
        different = self.browse()
        for measure in self:
            different |= measure.sudo()._measure_again()
        if different:
            message, kind = (
                self.env._("The figure differs: a new row was added."),
                ("warning"),
            )
        else:
            message, kind = self.env._("The same figure comes out again."), "success"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": kind,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _measure_again(self):
        self.ensure_one()
        objective = self.objective_id
        if not self.is_final or not self.is_current or self.metric == "manual":
            raise UserError(
                self.env._(
                    "Only the figure in force of a closed period is measured again."
                )
            )
        period = next(
            period
            for period, _ended in objective._periods()
            if period.start == self.period_from
        )
        for scope, figure in objective._figures(period):
            row = self._row(objective, scope, figure, True)
            if row["split_key"] == self.split_key:
                break
        else:
            return self.browse()
        if (row["numerator"], row["denominator"]) == (self.numerator, self.denominator):
            return self.browse()
        unlocked(self).write({"is_current": False})
        self.flush_recordset()
        row |= {
            # judged by the target of then
            "target": self.target,
            "direction": self.direction,
            "version": self.version + 1,
            "corrects_id": self.id,
            # what the period opened belongs to it, however it is counted later
            "nonconformity_id": self.nonconformity_id.id,
            "action_id": self.action_id.id,
        }
        return unlocked(self).create(row)

    # -- consequences
    def _act(self):
        """Open what the objective says for each closed period that missed its target.

        Exactly once per period and unit: a unique index of the nonconformity and the
        link of the row keep a second run from opening another one.
        """
        for measure in self.filtered(
            lambda measure: (
                measure.is_final
                and measure.verdict == "fail"
                and measure.objective_id.consequence != "none"
                and measure.denominator >= measure.objective_id.min_count
                and not measure.nonconformity_id
                and not measure.action_id
            )
        ):
            # with units, it is they who answer, not the whole
            if measure.objective_id.split and not measure.split_key:
                continue
            getattr(measure, f"_open_{measure.objective_id.consequence}")()

    def _sentence(self):
        """Return the missed target in one sentence."""
        objective = self.objective_id
        return self.env._(
            "%(objective)s, %(unit)s, %(period)s: %(value)s; target: %(target)s.",
            objective=objective.name,
            unit=self.unit_name,
            period=self.period_name,
            value=objective._shown(self.numerator, self.denominator),
            target=self._target_text(),
        )

    def _rule_key(self):
        return f"objective/{self.objective_id.id}/{self.period_from}/{self.split_key}"

    def _evidence(self):
        """Return the late dossiers behind the figure and the words of the evidence."""
        dossiers = self.env["cchc.dossier"]
        objective = self.objective_id
        if objective.metric in ("late_share", "late_count", "on_time_share"):
            scope = json.loads(self.parameters)
            period = next(
                period
                for period, _ended in objective._periods()
                if str(period.start) == scope["from"]
            )
            dossiers = self.env["cchc.iso.metric"]._late_dossiers(
                self._unit_scope(objective._scope(period))
            )
        moment = self.company_id._cchc_local_time(self.measured_at)
        lines = [
            self._sentence(),
            self.env._(
                "Source: %(from)s, as of %(moment)s.",
                **{"from": self.source, "moment": f"{moment:%d/%m/%Y %H:%M}"},
            ),
        ]
        if dossiers:
            codes = dossiers[:_LISTED].mapped("name")
            more = len(dossiers) - len(codes)
            lines.append(self.env._("Late dossiers: %s", ", ".join(codes)))
            if more > 0:
                lines.append(self.env._("and %s more, all linked here.", more))
        return dossiers, "\n".join(lines)

    def _unit_scope(self, scope):
        """Narrow a scope to the unit of this row."""
        values = {}
        if self.department_id:
            values["department_ids"] = (self.department_id.id,)
        if self.sector_id:
            values["sector_id"] = self.sector_id.id
        if self.procedure_id:
            values["procedure_id"] = self.procedure_id.id
        return replace(scope, **values)

    def _open_nonconformity(self):
        self.ensure_one()
        objective = self.objective_id
        findings = self.env["mgmtsystem.nonconformity"]
        key = self._rule_key()
        nc = findings.search(
            [("company_id", "=", self.company_id.id), ("rule_key", "=", key)]
        )
        if not nc:
            dossiers, evidence = self._evidence()
            nc = findings._cchc_raise(
                {
                    "company": self.company_id,
                    "system": objective.system_id,
                    "name": self.env._(
                        "Objective missed: %(objective)s (%(period)s, %(unit)s)",
                        objective=objective.name,
                        period=self.period_name,
                        unit=self.unit_name,
                    ),
                    "description": self._sentence(),
                    "evidence": evidence,
                    "category": objective.category,
                    "clause": objective.clause_ids,
                    "department": self.department_id or objective.department_id,
                    "dossiers": dossiers,
                    "rule_key": key,
                }
            )
        unlocked(self).write({"nonconformity_id": nc.id})

    def _open_action(self):
        self.ensure_one()
        objective = self.objective_id
        action = self.env["mgmtsystem.action"].create(
            {
                "name": self.env._("Reach the target: %s", objective.name),
                "description": self._sentence(),
                "type_action": "correction",
                "system_id": objective.system_id.id,
                "company_id": self.company_id.id,
                "department_id": (self.department_id or objective.department_id).id,
                "user_id": objective.responsible_id.id,
                "date_deadline": self.env["mgmtsystem.nonconformity"]._cchc_due_date(
                    objective.system_id, self.company_id
                ),
            }
        )
        unlocked(self).write({"action_id": action.id})
