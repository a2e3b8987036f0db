import base64
import io

import qrcode

from odoo import api, fields, models
from odoo.tools.misc import formatLang

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
COPIES = ("Lưu", "Giao tổ chức, cá nhân nộp hồ sơ")


class ReportReceipt(models.AbstractModel):
    """Values of form 01, edition 2025: receipt and appointment.

    Reads the dossier as the officer who prints; the wording is that of the form.
    """

    _name = "report.cchc_onestop.report_receipt"
    _description = "Receipt and Appointment (form 01)"

    @api.model
    def _get_report_values(self, docids, data=None):
        dossiers = self.env["cchc.dossier"].browse(docids)
        return {
            "doc_ids": docids,
            "doc_model": "cchc.dossier",
            "docs": dossiers,
            "sheets": [
                {**sheet, "copy": number, "copy_name": name}
                for sheet in map(self._get_sheet, dossiers)
                for number, name in self._get_copies(sheet["paper"])
            ],
        }

    @api.model
    def _get_paper(self, dossier):
        """The paper being drawn, else the one in force (none in a preview)."""
        paper = self.env["cchc.dossier.paper"].browse(
            self.env.context.get("cchc_paper_id", [])
        )
        return paper if paper.dossier_id == dossier else dossier.receipt_id

    @api.model
    def _get_copies(self, paper):
        count = paper.copies or 1
        names = COPIES + (COPIES[-1],) * (count - len(COPIES))
        return list(enumerate(names[:count], start=1)) if count > 1 else [(0, "")]

    @api.model
    def _get_sheet(self, dossier):
        """All texts of one receipt, ready to print."""
        paper = self._get_paper(dossier)
        issued_at = paper.issued_at or fields.Datetime.now()
        agency = dossier.receiving_company_id or dossier.company_id
        return {
            "doc": dossier,
            "paper": paper,
            "agency": agency,
            "number": paper.name,
            "place_and_date": self._get_place_and_date(agency, issued_at),
            "qr": self._get_qr(self._get_qr_text(dossier, issued_at)),
            "watermark": "" if paper else "BẢN XEM TRƯỚC",
            "footer": f"Mã hồ sơ: {dossier.name or '……'}",
            "applicant_name": dossier.applicant_name or "",
            "identity": dossier.applicant_identity or "",
            "address": dossier.applicant_address or "",
            "phone": dossier.applicant_phone or "",
            "email": dossier.applicant_email or "",
            "procedure": self._get_procedure(dossier),
            "parts": self._get_parts(dossier),
            "sets": dossier.sets,
            "received": self._get_moment(agency, dossier.accepted_at),
            "appointment": self._get_moment(agency, dossier.due_at),
            "result_place": self._get_result_place(dossier, agency),
            "fees": self._get_fees(dossier),
            "submitter": self._get_submitter(dossier),
            "receiver": dossier.receiver_id.name or "",
            "hotline": agency.cchc_hotline or "",
            "lookup_code": dossier.lookup_code or "",
            "replaces": paper.replaces_ids[:1],
        }

    # ------------------------------------------------------------------
    # Texts
    # ------------------------------------------------------------------
    @api.model
    def _get_moment(self, agency, moment):
        """“… giờ … phút, ngày … tháng … năm …” by the clocks of the agency."""
        if not moment:
            return "…… giờ …… phút, ngày …… tháng …… năm ……"
        local = agency._cchc_local_time(moment)
        return (
            f"{local.hour:02d} giờ {local.minute:02d} phút, ngày {local.day:02d} "
            f"tháng {local.month:02d} năm {local.year}"
        )

    @api.model
    def _get_place_and_date(self, agency, moment):
        local = agency._cchc_local_date(moment)
        place = agency.cchc_place or agency.city or "……"
        return f"{place}, ngày {local.day:02d} tháng {local.month:02d} năm {local.year}"

    @api.model
    def _get_procedure(self, dossier):
        parts = [dossier.procedure_id.name, dossier.summary]
        return " – ".join(part for part in parts if part)

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

    @api.model
    def _get_submitter(self, dossier):
        return dossier.submitter_id.name or dossier.applicant_name or ""

    # ------------------------------------------------------------------
    # QR code
    # ------------------------------------------------------------------
    @api.model
    def _get_form_title(self):
        return "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"

    @api.model
    def _get_qr_text(self, dossier, issued_at):
        """Content required by TT 01/2023/TT-VPCP Đ.26, one line for each item."""
        agency = dossier.receiving_company_id or dossier.company_id
        issued, due = (
            moment and f"{agency._cchc_local_time(moment):%H:%M %d/%m/%Y}"
            for moment in (issued_at, dossier.due_at)
        )
        system = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("cchc_onestop.system_name", "")
        )
        lines = [
            ("Mã hồ sơ", dossier.name),
            ("Mã TTHC", dossier.procedure_id.code),
            ("Mã định danh", dossier.applicant_identity),
            ("Giấy tờ", self._get_form_title()),
            ("Hệ thống", system),
            ("Xuất bản", issued),
            ("Hẹn trả", due),
        ]
        return "\n".join(f"{label}: {value or ''}" for label, value in lines)

    @api.model
    def _get_qr(self, text):
        """QR code (TCVN 7322:2009) as a data address of a picture."""
        code = qrcode.QRCode(
            error_correction=qrcode.constants.ERROR_CORRECT_L, box_size=8, border=2
        )
        code.add_data(text.encode())
        target = io.BytesIO()
        code.make_image().save(target)
        return f"data:image/png;base64,{base64.b64encode(target.getvalue()).decode()}"
