from odoo import api, fields, models


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
    def _compute_display_name(self):
        for clause in self:
            clause.display_name = " ".join(filter(None, [clause.code, clause.name]))
