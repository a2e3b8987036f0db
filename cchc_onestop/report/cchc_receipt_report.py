from odoo import api, models
from odoo.tools.misc import formatLang

from ..tools import forms
from .cchc_form_report import DOTS

#: Wording of the forms for the kinds of papers (loại giấy tờ).
KINDS = {
    "original": "Bản chính",
    "copy": "Bản sao",
    "certified": "Bản sao chứng thực",
    "electronic": "Bản điện tử",
    "certified_electronic": "Bản sao điện tử chứng thực",
    "database": "Dữ liệu khai thác từ cơ sở dữ liệu",
}
#: Wording of the forms for the places where the result is handed over.
RESULT_CHANNELS = {
    "counter": "Nhận trực tiếp tại nơi tiếp nhận hồ sơ",
    "post": "Qua dịch vụ bưu chính công ích",
    "online": "Trực tuyến (bản điện tử)",
    "other_desk": "Tại nơi tiếp nhận khác",
}
#: Wording of the forms for the units of time limits.
UNITS = {
    "working_day": "ngày làm việc",
    "calendar_day": "ngày",
    "working_hour": "giờ làm việc",
    "month": "tháng",
}


class ReportReceipt(models.AbstractModel):
    """Form 01: receipt and appointment."""

    _name = "report.cchc_onestop.report_receipt"
    _description = "Receipt and Appointment (form 01)"
    _inherit = "cchc.form.report"
    _cchc_form = forms.RECEIPT

    @api.model
    def _get_form_values(self, sheet, values):
        dossier = sheet.dossier
        return {
            "subject_code": dossier.name or "……",
            "parts": self._get_parts(dossier),
            "sets": dossier.sets,
            "limit": self._get_limit(dossier),
            "result_place": self._get_result_place(dossier, values["agency"]),
            "fees": self._get_fees(dossier),
            "receiver": dossier.receiver_id.name or self.env.user.name,
            **self._get_entry(sheet, values["agency"]),
        }

    @api.model
    def _get_entry(self, sheet, agency):
        """Book and number of the entry in the register; dots before acceptance."""
        dossier = sheet.dossier
        if not dossier.name or not dossier.accepted_at:
            return {"book": DOTS, "entry": DOTS}
        day = agency._cchc_local_date(dossier.accepted_at)
        templates = self.env["cchc.code.template"]
        return {
            "book": sheet.edition._book_number(day, agency.cchc_unit_code or "")
            or DOTS,
            "entry": templates._entry(agency, day, dossier.name),
        }

    @api.model
    def _get_qr_items(self, dossier, issued_at, title):
        """The receipt also bears the appointment."""
        items = super()._get_qr_items(dossier, issued_at, title)
        due = self._get_qr_moment(dossier, dossier.due_at)
        return [*items, ("Hẹn trả", due)]

    @api.model
    def _get_limit(self, dossier):
        """Time of settlement as the edition of 2018 states it."""
        unit = dossier.statutory_unit or dossier.committed_unit
        amount = dossier.statutory_amount or dossier.committed_amount
        if unit == "same_day":
            return "trong ngày"
        return f"{amount:g} {UNITS[unit]}" if unit and amount else "…… ngày"

    @api.model
    def _get_parts(self, dossier):
        """Rows of the table: what was really handed in or taken from a database."""
        return [
            {
                "name": document.name,
                "kind": self._get_kind(document),
                "quantity": self._get_quantity(document),
            }
            for document in dossier.document_ids
            if document.received and not document.is_result
        ]

    @api.model
    def _get_kind(self, document):
        if document.source == "paper" and document.originals and document.copies:
            return f"{KINDS['original']}, {KINDS['copy'].lower()}"
        return KINDS.get(document.kind, "")

    @api.model
    def _get_quantity(self, document):
        if document.source == "paper" and document.originals and document.copies:
            return f"{document.originals} + {document.copies}"
        return str(document.originals + document.copies or 1)

    @api.model
    def _get_result_place(self, dossier, agency):
        text = RESULT_CHANNELS.get(dossier.result_channel, "")
        if dossier.result_channel == "counter":
            return agency.cchc_desk_name or text
        if dossier.result_address:
            return f"{text}: {dossier.result_address}"
        return text

    @api.model
    def _get_fees(self, dossier):
        """One text per fee. “Not stated” is not “free”, and neither is silence."""
        return [self._get_fee(fee) for fee in dossier.fee_ids] or ["chưa quy định"]

    @api.model
    def _get_fee(self, fee):
        legal = f" ({fee.legal_text})" if fee.legal_text else ""
        if not fee.is_stated:
            return f"{fee.name}: chưa quy định mức thu{legal}"
        if not fee.subtotal:
            return f"{fee.name}: không thu{legal}"
        return f"{fee.name}: {self._get_amount(fee)}{legal}"

    @api.model
    def _get_amount(self, fee):
        if fee.currency_id.name == "VND":
            return f"{fee.subtotal:,.0f} đồng".replace(",", ".")
        return formatLang(self.env, fee.subtotal, currency_obj=fee.currency_id)
