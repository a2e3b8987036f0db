from odoo import api, fields, models
from odoo.fields import Domain

PATHS = [
    ("ministry", "Ministry"),
    ("province", "Province"),
    ("shortened", "Shortened Drafting"),
]
KINDS = [
    ("notice", "Signed before the text takes effect"),
    ("issue", "Signed after the text was issued"),
    ("entry", "Entered into the national database"),
    ("posting", "Posted at the desk"),
]


class CchcPublicationTerm(models.Model):
    """Legal term of publishing procedures (NĐ 63/2010 Đ.15, Đ.17, Đ.24).

    Law is data: an amendment of the law is a new record with its dates.
    """

    _name = "cchc.publication.term"
    _description = "Legal Term of Publication"
    _order = "kind, path, valid_from desc, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(KINDS, required=True)
    path = fields.Selection(
        PATHS, help="Who publishes, and how; empty: holds for all of them"
    )
    amount = fields.Integer(
        required=True, help="How many days; 0: on the very day at the latest"
    )
    unit = fields.Selection(
        [("calendar_day", "Days"), ("working_day", "Working Days")],
        required=True,
        default="working_day",
    )
    legal_source = fields.Char(help="E.g. NĐ 63/2010/NĐ-CP Đ.24")
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(help="Last day in force; empty: still in force")
    to_confirm = fields.Boolean(
        "To Be Confirmed", help="A default that the agency has to confirm"
    )
    active = fields.Boolean(default=True)

    _amount_positive = models.Constraint(
        "CHECK (amount >= 0)", "A legal term cannot be negative."
    )

    @api.model
    def _for(self, path, day):
        """Return ``{kind: term}`` that holds on ``day`` for decisions of ``path``.

        A term for the path goes before one for all, a later one before an earlier.
        """
        terms = self.search(
            Domain("path", "in", [path, False])
            & Domain("valid_from", "<=", day)
            & (Domain("valid_to", "=", False) | Domain("valid_to", ">=", day))
        )
        ranked = terms.sorted(lambda term: (bool(term.path), term.valid_from, term.id))
        return {term.kind: term for term in ranked}
