import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools import guard

from .cchc_dossier_document import STAGES

ORIGINS = [
    ("upload", "Upload"),
    ("attached", "Attached to the part"),
    ("stack", "Split from a stack"),
    ("folder", "Scanner folder"),
    ("reuse", "Re-used"),
]


class CchcDigitiseFile(models.Model):
    """The log of digital copies: each file with its SHA-256, stage, person and time.

    A row is written once. A file that is replaced or taken away stays with its row,
    which then says by whom and when; nobody changes or deletes one.
    """

    _name = "cchc.digitise.file"
    _description = "Digital Copy of a Part"
    _inherit = ["cchc.guarded.mixin"]
    _order = "document_id, number, version desc, id desc"
    _guarded_kept = True

    name = fields.Char(related="attachment_id.name")
    original_name = fields.Char(readonly=True, help="What the file was called before")
    document_id = fields.Many2one(
        "cchc.dossier.document",
        string="Part",
        required=True,
        readonly=True,
        index=True,
        # Drafts may be deleted with all that was scanned for them.
        ondelete="cascade",
    )
    dossier_id = fields.Many2one(
        related="document_id.dossier_id", store=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="dossier_id.company_id", string="Agency")
    receiving_company_id = fields.Many2one(related="dossier_id.receiving_company_id")
    attachment_id = fields.Many2one(
        "ir.attachment",
        string="File",
        readonly=True,
        index=True,
        # Empty once the dossier was destroyed by an approved list.
        ondelete="restrict",
    )
    number = fields.Integer(string="No.", required=True, readonly=True)
    version = fields.Integer(required=True, readonly=True, default=1)
    state = fields.Selection(
        [
            ("current", "In Use"),
            ("replaced", "Replaced"),
            ("withdrawn", "Taken Away"),
        ],
        required=True,
        readonly=True,
        default="current",
    )
    ended_at = fields.Datetime("Replaced at", readonly=True)
    ended_by_id = fields.Many2one("res.users", "Replaced by", readonly=True)
    stage = fields.Selection(STAGES, required=True, readonly=True)
    origin = fields.Selection(ORIGINS, required=True, readonly=True)
    sha256 = fields.Char("SHA-256", required=True, readonly=True, index=True)
    size = fields.Integer("Size (bytes)", readonly=True)
    pages = fields.Integer(readonly=True)
    dpi = fields.Integer("Resolution (dpi)", readonly=True)
    pdf_version = fields.Char("PDF Version", readonly=True)
    warning = fields.Char(readonly=True)
    at = fields.Datetime("Time", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Who", required=True, readonly=True)
    batch_id = fields.Many2one(
        "cchc.scan.batch", "Stack", readonly=True, index="btree_not_null"
    )
    reused_document_id = fields.Many2one(
        "cchc.dossier.document", readonly=True, index="btree_not_null"
    )
    integrity = fields.Selection(
        [("whole", "As kept"), ("broken", "Changed since")],
        string="Checksum",
        compute="_compute_integrity",
        help="Whether the file still has the SHA-256 of the one that came",
    )

    _one_version = models.UniqueIndex(
        "(document_id, number, version)", "This version of the file is there already."
    )

    @api.depends("attachment_id", "sha256")
    def _compute_integrity(self):
        for file in self:
            if not file.attachment_id:
                file.integrity = False
                continue
            content = file.attachment_id.raw or b""
            same = hashlib.sha256(content).hexdigest() == file.sha256
            file.integrity = "whole" if same else "broken"

    @api.model
    def _next_number(self, document, replaces=None):
        """Return number and version of the next file of a part."""
        if replaces:
            if replaces.document_id != document or replaces.state != "current":
                raise UserError(
                    self.env._(
                        "This file is not in use any more: open the dossier anew."
                    )
                )
            return replaces.number, replaces.version + 1
        rows = self.sudo().search([("document_id", "=", document.id)])
        return max(rows.mapped("number"), default=0) + 1, 1

    @api.model
    def _note_file(self, document, attachment, facts, **values):
        """Write the row of a file that has just come, and note it on its part."""
        content = attachment.sudo().raw
        file = guard.unlocked(self.sudo()).create(
            {
                "document_id": document.id,
                "attachment_id": attachment.id,
                "stage": document._moment_stage(),
                "sha256": hashlib.sha256(content).hexdigest(),
                "size": len(content),
                "pages": facts.pages,
                "dpi": facts.dpi,
                "pdf_version": "PDF/A"
                if facts.pdfa
                else f"{facts.version // 10}.{facts.version % 10}",
                "at": fields.Datetime.now(),
                "user_id": self.env.uid,
                **values,
            }
        )
        document._refresh_digitised()
        return self.browse(file.id)

    def _note_replaced(self):
        self._end("replaced")

    def _note_withdrawn(self):
        self._end("withdrawn")
        self.sudo().document_id._refresh_digitised()

    def _end(self, state):
        guard.unlocked(self.sudo()).write(
            {
                "state": state,
                "ended_at": fields.Datetime.now(),
                "ended_by_id": self.env.uid,
            }
        )

    def action_open(self):
        """Open the file."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}",
            "target": "new",
        }

    def _guarded_sentence(self):
        return self.env._(
            "The log of digital copies is written when a file comes and is never "
            "changed: replace the file, the former one stays."
        )
