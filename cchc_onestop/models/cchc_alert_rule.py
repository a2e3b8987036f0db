from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..tools import alert_plan

#: Hours are asked for these kinds, before or after the date they watch.
_BEFORE = ("step_soon", "due_soon", "supplement_expiring", "propose_apology")


class CchcAlertRule(models.Model):
    """Who is told of what, and when: one line of an agency's alert plan.

    Times are working hours of the agency. A rule without agency holds for all of
    them. Changing a rule has all open dossiers looked at again by the next sweep;
    what was alerted before is not alerted a second time.
    """

    _name = "cchc.alert.rule"
    _description = "Alert Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", string="Agency", index=True, help="Empty: every agency"
    )
    kind = fields.Selection(list(alert_plan.KINDS), required=True, default="due_soon")
    basis = fields.Selection(
        [("hours", "Working hours before"), ("percent", "Share of the time used")],
        required=True,
        default="hours",
        help="How a dossier that falls due soon is recognised",
    )
    amount = fields.Float(
        string="Working Hours",
        help="Before the date for warnings, after it for the other kinds",
    )
    percent = fields.Float(
        string="Time Used (%)",
        default=80.0,
        help="Alert when this share of the time has passed",
    )
    repeat_every = fields.Integer(
        string="Again Every",
        default=1,
        help="Days between two alerts of a dossier that stays overdue",
    )
    repeat_unit = fields.Selection(
        [("working_day", "Working days"), ("calendar_day", "Days")],
        required=True,
        default="working_day",
    )
    level_ids = fields.One2many(
        "cchc.alert.level", "rule_id", string="Who Is Told", copy=True
    )
    activity = fields.Boolean(
        string="Make an Activity",
        default=True,
        help="Put the alert among the activities of the person; the daily digest "
        "holds it in any case",
    )
    timing = fields.Char(compute="_compute_timing")

    _amount_not_negative = models.Constraint(
        "CHECK (amount >= 0)", "The number of working hours cannot be negative."
    )
    _percent_valid = models.Constraint(
        "CHECK (percent > 0 AND percent < 100)",
        "The share of the time used lies between 0 and 100 %.",
    )
    _repeat_positive = models.Constraint(
        "CHECK (repeat_every > 0)", "An alert is repeated every day or less often."
    )

    @api.depends("kind", "basis", "amount", "percent", "repeat_every", "repeat_unit")
    def _compute_timing(self):
        units = dict(self._fields["repeat_unit"]._description_selection(self.env))
        for rule in self:
            hours = f"{rule.amount:g}"
            if rule.kind == "overdue_again":
                rule.timing = self.env._(
                    "every %(count)s %(unit)s",
                    count=rule.repeat_every,
                    unit=units[rule.repeat_unit].lower(),
                )
            elif rule.kind == "due_today":
                rule.timing = self.env._("on the morning of the day")
            elif rule.kind == "due_soon" and rule.basis == "percent":
                rule.timing = self.env._("at %s %% of the time", f"{rule.percent:g}")
            elif rule.kind in _BEFORE:
                rule.timing = self.env._("%s working hours before", hours)
            elif rule.amount:
                rule.timing = self.env._("%s working hours after", hours)
            else:
                rule.timing = self.env._("at once")

    @api.constrains("level_ids")
    def _check_levels(self):
        for rule in self:
            if not rule.level_ids:
                raise ValidationError(
                    self.env._("Rule “%s” tells nobody: add who is told.", rule.name)
                )

    # -- what the sweep reads
    @api.model
    @tools.ormcache("company_id")
    def _specs(self, company_id):
        """Return the rules in force for an agency, as :class:`alert_plan.Rule`."""
        rules = self.sudo().search(
            [
                ("company_id", "in", (company_id, False)),
                ("kind", "in", [kind for kind, _label in alert_plan.KINDS]),
            ],
            order="sequence, id",
        )
        return tuple(rule._to_plan() for rule in rules)

    def _to_plan(self):
        self.ensure_one()
        return alert_plan.Rule(
            id=self.id,
            kind=self.kind,
            amount=0.0 if self.kind == "due_today" else self.amount,
            percent=self.percent if self.basis == "percent" else 0.0,
            every=self.repeat_every,
            every_unit=self.repeat_unit,
            levels=tuple(
                (level, min(delays))
                for level, delays in self._delays_by_level().items()
            ),
        )

    def _delays_by_level(self):
        self.ensure_one()
        delays = {}
        for line in self.level_ids:
            delays.setdefault(line.level, []).append(line.delay)
        return delays

    def _changed(self):
        """Have the open dossiers planned anew by the next sweep."""
        self.env.registry.clear_cache()
        self.env["cchc.alert.replan"]._request()

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._changed()
        return rules

    def write(self, vals):
        result = super().write(vals)
        self._changed()
        return result

    def unlink(self):
        result = super().unlink()
        self._changed()
        return result
