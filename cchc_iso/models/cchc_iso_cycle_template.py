from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: What the system sees by itself; the other steps are marked done with evidence.
FACTS = [
    ("objectives", "Objectives of the year approved"),
    ("programme", "Audit programme of the year approved"),
    ("audit", "Internal audit of the year closed"),
    ("review", "Management review of the year held"),
    ("effect", "Effect confirmed by the head"),
]


class CchcIsoCycleTemplate(models.Model):
    """Step of the yearly cycle of a quality system with its usual date.

    Dates as provinces ask for them (audit and review at least once a year, dossier
    before 15/10); an office changes them here or in its cycle.
    """

    _name = "cchc.iso.cycle.template"
    _description = "Step of the Yearly Cycle (Template)"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    month = fields.Integer(required=True)
    day = fields.Integer(required=True)
    fact = fields.Selection(
        FACTS, "Seen by the System", help="Empty: marked done by hand, with evidence"
    )
    warn_days = fields.Integer(
        "Warn Days Before", default=15, help="Days before the date from which it is due"
    )
    description = fields.Text(translate=True)
    to_confirm = fields.Boolean("To Be Confirmed")

    @api.constrains("month", "day")
    def _check_date(self):
        for step in self:
            # 28/2 at the latest, so that the date exists in every year
            try:
                step._date_in(2023)
            except ValueError:
                raise ValidationError(
                    self.env._(
                        "%(step)s: there is no day %(day)s in month %(month)s.",
                        step=step.name,
                        day=step.day,
                        month=step.month,
                    )
                ) from None

    def _date_in(self, year):
        """Return the date of the step in a year."""
        self.ensure_one()
        return fields.Date.to_date(f"{year:04d}-01-01").replace(
            month=self.month, day=self.day
        )
