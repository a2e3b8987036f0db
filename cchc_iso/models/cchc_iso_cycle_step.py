from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.cchc_onestop.tools import replay
from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

from .cchc_iso_cycle_template import FACTS

#: What the buttons and the daily look write.
_KEPT = frozenset({"activity_id", "alerted_on", "done_by_id", "done_on"})


class CchcIsoCycleStep(models.Model):
    """Step of a year: due, done by what the system sees, or marked with evidence."""

    _name = "cchc.iso.cycle.step"
    _description = "Step of the Yearly Cycle"
    _order = "cycle_id, sequence, due_on, id"

    cycle_id = fields.Many2one(
        "cchc.iso.cycle", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="cycle_id.company_id", store=True, index=True)
    template_id = fields.Many2one("cchc.iso.cycle.template", ondelete="restrict")
    own_name = fields.Char(help="Name of a step of this year only")
    name = fields.Char(
        "Step",
        compute="_compute_name",
        inverse="_inverse_name",
        search="_search_name",
        required=True,
        help="In the language of the reader, as the template says it",
    )
    sequence = fields.Integer(default=10)
    user_id = fields.Many2one("res.users", "Responsible")
    due_on = fields.Date("Due by", required=True)
    warn_days = fields.Integer("Warn Days Before", default=15)
    fact = fields.Selection(
        FACTS, "Seen by the System", help="Empty: marked done by hand, with evidence"
    )
    fact_text = fields.Char("What Shows It", compute="_compute_state")
    fact_model = fields.Char(compute="_compute_state")
    fact_res_id = fields.Integer(compute="_compute_state")
    settled_on = fields.Date("Done on", compute="_compute_state")
    done_on = fields.Date("Marked Done on", readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    note = fields.Char("Evidence", help="Number and date of the paper, what was done")
    evidence_ids = fields.Many2many(
        "ir.attachment",
        "cchc_iso_cycle_step_evidence_rel",
        "step_id",
        "attachment_id",
        "Files",
    )
    alerted_on = fields.Date(readonly=True, copy=False)
    activity_id = fields.Many2one("mail.activity", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("todo", "To Do"),
            ("soon", "Due Soon"),
            ("late", "Late"),
            ("done", "Done"),
        ],
        compute="_compute_state",
        search="_search_state",
    )

    _open_idx = models.Index("(company_id, due_on) WHERE done_on IS NULL")

    @api.depends_context("lang")
    @api.depends("own_name", "template_id.name")
    def _compute_name(self):
        for step in self:
            step.name = step.own_name or step.template_id.name

    def _inverse_name(self):
        for step in self:
            step.own_name = step.name != step.template_id.name and step.name

    @api.model
    def _search_name(self, operator, value):
        return Domain("own_name", operator, value) | Domain(
            "template_id.name", operator, value
        )

    @api.depends(
        "done_on", "due_on", "warn_days", "fact", "cycle_id.effect_confirmed_on"
    )
    def _compute_state(self):
        now = fields.Datetime.now()
        facts = self.cycle_id._facts()
        for step in self:
            day, record = facts.get(step.cycle_id, {}).get(step.fact, (False, None))
            step.settled_on = step.done_on or day
            step.fact_text = record.display_name if record else False
            step.fact_model = record._name if record else False
            step.fact_res_id = record.id if record else False
            agency = step.company_id or self.env.company
            step.state = step._state_on(agency._cchc_local_date(now))

    def _state_on(self, today):
        if self.settled_on:
            return "done"
        if not self.due_on or self.due_on > fields.Date.add(today, days=self.warn_days):
            return "todo"
        return "late" if self.due_on < today else "soon"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        # a handful of steps per agency and year, and what settles them lies elsewhere
        steps = self.search([("done_on", "=", False)])
        matching = steps.filtered(lambda step: step.state in value)
        domain = Domain("id", "in", matching.ids)
        return domain | Domain("done_on", "!=", False) if "done" in value else domain

    def write(self, vals):
        if _KEPT & set(vals) and not is_unlocked(self.env):
            raise UserError(self.env._("Mark the step as done with its button."))
        if "due_on" in vals:
            # a new date is a new promise: reminded of again
            unlocked(self.sudo()).write({"alerted_on": False})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        for step in self:
            if step.done_on:
                raise UserError(
                    self.env._("“%s” is done: take the mark back first.", step.name)
                )

    def action_done(self):
        """Mark a step as done today.

        :raise UserError: without evidence, or when the system sees the fact itself
        """
        self.check_access("write")
        for step in self:
            if step.fact:
                raise UserError(
                    self.env._(
                        "“%(step)s” is done when: %(fact)s. It is not marked by hand.",
                        step=step.name,
                        fact=dict(
                            self._fields["fact"]._description_selection(self.env)
                        )[step.fact],
                    )
                )
            if not (step.note or step.evidence_ids):
                raise UserError(
                    self.env._(
                        "“%s”: enter the paper or attach the file that shows it.",
                        step.name,
                    )
                )
            unlocked(step).write(
                {
                    "done_on": step.company_id._cchc_local_date(replay.now(self.env)),
                    "done_by_id": self.env.uid,
                }
            )
            step._settle_alert()

    def action_undo(self):
        """Take the mark back."""
        self.check_access("write")
        unlocked(self).write({"done_on": False, "done_by_id": False})

    def action_open_fact(self):
        """Open what settles the step."""
        self.ensure_one()
        if not self.fact_model:
            raise UserError(self.env._("There is nothing yet that settles this step."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.fact_model,
            "res_id": self.fact_res_id,
            "view_mode": "form",
        }

    def _alert(self):
        """Give the responsible person one activity about this late step."""
        self.ensure_one()
        cycle = self.cycle_id
        system = cycle.system_id.with_company(cycle.company_id)
        user = self.user_id or system.secretary_id or system.head_id
        values = {"alerted_on": fields.Date.context_today(self)}
        if user:
            speaker = self.with_context(lang=user.lang)
            values["activity_id"] = cycle.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=speaker.env._("Late: %s", speaker.name),
                note=speaker.env._(
                    "The step was due on %(date)s.",
                    date=format_date(speaker.env, self.due_on),
                ),
                user_id=user.id,
                date_deadline=values["alerted_on"],
            ).id
        unlocked(self).write(values)

    def _settle_alert(self):
        """Close the reminders of steps that are done."""
        self.sudo().activity_id.action_done()
