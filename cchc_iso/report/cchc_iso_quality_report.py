from odoo import api, fields, models

from odoo.addons.cchc_onestop.tools.paper import DOTS, short_day

#: Lines behind a figure that the report of a review prints.
PRINTED = 6
CATEGORIES = {"major": "Nặng", "minor": "Nhẹ"}
EFFECTS = {"effective": "Có hiệu lực", "not_effective": "Chưa có hiệu lực"}
INPUT_NAMES = {
    "a": "Tình trạng các hành động từ các cuộc xem xét trước",
    "b": "Những thay đổi bên ngoài và nội bộ liên quan đến hệ thống",
    "c1": "Sự thỏa mãn của khách hàng và phản hồi của các bên quan tâm",
    "c2": "Mức độ thực hiện các mục tiêu chất lượng",
    "c3": "Kết quả thực hiện quá trình, sự phù hợp của sản phẩm, dịch vụ",
    "c4": "Sự không phù hợp và hành động khắc phục",
    "c5": "Kết quả theo dõi và đo lường",
    "c6": "Kết quả đánh giá",
    "c7": "Kết quả hoạt động của nhà cung cấp bên ngoài",
    "d": "Sự đầy đủ của các nguồn lực",
    "e": "Hiệu lực của hành động giải quyết rủi ro và cơ hội",
    "f": "Các cơ hội cải tiến",
}
OUTPUT_NAMES = {
    "improvement": "Cơ hội cải tiến",
    "change": "Thay đổi hệ thống",
    "resource": "Nhu cầu nguồn lực",
}
METRIC_NAMES = {
    "on_time_share": "Hồ sơ giải quyết đúng hạn",
    "late_share": "Hồ sơ giải quyết quá hạn",
    "late_count": "Số hồ sơ quá hạn",
    "mean_time": "Thời gian xử lý so với thời gian cam kết",
    "step_on_time_share": "Bước thực hiện đúng hạn",
    "supplements": "Số lần yêu cầu bổ sung trên một hồ sơ",
    "online_share": "Hồ sơ nộp trực tuyến",
    "satisfaction": "Người dân hài lòng",
    "findings_late": "Sự không phù hợp chưa khắc phục đúng hạn",
    "actions_on_time": "Hành động hoàn thành đúng hạn",
    "documents_overdue": "Tài liệu quy trình quá hạn cập nhật",
    "manual": "Số liệu nhập, ghi rõ nguồn",
}
PERIODS = {"month": "Hằng tháng", "quarter": "Hằng quý", "year": "Hằng năm"}
PERIOD_HEADS = {"month": "Tháng", "quarter": "Quý", "year": "Năm"}
SPLITS = {
    "department": "từng phòng, bộ phận",
    "sector": "từng lĩnh vực",
    "procedure": "từng thủ tục",
}
DIRECTIONS = {"at_least": "Từ", "at_most": "Không quá"}
CONSEQUENCES = {
    "none": "",
    "action": "Lập hành động khắc phục",
    "nonconformity": "Lập phiếu không phù hợp",
}
VERDICTS = {"pass": "Đạt", "fail": "Không đạt", "no_data": "Không phát sinh"}
TREATMENTS = {
    "avoid": "Tránh",
    "reduce": "Giảm thiểu",
    "share": "Chia sẻ",
    "accept": "Chấp nhận",
    "seize": "Tận dụng",
}


class CchcIsoQualityReport(models.AbstractModel):
    """What the papers of improvement share: head, days, names and signatures."""

    _name = "cchc.iso.quality.report"
    _description = "Base of the Papers of Improvement"
    _inherit = "cchc.paper.report"

    @api.model
    def _get_report_values(self, docids, data=None):
        return {**super()._get_report_values(docids, data), "day": self._day}

    @api.model
    def _day(self, value):
        """Return a day or moment of the agency as dd/mm/yyyy."""
        if hasattr(value, "hour"):
            value = self.env.company._cchc_local_date(value)
        return short_day(value, DOTS)

    @api.model
    def _names(self, users):
        rows = []
        for user in users.sudo():
            post = user.with_company(self.env.company).employee_id.job_title
            rows.append(", ".join(filter(None, [user.name, post])))
        return rows


class ReportNonconformity(models.AbstractModel):
    """NC report (Phiếu báo cáo sự không phù hợp) with the request for action."""

    _name = "report.cchc_iso.report_nonconformity"
    _description = "Nonconformity Report"
    _inherit = "cchc.iso.quality.report"
    _paper_model = "mgmtsystem.nonconformity"

    @api.model
    def _get_sheet(self, nc):
        agency = nc.company_id.sudo()
        nc = nc.sudo()
        return {
            "doc": nc,
            "agency": agency,
            "number": nc.ref,
            "place_and_date": self._get_place_and_date(
                agency, agency._cchc_local_date(nc.create_date)
            ),
            "auditor": nc.user_id.name,
            "leader": nc.verified_by_id.name or "",
            "clauses": ", ".join(nc.clause_ids.mapped("code")),
            "process": nc.process_id.display_name or nc.dossier_id.name or "",
            "category": CATEGORIES.get(nc.category, ""),
            "edition": nc.edition_id.code or "",
            "causes": "; ".join(nc.cause_ids.mapped("display_name")),
            "actions": [
                {
                    "name": action.name,
                    "who": action.user_id.name,
                    "until": self._day(action.date_deadline),
                    "result": action.result or "",
                    "stage": action.stage_id.name,
                }
                for action in nc._get_all_actions()
            ],
            "effects": [
                {
                    "day": self._day(row.verified_at),
                    "who": row.verified_by_id.name,
                    "effect": EFFECTS[row.effect],
                    "comments": row.comments,
                }
                for row in nc.effect_ids.sorted("verified_at")
            ],
        }


class ReportActionRequest(models.AbstractModel):
    """Request for corrective action (Phiếu yêu cầu hành động khắc phục)."""

    _name = "report.cchc_iso.report_action_request"
    _description = "Corrective Action Request"
    _inherit = "cchc.iso.quality.report"
    _paper_model = "mgmtsystem.action"

    @api.model
    def _get_sheet(self, action):
        agency = action.company_id.sudo()
        action = action.sudo()
        return {
            "doc": action,
            "agency": agency,
            "number": action.reference,
            "place_and_date": self._get_place_and_date(
                agency, agency._cchc_local_date(action.create_date)
            ),
            "findings": action.nonconformity_ids,
            "effect": self._effect(action),
        }

    @api.model
    def _effect(self, action):
        """Return the effect of the action, or what the verification of its finding
        said after it was closed."""
        if action.effect:
            return EFFECTS[action.effect]
        row = action.nonconformity_ids.effect_ids.sorted("verified_at")[-1:]
        if not (row and action.stage_id.is_ending):
            return ""
        parts = [row.verified_by_id.name, f"ngày {self._day(row.verified_at)}"]
        return f"{EFFECTS[row.effect]} ({', '.join(parts)})"


class ReportReview(models.AbstractModel):
    """Report of the management review (BM-HT04.02)."""

    _name = "report.cchc_iso.report_review"
    _description = "Management Review Report"
    _inherit = "cchc.iso.quality.report"
    _paper_model = "mgmtsystem.review"

    @api.model
    def _get_sheet(self, review):
        agency = review.company_id.sudo()
        moment = agency._cchc_local_time(review.date)
        sudo = review.sudo()
        return {
            "doc": review,
            "agency": agency,
            "number": review.reference,
            "notice_number": review.notice_number or "",
            "place_and_date": self._get_place_and_date(agency, moment.date()),
            "moment": f"{moment:%H} giờ {moment:%M}, ngày {moment:%d/%m/%Y}",
            "period": " – ".join(
                self._day(day) for day in (review.period_from, review.period_to)
            ),
            "edition": sudo.edition_id.code or "",
            "people": self._names(sudo.user_ids),
            "chair": ", ".join(self._names(sudo.chair_id)),
            "secretary": sudo.secretary_id.name or "",
            "inputs": [self._get_input(row) for row in sudo.input_ids],
            "decisions": [self._get_decision(line) for line in sudo.line_ids],
            "draft": review.state == "open",
            "signer": sudo.chair_id._cchc_signature(),
        }

    @api.model
    def _get_input(self, row):
        return {
            "key": row.key,
            "name": INPUT_NAMES[row.key],
            "figures": [
                {
                    "name": figure.name,
                    "value": figure.value or "",
                    "source": figure.source,
                    "as_of": self._day(figure.as_of),
                    "detail": self._first_lines(figure.detail),
                }
                for figure in row.current_ids
            ],
            "assessment": row.assessment or "",
        }

    @api.model
    def _first_lines(self, detail):
        """Return what is behind a figure, as it was; of much, the beginning."""
        lines = (detail or "").splitlines()
        if len(lines) > PRINTED:
            rest = len(lines) - PRINTED
            lines = [*lines[:PRINTED], f"… và {rest} nội dung khác"]
        return lines

    @api.model
    def _get_decision(self, line):
        return {
            "name": line.name,
            "output": OUTPUT_NAMES.get(line.output, ""),
            "decision": line.decision or "",
            "who": line.user_id.name or line.action_id.user_id.name or "",
            "until": self._day(line.date_deadline or line.action_id.date_deadline),
            "action": line.action_id.reference or "",
        }


class ReportReviewNotice(models.AbstractModel):
    """Notice of the management review (BM-HT04.01), one week before."""

    _name = "report.cchc_iso.report_review_notice"
    _description = "Notice of the Management Review"
    _inherit = "report.cchc_iso.report_review"

    @api.model
    def _get_sheet(self, review):
        sheet = super()._get_sheet(review)
        sent = review.notice_sent_at
        day = review.company_id._cchc_local_date(sent) if sent else False
        return {
            **sheet,
            "number": review.notice_number or "",
            "place_and_date": self._get_place_and_date(sheet["agency"], day),
            "names": [INPUT_NAMES[row["key"]] for row in sheet["inputs"]],
        }


class ReportRisks(models.AbstractModel):
    """Register of risks and opportunities (bảng nhận diện, đánh giá rủi ro).

    One table per quality system: those of its risks that the reader sees and that are
    not closed.
    """

    _name = "report.cchc_iso.report_risks"
    _description = "Register of Risks"
    _inherit = "cchc.iso.quality.report"
    _paper_model = "mgmtsystem.system"

    @api.model
    def _get_sheet(self, system):
        agency = system._cchc_company().sudo()
        risks = self.env["cchc.iso.risk"].search(
            [
                ("system_id", "=", system.id),
                ("company_id", "=", agency.id),
                ("state", "!=", "closed"),
            ]
        )
        today = agency._cchc_local_date(fields.Datetime.now())
        return {
            "agency": agency,
            "place_and_date": self._get_place_and_date(agency, today),
            "rows": [self._get_row(risk.sudo()) for risk in risks],
        }

    @api.model
    def _get_row(self, risk):
        return {
            "doc": risk,
            "level": self._level(risk.level_id, risk.score),
            "residual": self._level(risk.residual_level_id, risk.residual_score),
            "treatment": TREATMENTS.get(risk.treatment, ""),
            "actions": "; ".join(risk.action_ids.mapped("name")),
            "until": self._day(risk.review_date),
        }

    @api.model
    def _level(self, level, score):
        """Return a level with its score, in the language of the papers."""
        if not level:
            return ""
        return f"{level.with_context(lang='vi_VN').name} ({score})"


class ReportObjectives(models.AbstractModel):
    """Quality objectives and the plan to achieve them, with what was measured.

    TCVN ISO 9001 6.2.1 (documented) and 6.2.2 (what, with which resources, who, until
    when, how evaluated). One paper for all objectives of a quality system and year.
    """

    _name = "report.cchc_iso.report_objectives"
    _description = "Quality Objectives and Plan"
    _inherit = "cchc.iso.quality.report"
    _paper_model = "cchc.iso.objective"

    @api.model
    def _get_sheet(self, objective):
        """Return the paper of the year of an objective: all of its system that the
        reader sees and that were not withdrawn."""
        year = objective.search(
            [
                ("system_id", "=", objective.system_id.id),
                ("company_id", "=", objective.company_id.id),
                ("year", "=", objective.year),
                ("state", "!=", "cancelled"),
            ],
            order="sequence, id",
        )
        return self._get_year(objective.system_id, objective.year, year or objective)

    @api.model
    def _get_year(self, system, year, objectives):
        agency = objectives[:1].company_id.sudo()
        approvals = objectives.sudo().review_ids.filtered(
            lambda review: review.status == "approved" and review.reviewed_date
        )
        last = approvals.sorted("reviewed_date")[-1:]
        draft = any(objective.state == "draft" for objective in objectives)
        day = False
        if last and not draft:
            day = agency._cchc_local_date(last.reviewed_date)
        signer = last.done_by or system.sudo().head_id
        return {
            "agency": agency,
            "year": year,
            "system": system.sudo().name,
            "edition": system.sudo().edition_id.code or "",
            "draft": draft,
            "place_and_date": self._get_place_and_date(agency, day),
            "rows": [self._get_row(objective.sudo()) for objective in objectives],
            "results": [
                table
                for period in PERIOD_HEADS
                if (table := self._get_results(period, objectives.sudo()))
            ],
            "signer": signer._cchc_signature(),
            "secretary": system.sudo().secretary_id.name or "",
        }

    @api.model
    def _get_row(self, objective):
        scope = [
            record.display_name
            for record in (
                objective.department_id,
                objective.sector_id,
                objective.procedure_id,
            )
            if record
        ]
        if objective.split:
            scope.append(SPLITS[objective.split])
        return {
            "doc": objective,
            "target": self._target(objective),
            "metric": METRIC_NAMES.get(objective.metric)
            or objective.with_context(lang="vi_VN")._metric_label(),
            "scope": "; ".join(scope),
            "period": PERIODS[objective.period],
            "responsible": objective.responsible_id.name,
            "consequence": CONSEQUENCES[objective.consequence],
            "plan": [
                {
                    "name": line.name,
                    "resources": line.resources or "",
                    "who": line.user_id.name or "",
                    "until": self._day(line.date_deadline),
                    "evaluation": line.evaluation or "",
                    "done": self._day(line.done_on) if line.done_on else "",
                }
                for line in objective.plan_ids
            ],
        }

    @api.model
    def _target(self, objective):
        number = f"{objective.target:.2f}".rstrip("0").rstrip(".").replace(".", ",")
        sign = {"percent": "%", "ratio": " lần/hồ sơ"}.get(objective.unit, "")
        rest = " trở lên" if objective.direction == "at_least" else ""
        return f"{DIRECTIONS[objective.direction]} {number}{sign}{rest}"

    @api.model
    def _get_results(self, period, objectives):
        """Return the table of what was measured of the objectives of one frequency."""
        measured = objectives.filtered(lambda objective: objective.period == period)
        rows = measured.measure_ids.filtered(
            lambda row: row.is_current and row.verdict != "no_data"
        )
        if not rows:
            return None
        starts = sorted(set(rows.mapped("period_from")))
        return {
            "head": PERIOD_HEADS[period],
            "periods": [self._period(period, start) for start in starts],
            "rows": [
                row
                for objective in measured
                for row in self._get_result_rows(objective, starts)
            ],
        }

    @api.model
    def _period(self, period, start):
        return {
            "month": f"{start:%m}",
            "quarter": ("I", "II", "III", "IV")[(start.month - 1) // 3],
            "year": f"{start:%Y}",
        }[period]

    @api.model
    def _get_result_rows(self, objective, starts):
        """Yield a row for the whole, then one for each unit that is measured."""
        current = objective.measure_ids.filtered(
            lambda row: row.is_current and row.period_from in starts
        )
        for key, rows in current.sorted("split_key").grouped("split_key").items():
            by_start = {row.period_from: row for row in rows}
            last = rows.sorted("period_from")[-1:]
            yield {
                "name": objective.name,
                "unit": last.unit_name if key else "",
                "target": self._target(objective),
                "cells": [self._cell(by_start.get(start)) for start in starts],
            }

    @api.model
    def _cell(self, measure):
        if not measure:
            return {"value": "", "verdict": "", "count": "", "fail": False}
        objective = measure.objective_id
        value, _space, count = objective._shown(
            measure.numerator, measure.denominator
        ).partition(" (")
        nothing = measure.verdict == "no_data"
        return {
            "value": "–" if nothing else value,
            "count": "" if nothing else count.rstrip(")"),
            "verdict": VERDICTS[measure.verdict]
            + ("" if measure.is_final else " (chưa hết kỳ)"),
            "fail": measure.verdict == "fail",
            "finding": measure.nonconformity_id.ref or "",
        }
