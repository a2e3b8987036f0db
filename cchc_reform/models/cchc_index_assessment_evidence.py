import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.file_name import clean
from odoo.addons.cchc_onestop.tools.guard import unlocked

from ..tools.evidence_package import Proof, pack

#: Bytes of files that are packed while the person waits.
PACK_AT_ONCE = 20 * 1024 * 1024
#: Word of the list of contents; official, the same in every interface language.
NO_PROOF = "Chưa có tài liệu kiểm chứng"


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

    # --- Package

    def action_package(self):
        """Give the evidence as one archive; a big one is packed in the background."""
        self.ensure_one()
        self.check_access("read")
        rows = self._package_rows()
        if not rows:
            raise UserError(self.env._("%s has no evidence yet.", self.name))
        size = sum(row["size"] for row in rows if row.get("attachment_id"))
        if size > PACK_AT_ONCE:
            job = (
                self.env["cchc.job"]
                .with_company(self.company_id)
                ._enqueue(
                    self.env._("Evidence of %s", self.name),
                    self._name,
                    "package",
                    {"assessment": self.id},
                )
            )
            return job.action_open()
        name, content = self._job_package({"assessment": self.id})
        attachment = self.env["ir.attachment"].create(
            {"name": name, "raw": content, "mimetype": "application/zip"}
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    def _package_rows(self):
        """Return a row per proof: as sent in, or as it stands while scores are open."""
        self.ensure_one()
        if not self.evidence_ids:
            return self._evidence_vals()
        return [
            {
                "line_id": row.line_id.id,
                "code": row.code,
                "document_text": row.document_text,
                "attachment_id": row.attachment_id.id,
                "name": row.name,
                "size": row.size,
            }
            for row in self.sudo().evidence_ids
        ]

    @api.model
    def _job_package(self, params, step=None):
        """Pack the evidence, see ``cchc.job``."""
        record = self.browse(params["assessment"])
        record.check_access("read")
        rows = record._package_rows()
        of_line = {}
        for row in rows:
            of_line.setdefault(row["line_id"], []).append(row)
        lines = record._leaves().sorted("path")
        total = sum(len(of_line.get(line.id, [{}])) for line in lines)
        text = self.env["cchc.index.set"]._text

        def proofs():
            # a criterion without proof stands in the list with what was said about it
            for line in lines:
                for row in of_line.get(line.id, [{}]):
                    files = self.env["ir.attachment"].sudo()
                    file = files.browse(row.get("attachment_id"))
                    said = "" if row else line.evidence_note or NO_PROOF
                    yield Proof(
                        code=line.code or "",
                        criterion=line.name,
                        points=f"{text(line.final_score)}/{text(line.maximum)}",
                        document=row.get("document_text") or said,
                        name=row.get("name") or "",
                        content=file.raw or b"" if file else b"",
                    )

        told = step and (lambda done: step(done, total))
        content = pack(f"Tài liệu kiểm chứng - {record.name}", proofs(), told)
        agency = clean(record.company_id.sudo().name)
        return f"minh-chung-{record.year}-{agency}.zip", content
