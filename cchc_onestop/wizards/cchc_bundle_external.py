from odoo import api, fields, models


class CchcBundleExternal(models.TransientModel):
    """Takes the result of an agency outside this database, nothing else."""

    _name = "cchc.bundle.external"
    _description = "Result of an Agency outside"

    line_id = fields.Many2one("cchc.bundle.line", required=True, readonly=True)
    agency_name = fields.Char(related="line_id.agency_name")
    external_system = fields.Char(related="line_id.external_system")
    external_code = fields.Char(
        compute="_compute_external_code", store=True, readonly=False
    )
    outcome = fields.Selection(
        [("granted", "Result given"), ("refused", "Settlement refused")],
        required=True,
        default="granted",
    )
    ended_on = fields.Datetime(
        string="Ended there on",
        default=fields.Datetime.now,
        help="As the other software says; kept in the event log",
    )
    result_number = fields.Char(
        string="Number of the Result",
        help="Number of the paper or card that the agency gave",
    )
    content = fields.Text(string="Details")
    file_ids = fields.Many2many("ir.attachment", string="Files of the Result")

    @api.depends("line_id")
    def _compute_external_code(self):
        for wizard in self:
            wizard.external_code = wizard.line_id.external_code

    def action_confirm(self):
        """Enter the result into the dossier of the part."""
        self.ensure_one()
        if self.external_code != self.line_id.external_code:
            self.line_id.external_code = self.external_code
        self.line_id.take_external_result(
            self.outcome == "refused",
            self.content or "",
            self.ended_on,
            self.file_ids,
            (self.result_number or "").strip(),
        )
        return {"type": "ir.actions.act_window_close"}
