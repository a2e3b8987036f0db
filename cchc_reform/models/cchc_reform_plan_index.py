from odoo import api, fields, models


class CchcReformPlanIndex(models.Model):
    """A remedy plan: how many of its tasks are kept up, what was won back."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.reform.plan"  # pylint: disable=consider-merging-classes-inherited

    remedied_ids = fields.One2many(
        "cchc.index.assessment", "remedy_plan_id", "Remedies", readonly=True
    )
    remedy_task_ids = fields.One2many(
        "cchc.reform.task",
        "plan_id",
        "Tasks on Lost Points",
        domain=[("assessment_line_id", "!=", False)],
    )
    remedy_text = fields.Char("Kept Up", compute="_compute_remedy")
    recovered_count = fields.Integer("Recovered", compute="_compute_remedy")
    partly_count = fields.Integer("Partly Recovered", compute="_compute_remedy")
    not_recovered_count = fields.Integer("Not Recovered", compute="_compute_remedy")

    @api.depends(
        "plan_type", "task_ids.progress_state", "task_ids.is_maintained", "year"
    )
    def _compute_remedy(self):
        for plan in self:
            tasks = plan.task_ids.filtered("assessment_line_id")
            if not tasks and plan.plan_type == "remedy":
                # points lost in an index that was scored in other software
                tasks = plan.task_ids
            kept = tasks.filtered(
                lambda task: (
                    task.is_maintained or task.progress_state in ("done", "done_late")
                )
            )
            plan.remedy_text = (
                self.env._(
                    "%(kept)02d/%(all)02d tasks are kept up",
                    kept=len(kept),
                    all=len(tasks),
                )
                if tasks
                else False
            )
            found = tasks.mapped("recovery")
            plan.recovered_count = found.count("recovered")
            plan.partly_count = found.count("partly")
            plan.not_recovered_count = found.count("not")

    def _open_form(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "name": self.display_name,
        }
