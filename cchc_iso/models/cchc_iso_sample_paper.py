from odoo import api, fields, models

from ..report.cchc_iso_audit_sheet import FINDING_WORDS, heading, table, text
from .cchc_iso_audit_paper import OWNERS

OWNERS["cchc.iso.sample"] = "sample_id"
METHOD_WORDS = {
    "random": "Ngẫu nhiên",
    "stratified": "Phân tầng theo tỷ lệ",
    "all_late": "Toàn bộ hồ sơ trễ hạn",
    "judgement": "Theo nhận định của đánh giá viên",
}
STRATUM_WORDS = {
    "procedure": "thủ tục hành chính",
    "department": "bộ phận giải quyết",
    "timeliness": "tình trạng đúng hạn, trễ hạn",
}
PERIOD_WORDS = {
    "ended_at": "kết thúc",
    "accepted_at": "tiếp nhận",
    "due_at": "hẹn trả",
}
STATE_WORDS = {
    "ended": "đã kết thúc",
    "settled": "đã có kết quả",
    "returned": "đã trả kết quả",
    "broken_off": "rút hoặc dừng giải quyết",
    "open": "đang giải quyết",
    "all": "đã tiếp nhận",
}
TIMELINESS_WORDS = {"early": "Trước hạn", "on_time": "Đúng hạn", "late": "Trễ hạn"}


class CchcIsoAuditPaper(models.Model):
    _inherit = "cchc.iso.audit.paper"

    sample_id = fields.Many2one(
        "cchc.iso.sample", index="btree_not_null", ondelete="restrict"
    )

    @api.model_create_multi
    def create(self, vals_list):
        """The list of a sample belongs to its audit, and is read by who reads that."""
        for vals in vals_list:
            if vals.get("sample_id") and not vals.get("audit_id"):
                sample = self.env["cchc.iso.sample"].sudo().browse(vals["sample_id"])
                vals["audit_id"] = sample.audit_id.id
        return super().create(vals_list)

    def _owner(self):
        return self.sample_id or super()._owner()


class CchcIsoAuditSheet(models.AbstractModel):
    _inherit = "cchc.iso.audit.sheet"

    @api.model
    def _build_sample(self, sample, sheet):
        """Danh sách hồ sơ được lấy mẫu: population, method, seed, dossiers."""
        company = sample.company_id
        drawn = sample.drawn_at and company._cchc_local_date(sample.drawn_at)
        sheet.update(
            date=self._long_date(company, drawn),
            subtitle=sample.audit_id.display_name,
            landscape=True,
        )
        self._sign(sheet, 0, sample.drawn_by_id)
        return [
            text("Tổng thể", self._population_words(sample)),
            text("Số hồ sơ của tổng thể", str(sample.drawn_count)),
            text("Phương pháp", self._method_words(sample)),
            text("Số hồ sơ được lấy mẫu", str(len(sample.line_ids))),
            *self._draw_words(sample),
            text("Lý do", sample.note) if sample.note else None,
            heading("Hồ sơ được lấy mẫu"),
            table(
                [
                    ("TT", 4, "center", ""),
                    ("Mã hồ sơ", 16, "", ""),
                    ("Thủ tục hành chính", 26, "", ""),
                    ("Bộ phận giải quyết", 16, "", ""),
                    ("Tiếp nhận", 10, "center", ""),
                    ("Hẹn trả", 10, "center", ""),
                    ("Kết thúc", 10, "center", ""),
                    ("Đúng hạn", 9, "center", ""),
                    ("Lý do chọn", 14, "", ""),
                    ("Kết quả", 9, "center", ""),
                ],
                [
                    [
                        line.draw_no,
                        line.code,
                        line.procedure_id.display_name,
                        line.department_id.name,
                        self._local_day(company, line.accepted_at),
                        self._local_day(company, line.due_at),
                        self._local_day(company, line.ended_at),
                        TIMELINESS_WORDS.get(line.timeliness, ""),
                        line.reason or line.stratum,
                        FINDING_WORDS[line.finding],
                    ]
                    for line in sample.line_ids.sorted("draw_no")
                ],
            ),
        ]

    @api.model
    def _local_day(self, company, at):
        return self._day(company._cchc_local_date(at)) if at else ""

    @api.model
    def _population_words(self, sample):
        words = [
            f"Hồ sơ {STATE_WORDS[sample.states]}, {PERIOD_WORDS[sample.period_field]} "
            f"từ {self._day(sample.period_from)} đến {self._day(sample.period_to)}"
        ]
        if sample.timeliness:
            words.append(TIMELINESS_WORDS[sample.timeliness].lower())
        for label, records in (
            ("bộ phận", sample.department_ids),
            ("lĩnh vực", sample.sector_ids),
            ("thủ tục", sample.procedure_ids),
        ):
            if records:
                words.append(f"{label}: {', '.join(records.mapped('display_name'))}")
        return "; ".join(words) + "."

    @api.model
    def _method_words(self, sample):
        words = METHOD_WORDS[sample.method]
        if sample.method == "stratified":
            return f"{words}, theo {STRATUM_WORDS[sample.stratify_by]}."
        return f"{words}."

    @api.model
    def _draw_words(self, sample):
        """Return what anybody needs to draw the same dossiers again."""
        blocks = [text("Dấu vân tay của tổng thể (SHA-256)", sample.fingerprint)]
        if sample.seed:
            blocks = [
                text("Số hạt giống", f"{sample.seed} (thuật toán {sample.algorithm})"),
                *blocks,
            ]
        return blocks
