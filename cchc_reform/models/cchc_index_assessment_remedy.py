from datetime import date

from odoo import Command, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.guard import unlocked


class CchcIndexAssessmentRemedy(models.Model):
    """From lost points to the plan that wins them back (khắc phục tiêu chí bị trừ)."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.index.assessment"  # pylint: disable=consider-merging-classes-inherited

    remedy_plan_id = fields.Many2one(
        "cchc.reform.plan",
        readonly=True,
        copy=False,
        ondelete="set null",
    )

    def action_remedy(self):
        """Draft the remedy plan of the next year, a task per deducted line; open it.

        :raises UserError: when nothing was deducted, or nobody has appraised yet
        """
        self.ensure_one()
        if plan := self.sudo().remedy_plan_id:
            return plan.with_env(self.env)._open_form()
        self._check_person("agency")
        if not self.appraisal:
            raise UserError(
                self.env._(
                    "%s is not appraised yet: what was deducted is known afterwards.",
                    self.name,
                )
            )
        lines = self._leaves().filtered(lambda line: line.lost > 0).sorted("path")
        if not lines:
            raise UserError(self.env._("%s lost no points.", self.name))
        year = self.year + 1
        plan = (
            self.env["cchc.reform.plan"]
            .with_company(self.company_id)
            .create(
                {
                    "name": self.env._(
                        "Remedy plan for the criteria of the reform index of %s that "
                        "lost points",
                        self.year,
                    ),
                    "plan_type": "remedy",
                    "company_id": self.company_id.id,
                    "date_from": date(year, 1, 1),
                    "date_to": date(year, 12, 31),
                }
            )
        )
        areas = {area.key: area for area in plan.programme_id.area_ids}
        plan.write(
            {
                "task_ids": [
                    Command.create(line._remedy_vals(number, areas))
                    for number, line in enumerate(lines, 1)
                ]
            }
        )
        unlocked(self.sudo()).remedy_plan_id = plan
        return plan._open_form()
