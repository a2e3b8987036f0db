from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.cchc_reform_progress import OUTCOMES


class CchcReformProgressBatch(models.TransientModel):
    """Reports progress on several tasks in one go: a row each."""

    _name = "cchc.reform.progress.batch"
    _description = "Progress on Several Tasks"

    day = fields.Date(
        "Date", required=True, default=lambda self: fields.Date.context_today(self)
    )
    line_ids = fields.One2many("cchc.reform.progress.batch.line", "batch_id", "Tasks")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        tasks = self.env["cchc.reform.task"].browse(
            self.env.context.get("active_ids") or []
        )
        values["line_ids"] = [
            Command.create(
                {
                    "task_id": task.id,
                    "percent": task.percent,
                    "period_end": task.next_due
                    if task.deadline_type == "quarterly"
                    else False,
                }
            )
            for task in tasks.filtered("can_report")
        ]
        if tasks and not values["line_ids"]:
            raise UserError(
                self.env._(
                    "None of these tasks waits for a report of yours: report on tasks "
                    "of approved plans that your department leads."
                )
            )
        return values

    def action_report(self):
        """Write an entry of each row that says something."""
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: (line.text or "").strip())
        if not lines:
            raise UserError(self.env._("Write in at least one row what was done."))
        self.env["cchc.reform.progress"].create([line._entry() for line in lines])
        return {"type": "ir.actions.act_window_close"}


class CchcReformProgressBatchLine(models.TransientModel):
    """Progress on one task among several."""

    _name = "cchc.reform.progress.batch.line"
    _description = "Progress on One of Several Tasks"
    _order = "id"

    batch_id = fields.Many2one(
        "cchc.reform.progress.batch", required=True, ondelete="cascade"
    )
    task_id = fields.Many2one("cchc.reform.task", required=True)
    date_deadline = fields.Date("Due", related="task_id.next_due")
    deadline_type = fields.Selection(related="task_id.deadline_type")
    outcome = fields.Selection(
        [pair for pair in OUTCOMES if pair[0] in ("going", "done")],
        required=True,
        default="going",
    )
    percent = fields.Integer("Progress (%)")
    period_end = fields.Date("For the Quarter until")
    text = fields.Char("What Was Done")
    product_text = fields.Char(
        "Product",
        help="What came out: number and date of the document, or where it is found",
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Evidence")

    def _entry(self):
        self.ensure_one()
        quarterly = self.deadline_type == "quarterly" and self.outcome == "done"
        return {
            "task_id": self.task_id.id,
            "day": self.batch_id.day,
            "outcome": self.outcome,
            "percent": 100 if self.outcome == "done" else self.percent,
            "period_end": quarterly and self.period_end,
            "text": self.text,
            "product_text": self.product_text,
            "attachment_ids": [Command.set(self.attachment_ids.ids)],
        }
