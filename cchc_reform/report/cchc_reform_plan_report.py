from odoo import api, models
from odoo.tools import groupby, is_html_empty

from odoo.addons.cchc_onestop.tools.paper import short_day

from ..tools.figure import vietnamese
from ..tools.paper_table import fit_columns

#: Words of the printed papers; official, the same in every interface language.
MARKS = {"draft": "DỰ THẢO", "cancelled": "ĐÃ HỦY BỎ"}
KINDS = {
    "reform": "Cải cách hành chính",
    "communication": "Tuyên truyền cải cách hành chính",
    "inspection": "Kiểm tra cải cách hành chính",
    "control": "Kiểm soát thủ tục hành chính",
    "remedy": "Khắc phục các tiêu chí bị trừ điểm",
    "index": "Nâng cao các chỉ số",
    "iso": "Áp dụng hệ thống quản lý chất lượng TCVN ISO 9001",
    "training": "Đào tạo, bồi dưỡng",
}
#: Sections of the paper; one that holds nothing is not printed.
SECTIONS = {
    "purpose": "MỤC ĐÍCH, YÊU CẦU",
    "goals": "MỤC TIÊU, CHỈ TIÊU",
    "tasks": "NHIỆM VỤ",
    "funding": "KINH PHÍ",
    "organisation": "TỔ CHỨC THỰC HIỆN",
}
NUMERALS = ("I", "II", "III", "IV", "V")
#: Columns of the annex (appendices of communes): heading, proportion of the width.
COLUMNS = (
    ("TT", 14),
    ("Nội dung nhiệm vụ", 74),
    ("Sản phẩm (kết quả đầu ra)", 42),
    ("Cơ quan chủ trì", 32),
    ("Cơ quan phối hợp", 38),
    ("Thời gian hoàn thành", 24),
    ("Kinh phí (đồng)", 22),
    ("Ghi chú", 26),
)


def by_area(rows):
    """Return ``[(area, rows)]`` in the order of the annex."""
    return [(area, list(found)) for area, found in groupby(rows, lambda r: r["area"])]


class CchcReformPlanPaper(models.AbstractModel):
    """Kế hoạch: sections I to V and the annex of its tasks."""

    _name = "report.cchc_reform.report_plan"
    _description = "Reform Plan (paper)"
    _inherit = "cchc.paper.report"
    _paper_model = "cchc.reform.plan"

    @api.model
    def _get_sheet(self, doc):
        agency = doc.company_id.sudo()
        rows = doc.task_ids._paper_rows()
        names, sizes = zip(*COLUMNS, strict=True)
        total = sum(doc.task_ids.filtered(lambda t: not t.has_parts).mapped("budget"))
        return {
            "doc": doc,
            "agency": agency,
            "number": doc.number or "",
            "place_and_date": self._get_place_and_date(agency, doc.date),
            "watermark": MARKS.get(doc.state, ""),
            "title": self._get_title(doc),
            "kind": KINDS.get(doc.plan_type, ""),
            "above": self._get_above(doc),
            "heads": self._get_heads(doc, total),
            "purpose": doc.purpose,
            "goals": doc.goals,
            "funding": doc.funding,
            "organisation": doc.organisation,
            "targets": [self._get_target(target) for target in doc.target_ids],
            "areas": by_area(rows),
            "task_count": len([row for row in rows if not row["heading"]]),
            "columns": list(zip(names, fit_columns(sizes), strict=True)),
            "total": vietnamese(int(total)) if total else "",
            "adjustments": [
                f"{record.authority} ngày {short_day(record.authority_date)}"
                for record in doc.adjustment_ids.filtered(
                    lambda record: record.state == "approved"
                ).sorted("id")
            ],
            "signer": (doc.signer_id or doc.approved_by_id).sudo()._cchc_signature(),
            "recipients": self._get_recipients(doc),
        }

    @api.model
    def _get_heads(self, doc, total):
        """Return the headings of the sections that say something, by their key."""
        held = {
            "purpose": not is_html_empty(doc.purpose),
            "goals": not is_html_empty(doc.goals) or doc.target_ids,
            "tasks": doc.task_ids,
            "funding": not is_html_empty(doc.funding) or total,
            "organisation": not is_html_empty(doc.organisation),
        }
        printed = [key for key in SECTIONS if held[key]]
        return {
            key: f"{numeral}. {SECTIONS[key]}"
            for numeral, key in zip(NUMERALS, printed, strict=False)
        }

    @api.model
    def _get_title(self, doc):
        """Return the title without the word that the paper prints above it."""
        name = (doc.name or "").strip()
        if name.casefold().startswith("kế hoạch"):
            name = name[len("kế hoạch") :].strip()
        return f"{name[:1].upper()}{name[1:]}"

    @api.model
    def _get_above(self, doc):
        above = doc.parent_id
        if not above:
            return ""
        day = f" ngày {short_day(above.date)}" if above.date else ""
        return f"Kế hoạch số {above.number or '……'}{day} ({above.name})"

    @api.model
    def _get_target(self, target):
        return {
            "name": target.name or "",
            "formula": target.formula or "",
            "value": target.target_text or "",
            "period": target.period or "",
        }

    @api.model
    def _get_recipients(self, doc):
        departments = doc.task_ids.lead_department_id.mapped("name")
        committee = doc.committee_id.name
        above = doc.company_id.sudo().cchc_superior_name
        return [
            *([f"{above} (để báo cáo)"] if above else []),
            *([committee] if committee else []),
            *departments,
            "Lưu: VT",
        ]
