from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from .cchc_reform_task import LEFT_OUT


class CchcReformTask(models.Model):
    """The way from a task of an approved plan to an adjustment of it."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.reform.task"  # pylint: disable=consider-merging-classes-inherited

    def action_adjust(self):
        """Open an adjustment of the plan with these tasks in it.

        A draft that nobody submitted yet takes them up; without one a new adjustment is
        begun, which asks for its authority before it is kept.
        """
        adjustments = self.env["cchc.reform.plan.adjustment"]
        adjustments.check_access("create")
        self._check_adjustable()
        drafts = adjustments.search(
            [("plan_id", "=", self.plan_id.id), ("state", "=", "draft")]
        ).filtered("is_editable")
        lines = drafts.line_ids
        draft = lines.filtered(lambda line: line.task_id in self).adjustment_id[:1]
        draft = draft or drafts[:1]
        missing = self - draft.line_ids.task_id
        commands = [
            Command.create({"task_id": task.id, **lines._values_of(task)})
            for task in missing
        ]
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("New Adjustment"),
            "res_model": adjustments._name,
            "view_mode": "form",
        }
        if not draft:
            return {
                **action,
                "context": {
                    "default_plan_id": self.plan_id.id,
                    "default_line_ids": commands,
                },
            }
        if commands:
            draft.line_ids = commands
        return {**action, "name": draft.name, "res_id": draft.id}

    def _check_adjustable(self):
        """Raise when these tasks cannot be changed by one adjustment."""
        if len(self.plan_id) != 1:
            raise UserError(self.env._("Choose tasks of one plan to adjust."))
        if self.plan_id.state != "approved":
            raise UserError(
                self.env._(
                    "%s is not approved: change its tasks in the plan itself.",
                    self.plan_id.display_name,
                )
            )
        for task in self:
            if task.has_parts:
                raise UserError(
                    self.env._(
                        "“%s” stands as its parts stand: adjust these.",
                        task.display_name,
                    )
                )
            if task.progress_state in LEFT_OUT:
                raise UserError(
                    self.env._("“%s” has been given up already.", task.display_name)
                )
