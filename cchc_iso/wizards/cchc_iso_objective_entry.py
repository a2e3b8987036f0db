from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.objective import Figure


class CchcIsoObjectiveEntry(models.TransientModel):
    """A figure that no data of the system hold, entered with its source."""

    _name = "cchc.iso.objective.entry"
    _description = "Enter a Figure"

    objective_id = fields.Many2one("cchc.iso.objective", required=True, readonly=True)
    day = fields.Date(
        "Any Day of the Period", required=True, default=fields.Date.context_today
    )
    numerator = fields.Integer("Reached", required=True)
    denominator = fields.Integer("Out of", required=True)
    source = fields.Char(required=True, help="Where the figure comes from")

    @api.constrains("numerator", "denominator")
    def _check_figure(self):
        for entry in self:
            if entry.numerator < 0 or entry.denominator <= 0:
                raise UserError(
                    self.env._("Give whole numbers, the second one above zero.")
                )

    def action_enter(self):
        """Store the figure; a period that is closed and entered stays."""
        self.ensure_one()
        objective = self.objective_id
        objective._check_in_force()
        user = self.env.user
        if user != objective.responsible_id and not user.has_group(
            "cchc_iso.group_officer"
        ):
            raise AccessError(
                self.env._(
                    "%s or the ISO secretary enters this figure.",
                    objective.responsible_id.name,
                )
            )
        found = [
            (period, ended)
            for period, ended in objective._periods()
            if period.start <= self.day <= period.end
        ]
        if not found:
            raise UserError(
                self.env._(
                    "%(day)s lies in no period of %(year)s that has begun.",
                    day=self.day.strftime("%d/%m/%Y"),
                    year=objective.year,
                )
            )
        period, ended = found[0]
        measures = self.env["cchc.iso.objective.measure"].sudo()
        stored = measures._put(
            objective.sudo(),
            objective._scope(period),
            Figure(self.numerator, self.denominator),
            ended,
        )
        if not stored:
            raise UserError(
                self.env._("The figure of this period was entered and is closed.")
            )
        stored._name_source(self.source)
        stored._act()
        return {"type": "ir.actions.act_window_close"}
