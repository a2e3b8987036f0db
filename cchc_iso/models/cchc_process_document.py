from odoo import api, fields, models


class CchcProcess(models.Model):
    """A process has its document, which has to follow it."""

    _inherit = "cchc.process"

    document_ids = fields.One2many(
        "document.page",
        "process_id",
        "Process Documents",
        groups="cchc_iso.group_viewer",
        readonly=True,
    )
    document_count = fields.Integer(
        "Documents",
        compute="_compute_document_count",
        groups="cchc_iso.group_viewer",
    )

    @api.depends("document_ids")
    def _compute_document_count(self):
        for process in self:
            process.document_count = len(process.document_ids)

    def _publish(self):
        result = super()._publish()
        self.env["cchc.iso.update.task"]._note_processes(self)
        return result

    def action_end(self):
        running = self.filtered(lambda process: process.state == "published")
        result = super().action_end()
        self.env["cchc.iso.update.task"]._note_ended(running)
        return result

    def action_open_documents(self):
        """Open the process documents of this process, or offer to make one."""
        self.ensure_one()
        return self.env["document.page"]._cchc_open_of(
            [("process_id", "=", self.id)],
            {"process_id": self.id, "procedure_id": self.procedure_id.id},
        )
