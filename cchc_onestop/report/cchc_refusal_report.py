from odoo import api, models

from ..tools import forms


class ReportRefusal(models.AbstractModel):
    """Form 03: refusal to receive the dossier."""

    _name = "report.cchc_onestop.report_refusal"
    _description = "Refusal of Reception (form 03)"
    _inherit = "cchc.form.report"
    _cchc_form = forms.REFUSAL

    @api.model
    def _get_form_values(self, sheet, values):
        return {
            "subject_code": sheet.dossier.name or sheet.dossier.external_code or "",
            "reason": sheet.data.get("reason") or "",
        }
