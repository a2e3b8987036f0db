from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import float_compare

from ..tools import term
from .cchc_procedure_channel import CHANNELS
from .cchc_procedure_time_limit import UNITS

STEP_FIELDS = (
    "sequence",
    "name",
    "role",
    "planned_amount",
    "planned_unit",
    "content",
    "output",
    "condition",
)


class CchcProcess(models.Model):
    """Internal process (quy trình nội bộ) of an agency for a version of a procedure.

    It holds the planned time of every step and the time the agency commits to,
    which may be shorter than the statutory one (TT 01/2018 Đ.8; decisions that
    shorten times). Steps fit the commitment and the commitment fits the law, or the
    process cannot be published. Once published it never changes; amending makes a
    new one.
    """

    _name = "cchc.process"
    _description = "Internal Process"
    _inherit = ["cchc.frozen.mixin", "mail.thread"]
    _order = "company_id, procedure_id, valid_from desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    version_id = fields.Many2one(
        "cchc.procedure.version",
        "Procedure Version",
        required=True,
        index=True,
        ondelete="restrict",
    )
    procedure_id = fields.Many2one(
        related="version_id.procedure_id", store=True, index=True, precompute=True
    )
    sector_id = fields.Many2one(
        related="version_id.procedure_id.sector_id", store=True, string="Field"
    )
    code = fields.Char(help="Code in the quality system, e.g. QT-01")
    name = fields.Char(
        required=True,
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("published", "Published"),
            ("superseded", "Superseded"),
        ],
        default="draft",
        required=True,
        copy=False,
        index=True,
        tracking=True,
    )
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    valid_to = fields.Date(
        readonly=True,
        copy=False,
        help="Last day on which dossiers start under this process",
    )
    channel = fields.Selection(
        CHANNELS, help="Only for dossiers of this channel; empty: for all"
    )
    case_id = fields.Many2one(
        "cchc.procedure.case",
        domain="[('version_id', '=', version_id)]",
        ondelete="restrict",
        help="Only for this case of the procedure; empty: for all",
    )
    decision_id = fields.Many2one(
        "cchc.publication.decision", "Approved by", ondelete="restrict"
    )
    committed_amount = fields.Float(
        "Committed Time",
        digits=(16, 2),
        help="Time the agency commits to; 0: the statutory time",
    )
    committed_unit = fields.Selection(UNITS, "Unit", default="working_day")
    day_hours = fields.Float("Hours per Day", compute="_compute_day_hours")
    statutory_text = fields.Char("Statutory Time", compute="_compute_limits")
    committed_text = fields.Char("Committed", compute="_compute_limits")
    statutory_hours = fields.Float(compute="_compute_limits")
    committed_hours = fields.Float(compute="_compute_limits")
    cut_rate = fields.Float(
        "Shortened by",
        compute="_compute_limits",
        help="(statutory - committed) / statutory",
    )
    step_ids = fields.One2many("cchc.process.step", "process_id", "Steps")
    step_count = fields.Integer(compute="_compute_step_count")
    planned_hours = fields.Float("Sum of the Steps", compute="_compute_planned_hours")
    slack_hours = fields.Float(
        "Left over",
        compute="_compute_planned_hours",
        help="Committed time less the sum of the steps; negative: too long",
    )
    excess_hours = fields.Float("Too Long by", compute="_compute_planned_hours")
    amended_process_id = fields.Many2one(
        "cchc.process", "Amends", readonly=True, copy=False, ondelete="set null"
    )
    published_at = fields.Datetime(readonly=True, copy=False)
    published_by_id = fields.Many2one(
        "res.users", "Published by", readonly=True, copy=False
    )

    _lookup_idx = models.Index("(version_id, company_id) WHERE state != 'draft'")
    _committed_positive = models.Constraint(
        "CHECK (committed_amount >= 0)", "The committed time cannot be negative."
    )

    # --- Computed

    @api.depends("version_id")
    def _compute_name(self):
        for process in self:
            process.name = process.name or process.version_id.name

    @api.depends("code", "name")
    def _compute_display_name(self):
        for process in self:
            process.display_name = " ".join(filter(None, [process.code, process.name]))

    def _compute_step_count(self):
        counts = dict(
            self.env["cchc.process.step"]._read_group(
                [("process_id", "in", self.ids)], ["process_id"], ["__count"]
            )
        )
        for process in self:
            process.step_count = counts.get(process, 0)

    @api.depends("company_id.resource_calendar_id.cchc_hours_per_day")
    def _compute_day_hours(self):
        for process in self:
            calendar = process.company_id.sudo().resource_calendar_id
            process.day_hours = calendar.cchc_hours_per_day or 8.0

    @api.depends(
        "version_id.channel_ids.time_limit_ids.amount",
        "version_id.channel_ids.time_limit_ids.unit",
        "channel",
        "case_id",
        "committed_amount",
        "committed_unit",
        "day_hours",
    )
    def _compute_limits(self):
        limit_model = self.env["cchc.procedure.time.limit"]
        for process in self:
            statutory = process._get_statutory_term()
            committed = process._get_committed_term() or statutory
            process.statutory_text = limit_model._format_term(statutory)
            process.committed_text = limit_model._format_term(committed)
            process.statutory_hours = process._to_hours(statutory)
            process.committed_hours = process._to_hours(committed)
            process.cut_rate = (
                1 - process.committed_hours / process.statutory_hours
                if process.statutory_hours
                else 0.0
            )

    @api.depends("step_ids.planned_hours", "committed_hours")
    def _compute_planned_hours(self):
        for process in self:
            process.planned_hours = sum(process.step_ids.mapped("planned_hours"))
            process.slack_hours = process.committed_hours - process.planned_hours
            process.excess_hours = max(0.0, -process.slack_hours)

    def _get_statutory_term(self):
        """Return the statutory time of the process as a Term, None if not stated."""
        self.ensure_one()
        if not self.version_id:
            return None
        return self.version_id._pick_time_limit(self.channel, self.case_id)._get_term()

    def _get_committed_term(self):
        """Return the time the agency commits to, None when it names no own one."""
        self.ensure_one()
        if self.committed_unit == "same_day" or self.committed_amount:
            limit = self.version_id._pick_time_limit(self.channel, self.case_id)
            rule = limit.deadline_rule if limit.unit == self.committed_unit else False
            return term.Term(self.committed_amount, self.committed_unit, rule)
        return None

    def _get_weekdays(self):
        """Return the working weekdays (Monday is 0) of the agency's calendar."""
        calendar = self.company_id.sudo().resource_calendar_id
        days = {int(day) for day in calendar.attendance_ids.mapped("dayofweek")}
        return frozenset(days) or term.MONDAY_TO_FRIDAY

    def _to_hours(self, limit):
        """Return the fewest working hours of the agency that ``limit`` gives."""
        self.ensure_one()
        if not limit:
            return 0.0
        return term.hours(limit, self.day_hours, self._get_weekdays())

    # --- Choice of the process

    @api.model
    def _for(self, version, company=None, date=None, channel=None, case=None):
        """Return the process under which a dossier of ``version`` starts, or empty.

        The agency's own process goes before that of its parent agencies (a province
        approves processes for its communes, TT 01/2018 Đ.8), one for the case and the
        channel before a general one, the latest before earlier ones.
        """
        company = (company or self.env.company).sudo()
        date = fields.Date.to_date(date) if date else fields.Date.context_today(self)
        lineage = [int(key) for key in (company.parent_path or "").split("/") if key]
        processes = self.sudo().search(
            Domain("version_id", "=", version.id)
            & Domain("company_id", "in", lineage)
            & Domain("state", "!=", "draft")
            & Domain("valid_from", "<=", date)
            & (Domain("valid_to", "=", False) | Domain("valid_to", ">=", date))
            & Domain("channel", "in", [channel, False])
            & Domain("case_id", "in", [case.id if case else False, False])
        )
        ranked = processes.sorted(
            lambda process: (
                lineage.index(process.company_id.id),
                bool(process.case_id),
                bool(process.channel),
                process.valid_from,
                process.id,
            )
        )
        return ranked[-1:].sudo(self.env.su)

    # --- Life cycle

    @api.constrains("case_id", "version_id")
    def _check_case(self):
        for process in self:
            if process.case_id and process.case_id.version_id != process.version_id:
                raise ValidationError(
                    self.env._(
                        "The case %(case)s does not belong to %(version)s.",
                        case=process.case_id.name,
                        version=process.version_id.display_name,
                    )
                )

    def _get_publish_problem(self):
        """Return why the process cannot be published, or an empty text."""
        self.ensure_one()
        env = self.env
        if self.version_id.state != "published":
            return env._(
                "%(process)s: publish the version %(version)s first.",
                process=self.display_name,
                version=self.version_id.display_name,
            )
        if not self.step_ids:
            return env._("%s has no steps.", self.display_name)
        statutory = self._get_statutory_term()
        committed = self._get_committed_term()
        if (
            statutory
            and committed
            and not term.fits(
                committed, statutory, self.day_hours, self._get_weekdays()
            )
        ):
            return env._(
                "%(process)s commits to %(committed)s, which is longer than the "
                "statutory %(statutory)s.",
                process=self.display_name,
                committed=self.committed_text,
                statutory=self.statutory_text,
            )
        if (committed or statutory) and (
            float_compare(self.planned_hours, self.committed_hours, precision_digits=2)
            > 0
        ):
            return env._(
                "%(process)s: the steps add up to %(sum)s = %(planned)s hours, more "
                "than the committed %(committed)s = %(limit)s hours; shorten them by "
                "%(excess)s hours.",
                process=self.display_name,
                sum=" + ".join(
                    f"{hours:g}" for hours in self.step_ids.mapped("planned_hours")
                ),
                planned=f"{self.planned_hours:g}",
                committed=self.committed_text,
                limit=f"{self.committed_hours:g}",
                excess=f"{round(self.planned_hours - self.committed_hours, 2):g}",
            )
        return ""

    def action_publish(self):
        """Publish draft processes after checking their times."""
        self.check_access("write")
        drafts = self.filtered(lambda process: process.state == "draft")
        if not drafts:
            raise UserError(self.env._("Only a draft can be published."))
        for process in drafts:
            if problem := process._get_publish_problem():
                raise UserError(problem)
        drafts._publish()

    def _publish(self):
        self._unsealed().write(
            {
                "state": "published",
                "published_at": fields.Datetime.now(),
                "published_by_id": self.env.uid,
            }
        )
        self._supersede_earlier()

    def _publish_or_explain(self):
        """Publish what fits; log on the others why they stay drafts."""
        fitting = self.browse()
        for process in self:
            if problem := process._get_publish_problem():
                process.message_post(body=problem)
            else:
                fitting |= process
        if fitting:
            fitting._publish()

    def _supersede_earlier(self):
        """End the published processes that these replace on the day before."""
        earlier = self.search(
            [
                ("version_id", "in", self.version_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("state", "=", "published"),
                ("id", "not in", self.ids),
            ]
        )
        replaced = {}
        for process in self:
            key = (process.version_id, process.company_id)
            replaced[key, process.channel, process.case_id] = process
        for process in earlier:
            key = (process.version_id, process.company_id)
            new = replaced.get((key, process.channel, process.case_id))
            if new and process.id < new.id:
                last_day = fields.Date.subtract(new.valid_from, days=1)
                process._unsealed().write({"state": "superseded", "valid_to": last_day})

    def _amend(self, valid_from, version=None, company=None):
        """Return a new draft with the steps of this process, valid from a day.

        :param company: agency of the draft; in another agency than that of the process
            its people take no part
        """
        self.ensure_one()
        version = version or self.version_id
        company = company or self.company_id
        same = company == self.company_id
        case = version.case_ids.filtered(lambda row: row.name == self.case_id.name)
        return self.create(
            {
                "company_id": company.id,
                "version_id": version.id,
                "code": self.code,
                "name": self.name,
                "valid_from": valid_from,
                "channel": self.channel,
                "case_id": case[:1].id,
                "decision_id": self.decision_id.id,
                "committed_amount": self.committed_amount,
                "committed_unit": self.committed_unit,
                "amended_process_id": self.id,
                "step_ids": [
                    Command.create(
                        {
                            **{name: step[name] for name in STEP_FIELDS},
                            "department_id": same and step.department_id.id,
                            "user_ids": [Command.set(same and step.user_ids.ids or [])],
                        }
                    )
                    for step in self.step_ids
                ],
            }
        )

    def _set_step_hours(self, hours):
        """Give the steps these times, in working days where they are whole ones."""
        self.ensure_one()
        for step, amount in zip(self.step_ids, hours, strict=True):
            in_days = step.planned_unit == "working_day" and self.day_hours
            if in_days and amount % self.day_hours == 0:
                step.planned_amount = amount / self.day_hours
            else:
                step.write({"planned_amount": amount, "planned_unit": "working_hour"})

    def action_amend(self):
        """Open a new draft of the process from today, with the same steps."""
        self.ensure_one()
        draft = self._amend(fields.Date.context_today(self))
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
        }

    def action_end(self):
        """End published processes today; new dossiers no longer start under them."""
        self.check_access("write")
        running = self.filtered(lambda process: process.state == "published")
        if not running:
            raise UserError(self.env._("Only a published process can be ended."))
        running._unsealed().write(
            {"state": "superseded", "valid_to": fields.Date.context_today(self)}
        )
