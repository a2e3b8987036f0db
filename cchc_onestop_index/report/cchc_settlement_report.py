from odoo import api, fields, models

from odoo.addons.cchc_onestop.tools.paper import short_day

from ..models.cchc_settlement_review_officer import INDICES

#: Columns of the form, in order.
COLUMNS = (
    "Chỉ số",
    "Tên chỉ số",
    "Điểm chuẩn",
    "Điểm tự chấm",
    "Điểm thẩm định",
    "Ghi chú",
)
TITLE = "BẢNG ĐÁNH GIÁ VIỆC GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH"
UNKNOWN = "Chưa xác định"


def decimal(value):
    """Return points with one decimal as papers write them."""
    return f"{value:.1f}".replace(".", ",")


class SettlementReview(models.AbstractModel):
    """Bảng đánh giá việc giải quyết TTHC (TT 01/2018/TT-VPCP)."""

    _name = "report.cchc_onestop_index.report_settlement_review"
    _description = "Evaluation of Settlement (paper)"
    _inherit = "cchc.paper.report"
    _paper_model = "cchc.settlement.review"

    @api.model
    def _get_sheet(self, doc):
        agency = doc.company_id.sudo()
        day = agency._cchc_local_date(doc.approved_at or fields.Datetime.now())
        return {
            "agency": agency,
            "place_and_date": self._get_place_and_date(agency, day),
            "watermark": "DỰ THẢO" if doc.state == "draft" else "",
            "title": TITLE,
            "columns": COLUMNS,
            "period": doc.period_name,
            "from": short_day(doc.date_from),
            "to": short_day(doc.date_to),
            "dossiers": doc.dossier_count,
            "rows": self._get_rows(doc),
            "total": self._get_total(doc),
            "band": doc.band or "",
            "unknown": doc.unknown_count,
            "satisfaction": decimal(doc.percent) + "%"
            if doc.is_satisfaction_known
            else UNKNOWN,
            "slips": doc.slip_count,
            "note": doc.note or "",
            "compiler": doc.create_uid.sudo().name,
            "officers": self._get_officers(doc),
        }

    @api.model
    def _get_rows(self, doc):
        """Return the rows of the form: six texts each."""
        rows = []
        for line in doc.line_ids.sorted("number"):
            notes = [line.note, line.appraise_reason]
            if not line.is_final_known:
                notes.append(UNKNOWN)
            rows.append(
                (
                    str(line.number),
                    line.index_id.name,
                    decimal(line.maximum),
                    line.own_text,
                    decimal(line.final_points) if line.is_final_known else "–",
                    "; ".join(filter(None, notes)),
                )
            )
        return rows

    @api.model
    def _get_total(self, doc):
        maximum = sum(doc.line_ids.mapped("maximum"))
        return (
            "",
            "Tổng điểm",
            decimal(maximum),
            decimal(doc.own_points),
            decimal(doc.final_points),
            doc.band or "",
        )

    @api.model
    def _get_officers(self, doc):
        """Return the rows of officers that the reader may see."""
        return [
            (
                row.user_id.sudo().name,
                str(row.dossier_count),
                *(row[f"text_{index}"] for index in INDICES),
                decimal(row.total),
                row.band or "Chưa đủ căn cứ",
            )
            for row in doc.officer_ids.sorted(lambda row: (-row.total, row.id))
        ]
