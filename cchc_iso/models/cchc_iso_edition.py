from odoo import api, fields, models


class CchcIsoEdition(models.Model):
    """Edition of a standard: what systems, audits and findings are judged by.

    A system, an audit and a finding keep the edition of their time; a later edition
    never rewrites them. The edition to come has its place here, inactive and empty.
    """

    _name = "cchc.iso.edition"
    _description = "Edition of a Standard"
    _order = "published_on desc, id desc"
    _rec_name = "code"

    code = fields.Char(required=True, help="National code, e.g. TCVN ISO 9001:2015")
    name = fields.Char("Title", required=True, translate=True)
    international_code = fields.Char(help="E.g. ISO 9001:2015")
    amendment = fields.Char(help="E.g. Amendment 1:2024")
    state = fields.Selection(
        [
            ("draft", "In Preparation"),
            ("published", "Published"),
            ("withdrawn", "Withdrawn"),
        ],
        default="draft",
        required=True,
    )
    active = fields.Boolean(default=True)
    published_on = fields.Date()
    valid_from = fields.Date()
    transition_end = fields.Date(help="Last day on which the edition before is kept")
    predecessor_id = fields.Many2one(
        "cchc.iso.edition", "Replaces", ondelete="restrict"
    )
    is_certifiable = fields.Boolean(
        "Requirements",
        default=True,
        help="Holds requirements that a system conforms to; guidance and vocabulary "
        "do not",
    )
    clause_ids = fields.One2many("cchc.iso.clause", "edition_id", "Clauses")

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "There is an edition with this code already."
    )

    @api.model
    def _current(self, day=None):
        """Return the edition of requirements in force on ``day`` (today)."""
        day = day or fields.Date.context_today(self)
        return self.search(
            [
                ("is_certifiable", "=", True),
                ("state", "=", "published"),
                ("valid_from", "<=", day),
            ],
            order="valid_from desc",
            limit=1,
        )
