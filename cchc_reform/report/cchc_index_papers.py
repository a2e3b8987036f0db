from odoo import api, models

from odoo.addons.cchc_onestop.tools.paper import short_day

from ..tools.entry import plain
from ..tools.paper_table import fit_columns
from ..tools.scoring import ZERO, exact

STATES = {
    "draft": "DỰ THẢO",
    "self_scored": "",
    "submitted": "",
    "appraised_1": "",
    "explained": "",
    "appraised_2": "",
    "published": "",
}
RECOVERIES = {
    "recovered": "Đã khắc phục",
    "partly": "Khắc phục một phần",
    "not": "Chưa khắc phục",
}
STATUSES = {
    "not_started": "Chưa thực hiện",
    "in_progress": "Đang thực hiện",
    "done": "Hoàn thành",
    "done_late": "Hoàn thành (chậm)",
    "regular": "Thường xuyên",
    "cancelled": "Không thực hiện",
    "adjusted": "Điều chỉnh",
    "overdue": "Quá hạn",
}
#: Columns of the tables: heading and proportion of their width.
SCORES = (
    ("STT", 14),
    ("Lĩnh vực/tiêu chí/tiêu chí thành phần", 54),
    ("Điểm tối đa", 13),
    ("Số liệu kê khai", 32),
    ("Cách tính điểm", 42),
    ("Tài liệu kiểm chứng", 44),
    ("Điểm tự đánh giá", 14),
    ("Điểm thẩm định", 14),
    ("Giải trình, ghi chú", 44),
)
REMEDY = (
    ("TT", 8),
    ("Tiêu chí, tiêu chí thành phần bị trừ điểm", 38),
    ("Điểm tối đa", 12),
    ("Điểm đạt", 12),
    ("Điểm bị trừ", 12),
    ("Nguyên nhân", 46),
    ("Giải pháp, nhiệm vụ khắc phục", 52),
    ("Chủ trì", 23),
    ("Phối hợp", 23),
    ("Thời hạn", 22),
    ("Kết quả", 22),
)


def points(number):
    """Return points as they are printed: ``43,26``, a point behind nothing."""
    return plain(number)


class IndexTable(models.AbstractModel):
    """Bảng tự đánh giá, chấm điểm, with the appraisal as far as it has come."""

    _name = "report.cchc_reform.index_table"
    _description = "Table of Scores (paper)"
    _inherit = "cchc.paper.report"
    _paper_model = "cchc.index.assessment"

    @api.model
    def _get_sheet(self, doc):
        agency = doc.company_id.sudo()
        leaves = doc._leaves()
        day = agency._cchc_local_date(doc.submitted_at or self.env.cr.now())
        return {
            "doc": doc,
            "agency": agency,
            "number": "",
            "watermark": STATES[doc.state],
            "place_and_date": self._get_place_and_date(agency, day),
            "set": doc.set_id.sudo(),
            "appraised": bool(doc.appraisal),
            "columns": _columns(SCORES if doc.appraisal else SCORES[:7] + SCORES[8:]),
            "rows": [self._get_row(line) for line in doc.line_ids.sorted("path")],
            "self_total": points(doc.self_total),
            "appraised_total": points(doc.appraised_total),
            "survey": points(doc.survey_points) if doc.has_survey else "",
            "extra": points(doc.extra) if doc.extra else "",
            "final": points(doc.final_total),
            "maximum": points(doc.maximum),
            "rank": doc.rank_text,
            "class": doc.class_name or "",
            "decision": doc.decision_number or "",
            "decision_day": short_day(doc.decision_date),
            "unproved": [
                f"{', '.join(lines.mapped('code'))}: {note}"
                for note, lines in leaves.filtered("evidence_missing")
                .grouped(lambda line: line.evidence_note or "Chưa giải trình")
                .items()
            ],
            "signer": doc.approved_by_id.sudo()._cchc_signature(),
        }

    @api.model
    def _get_row(self, line):
        proofs = [d.display_name for d in line.sudo().evidence_document_ids]
        proofs += line.sudo().attachment_ids.mapped("name")
        if line.evidence_note:
            proofs.append(line.evidence_note)
        remarks = []
        if line.is_overridden:
            remarks.append(f"Chấm theo đánh giá: {line.override_reason}")
        if line.differs and line.declared_reason:
            remarks.append(
                f"Hệ thống: {line.measured_text}; khai khác vì: {line.declared_reason}"
            )
        for title, text in (
            ("Thẩm định lần 1", line.comment_1),
            ("Giải trình", line.explanation),
            ("Thẩm định lần 2", line.comment_2),
        ):
            if text:
                remarks.append(f"{title}: {text}")
        na = line.self_na
        return {
            "code": line.code,
            "name": line.name,
            "is_leaf": line.is_leaf,
            "depth": line.depth,
            "maximum": points(line.maximum),
            "declared": line.declared_text or "",
            "rule": line.rule_text or "",
            "proofs": proofs,
            "self": "KAD" if na else points(line.self_score),
            "appraised": "KAD" if line.appraised_na else points(line.appraised_score),
            "remarks": remarks,
        }


class IndexRanking(models.AbstractModel):
    """Kết quả xếp hạng of a round: by group, with classes and their distribution."""

    _name = "report.cchc_reform.index_ranking"
    _description = "Ranking of a Round (paper)"
    _inherit = "cchc.paper.report"
    _paper_model = "cchc.index.round"

    @api.model
    def _get_sheet(self, doc):
        agency = doc.company_id.sudo()
        doc._rank()
        rows = doc.assessment_ids
        groups = rows.grouped("group_id")
        return {
            "doc": doc,
            "agency": agency,
            "number": doc.decision_number or "",
            "watermark": "" if doc.state == "published" else "DỰ THẢO",
            "place_and_date": self._get_place_and_date(agency, doc.decision_date),
            "set": doc.set_id.sudo(),
            "groups": [
                {
                    "name": group.sudo().name or "",
                    "rows": [self._get_row(row) for row in _by_rank(members)],
                    "classes": self._get_classes(doc, members),
                    "mean": points(
                        round(
                            float(
                                sum((exact(r.final_total) for r in members), ZERO)
                                / len(members)
                            ),
                            2,
                        )
                    ),
                }
                for group, members in groups.items()
            ],
        }

    @api.model
    def _get_row(self, row):
        return {
            "agency": row.company_id.sudo().name,
            "self": points(row.self_total),
            "appraised": points(row.appraised_total),
            "survey": points(row.survey_points),
            "extra": points(row.extra),
            "final": points(row.final_total),
            "rank": row.rank_text,
            "class": row.class_name or "",
        }

    @api.model
    def _get_classes(self, doc, members):
        """Return how many of a group reach each class, the best first."""
        names = doc._classes().sorted("threshold", reverse=True).mapped("name")
        found = members.mapped("class_name")
        return [(name, found.count(name)) for name in names]


class IndexRemedy(models.AbstractModel):
    """Kế hoạch khắc phục các tiêu chí bị trừ điểm, with what became of them."""

    _name = "report.cchc_reform.index_remedy"
    _description = "Remedy of Lost Points (paper)"
    _inherit = "cchc.paper.report"
    _paper_model = "cchc.reform.plan"

    @api.model
    def _get_sheet(self, doc):
        agency = doc.company_id.sudo()
        # as the criteria stand in the set, whatever area their tasks belong to
        tasks = doc.task_ids.filtered("assessment_line_id").sorted(
            lambda task: (task.assessment_line_id.sudo().path, task.id)
        )
        source = tasks.assessment_line_id.assessment_id[:1].sudo()
        return {
            "doc": doc,
            "agency": agency,
            "number": doc.number or "",
            "watermark": "" if doc.state in ("approved", "closed") else "DỰ THẢO",
            "place_and_date": self._get_place_and_date(agency, doc.date),
            "year": source.year,
            "decision": source.decision_number or "",
            "decision_day": short_day(source.decision_date),
            "columns": _columns(REMEDY),
            "rows": [self._get_row(task) for task in tasks],
            "lost": points(sum(tasks.mapped("lost_points"))),
            "kept": doc.remedy_text if doc.state in ("approved", "closed") else "",
            "signer": (doc.signer_id or doc.approved_by_id).sudo()._cchc_signature(),
        }

    @api.model
    def _get_row(self, task):
        result = STATUSES.get(task.status, "")
        if task.status == "regular":
            # regular is how it is done, not what came of it
            result = "Duy trì thực hiện" if task.is_maintained else ""
        return {
            "criterion": task.criterion_text,
            "maximum": points(task.lost_maximum),
            "score": points(task.lost_score),
            "lost": points(task.lost_points),
            "cause": task.lost_cause or "",
            "task": task.name,
            "lead": task.lead_department_id.sudo().name or "",
            "coordinating": ", ".join(
                task.sudo().coordinating_department_ids.mapped("name")
            ),
            "deadline": "Thường xuyên trong năm"
            if task.deadline_type == "regular"
            else short_day(task.date_deadline),
            "result": "; ".join(
                filter(None, [result, RECOVERIES.get(task.recovery, "")])
            ),
        }


def _columns(columns):
    """Return names and widths in mm of the columns of a table on its side."""
    names, sizes = zip(*columns, strict=True)
    return list(zip(names, fit_columns(sizes), strict=True))


def _by_rank(rows):
    """Return assessments in the order of their places, unranked ones last."""
    return rows.sorted(lambda row: (not row.rank, row.rank, row.company_id.sudo().name))
