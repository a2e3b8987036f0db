from odoo import fields, models

AUDIT_PAPERS = [
    ("team", "Decision on the Audit Team"),
    ("plan", "Audit Plan"),
    ("checklist", "Checklist"),
    ("notes", "Working Notes"),
    ("opening", "Minutes of the Opening Meeting"),
    ("closing", "Minutes of the Closing Meeting"),
    ("report", "Audit Report"),
]


class CchcIsoAuditPrint(models.TransientModel):
    """Choice of the paper of an audit that is printed."""

    _name = "cchc.iso.audit.print"
    _description = "Print Papers of an Audit"

    audit_id = fields.Many2one("mgmtsystem.audit", required=True, readonly=True)
    code = fields.Selection(AUDIT_PAPERS, "Paper", required=True, default="plan")
    file_type = fields.Selection(
        [("pdf", "PDF"), ("xlsx", "Excel")], "Format", required=True, default="pdf"
    )

    def action_print(self):
        """Print the paper, keep it with the audit and open it."""
        self.ensure_one()
        return self.env["cchc.iso.audit.paper"]._print(
            self.code, self.audit_id, self.file_type
        )
