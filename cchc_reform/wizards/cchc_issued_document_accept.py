from odoo import fields, models


class CchcIssuedDocumentAccept(models.TransientModel):
    """Accept dates of a document that cannot be, with the reason."""

    _name = "cchc.issued.document.accept"
    _description = "Accept the Dates of a Document"

    document_id = fields.Many2one("cchc.issued.document", required=True)
    warning = fields.Text(related="document_id.warning")
    reason = fields.Char(
        required=True, help="E.g. misprint of the year: the document is of 2023"
    )

    def action_accept(self):
        self.ensure_one()
        return self.document_id.accept_dates(self.reason)
