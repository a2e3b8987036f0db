import re

from odoo import api, models

from odoo.addons.cchc_onestop.tools.paper import DOTS, long_day, short_day

#: Words of the printed papers; official, the same in every interface language.
SUBJECT_NAMES = {
    "declaration": "Bản công bố hệ thống quản lý chất lượng",
    "policy": "Chính sách chất lượng",
    "objectives": "Mục tiêu chất lượng",
}
#: Begin of the line of a clause among those left out.
CLAUSE = re.compile(r"\d[\d.]*: ")


class CchcIsoDeclarationReport(models.AbstractModel):
    """What the papers of a declaration share: head, dates and signature."""

    _name = "cchc.iso.declaration.report"
    _description = "Base of the Papers of a Declaration"
    _inherit = "cchc.paper.report"
    _paper_model = "cchc.iso.declaration"

    @api.model
    def _get_sheet(self, doc):
        agency = doc.company_id.sudo()
        day = doc.decided_on
        mark = {
            "draft": "DỰ THẢO",
            "effect_confirmed": "DỰ THẢO",
            "superseded": "HẾT HIỆU LỰC",
            "withdrawn": "ĐÃ HỦY BỎ",
        }.get(doc.state, "")
        edition = doc.edition_id
        return {
            "doc": doc,
            "agency": agency,
            "agency_name": doc.agency_name or agency.name,
            "watermark": mark,
            "number": doc.number or "",
            "place_and_date": self._get_place_and_date(agency, day),
            "day": long_day(day),
            "edition": edition.code or DOTS,
            "amendment": (edition.amendment or "").replace("Amendment", "Sửa đổi"),
            "exclusions": [
                f"- Điều khoản {line}" if CLAUSE.match(line) else line
                for line in (doc.exclusion_text or "").splitlines()
            ],
            "replaces": doc.replaces_id,
            "replaces_day": long_day(doc.replaces_id.decided_on),
            "signer": doc.signer_id.sudo()._cchc_signature(),
            "procedure_count": len(
                doc.line_ids.filtered(lambda line: line.kind == "procedure")
            ),
            "sector_count": len(doc.line_ids.sector_id),
            "groups": self._get_groups(doc),
            "postings": [self._get_posting(row) for row in doc.posting_ids],
        }

    @api.model
    def _get_groups(self, doc):
        """Return ``[(heading, rows)]``: the procedures by field, then the rest."""
        lines = doc.line_ids
        procedures = lines.filtered(lambda line: line.kind == "procedure")
        groups = [
            (f"Lĩnh vực {sector.name}" if sector else "Lĩnh vực khác", rows)
            for sector, rows in procedures.grouped("sector_id").items()
        ]
        if internal := lines - procedures:
            groups.append(("Quy trình nội bộ của cơ quan", internal))
        return [
            (
                title,
                [
                    {
                        "code": row.code or "",
                        "national": row.procedure_id.code or "",
                        "name": row.name or "",
                        "issue": f"{row.issue_no:02d}" if row.issue_no else "",
                        "from": short_day(row.issued_from),
                    }
                    for row in rows
                ],
            )
            for title, rows in groups
        ]

    @api.model
    def _get_posting(self, row):
        return {
            "subject": SUBJECT_NAMES[row.subject],
            "place": row.place or "",
            "due": short_day(row.due_on),
            "posted": short_day(row.posted_on),
            "by": row.posted_by_id.sudo().name or "",
            "removed": short_day(row.removed_on),
            "evidence": ", ".join(row.sudo().evidence_ids.mapped("name"))
            or (row.note or ""),
        }


class CchcIsoDeclarationPaper(models.AbstractModel):
    """Bản công bố hệ thống quản lý chất lượng (QĐ 19/2014/QĐ-TTg Đ.4)."""

    _name = "report.cchc_iso.report_declaration"
    _description = "Declaration of Conformity (paper)"
    _inherit = "cchc.iso.declaration.report"


class CchcIsoDeclarationAnnex(models.AbstractModel):
    """Phụ lục: the list of processes that the declaration covers."""

    _name = "report.cchc_iso.report_declaration_annex"
    _description = "Annex of a Declaration (paper)"
    _inherit = "cchc.iso.declaration.report"


class CchcIsoPostingPaper(models.AbstractModel):
    """Phiếu niêm yết: what hangs where, from when, and who saw to it."""

    _name = "report.cchc_iso.report_posting"
    _description = "Posting Sheet (paper)"
    _inherit = "cchc.iso.declaration.report"
