from odoo import api, models

from ..tools import forms


class ReportApology(models.AbstractModel):
    """Form 04: apology and new appointment (NĐ 61/2018/NĐ-CP Đ.19 k.9)."""

    _name = "report.cchc_onestop.report_apology"
    _description = "Apology and Extension (form 04)"
    _inherit = "cchc.letter.report"
    _cchc_form = forms.APOLOGY

    @api.model
    def _get_form_values(self, sheet, values):
        dossier, data, agency = sheet.dossier, sheet.data, values["agency"]
        before = self._get_stored_moment(data.get("due_before")) or dossier.due_at
        after = self._get_stored_moment(data.get("due_at")) or dossier.due_at
        return {
            "code": self._get_code(dossier),
            "receipt": dossier.sudo().receipt_id.name or dossier.name or "……",
            "received_on": self._get_day(agency, dossier.accepted_at),
            "due_before": self._get_moment(agency, before),
            "due_after": self._get_moment(agency, after),
            "reason": data.get("reason") or "",
        }
