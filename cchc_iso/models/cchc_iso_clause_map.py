from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CchcIsoClauseMap(models.Model):
    """What a clause of an earlier edition became in a later one.

    One clause may become several and several may become one. A clause of the earlier
    edition without a row was dropped, one of the later edition without a row is new.
    """

    _name = "cchc.iso.clause.map"
    _description = "Clause Mapping between Editions"
    _order = "old_edition_id, new_edition_id, old_clause_id, new_clause_id"
    _rec_name = "old_clause_id"

    old_clause_id = fields.Many2one(
        "cchc.iso.clause", "Earlier Clause", required=True, index=True
    )
    new_clause_id = fields.Many2one(
        "cchc.iso.clause", "Later Clause", required=True, index=True
    )
    old_edition_id = fields.Many2one(
        related="old_clause_id.edition_id",
        string="Earlier Edition",
        store=True,
        index=True,
    )
    new_edition_id = fields.Many2one(
        related="new_clause_id.edition_id",
        string="Later Edition",
        store=True,
        index=True,
    )
    change = fields.Selection(
        [
            ("same", "Unchanged"),
            ("moved", "Moved"),
            ("changed", "Changed"),
            ("split", "Split"),
            ("merged", "Merged"),
        ],
        default="same",
        required=True,
    )
    note = fields.Char(help="What is asked for now that was not before")

    _pair_uniq = models.Constraint(
        "UNIQUE (old_clause_id, new_clause_id)",
        "These two clauses are mapped already.",
    )

    @api.constrains("old_clause_id", "new_clause_id")
    def _check_editions(self):
        for row in self:
            if row.old_clause_id.edition_id == row.new_clause_id.edition_id:
                raise ValidationError(
                    self.env._(
                        "%(old)s and %(new)s are of the same edition: choose the "
                        "clause of the other one.",
                        old=row.old_clause_id.code,
                        new=row.new_clause_id.code,
                    )
                )

    @api.depends("old_clause_id.code", "new_clause_id.code")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.old_clause_id.code} → {row.new_clause_id.code}"
