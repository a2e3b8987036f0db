from odoo import fields, models
from odoo.exceptions import UserError

PAPERS = {
    "documents": "cchc_iso.document_master_list_report",
    "records": "cchc_iso.document_record_list_report",
    "distribution": "cchc_iso.document_distribution_report",
}


class CchcIsoDocumentPrint(models.TransientModel):
    """Prints the lists that a procedure of document control names (7.5.3)."""

    _name = "cchc.iso.document.print"
    _description = "Print Lists of Documents"

    system_id = fields.Many2one(
        "mgmtsystem.system",
        required=True,
        default=lambda self: self.env["mgmtsystem.system"]._cchc_for(),
        domain="[('edition_id', '!=', False)]",
    )
    paper = fields.Selection(
        [
            ("documents", "List of Controlled Documents"),
            ("records", "List of Records"),
            ("distribution", "Distribution Lists"),
        ],
        default="documents",
        required=True,
    )
    department_id = fields.Many2one(
        "hr.department",
        "Documents of",
        help="Empty: documents of all departments that were distributed",
    )

    def action_print(self):
        """Print the paper that was chosen.

        :raises UserError: when no document was distributed
        """
        self.ensure_one()
        report = self.env.ref(PAPERS[self.paper])
        if self.paper != "distribution":
            return report.report_action(self.system_id, config=False)
        pages = self._get_distributed()
        if not pages:
            raise UserError(
                self.env._("No document in force has been distributed to anybody yet.")
            )
        return report.report_action(pages, config=False)

    def _get_distributed(self):
        """Return the documents in force with somebody on their distribution list."""
        domain = [
            ("system_id", "=", self.system_id.id),
            ("document_state", "=", "in_force"),
            ("recipient_ids", "!=", False),
        ]
        if self.department_id:
            domain.append(("department_id", "child_of", self.department_id.id))
        return self.env["document.page"].search(domain, order="code")
