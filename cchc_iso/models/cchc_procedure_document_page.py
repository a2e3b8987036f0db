from odoo import fields, models


class CchcProcedure(models.Model):
    """A procedure has its process documents in the quality system."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.procedure"  # pylint: disable=consider-merging-classes-inherited

    iso_document_count = fields.Integer(
        "Process Documents",
        compute="_compute_iso_document_count",
        groups="cchc_iso.group_viewer",
    )

    def _compute_iso_document_count(self):
        counts = dict(
            self.env["document.page"]._read_group(
                [
                    ("procedure_id", "in", self.ids),
                    ("doc_key", "=", "procedure_process"),
                ],
                ["procedure_id"],
                ["__count"],
            )
        )
        for procedure in self:
            procedure.iso_document_count = counts.get(procedure, 0)

    def write(self, vals):
        result = super().write(vals)
        if vals.get("repealed_from"):
            self.env["cchc.iso.update.task"]._note_repealed(self)
        return result

    def action_open_iso_documents(self):
        """Open the process documents of this procedure."""
        self.ensure_one()
        return self.env["document.page"]._cchc_open_of(
            [("procedure_id", "=", self.id)], {"procedure_id": self.id}
        )


class CchcProcedureVersion(models.Model):
    """Publishing a version makes the documents of its procedure outdated."""

    _inherit = "cchc.procedure.version"

    def action_publish(self):
        drafts = self.filtered(lambda version: version.state == "draft")
        result = super().action_publish()
        self.env["cchc.iso.update.task"]._note_versions(drafts)
        return result
