import base64
import io

import qrcode

from odoo import api, fields, models

from ..tools import forms, paper, replay

#: Printed where the dossier holds nothing, to be filled in by hand.
DOTS = "…………………"
COPIES = ("Lưu", "Giao tổ chức, cá nhân nộp hồ sơ")
NO_CODE = "chưa cấp"
NO_IDENTITY = "chưa có"
#: Class of the page: A5 of 2018 is the default, see ``static/report/forms.css``.
LETTER, FORM_A4, FORM_A5 = "cchc-letter", "cchc-form-a4", "cchc-form-a5"


class CchcFormReport(models.AbstractModel):
    """What all statutory forms share: letterhead, number, QR code, applicant.

    A form inherits this model as ``report.cchc_onestop.<report>`` of its
    :class:`~odoo.addons.cchc_onestop.tools.forms.Form` and adds its own texts in
    :meth:`_get_form_values`. It reads the dossier as the officer who prints; the
    wording is that of the form and the same in every interface language.
    """

    _name = "cchc.form.report"
    _description = "Base of the Statutory Forms"

    #: Code of the form in the list of 2025.
    _cchc_form = ""

    @api.model
    def _get_report_values(self, docids, data=None):
        """Values when Odoo shows the form by itself: a preview, never a paper."""
        dossiers = self.env["cchc.dossier"].browse(docids)
        sheets = dossiers._get_sheets(self._cchc_form, mark=forms.PREVIEW)
        return self._get_values(sheets)

    @api.model
    def _get_values(self, sheets):
        """Values of the template for these :class:`~..tools.forms.Sheet`."""
        dossiers = self.env["cchc.dossier"].union(*(sheet.dossier for sheet in sheets))
        return {
            "doc_ids": dossiers.ids,
            "doc_model": "cchc.dossier",
            "docs": dossiers,
            "sheets": [
                {**values, "copy": number, "copy_name": name}
                for sheet, values in (
                    (sheet, self._get_texts(sheet)) for sheet in sheets
                )
                for number, name in self._get_copies(sheet.paper)
            ],
        }

    @api.model
    def _get_copies(self, paper):
        count = paper.copies or 1
        names = COPIES + (COPIES[-1],) * (count - len(COPIES))
        return list(enumerate(names[:count], start=1)) if count > 1 else [(0, "")]

    @api.model
    def _get_texts(self, sheet):
        """All texts of one paper, ready to print."""
        dossier, edition = sheet.dossier, sheet.edition
        form = forms.FORM[self._cchc_form]
        agency = dossier._form_agency(form.code).sudo()
        title = edition.name or self._get_form_title()
        values = {
            "doc": dossier,
            "paper": sheet.paper,
            "edition": edition,
            "is_2018": edition.wording == forms.EDITION_2018,
            "page_class": self._get_page_class(edition),
            "letter": False,
            "agency": agency,
            "desk": agency.cchc_desk_name or agency.name,
            "number": sheet.paper.name,
            "no_number": False,
            "title": title,
            "subject_code": "",
            "place_and_date": self._get_place_and_date(agency, sheet.at),
            "qr": self._get_qr(self._get_qr_text(dossier, sheet.at, title)),
            "watermark": sheet.mark,
            "footer": self._get_footer(dossier),
            "foot_note": edition.foot_note or "",
            "replaces": sheet.paper.replaces_ids[:1],
            "applicant_name": dossier.applicant_name or DOTS,
            "identity": dossier.applicant_identity or DOTS,
            "address": dossier.applicant_address or DOTS,
            "phone": dossier.applicant_phone or DOTS,
            "email": dossier.applicant_email or DOTS,
            "procedure": self._get_procedure(dossier),
            "received": self._get_moment(agency, dossier.accepted_at),
            "appointment": self._get_moment(agency, dossier.due_at),
            "submitter": dossier.submitter_id.name or dossier.applicant_name or "",
            "hotline": agency.cchc_hotline or "",
            "lookup_code": dossier.lookup_code or "",
            "officer": sheet.paper.issued_by_id.name or self.env.user.name,
        }
        values.update(self._get_form_values(sheet, values))
        return values

    @api.model
    def _get_form_values(self, sheet, values):
        """Texts of this form beside the common ones in ``values``."""
        return {}

    @api.model
    def _get_page_class(self, edition):
        return FORM_A5

    @api.model
    def _get_footer(self, dossier):
        note = " – Lập lại từ dữ liệu chuyển đổi" if replay.clock(self.env) else ""
        return f"Mã hồ sơ: {self._get_code(dossier)}{note}"

    @api.model
    def _get_code(self, dossier):
        """Code of the dossier; before acceptance that of the portal, if any."""
        return dossier.name or dossier.external_code or NO_CODE

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
    def _get_day(self, agency, moment):
        """“… tháng … năm …”, which follows the word “ngày”."""
        return paper.long_day(moment and agency._cchc_local_date(moment))

    @api.model
    def _get_place_and_date(self, agency, moment):
        day = moment and agency._cchc_local_date(moment)
        return paper.place_and_date(agency.cchc_place or agency.city, day)

    @api.model
    def _get_procedure(self, dossier):
        parts = [dossier.procedure_id.name, dossier.summary]
        return " – ".join(part for part in parts if part)

    @api.model
    def _get_stored_moment(self, text):
        """Moment that was kept as text with the paper."""
        return text and fields.Datetime.to_datetime(text)

    # ------------------------------------------------------------------
    # QR code
    # ------------------------------------------------------------------
    @api.model
    def _get_form_title(self):
        """Official title of the form when no edition names it."""
        edition = (
            self.env["cchc.form.edition"]
            .sudo()
            .search([("form", "=", self._cchc_form)], limit=1)
        )
        return edition.name or ""

    @api.model
    def _get_qr_text(self, dossier, issued_at, title=None):
        """Content required by TT 01/2023/TT-VPCP Đ.26, one line for each item."""
        items = self._get_qr_items(dossier, issued_at, title or self._get_form_title())
        return "\n".join(f"{label}: {value}" for label, value in items)

    @api.model
    def _get_qr_items(self, dossier, issued_at, title):
        """``(label, value)`` of the QR code of this form."""
        system = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("cchc_onestop.system_name", "")
        )
        return [
            ("Mã hồ sơ", self._get_code(dossier)),
            ("Mã TTHC", dossier.procedure_id.code),
            ("Mã định danh", dossier.applicant_identity or NO_IDENTITY),
            ("Giấy tờ", title),
            ("Hệ thống", system),
            ("Xuất bản", self._get_qr_moment(dossier, issued_at)),
        ]

    @api.model
    def _get_qr_moment(self, dossier, moment):
        agency = dossier._form_agency(self._cchc_form)
        return f"{agency._cchc_local_time(moment):%H:%M %d/%m/%Y}" if moment else ""

    @api.model
    def _get_qr(self, text):
        """QR code (TCVN 7322:2009) as a data address of a picture."""
        code = qrcode.QRCode(
            error_correction=qrcode.constants.ERROR_CORRECT_L, box_size=4, border=2
        )
        code.add_data(text.encode())
        target = io.BytesIO()
        code.make_image().save(target)
        return f"data:image/png;base64,{base64.b64encode(target.getvalue()).decode()}"


class CchcLetterReport(models.AbstractModel):
    """A form that is a letter of the head: A4, recipients and signature block."""

    _name = "cchc.letter.report"
    _description = "Base of the Letters to Applicants"
    _inherit = "cchc.form.report"

    @api.model
    def _get_page_class(self, edition):
        return FORM_A5 if edition.wording == forms.EDITION_2018 else LETTER

    @api.model
    def _get_texts(self, sheet):
        values = super()._get_texts(sheet)
        values.update(
            letter=True,
            signer=self._get_signer(sheet, values["agency"]),
            recipients=[
                "Như trên",
                f"{values['desk']} (để thông báo)",
                f"Lưu: VT, hồ sơ {self._get_code(sheet.dossier)}",
            ],
        )
        return values

    @api.model
    def _get_signer(self, sheet, agency):
        """Lines above the signature, and the name below it."""
        signer = sheet.paper.signer_id or sheet.dossier._form_signer(agency)
        return signer.sudo()._cchc_signature(sheet.data.get("sign_mode"))
