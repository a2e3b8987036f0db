from odoo import api, fields, models


class CchcIsoDocumentBlock(models.Model):
    """Text that the office writes into a section of one issue of a document."""

    _name = "cchc.iso.document.block"
    _description = "Text of a Section"
    _order = "issue_id, sequence, id"

    issue_id = fields.Many2one(
        "document.page.history", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="issue_id.company_id", store=True)
    section_id = fields.Many2one(
        "cchc.iso.document.section",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    sequence = fields.Integer(related="section_id.sequence", store=True)
    title = fields.Char(related="section_id.title")
    content = fields.Html(sanitize_form=True)
    standard_text = fields.Html(
        compute="_compute_standard_text",
        help="Stands here as long as nothing is written",
    )

    @api.depends("section_id.standard_text", "issue_id")
    def _compute_standard_text(self):
        for block in self:
            block.standard_text = block.issue_id._cchc_standard_text(block.section_id)

    @api.depends("title", "issue_id")
    def _compute_display_name(self):
        for block in self:
            block.display_name = block.title

    @api.model_create_multi
    def create(self, vals_list):
        blocks = super().create(vals_list)
        blocks.issue_id._cchc_check_open()
        return blocks

    def write(self, vals):
        self.issue_id._cchc_check_open()
        result = super().write(vals)
        if "issue_id" in vals:
            self.issue_id._cchc_check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_open_only(self):
        self.issue_id._cchc_check_open()
