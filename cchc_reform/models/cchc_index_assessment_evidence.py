import hashlib

from odoo import api, fields, models

from odoo.addons.cchc_onestop.tools.guard import unlocked


class CchcIndexAssessmentEvidence(models.Model):
    """What proves the scores, and what it was when they were sent in."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.index.assessment"  # pylint: disable=consider-merging-classes-inherited

    evidence_ids = fields.One2many(
        "cchc.index.evidence", "assessment_id", "Evidence Sent in", readonly=True
    )

    def _evidence_vals(self):
        """Return the values of a row per file, and per document without a file."""
        self.ensure_one()
        vals_list = []
        for line in self.sudo()._leaves():
            own = {
                "assessment_id": self.id,
                "line_id": line.id,
                "code": line.code,
            }
            for document in line.evidence_document_ids:
                text = {
                    **own,
                    "document_id": document.id,
                    "document_text": document.display_name,
                }
                files = document.attachment_ids
                vals_list += [{**text, **self._file_vals(f)} for f in files] or [text]
            files = line.attachment_ids | line.explanation_attachment_ids
            vals_list += [{**own, **self._file_vals(file)} for file in files]
        return vals_list

    @api.model
    def _file_vals(self, file):
        return {
            "attachment_id": file.id,
            "name": file.name,
            "size": file.file_size,
            "sha256": hashlib.sha256(file.raw or b"").hexdigest(),
        }

    def _freeze_evidence(self):
        for record in self:
            rows = unlocked(record.sudo())
            rows.evidence_ids.unlink()
            rows.env["cchc.index.evidence"].create(record._evidence_vals())
        return super()._freeze_evidence()
