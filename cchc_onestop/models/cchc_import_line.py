from odoo import api, fields, models


class CchcImportLine(models.AbstractModel):
    """One row of a file with what importing it does."""

    _name = "cchc.import.line"
    _description = "Row to Import"
    _order = "import_id, id"
    _rec_name = "code"

    number = fields.Integer("Row", readonly=True, aggregator=None)
    code = fields.Char(readonly=True)
    reason = fields.Text("What to Mend", readonly=True)
    changes = fields.Char(readonly=True)
    remark = fields.Text(
        compute="_compute_remark", help="What to mend, or what the row does"
    )
    data = fields.Json(readonly=True)
    source = fields.Json(readonly=True)
    is_done = fields.Boolean("Imported", readonly=True)

    @api.depends("reason", "changes")
    def _compute_remark(self):
        for line in self:
            line.remark = line.reason or line.changes
