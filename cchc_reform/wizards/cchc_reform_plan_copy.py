from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.cchc_reform_task import RUNNING


class CchcReformPlanCopy(models.TransientModel):
    """Makes the plan of the next period with what the plan before left unfinished.

    Tasks that go on every year may come along; each new task names the one that it
    continues, and dates move by as many months as the plan does.
    """

    _name = "cchc.reform.plan.copy"
    _description = "Plan of the Next Period"

    plan_id = fields.Many2one("cchc.reform.plan", required=True, readonly=True)
    company_id = fields.Many2one(related="plan_id.company_id")
    name = fields.Char("Title", required=True)
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("To", required=True)
    with_texts = fields.Boolean(
        "Texts", default=True, help="Purpose, goals, funding, organisation"
    )
    with_targets = fields.Boolean("Targets", default=True)
    line_ids = fields.One2many("cchc.reform.plan.copy.line", "wizard_id", "Tasks")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        plan = self.env["cchc.reform.plan"].browse(
            values.get("plan_id") or self.env.context.get("active_id")
        )
        if not plan:
            return values
        months = plan._months()
        shift = relativedelta(months=months)
        date_from = plan.date_from + shift
        date_to = date_from + relativedelta(months=months, days=-1)
        values |= {
            "plan_id": plan.id,
            "date_from": date_from,
            "date_to": date_to,
            "name": (plan.name or "").replace(
                str(plan.date_from.year), str(date_from.year)
            ),
            "line_ids": [
                Command.create(
                    {
                        "task_id": task.id,
                        "is_chosen": task.progress_state in (*RUNNING, "regular"),
                        "date_deadline": task.deadline_type == "fixed"
                        and task.date_deadline
                        and task.date_deadline + shift,
                    }
                )
                for task in plan.task_ids.filtered(lambda t: not t.has_parts)
            ],
        }
        return values

    def action_copy(self):
        """Make the plan and open it."""
        self.ensure_one()
        chosen = self.line_ids.filtered("is_chosen")
        if not chosen:
            raise UserError(self.env._("Choose at least one task to go on with."))
        if self.date_from <= self.plan_id.date_from:
            raise UserError(
                self.env._("The next plan begins after %s.", self.plan_id.display_name)
            )
        plan = self.env["cchc.reform.plan"].create(self._plan_values())
        copies = {}
        for line in chosen:
            line._copy_into(plan, copies)
        return {
            "type": "ir.actions.act_window",
            "res_model": plan._name,
            "res_id": plan.id,
            "view_mode": "form",
        }

    def _plan_values(self):
        plan = self.plan_id
        above = plan.parent_id
        within = above.date_from and (
            above.date_from <= self.date_from and self.date_to <= above.date_to
        )
        values = {
            "name": self.name,
            "plan_type": plan.plan_type,
            "level": plan.level,
            "company_id": plan.company_id.id,
            "date_from": self.date_from,
            "date_to": self.date_to,
            "parent_id": above.id if within else False,
            "committee_id": plan.committee_id.id,
            "signer_id": plan.signer_id.id,
            "copied_from_id": plan.id,
        }
        if self.with_texts:
            values |= {
                name: plan[name]
                for name in ("purpose", "goals", "funding", "organisation")
            }
        if self.with_targets:
            values["target_ids"] = [
                Command.create(target._copied()) for target in plan.target_ids
            ]
        return values


class CchcReformPlanCopyLine(models.TransientModel):
    """One task that may go on in the next plan."""

    _name = "cchc.reform.plan.copy.line"
    _description = "Task of the Next Plan"
    _order = "id"

    wizard_id = fields.Many2one(
        "cchc.reform.plan.copy", required=True, ondelete="cascade"
    )
    task_id = fields.Many2one("cchc.reform.task", required=True, readonly=True)
    status = fields.Selection(related="task_id.status")
    lead_department_id = fields.Many2one(related="task_id.lead_department_id")
    deadline_type = fields.Selection(related="task_id.deadline_type")
    is_chosen = fields.Boolean("Goes on")
    date_deadline = fields.Date("New Deadline")

    def _copy_into(self, plan, copies):
        """Copy the task into a plan, and what it is part of.

        :param copies: ``{task: its copy}`` of this plan so far
        """
        task = self.task_id
        above = self._above_in(plan, task.parent_id, copies)
        values = {
            "origin_id": task.id,
            "is_carried_over": task.progress_state in RUNNING,
            "plan_id": plan.id,
            "parent_id": above.id,
            "area_id": self._area_in(plan, task.area_id).id,
            "date_from": False,
            "date_deadline": self.date_deadline,
        }
        copies[task] = task.copy(values)

    def _above_in(self, plan, task, copies):
        if not task:
            return task
        if task not in copies:
            above = self._above_in(plan, task.parent_id, copies)
            copies[task] = task.copy(
                {
                    "origin_id": task.id,
                    "plan_id": plan.id,
                    "parent_id": above.id,
                    "area_id": self._area_in(plan, task.area_id).id,
                    "date_from": False,
                    "date_deadline": False,
                }
            )
        return copies[task]

    def _area_in(self, plan, area):
        """Return the same area in the programme of the plan."""
        areas = plan.programme_id.area_ids
        return areas.filtered(lambda line: line.key == area.key)[:1] or area
