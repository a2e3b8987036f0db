from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.scoring import ZERO


class CchcIndexWhatIfLine(models.TransientModel):
    """A criterion that could give more, nearest gains first."""

    _name = "cchc.index.what.if.line"
    _description = "Criterion That Could Give More"
    _order = "gain desc, path, id"

    what_if_id = fields.Many2one(
        "cchc.index.what.if", required=True, ondelete="cascade"
    )
    line_id = fields.Many2one("cchc.index.assessment.line", "Score", required=True)
    path = fields.Char(related="line_id.path", store=True)
    code = fields.Char(related="line_id.code")
    name = fields.Char(related="line_id.name")
    maximum = fields.Float(related="line_id.maximum")
    rule_text = fields.Char(related="line_id.rule_text")
    score_now = fields.Float("Points Now", digits=(16, 4))
    gain = fields.Float("Can Gain", digits=(16, 4))
    ways = fields.Char("Next Steps", help="How much more is needed for how many points")
    entry_now = fields.Char("Declared Now")
    entry = fields.Char("Try", help="Typed as in the table of scores; nothing is saved")
    score_then = fields.Float(
        "Points Then", digits=(16, 4), compute="_compute_then", store=True
    )
    na_then = fields.Boolean(compute="_compute_then", store=True)
    problem = fields.Char(compute="_compute_then", store=True)

    @api.depends("entry", "score_now", "line_id")
    def _compute_then(self):
        for row in self:
            row.na_then = row.problem = False
            row.score_then = row.score_now
            if not (row.entry or "").strip():
                continue
            try:
                points = row.line_id._try(row.entry)
            except ValidationError as error:
                row.problem = str(error.args[0])
                continue
            row.na_then = points is None
            row.score_then = float(points or ZERO)
