from odoo import api, fields, models
from odoo.exceptions import UserError


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
    amendment = fields.Char(translate=True, help="E.g. Amendment 1:2024")
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
    clause_count = fields.Integer(compute="_compute_clause_count")
    to_confirm = fields.Boolean(
        "To Be Confirmed", help="Not yet confirmed by the official text"
    )
    note = fields.Text("Notes")

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "There is an edition with this code already."
    )

    def _compute_clause_count(self):
        counts = dict(
            self.env["cchc.iso.clause"]._read_group(
                [("edition_id", "in", self.ids)], ["edition_id"], ["__count"]
            )
        )
        for edition in self:
            edition.clause_count = counts.get(edition, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        for edition in self:
            if edition.state != "draft":
                raise UserError(
                    self.env._(
                        "%s is published: mark it as withdrawn instead of deleting it.",
                        edition.code,
                    )
                )

    def action_open_clauses(self):
        """Open the clauses of the edition."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Clauses of %s", self.code),
            "res_model": "cchc.iso.clause",
            "view_mode": "list,form",
            "domain": [("edition_id", "=", self.id)],
            "context": {"default_edition_id": self.id},
        }

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
