from odoo import api, fields, models


class CchcRosterTemplate(models.Model):
    """The usual week of the desk: who sits where in which half of which day.

    Shifts are made from it week by week.
    """

    _name = "cchc.roster.template"
    _description = "Usual Week of a Counter"
    _inherit = ["cchc.seat.mixin"]
    _order = "company_id, weekday, half desc, counter_number, id"

    weekday = fields.Selection(
        [
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
            ("5", "Saturday"),
            ("6", "Sunday"),
        ],
        required=True,
        default="0",
    )
    active = fields.Boolean(default=True)

    _seat_uniq = models.UniqueIndex(
        "(counter_id, weekday, half) WHERE active",
        "This counter has an officer in this half-day already.",
    )
    _person_uniq = models.UniqueIndex(
        "(company_id, user_id, weekday, half) WHERE active",
        "This officer sits at another counter in the same half-day.",
    )

    @api.depends("counter_id", "weekday", "half")
    def _compute_display_name(self):
        days = dict(self._fields["weekday"]._description_selection(self.env))
        halves = dict(self._fields["half"]._description_selection(self.env))
        for line in self:
            line.display_name = (
                f"{line.counter_id.name}: {days.get(line.weekday, '')}, "
                f"{halves.get(line.half, '').lower()}"
            )

    def _siblings(self):
        return self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("weekday", "=", self.weekday),
                ("half", "=", self.half),
            ]
        )

    @api.constrains("weekday", "active")
    def _check_day(self):
        self._check_substitute_free()
