from odoo import Command, fields, models

from ..tools import term


class CchcProcessTemplate(models.Model):
    """Usual chain of steps from which the processes of an agency are generated."""

    _name = "cchc.process.template"
    _description = "Process Template"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    note = fields.Text()
    step_ids = fields.One2many(
        "cchc.process.template.step", "template_id", "Steps", copy=True
    )

    def _prepare_steps(self, hours, find_actors):
        """Return create commands of process steps that add up to ``hours``.

        :param hours: working hours to divide; 0 when no time is stated
        :param find_actors: function of a role that returns ``(department, users)``
        """
        self.ensure_one()
        parts = term.share(hours, self.step_ids.mapped("weight"))
        commands = []
        for step, planned in zip(self.step_ids, parts, strict=True):
            department, users = find_actors(step.role)
            commands.append(
                Command.create(
                    {
                        "sequence": step.sequence,
                        "name": step.name,
                        "role": step.role,
                        "content": step.content,
                        "output": step.output,
                        "planned_amount": planned,
                        "planned_unit": "working_hour",
                        "department_id": department.id,
                        "user_ids": [Command.set(users.ids)],
                    }
                )
            )
        return commands

    def action_generate_processes(self):
        """Ask for which procedures and with which people processes are made."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Generate Processes"),
            "res_model": "cchc.process.generate",
            "view_mode": "form",
            "target": "new",
            "context": {"default_template_id": self[:1].id},
        }
