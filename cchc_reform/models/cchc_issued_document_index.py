from odoo import api, fields, models


class CchcIssuedDocument(models.Model):
    """A document of the register proves criteria of the index."""

    _inherit = "cchc.issued.document"

    index_line_ids = fields.Many2many(
        "cchc.index.assessment.line",
        "cchc_index_line_document_rel",
        "document_id",
        "line_id",
        "Proves",
        readonly=True,
        copy=False,
    )
    index_line_count = fields.Integer(
        "Criteria Proved", compute="_compute_index_line_count"
    )

    @api.depends("index_line_ids")
    def _compute_index_line_count(self):
        for document in self:
            document.index_line_count = len(document.index_line_ids)

    def action_index_lines(self):
        """Open the criteria that the document proves."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "cchc.index.assessment.line",
            "view_mode": "list,form",
            "domain": [("evidence_document_ids", "in", self.ids)],
        }
