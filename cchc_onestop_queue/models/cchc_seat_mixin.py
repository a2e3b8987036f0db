from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CchcSeatMixin(models.AbstractModel):
    """Who sits at a counter in a half-day, and who steps in.

    The desk has to keep stand-in staff so that reception never stops
    (NĐ 118/2025/NĐ-CP Đ.11 k.8): hence the substitute.
    """

    _name = "cchc.seat.mixin"
    _description = "Officer and Substitute at a Counter"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    counter_id = fields.Many2one(
        "cchc.counter",
        required=True,
        index=True,
        domain="[('company_id', '=', company_id)]",
        check_company=True,
    )
    counter_number = fields.Integer(related="counter_id.number", store=True)
    half = fields.Selection(
        [("morning", "Morning"), ("afternoon", "Afternoon")],
        "Half-Day",
        required=True,
        default="morning",
    )
    user_id = fields.Many2one(
        "res.users",
        "Officer",
        required=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    substitute_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False), ('company_ids', 'in', company_id),"
        " ('id', '!=', user_id)]",
    )

    _other_person = models.Constraint(
        "CHECK (substitute_id IS NULL OR substitute_id != user_id)",
        "Nobody can be his own substitute.",
    )

    def _siblings(self):
        """Return all seats of the same agency and half-day, this one included."""
        raise NotImplementedError

    @api.constrains("user_id", "substitute_id", "company_id")
    def _check_persons(self):
        """Only desk officers of the agency sit at its counters."""
        for seat in self:
            company = seat.company_id
            for person in (seat.user_id | seat.substitute_id).sudo():
                if (
                    person.share
                    or not person.active
                    or company not in person.company_ids
                    or not person.has_group("cchc_onestop.group_desk")
                ):
                    raise ValidationError(
                        self.env._(
                            "%(person)s is no desk officer of %(agency)s: give him the "
                            "role, or choose somebody else.",
                            person=person.name,
                            agency=company.name,
                        )
                    )

    @api.constrains("substitute_id", "user_id", "half", "counter_id")
    def _check_substitute_free(self):
        for seat in self:
            siblings = seat._siblings()
            for each in siblings:
                if each.substitute_id and each.substitute_id in siblings.user_id:
                    raise ValidationError(
                        self.env._(
                            "%(person)s sits at a counter himself in this half-day and "
                            "cannot be the substitute at %(counter)s.",
                            person=each.substitute_id.name,
                            counter=each.counter_id.name,
                        )
                    )
