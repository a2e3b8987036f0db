from odoo import api, fields, models


class CchcStatisticCorrection(models.Model):
    """A dossier that a closed report would count differently now."""

    _name = "cchc.statistic.correction"
    _description = "Later Correction of a Report"
    _inherit = ["cchc.guarded.mixin"]
    _order = "statistic_id, id"

    statistic_id = fields.Many2one(
        "cchc.statistic", required=True, ondelete="cascade", index=True, readonly=True
    )
    dossier_id = fields.Many2one("cchc.dossier", readonly=True, ondelete="cascade")
    procedure_id = fields.Many2one("cchc.procedure", readonly=True, ondelete="cascade")
    row_before = fields.Integer(readonly=True)
    cell_before = fields.Integer(readonly=True)
    row_after = fields.Integer(readonly=True)
    cell_after = fields.Integer(readonly=True)
    before = fields.Char(compute="_compute_texts", string="Reported in")
    after = fields.Char(compute="_compute_texts", string="Would Be in Now")

    @api.depends("row_before", "cell_before", "row_after", "cell_after")
    def _compute_texts(self):
        for row in self:
            row.before = row._describe(row.row_before, row.cell_before)
            row.after = row._describe(row.row_after, row.cell_after)

    def _describe(self, row_id, cell):
        """Return the row and the most exact columns that count a cell."""
        report = self.statistic_id.sudo()
        if not row_id:
            return self.env._("Not counted")
        name = report.line_ids.filtered(lambda line: line.row_id == row_id).name
        if not name:
            model = "res.company" if report._by_agency() else "cchc.sector"
            name = self.env[model].sudo().browse(row_id).name
        labels = [
            " – ".join(column.path)
            for column in report._stored_columns()
            if column.counts(cell)
            and all(
                codes is None or len(codes) == 1
                for codes in (column.received, column.standing)
            )
            and (column.received or column.standing)
        ]
        return f"{name}: {'; '.join(labels)}"

    def _guarded_sentence(self):
        return self.env._("Corrections are found by comparing and cannot be typed in.")
