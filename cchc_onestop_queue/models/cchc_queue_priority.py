from datetime import timedelta

from odoo import api, fields, models


class CchcQueuePriority(models.Model):
    """Whom the desk serves before others, and by how much.

    A ticket with precedence stands in the line as if it had been taken so many minutes
    earlier: whoever is entitled waits less, and nobody waits for ever. The desk has to
    support these groups (NĐ 63/2010/NĐ-CP Đ.18 k.8); how it does is each agency's rule.
    """

    _name = "cchc.queue.priority"
    _description = "Precedence in the Queue"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    head_start = fields.Integer(
        "Head Start (minutes)",
        default=30,
        help="The ticket ranks as if taken so many minutes earlier",
    )
    legal_basis = fields.Char()
    valid_from = fields.Date("In Force From")
    valid_to = fields.Date("In Force Until")
    dossier_priority = fields.Selection(
        lambda self: (
            self.env["cchc.dossier"]
            ._fields["priority"]
            ._description_selection(self.env)
        ),
        string="Precedence of the Dossier",
        default="2",
        help="What a dossier received with such a ticket begins with",
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "Codes of precedence differ.")
    _head_start_valid = models.Constraint(
        "CHECK (head_start BETWEEN 0 AND 600)",
        "The head start lies between 0 and 600 minutes.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_to >= valid_from)",
        "The last day cannot come before the first.",
    )

    @api.model
    def _in_force(self, company):
        """Return the kinds of precedence of today in an agency."""
        today = company._cchc_local_date(fields.Datetime.now())
        return self.search(
            [
                "|",
                ("valid_from", "=", False),
                ("valid_from", "<=", today),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">=", today),
            ]
        )

    def _rank(self, taken_at):
        """Return the moment by which a ticket taken at ``taken_at`` stands in line."""
        return taken_at - timedelta(minutes=self.head_start or 0)
