from odoo import api, fields, models

from ..tools import aggregate


class CchcEvaluationResultLine(models.Model):
    """One sum of published results: of all slips, a field, procedure or criterion."""

    _name = "cchc.evaluation.result.line"
    _description = "Line of the Results of Evaluation"
    _inherit = ["cchc.guarded.mixin"]
    _order = "result_id, sequence, is_rest, criterion_id, number desc, id"

    result_id = fields.Many2one(
        "cchc.evaluation.result", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="result_id.company_id", store=True, precompute=True
    )
    state = fields.Selection(related="result_id.state")
    sequence = fields.Integer()
    dimension = fields.Selection(
        [
            ("total", "All Slips"),
            ("sector", "Field"),
            ("procedure", "Procedure"),
            ("criterion", "Criterion"),
        ],
        required=True,
    )
    sector_id = fields.Many2one("cchc.sector", "Field", ondelete="restrict")
    procedure_id = fields.Many2one("cchc.procedure", ondelete="restrict")
    criterion_id = fields.Many2one("cchc.evaluation.criterion", ondelete="restrict")
    is_rest = fields.Boolean("Others Together")
    very_satisfied = fields.Integer()
    satisfied = fields.Integer()
    dissatisfied = fields.Integer()
    number = fields.Integer(
        "Slips", compute="_compute_number", store=True, precompute=True
    )
    percent = fields.Float(
        "Satisfied (%)",
        digits=(4, 1),
        compute="_compute_number",
        store=True,
        precompute=True,
        aggregator=None,
    )
    name = fields.Char("What", compute="_compute_name")

    @api.depends("very_satisfied", "satisfied", "dissatisfied")
    def _compute_number(self):
        for line in self:
            cell = line._cell()
            line.number = cell.number
            line.percent = aggregate.percent(cell) or 0.0

    @api.depends("dimension", "is_rest", "sector_id", "procedure_id", "criterion_id")
    def _compute_name(self):
        for line in self:
            if line.dimension == "total":
                line.name = self.env._("All slips")
            elif line.is_rest:
                line.name = self.env._("Others together")
            else:
                line.name = line[f"{line.dimension}_id"].sudo().display_name

    def _cell(self):
        self.ensure_one()
        return aggregate.Cell(self.very_satisfied, self.satisfied, self.dissatisfied)

    def _key(self):
        self.ensure_one()
        if self.dimension == "total":
            return "total"
        return aggregate.REST if self.is_rest else self[f"{self.dimension}_id"].id
