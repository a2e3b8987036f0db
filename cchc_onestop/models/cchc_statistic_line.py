from odoo import api, fields, models


class CchcStatisticLine(models.Model):
    """One row of a report: its figures per column."""

    _name = "cchc.statistic.line"
    _description = "Row of a Report"
    _inherit = ["cchc.guarded.mixin"]
    _order = "statistic_id, sequence, id"

    statistic_id = fields.Many2one(
        "cchc.statistic", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="statistic_id.company_id")
    sequence = fields.Integer(readonly=True)
    row_id = fields.Integer(
        readonly=True, help="Field or agency of the row; 0 for the total"
    )
    name = fields.Char(readonly=True, required=True)
    figures = fields.Json(readonly=True)
    remedy = fields.Text(readonly=True)

    @api.ondelete(at_uninstall=False)
    def _unlink_by_own_methods(self):
        """The rows of a draft go with it."""
        if any(line.statistic_id.state == "closed" for line in self):
            self._check_unlocked()

    def _guarded_sentence(self):
        return self.env._(
            "The figures of a report are counted from the dossiers and cannot be "
            "written directly."
        )
