from odoo import models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools import guard


class CchcScanBatch(models.Model):
    """The screen on which a person looks at a stack and drags pages to parts."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.scan.batch"  # pylint: disable=consider-merging-classes-inherited

    def get_board(self):
        """Return pages and parts of a stack, as plain values."""
        self.ensure_one()
        self.check_access("read")
        documents = self.page_ids.document_id
        return {
            "state": self.state,
            "existing": self.existing,
            "pages": [
                {
                    "id": page.id,
                    "number": page.number,
                    "kind": page.kind,
                    "code": page.code_read or "",
                    "part": page.document_id.id,
                    "rotation": int(page.rotation),
                    "problem": page.problem or "",
                }
                for page in self.page_ids.sorted("number")
            ],
            "dossiers": [
                self._board_dossier(dossier) for dossier in documents.dossier_id
            ],
        }

    def _board_dossier(self, dossier):
        keys = dossier._part_keys()
        return {
            "id": dossier.id,
            "code": dossier.display_name,
            "owner": dossier.applicant_name or "",
            "parts": [
                {
                    "id": document.id,
                    "key": keys[document.id],
                    "name": document.name,
                    "state": document.digital_state,
                }
                for document in dossier.document_ids.sorted(
                    lambda row: (row.sequence, row.id)
                )
                if not document.shared_from_id
            ],
        }

    def get_dossier_parts(self, code):
        """Return the parts of the dossier with a code, to drag pages to.

        :raises UserError: the agency has no such dossier
        """
        self.ensure_one()
        self.check_access("read")
        dossier = self._find_dossier((code or "").strip())
        if not dossier or dossier.state in ("void", "refused"):
            raise UserError(
                self.env._("There is no dossier %s here that is worked on.", code)
            )
        return self._board_dossier(dossier)

    def assign_pages(self, page_ids, document_id):
        """Give pages to a part; ``False`` takes them away from theirs."""
        rows = self._open_pages(page_ids)
        document = self.env["cchc.dossier.document"].browse(document_id or ())
        if document:
            document.check_access("write")
            document._check_digitise_open()
            company = self.sudo().company_id
            dossier = document.dossier_id.sudo()
            if company not in dossier.company_id | dossier.receiving_company_id:
                raise UserError(
                    self.env._("Dossier %s belongs to another agency.", dossier.name)
                )
        guard.unlocked(rows.sudo()).write(
            {"document_id": document.id, "kind": "content", "problem": False}
        )
        return self.get_board()

    def leave_out_pages(self, page_ids):
        """Leave pages out: they go to no part."""
        rows = self._open_pages(page_ids)
        guard.unlocked(rows.sudo()).write(
            {"document_id": False, "kind": "left_out", "problem": False}
        )
        return self.get_board()

    def turn_pages(self, page_ids):
        """Turn pages to the right."""
        for page in self._open_pages(page_ids).sudo():
            turned = (int(page.rotation) + 90) % 360
            guard.unlocked(page).write({"rotation": str(turned)})
        return self.get_board()

    def _open_pages(self, page_ids):
        """Return pages of this stack that may still be assigned."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "review":
            raise UserError(
                self.env._("“%s” is not waiting to be confirmed.", self.name)
            )
        return self.page_ids.filtered(lambda page: page.id in page_ids)
