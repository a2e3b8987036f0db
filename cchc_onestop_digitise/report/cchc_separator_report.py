import base64
import io

import qrcode

from odoo import api, models

from ..tools import part_name


class CchcSeparatorReport(models.AbstractModel):
    """Separator sheets: laid before the papers of each part when a stack is scanned."""

    _name = "report.cchc_onestop_digitise.separators"
    _description = "Separator Sheets"

    @api.model
    def _get_report_values(self, docids, data=None):
        dossiers = self.env["cchc.dossier"].browse(docids)
        dossiers._check_separators()
        return {
            "doc_ids": docids,
            "doc_model": "cchc.dossier",
            "docs": dossiers,
            "sheets": [
                sheet for dossier in dossiers for sheet in self._sheets(dossier)
            ],
        }

    @api.model
    def _sheets(self, dossier):
        keys = dossier._part_keys()
        documents = dossier.document_ids.filtered(lambda row: not row.shared_from_id)
        documents = documents.sorted(lambda row: (row.sequence, row.id))
        return [
            {
                "agency": dossier.sudo().company_id,
                "dossier": dossier,
                "document": document,
                "key": keys[document.id],
                "place": place,
                "total": len(documents),
                "qr": self._qr(
                    part_name.separator_text(dossier.name, keys[document.id])
                ),
            }
            for place, document in enumerate(documents, 1)
        ]

    @api.model
    def _qr(self, text):
        """Return the code as a data address; a third of it may be spoilt."""
        code = qrcode.QRCode(
            error_correction=qrcode.constants.ERROR_CORRECT_H, box_size=8, border=4
        )
        code.add_data(text.encode())
        target = io.BytesIO()
        code.make_image().save(target)
        return f"data:image/png;base64,{base64.b64encode(target.getvalue()).decode()}"
