from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from odoo.addons.cchc_onestop.tools import replay
from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked


class CchcIsoCycle(models.Model):
    """Year of a quality system: its steps with their dates and what came of them.

    Review of the board and documents, objectives, audit, management review, effect
    confirmed, report (yearly plans after QĐ 19/2014/QĐ-TTg).
    """

    _name = "cchc.iso.cycle"
    _description = "Yearly Cycle"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "year desc, id desc"

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
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["mgmtsystem.system"]._cchc_for(),
    )
    year = fields.Integer(
        required=True,
        aggregator=None,
        default=lambda self: fields.Date.context_today(self).year,
    )
    plan_number = fields.Char(
        "Plan", help="Number of the plan of the year, e.g. 22/KH-UBND", tracking=True
    )
    plan_date = fields.Date("Plan of")
    plan_purpose = fields.Text(
        "Purpose", default=lambda self: self._default_plan_purpose()
    )
    plan_arrangement = fields.Text(
        "Arrangement",
        default=lambda self: self._default_plan_arrangement(),
        help="Who does what (tổ chức thực hiện), as the paper of the plan says it",
    )
    step_ids = fields.One2many("cchc.iso.cycle.step", "cycle_id", "Steps", copy=False)
    effect_confirmed_by_id = fields.Many2one(
        "res.users", "Effect Confirmed by", readonly=True, copy=False
    )
    effect_confirmed_on = fields.Date(
        "Effect Confirmed on", readonly=True, copy=False, tracking=True
    )
    effect_note = fields.Text("Conclusion on the Effect", copy=False)
    done_count = fields.Integer("Steps Done", compute="_compute_counts")
    step_count = fields.Integer("Steps in All", compute="_compute_counts")
    late_count = fields.Integer("Late", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts", aggregator=None)
    state = fields.Selection(
        [("running", "Running"), ("late", "Late"), ("done", "Done")],
        compute="_compute_counts",
    )

    _year_uniq = models.Constraint(
        "UNIQUE (system_id, company_id, year)", "The cycle of this year is there."
    )
    _year_check = models.Constraint(
        "CHECK (year BETWEEN 2000 AND 2100)", "Enter the year with four digits."
    )

    @api.model
    def _default_plan_purpose(self):
        return (
            "1. Áp dụng, duy trì và cải tiến hệ thống quản lý chất lượng theo Tiêu "
            "chuẩn quốc gia TCVN ISO 9001 trong hoạt động của cơ quan theo Quyết định "
            "số 19/2014/QĐ-TTg.\n"
            "2. Các quá trình giải quyết công việc được kiểm soát, đúng quy định, đúng "
            "thời hạn; nâng cao sự hài lòng của tổ chức, cá nhân.\n"
            "3. Các bộ phận thực hiện đúng quy trình đã ban hành, lưu giữ đầy đủ hồ sơ."
        )

    @api.model
    def _default_plan_arrangement(self):
        return (
            "1. Ban Chỉ đạo ISO chỉ đạo, kiểm tra việc thực hiện Kế hoạch này.\n"
            "2. Thư ký ISO đôn đốc, tổng hợp kết quả, báo cáo Trưởng Ban Chỉ đạo.\n"
            "3. Các bộ phận, đơn vị căn cứ chức năng, nhiệm vụ tổ chức thực hiện"
        )

    @api.depends("year", "company_id")
    def _compute_display_name(self):
        for cycle in self:
            cycle.display_name = self.env._(
                "ISO cycle %(year)s: %(agency)s",
                year=cycle.year,
                agency=cycle.company_id.name or "",
            )

    @api.depends("step_ids.state")
    def _compute_counts(self):
        for cycle in self:
            states = cycle.step_ids.mapped("state")
            cycle.step_count = len(states)
            cycle.done_count = states.count("done")
            cycle.late_count = states.count("late")
            cycle.progress = 100.0 * cycle.done_count / (len(states) or 1)
            if states and cycle.done_count == len(states):
                cycle.state = "done"
            else:
                cycle.state = "late" if cycle.late_count else "running"

    @api.model_create_multi
    def create(self, vals_list):
        cycles = super().create(vals_list)
        for cycle in cycles:
            if not cycle.step_ids:
                cycle.step_ids = cycle._get_steps()
        return cycles

    def write(self, vals):
        if not is_unlocked(self.env):
            if {"effect_confirmed_by_id", "effect_confirmed_on"} & set(vals):
                raise UserError(
                    self.env._("The head confirms the effect with the button.")
                )
            if "effect_note" in vals and any(self.mapped("effect_confirmed_on")):
                raise UserError(
                    self.env._("The head has confirmed this conclusion; it stays.")
                )
        return super().write(vals)

    def _get_steps(self):
        """Return the commands that make the steps from the template."""
        templates = self.env["cchc.iso.cycle.template"].search([("active", "=", True)])
        return [
            Command.create(
                {
                    "template_id": template.id,
                    "sequence": template.sequence,
                    "fact": template.fact,
                    "due_on": template._date_in(self.year),
                    "warn_days": template.warn_days,
                }
            )
            for template in templates
        ]

    def action_next_year(self):
        """Open the cycle of the next year with the same steps and dates."""
        self.ensure_one()
        following = self.search(
            [
                ("system_id", "=", self.system_id.id),
                ("company_id", "=", self.company_id.id),
                ("year", "=", self.year + 1),
            ]
        )
        if not following:
            following = self.create(
                {
                    "system_id": self.system_id.id,
                    "company_id": self.company_id.id,
                    "year": self.year + 1,
                    "plan_purpose": self.plan_purpose,
                    "plan_arrangement": self.plan_arrangement,
                    "step_ids": [
                        Command.create(
                            {
                                "template_id": step.template_id.id,
                                "own_name": step.own_name,
                                "sequence": step.sequence,
                                "fact": step.fact,
                                "due_on": fields.Date.add(step.due_on, years=1),
                                "warn_days": step.warn_days,
                                "user_id": step.user_id.id,
                            }
                        )
                        for step in self.step_ids
                    ],
                }
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": following.id,
            "view_mode": "form",
        }

    def action_confirm_effect(self):
        """The head confirms that the system has effect this year.

        :raise AccessError: for anybody but a leader
        :raise UserError: without a conclusion
        """
        self.ensure_one()
        if not self.env.user.has_group("cchc_iso.group_leader"):
            raise AccessError(
                self.env._("The head of the agency confirms the effect of the system.")
            )
        self.check_access("read")
        if not (self.effect_note or "").strip():
            raise UserError(
                self.env._("Write the conclusion on the effect of the system first.")
            )
        today = self.company_id._cchc_local_date(replay.now(self.env))
        unlocked(self.sudo()).write(
            {"effect_confirmed_by_id": self.env.uid, "effect_confirmed_on": today}
        )
        self.sudo()._message_log(
            body=self.env._(
                "%(user)s confirmed on %(date)s that the system has effect.",
                user=self.env.user.name,
                date=format_date(self.env, today),
            )
        )

    def _facts(self):
        """Return ``{cycle: {fact: (day, record)}}`` of what the system sees.

        One query per kind of fact, whatever the number of cycles.
        """
        found = {cycle: {} for cycle in self}
        by_key = {
            (cycle.system_id, cycle.company_id, cycle.year): cycle for cycle in self
        }
        for fact, rows in self._fact_rows().items():
            for system, company, day, record in rows:
                year = day and (record.year if "year" in record._fields else day.year)
                cycle = by_key.get((system, company, year))
                if not cycle:
                    continue
                known = found[cycle].get(fact)
                if not known or day > known[0]:
                    found[cycle][fact] = (day, record)
        for cycle in self:
            if cycle.effect_confirmed_on:
                found[cycle]["effect"] = (cycle.effect_confirmed_on, cycle)
        return found

    def _fact_rows(self):
        """Return ``{fact: [(system, agency, day, record)]}`` around these cycles."""
        domain = [
            ("system_id", "in", self.system_id.ids),
            ("company_id", "in", self.company_id.ids),
        ]
        audits = (
            self.env["mgmtsystem.audit"]
            .sudo()
            .search([*domain, ("state", "=", "done"), ("closing_date", "!=", False)])
        )
        reviews = (
            self.env["mgmtsystem.review"]
            .sudo()
            .search([*domain, ("state", "=", "done")])
        )
        programmes = (
            self.env["cchc.iso.audit.programme"]
            .sudo()
            .search([*domain, ("state", "=", "approved")])
        )
        objectives = (
            self.env["cchc.iso.objective"]
            .sudo()
            .search([*domain, ("state", "in", ("approved", "closed"))])
        )
        declarations = (
            self.env["cchc.iso.declaration"]
            .sudo()
            .search([*domain, ("effect_confirmed_at", "!=", False)])
        )

        def rows(records, name):
            return [
                (
                    record.system_id,
                    record.company_id,
                    record.company_id._cchc_local_date(record[name]),
                    record,
                )
                for record in records
            ]

        return {
            "objectives": [
                (
                    objective.system_id,
                    objective.company_id,
                    objective.company_id._cchc_local_date(moment),
                    objective,
                )
                for objective in objectives
                for moment in filter(None, objective.review_ids.mapped("reviewed_date"))
            ],
            "programme": rows(programmes, "approved_at"),
            "audit": rows(audits, "closing_date"),
            "review": rows(reviews, "date"),
            "effect": rows(declarations, "effect_confirmed_at"),
        }

    # --- Late steps

    @api.model
    def _cron_watch(self):
        """Remind the secretary once of each step that is late, and of a declaration
        that has to be made again."""
        today = fields.Date.context_today(self)
        open_steps = (
            self.env["cchc.iso.cycle.step"]
            .sudo()
            .search([("due_on", "<", today), ("cycle_id.year", ">=", today.year - 1)])
        )
        open_steps.filtered(
            lambda step: step.activity_id and step.state == "done"
        )._settle_alert()
        late = open_steps.filtered(
            lambda step: step.state == "late" and not step.alerted_on
        )
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(late))
        for step in late:
            step._alert()
            if not progress(1):
                return
        self.env["cchc.iso.declaration"].sudo().search(
            [("state", "=", "published")]
        )._alert_again()
