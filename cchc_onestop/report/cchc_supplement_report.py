from odoo import api, models

from ..tools import forms
from .cchc_form_report import DOTS


class ReportSupplement(models.AbstractModel):
    """Form 02: request to supplement or complete the dossier."""

    _name = "report.cchc_onestop.report_supplement"
    _description = "Supplement Request (form 02)"
    _inherit = "cchc.form.report"
    _cchc_form = forms.SUPPLEMENT

    @api.model
    def _get_form_values(self, sheet, values):
        dossier, data, agency = sheet.dossier, sheet.data, values["agency"]
        before = not dossier.accepted_at
        parts = data.get("parts") or []
        reason = data.get("reason") or ""
        return {
            "subject_code": dossier.name or dossier.external_code or "",
            "parts": parts,
            "items": [self._get_item(part) for part in parts],
            "reason": reason,
            # Without a list of parts, what the officer wrote behind the reason.
            "content": reason.split(": ", 1)[-1] or DOTS,
            "count": data.get("count") or 1,
            "phase": "trước khi tiếp nhận" if before else "sau khi thẩm định",
            "expires": dossier.supplement_expires_at
            and self._get_moment(agency, dossier.supplement_expires_at),
            "contact": data.get("contact") or values["officer"],
            "contact_phone": data.get("phone") or agency.cchc_hotline or "……………",
        }

    @api.model
    def _get_item(self, part):
        """One missing part in words, as the edition of 2018 lists them."""
        counts = [
            f"{count} {label}"
            for label, count in (
                ("bản chính", part["originals"]),
                ("bản chứng thực", part["certified"]),
                ("bản photo", part["copies"]),
            )
            if count
        ]
        text = part["name"]
        if counts:
            text += f" ({', '.join(counts)})"
        if part.get("note"):
            text += f": {part['note']}"
        return text
