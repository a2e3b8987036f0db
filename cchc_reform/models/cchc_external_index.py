from odoo import api, fields, models
from odoo.tools import SQL


class CchcExternalIndex(models.Model):
    """Index that others measure (SIPAS, PAPI, DDCI): its results are only kept here."""

    _name = "cchc.external.index"
    _description = "Other Index"
    _order = "sequence, id"
    _rec_names_search = ["code", "name"]

    code = fields.Char(required=True)
    name = fields.Char(required=True)
    measured_by = fields.Char()
    level = fields.Selection(
        [("commune", "Communes"), ("province", "Provinces"), ("department", "Offices")],
        "Measured of",
        required=True,
        default="province",
    )
    maximum = fields.Float("Highest Score", default=100, digits=(16, 2))
    note = fields.Text("Notes")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    result_ids = fields.One2many("cchc.external.index.result", "index_id", "Results")

    _code_uniq = models.UniqueIndex(
        "(upper(code))", "There is an index with this code already."
    )

    @api.depends("code")
    def _compute_display_name(self):
        for index in self:
            index.display_name = index.code


class CchcExternalIndexResult(models.Model):
    """Result of an index of others in a year."""

    _name = "cchc.external.index.result"
    _description = "Result of Another Index"
    _inherit = ["cchc.reform.entry.mixin"]
    _order = "year desc, index_id, id"
    _rec_name = "index_id"
    _check_company_auto = True

    index_id = fields.Many2one(
        "cchc.external.index", required=True, ondelete="restrict", index=True
    )
    year = fields.Integer(
        required=True,
        aggregator=None,
        default=lambda self: fields.Date.context_today(self).year - 1,
    )
    unit = fields.Char(
        "Of Whom",
        required=True,
        default=lambda self: self.env.company.name,
        help="The agency, or another one it compares itself with",
    )
    value = fields.Float("Score", digits=(16, 2), aggregator="avg")
    rank = fields.Integer(aggregator=None)
    rank_of = fields.Integer("Of", aggregator=None, help="How many were ranked")
    previous_value = fields.Float("Year Before", compute="_compute_previous")
    change = fields.Float(compute="_compute_previous")
    has_previous = fields.Boolean(compute="_compute_previous")
    document_id = fields.Many2one(
        "cchc.issued.document", "Source", check_company=True, ondelete="restrict"
    )
    source = fields.Char("Source (Text)")
    note = fields.Text("Notes")

    _result_uniq = models.UniqueIndex(
        "(company_id, index_id, year, lower(unit))",
        "The result of this index, year and unit is entered already.",
    )
    _rank = models.Constraint(
        "CHECK (rank >= 0 AND rank_of >= 0 AND (rank_of = 0 OR rank <= rank_of))",
        "The rank cannot be beyond the number of those ranked.",
    )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Return no mean where scores of unlike indices would be mixed."""
        select = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec != "value:avg":
            return select
        index = self._field_to_sql(self._table, "index_id", query)
        return SQL("CASE WHEN count(DISTINCT %s) = 1 THEN %s END", index, select)

    @api.depends("index_id", "year", "unit", "value")
    def _compute_previous(self):
        before = {
            (row.company_id, row.index_id, row.year, (row.unit or "").lower()): row
            for row in self.search(
                [
                    ("index_id", "in", self.index_id.ids),
                    ("company_id", "in", self.company_id.ids),
                    ("year", "in", [row.year - 1 for row in self]),
                ]
            )
        }
        for row in self:
            found = before.get(
                (row.company_id, row.index_id, row.year - 1, (row.unit or "").lower())
            )
            row.has_previous = bool(found)
            row.previous_value = found.value if found else 0
            row.change = row.value - found.value if found else 0

    @api.depends("index_id.code", "year", "unit")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.index_id.code} {row.year} - {row.unit}"
