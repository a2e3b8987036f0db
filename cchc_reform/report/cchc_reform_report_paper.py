from odoo import api, models

from ..tools.figure import is_printed_number, vietnamese
from ..tools.paper_table import UPRIGHT, WIDE, fit_columns

#: What is printed below the heading of a section without text.
EMPTY = {"none_arose": "Không phát sinh trong kỳ.", "none": "Không có."}


class CchcReformReportPaper(models.AbstractModel):
    """Báo cáo cải cách hành chính (thể thức theo NĐ 30/2020/NĐ-CP)."""

    _name = "report.cchc_reform.report_reform_report"
    _description = "Reform Report (paper)"
    _inherit = "cchc.paper.report"
    _paper_model = "cchc.reform.report"

    @api.model
    def _get_sheet(self, doc):
        agency = doc.company_id.sudo()
        annexes = [
            self._get_annex(annex)
            for annex in doc.annex_ids
            if annex.table and annex.table.get("rows")
        ]
        return {
            "doc": doc,
            "agency": agency,
            "agency_name": agency.name,
            "superior": agency.cchc_superior_name or "",
            "watermark": "" if doc.state in ("submitted", "returned") else "DỰ THẢO",
            "number": doc.number or "",
            "place_and_date": self._get_place_and_date(agency, doc.date),
            "title": doc.title or "",
            "opening": _lines(doc.opening),
            "sections": self._get_sections(doc),
            "closing": f"Trên đây là {_lower(doc.title)} của {agency.name}./.",
            "recipients": _lines(doc.recipients),
            "signer": (doc.signer_id or doc.approved_by_id).sudo()._cchc_signature(),
            "annexes": [
                {**annex, "title": f"PHỤ LỤC {_roman(position)}"}
                for position, annex in enumerate(annexes, start=1)
            ],
        }

    @api.model
    def _get_sections(self, doc):
        """Return the sections; of one without text what its outline chose."""
        sections = []
        for section, below in doc._outlined():
            lines = _lines(section.body)
            if not lines and not below:
                if section.when_empty == "left_out":
                    continue
                lines = _lines(EMPTY.get(section.when_empty))
            sections.append(
                {
                    "heading": ". ".join(filter(None, [section.number, section.name])),
                    "is_part": section.is_part,
                    "lines": lines,
                }
            )
        return sections

    @api.model
    def _get_annex(self, annex):
        table = annex.table
        width = len(table["head"])
        sizes = table.get("widths") or [180 // width] * width
        return {
            "name": annex.name,
            "head": table["head"],
            "widths": fit_columns(sizes, WIDE if table.get("wide") else UPRIGHT),
            "rows": table["rows"],
            "printed": [_printed(row) for row in table["rows"]],
            "wide": bool(table.get("wide")),
            "total": bool(table.get("total")),
            "note": table.get("note") or "",
        }


def _printed(row):
    """Return the cells of a row with what aligns them: ``(text, class)``."""
    if len(row) == 1:
        return [(row[0], "cchc-bold")]
    return [
        (
            vietnamese(cell) if isinstance(cell, int) else cell,
            "cchc-center" if not position else "cchc-right" * is_printed_number(cell),
        )
        for position, cell in enumerate(row)
    ]


def _lines(text):
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _lower(title):
    """Return a title as it stands inside a sentence."""
    title = title or ""
    return f"báo cáo {title[:1].lower()}{title[1:]}"


def _roman(number):
    """Return a number up to 39 in Roman figures."""
    tens, ones = divmod(number, 10)
    units = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    return "X" * tens + units[ones]
