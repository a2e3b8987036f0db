from odoo import api, models

from ..tools import forms

#: Quoted when neither the reason nor the officer names a legal basis.
BASIS = (
    "Nghị định số 118/2025/NĐ-CP ngày 09 tháng 6 năm 2025 của Chính phủ về thực hiện "
    "thủ tục hành chính theo cơ chế một cửa, một cửa liên thông"
)


class ReportStop(models.AbstractModel):
    """Form 05: notice that settlement stops (edition 2025 only)."""

    _name = "report.cchc_onestop.report_stop"
    _description = "Notice of Stop (form 05)"
    _inherit = "cchc.letter.report"
    _cchc_form = forms.STOP

    @api.model
    def _get_form_values(self, sheet, values):
        data, dossier = sheet.data, sheet.dossier
        return {
            "code": self._get_code(dossier),
            "received_on": self._get_day(values["agency"], dossier.accepted_at),
            "stopped_at": self._get_moment(values["agency"], sheet.at),
            "reason": data.get("reason") or "",
            "basis": data.get("basis") or BASIS,
            "give_back": data.get("give_back") or self._get_give_back(values),
        }

    @api.model
    def _get_give_back(self, values):
        """How papers and fees come back, when the officer typed nothing else."""
        phone = f" (điện thoại: {values['hotline']})" if values["hotline"] else ""
        return (
            "đề nghị mang theo Giấy tiếp nhận hồ sơ và hẹn trả kết quả, giấy tờ tùy "
            f"thân đến {values['desk']}{phone} để nhận lại giấy tờ đã nộp; phí, lệ phí "
            "đã nộp được hoàn trả theo quy định của pháp luật về phí, lệ phí"
        )
