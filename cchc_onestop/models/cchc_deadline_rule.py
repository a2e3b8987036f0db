from datetime import time, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.working_time import DeadlineRule
from .resource_calendar import float_second

# What changes a due date; the rest of a rule may always be edited.
COUNTING_FIELDS = {
    "unit",
    "clock",
    "first_day_counted",
    "rest_day_moves",
    "cutoff_mode",
    "cutoff_hour",
    "supplement",
    "pause_counting",
    "timeliness_basis",
}


class CchcDeadlineRule(models.Model):
    """How a time limit is counted, from when until when, and by which text.

    A rule is known by its code: that of a unit (``working_day``, ``working_hour``,
    ``calendar_day``, ``month``, ``same_day``) is the rule of limits in that unit, any
    other (``transfer``, ``interlinked``) is named by whoever needs it. When the law
    changes, :meth:`action_new_edition` makes the next edition from a date; dossiers
    keep the edition in force when they were received.
    """

    _name = "cchc.deadline.rule"
    _description = "Deadline Rule"
    _order = "sequence, code, valid_from desc, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        index=True,
        help="The code of a unit for the rule of that unit, or a code of your own",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Agency",
        help="Only for this agency and those below it; empty: for all",
    )
    valid_from = fields.Date()
    valid_to = fields.Date(help="Last day on which dossiers are received under it")
    legal_source = fields.Text(help="The texts that the rule follows")
    to_confirm = fields.Boolean(
        string="To Be Confirmed", help="Not seen in an official text yet"
    )

    unit = fields.Selection(
        [
            ("working_hour", "Working Hours"),
            ("working_day", "Working Days"),
            ("calendar_day", "Days"),
            ("month", "Months"),
            ("same_day", "Within the Day"),
        ],
        required=True,
        default="working_day",
    )
    clock = fields.Selection(
        [
            ("end_of_day", "End of the Office Day"),
            ("same_time", "Same Time of Day as Received"),
        ],
        string="Due Time",
        required=True,
        default="end_of_day",
    )
    first_day_counted = fields.Boolean(
        help="Against BLDS 2015 Đ.147 k.2, by which counting starts the next day"
    )
    rest_day_moves = fields.Boolean(
        string="Last Day Moves",
        default=True,
        help="A last day on a rest day or holiday moves to the next working day "
        "(BLDS 2015 Đ.148 k.5)",
    )
    cutoff_mode = fields.Selection(
        [
            ("none", "None"),
            ("transfer", "A: Passed on at the Next Opening"),
            ("same_day", "B: Result on the Next Working Day"),
            ("next_day", "C: Taken as Received on the Next Working Day"),
        ],
        string="After the Cut-off Hour",
        required=True,
        default="none",
    )
    cutoff_hour = fields.Float(default=15.0)
    supplement = fields.Selection(
        [("pause", "Pauses the Clock"), ("restart", "Starts the Count Anew")],
        string="A Supplement",
        required=True,
        default="pause",
    )
    pause_counting = fields.Selection(
        [("day", "Whole Days"), ("minute", "To the Minute")],
        string="Pauses Take Out",
        required=True,
        default="day",
    )
    supplement_limit_days = fields.Integer(
        string="Time for a Supplement (working days)",
        help="After it the dossier may be stopped; 0: no limit",
    )
    supplement_max = fields.Integer(
        string="Supplements Allowed",
        default=1,
        help="How often a supplement may be asked for (NĐ 118/2025 Đ.17: once)",
    )
    completion_max = fields.Integer(
        string="Completions before Acceptance",
        default=1,
        help="How often the applicant may be asked to complete a dossier before it is "
        "accepted; the notice must be complete in one time (NĐ 118/2025/NĐ-CP Đ.17 "
        "k.2)",
    )
    extension_max = fields.Integer(
        string="Extensions Allowed",
        default=1,
        help="How often a dossier may be given a new appointment with an apology "
        "(NĐ 61/2018/NĐ-CP Đ.19 k.9: once); 0: never",
    )
    extension_notice_days = fields.Integer(
        string="Notice of an Apology (days)",
        default=1,
        help="How many days before the due date the apology should be sent at the "
        "latest (NĐ 61/2018/NĐ-CP Đ.19 k.9: one day)",
    )
    soon_percent = fields.Float(
        string="Due Soon from (% of the time left)",
        digits=(5, 2),
        default=20.0,
        help="An open dossier is shown as due soon when no more than this share of "
        "its time is left; no text of law sets it. When alerts are given is said by "
        "the alert rules.",
    )
    timeliness_basis = fields.Selection(
        [("first", "First Appointment"), ("extended", "Appointment after Extension")],
        required=True,
        default="first",
        help="Which appointment decides whether a result is late",
    )

    _valid_range = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from)",
        "A rule cannot end before it begins.",
    )
    _supplement_numbers = models.Constraint(
        "CHECK (supplement_limit_days >= 0 AND supplement_max >= 0)",
        "The numbers for supplements cannot be negative.",
    )
    _completion_number = models.Constraint(
        "CHECK (completion_max > 0)",
        "An applicant may be asked at least once to complete a dossier.",
    )
    _extension_numbers = models.Constraint(
        "CHECK (extension_max >= 0 AND extension_notice_days >= 0)",
        "The numbers for extensions cannot be negative.",
    )
    _soon_share = models.Constraint(
        "CHECK (soon_percent >= 0 AND soon_percent <= 100)",
        "The share of the time left must lie between 0 and 100 %.",
    )

    @api.depends("name", "valid_from")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = rule.name
            if rule.valid_from:
                rule.display_name = self.env._(
                    "%(name)s (from %(date)s)",
                    name=rule.name,
                    date=f"{rule.valid_from:%d/%m/%Y}",
                )

    @api.constrains(*COUNTING_FIELDS)
    def _check_rule(self):
        for rule in self:
            rule._to_rule()

    @api.constrains("code", "company_id", "valid_from", "valid_to", "active")
    def _check_editions(self):
        """Two editions of a rule are never in force on the same day."""
        for rule in self.filtered("active"):
            domain = Domain(
                [
                    ("id", "!=", rule.id),
                    ("code", "=", rule.code),
                    ("company_id", "=", rule.company_id.id),
                ]
            )
            if rule.valid_to:
                domain &= Domain("valid_from", "=", False) | Domain(
                    "valid_from", "<=", rule.valid_to
                )
            if rule.valid_from:
                domain &= Domain("valid_to", "=", False) | Domain(
                    "valid_to", ">=", rule.valid_from
                )
            other = self.sudo().search(domain, limit=1)
            if other:
                raise ValidationError(
                    self.env._(
                        "%(rule)s and %(other)s have the code %(code)s and are in "
                        "force at the same time: end one before the other begins.",
                        rule=rule.display_name,
                        other=other.display_name,
                        code=rule.code,
                    )
                )

    def write(self, vals):
        if COUNTING_FIELDS & set(vals):
            used = self._filter_used()[:1]
            if used:
                raise UserError(
                    self.env._(
                        "Dossiers are counted by %(rule)s: make a new edition instead "
                        "of changing it.",
                        rule=used.display_name,
                    )
                )
        result = super().write(vals)
        if "extension_max" in vals:
            # an apology is proposed only to dossiers that may still be extended
            self.env["cchc.alert.replan"]._request()
        return result

    def _filter_used(self):
        """Return the rules of ``self`` by which dossiers are counted."""
        dossiers = self.env["cchc.dossier"].sudo().with_context(active_test=False)
        return self.filtered(
            lambda rule: dossiers.search_count(
                [
                    "|",
                    ("deadline_rule_id", "=", rule.id),
                    ("statutory_rule_id", "=", rule.id),
                ],
                limit=1,
            )
        )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if "code" not in (default or {}):
            for vals in vals_list:
                vals["code"] = f"{vals['code']}_copy"
        return vals_list

    def action_new_edition(self):
        """End the rule yesterday and open its next edition, valid from today."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        begin = today
        if self.valid_from:
            begin = max(today, self.valid_from + timedelta(days=1))
        end = self.valid_to
        self.valid_to = begin - timedelta(days=1)
        edition = self.copy(
            {
                "code": self.code,
                "valid_from": begin,
                "valid_to": end if end and end >= begin else False,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": edition.id,
            "view_mode": "form",
        }

    # ------------------------------------------------------------------
    # For the dossiers
    # ------------------------------------------------------------------
    def _to_rule(self):
        """Return the rule as the deadline engine wants it.

        :raises ValidationError: when the settings contradict each other
        """
        self.ensure_one()
        cutoff = None
        if self.cutoff_mode != "none":
            second = float_second(self.cutoff_hour)
            if not 0 < second < 86400:
                raise ValidationError(
                    self.env._("The cut-off hour must lie between 0:00 and 24:00.")
                )
            cutoff = time(second // 3600, second % 3600 // 60, second % 60)
        if self.cutoff_mode in ("transfer", "same_day") and self.unit != "same_day":
            raise ValidationError(
                self.env._("Cut-off rules A and B are for limits within the day only.")
            )
        if self.first_day_counted and self.clock == "same_time":
            raise ValidationError(
                self.env._(
                    "A first day that counts needs a due time at the end of the day."
                )
            )
        return DeadlineRule(
            unit=self.unit,
            clock=self.clock,
            first_day_counted=self.first_day_counted,
            rest_day_moves=self.rest_day_moves,
            cutoff=cutoff,
            cutoff_mode=self.cutoff_mode,
            supplement=self.supplement,
            pause_counting=self.pause_counting,
        )

    @api.model
    def _get_rule(self, code, date, company=None):
        """Return the rule in force for a dossier received on a day.

        The rule of the agency comes before that of the nearest agency above it, and
        the rule for all comes last.

        :param code: code of the rule, or a unit
        :param date: local date of the reception
        :param company: agency; the current one by default
        :raises UserError: when no rule is in force on that day
        """
        company = company or self.env.company
        agencies = company.sudo().parent_ids
        rules = self.sudo().search_fetch(
            [
                ("code", "=", code),
                ("company_id", "in", [*agencies.ids, False]),
                "|",
                ("valid_from", "=", False),
                ("valid_from", "<=", date),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">=", date),
            ],
            ["company_id", *COUNTING_FIELDS],
        )
        if not rules:
            raise UserError(
                self.env._(
                    "No deadline rule %(code)s is in force on %(date)s for "
                    "%(company)s: add one under Configuration, Deadlines.",
                    code=code,
                    date=f"{date:%d/%m/%Y}",
                    company=company.display_name,
                )
            )
        nearest = {agency: depth for depth, agency in enumerate(agencies)}
        rule = max(rules, key=lambda rule: nearest.get(rule.company_id, -1))
        return self.browse(rule.id)
