from odoo import api, models

from odoo.addons.cchc_onestop.tools.paper import DOTS, short_day

KINDS = {
    "regulation": "Quy định hành chính",
    "attitude": "Hành vi: thái độ",
    "harassment": "Hành vi: nhũng nhiễu",
    "delay": "Hành vi: chậm",
    "behaviour": "Hành vi hành chính khác",
}
REGIMES = {
    "petition": "PAKN của cơ quan khác",
    "complaint": "khiếu nại",
    "denunciation": "tố cáo",
}
FINDINGS = {
    "upheld": "đúng",
    "partly": "đúng một phần",
    "unfounded": "không đúng",
}
#: Columns of the register of petitions.
COLUMNS = (
    "TT",
    "Tên tổ chức, cá nhân",
    "Nội dung",
    "Loại",
    "Ngày nhận",
    "Cơ quan xử lý",
    "Thời hạn",
    "Kết quả",
    "Công khai",
)


class CchcPetition(models.Model):
    _inherit = "cchc.petition"

    def _get_sender_text(self):
        """Return who sent it, as the register names him."""
        self.ensure_one()
        if self.sender_kind == "anonymous":
            return "Không ghi tên"
        if not self._has_field_access(self._fields["sender_name"], "read"):
            return "(không hiển thị)"
        return ", ".join(
            part for part in (self.sender_name, self.sender_address) if part
        )

    def _get_result_text(self):
        """Return what became of it, in the words of the register."""
        self.ensure_one()
        if self.result == "answered":
            number = f" (số {self.answer_number})" if self.answer_number else ""
            parts = [f"Đã trả lời {self._get_day(self.answered_at)}{number}"]
            if self.upheld:
                parts.append(f"phản ánh {FINDINGS[self.upheld]}")
        elif self.result == "refused":
            parts = [f"Không tiếp nhận {self._get_day(self.closed_at)}"]
        elif self.result == "transferred":
            parts = [
                f"Chuyển {self.transferred_to} "
                f"({REGIMES[self.regime]}) {self._get_day(self.closed_at)}"
            ]
        else:
            parts = ["Đang xử lý"]
        if self.is_late:
            parts.append("quá hạn")
        return "; ".join(parts)

    def _get_published_text(self):
        self.ensure_one()
        if self.state == "published":
            return self._get_day(self.published_at)
        return "Không công khai" if self.state == "kept" else ""

    def _get_day(self, moment):
        return f"{self._local(moment):%d/%m/%Y}" if moment else ""

    def _get_cells(self):
        """Return the cells of a row of the register, without its number."""
        self.ensure_one()
        return [
            self._get_sender_text(),
            f"{self.name}: {self.subject}. {self.content}",
            KINDS[self.subject_kind],
            self._get_day(self.received_at),
            self.department_id.sudo().name or self.company_id.sudo().name,
            self._get_day(self.answer_due_at),
            self._get_result_text(),
            self._get_published_text(),
        ]


class PetitionAnswer(models.AbstractModel):
    """Letter that answers a petition, signed by the leader who approved it."""

    _name = "report.cchc_onestop_voice.report_petition_answer"
    _description = "Answer to a Petition (letter)"
    _inherit = "cchc.paper.report"
    _paper_model = "cchc.petition"

    @api.model
    def _get_sheet(self, doc):
        agency = doc.company_id.sudo()
        day = doc.answered_at and agency._cchc_local_date(doc.answered_at)
        received = agency._cchc_local_date(doc.received_at)
        anonymous = doc.sender_kind == "anonymous"
        signer = doc.approved_by_id or agency.cchc_signer_id
        return {
            "agency": agency,
            "number": doc.answer_number or "",
            "place_and_date": self._get_place_and_date(agency, day),
            "watermark": "" if doc.answered_at else "DỰ THẢO",
            "code": doc.name,
            "subject": doc.subject,
            "to": "Người gửi phản ánh, kiến nghị"
            if anonymous
            else doc.sender_name or DOTS,
            "address": "" if anonymous else doc.sender_address or "",
            "received": short_day(received),
            "kind": KINDS[doc.subject_kind],
            "dossier": doc.dossier_id.sudo().name or "",
            "answer": doc.answer or "",
            "finding": FINDINGS.get(doc.upheld, ""),
            "recipients": [
                "Như trên",
                f"{agency.cchc_desk_name or agency.name} (để công khai)",
                f"Lưu: VT, {doc.name}",
            ],
            "signer": signer.sudo()._cchc_signature(),
        }


class PetitionRegister(models.AbstractModel):
    """Sổ theo dõi phản ánh, kiến nghị: a table of the petitions chosen."""

    _name = "report.cchc_onestop_voice.report_petition_register"
    _description = "Register of Petitions (paper)"

    @api.model
    def _get_report_values(self, docids, data=None):
        docs = (
            self.env["cchc.petition"]
            .browse(docids or (data or {}).get("petition_ids"))
            .exists()
            .with_context(lang="vi_VN")
            .sorted(lambda petition: (petition.received_at, petition.id))
        )
        docs.check_access("read")
        agency = docs.company_id[:1].sudo() or self.env.company.sudo()
        return {
            "docs": docs,
            "agency": agency,
            "columns": COLUMNS,
            "rows": [
                [str(number), *petition._get_cells()]
                for number, petition in enumerate(docs, 1)
            ],
        }
