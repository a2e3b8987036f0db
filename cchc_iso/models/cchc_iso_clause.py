from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CchcIsoClause(models.Model):
    """Clause of an edition, and which documented information it asks for."""

    _name = "cchc.iso.clause"
    _description = "Clause of a Standard"
    _order = "edition_id, sort_key, id"
    _parent_store = True

    edition_id = fields.Many2one(
        "cchc.iso.edition", required=True, index=True, ondelete="cascade"
    )
    code = fields.Char(required=True, help="E.g. 7.5.3")
    name = fields.Char("Title", translate=True)
    sort_key = fields.Char(
        compute="_compute_sort_key",
        store=True,
        precompute=True,
        help="Code with padded numbers: 10.1 comes after 4.1",
    )
    parent_id = fields.Many2one("cchc.iso.clause", index=True, ondelete="restrict")
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("cchc.iso.clause", "parent_id")
    requires_document = fields.Boolean(
        "Maintain", help="Documented information must be maintained: a document"
    )
    requires_record = fields.Boolean(
        "Retain", help="Documented information must be retained: a record"
    )
    must_be_available = fields.Boolean(
        "Available", help="Documented information must be available"
    )
    auditable = fields.Boolean(default=True)
    information_note = fields.Char(
        "Where in the Clause",
        help="Letter or paragraph that asks for the documented information",
    )
    title_to_confirm = fields.Boolean(
        "Title to Be Confirmed", help="Not yet compared with the printed standard"
    )
    old_map_ids = fields.One2many("cchc.iso.clause.map", "new_clause_id", "Was")
    new_map_ids = fields.One2many("cchc.iso.clause.map", "old_clause_id", "Became")

    _code_uniq = models.Constraint(
        "UNIQUE (edition_id, code)", "The edition has a clause with this code already."
    )

    @api.depends("code")
    def _compute_sort_key(self):
        for clause in self:
            clause.sort_key = ".".join(
                part.zfill(2) for part in (clause.code or "").split(".")
            )

    @api.depends("code", "name")
    @api.depends_context("cchc_clause_code")
    def _compute_display_name(self):
        """Number and title; in narrow tables (context) the number alone."""
        number_only = self.env.context.get("cchc_clause_code")
        for clause in self:
            clause.display_name = (
                clause.code
                if number_only
                else " ".join(filter(None, [clause.code, clause.name]))
            )

    @api.constrains("parent_id", "edition_id")
    def _check_parent(self):
        for clause in self:
            if clause.parent_id and clause.parent_id.edition_id != clause.edition_id:
                raise ValidationError(
                    self.env._(
                        "Clause %(clause)s and the clause above it, %(parent)s, must "
                        "be of the same edition.",
                        clause=clause.code,
                        parent=clause.parent_id.code,
                    )
                )

    def write(self, vals):
        if {"code", "edition_id"} & set(vals):
            self._check_not_published()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._check_not_published()

    def _check_not_published(self):
        """Audits and findings of the past point to the clauses of their edition."""
        for clause in self:
            if clause.edition_id.state != "draft":
                raise UserError(
                    self.env._(
                        "%(edition)s is published: clause %(clause)s keeps its number "
                        "and is not deleted. Its title and marks can be mended.",
                        edition=clause.edition_id.code,
                        clause=clause.code,
                    )
                )

    @api.model
    def _excluded(self, system):
        """Return the clauses of the system's edition that do not apply to it, those
        below an excluded one included."""
        excluded = system.exclusion_ids.clause_id.filtered(
            lambda clause: clause.edition_id == system.edition_id
        )
        return self.search([("id", "child_of", excluded.ids)])
