from odoo import api, fields, models
from odoo.exceptions import ValidationError

KINDS = [
    ("decide", "Accept or return"),
    ("ask_more", "Ask for more"),
    ("answer", "Answer"),
    ("publish", "Publish the answer"),
]


class CchcPetitionTerm(models.Model):
    """Within which time petitions are handled; law is data with dates.

    NĐ 20/2008/NĐ-CP, NĐ 92/2017/NĐ-CP and the terms by which QĐ 766/QĐ-TTg counts.
    """

    _name = "cchc.petition.term"
    _description = "Term of Petitions"
    _order = "kind, valid_from desc, id"

    name = fields.Char(required=True)
    kind = fields.Selection(KINDS, required=True)
    amount = fields.Float(required=True, digits=(6, 2))
    unit = fields.Selection(
        [
            ("working_day", "Working Days"),
            ("calendar_day", "Days"),
            ("working_hour", "Working Hours"),
        ],
        required=True,
        default="working_day",
    )
    on_supplement = fields.Selection(
        [
            ("pause", "The clock stands still"),
            ("restart", "The term begins anew"),
            ("run", "The clock runs on"),
        ],
        "While the Sender Is Asked",
        required=True,
        default="pause",
        help="What a request for more does to the term of the answer",
    )
    legal_source = fields.Char()
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    valid_to = fields.Date()
    to_confirm = fields.Boolean(
        "To Be Confirmed", help="A default that the agency has to confirm"
    )
    active = fields.Boolean(default=True)

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A term lasts longer than nothing."
    )

    @api.constrains("valid_from", "valid_to")
    def _check_days(self):
        for term in self:
            if term.valid_to and term.valid_to < term.valid_from:
                raise ValidationError(
                    self.env._("%s ends before it begins.", term.name)
                )

    @api.model
    def _on(self, day):
        """Return ``{kind: term}`` in force on a day; the latest of each."""
        terms = self.sudo().search(
            [
                ("valid_from", "<=", day),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">=", day),
            ]
        )
        ranked = terms.sorted(lambda term: (term.valid_from, term.id))
        return {term.kind: term for term in ranked}
