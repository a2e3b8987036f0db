from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.cchc_onestop.tools.guard import unlocked
from odoo.addons.cchc_onestop.tools.paper import short_day

from ..tools.figure import Figure, add_up, percent, vietnamese
from .cchc_reform_inspection import OWN_INSPECTORS

#: Headings in the words of the printed tables.
STATUS_NAMES = {
    "done": "Đã hoàn thành đúng hạn",
    "done_late": "Hoàn thành quá hạn",
    "in_progress": "Đang thực hiện",
    "not_started": "Chưa thực hiện",
    "overdue": "Quá hạn (chưa hoàn thành)",
    "regular": "Thường xuyên",
    "kept_up": "Thường xuyên, duy trì thực hiện",
}
AREA_NAMES = {
    "institution": "Cải cách thể chế",
    "procedure": "Cải cách thủ tục hành chính",
    "organisation": "Cải cách tổ chức bộ máy hành chính",
    "civil_service": "Cải cách chế độ công vụ",
    "finance": "Cải cách tài chính công",
    "digital": "Xây dựng, phát triển chính quyền điện tử, chính quyền số",
    "direction": "Công tác chỉ đạo, điều hành",
}
FORM_NAMES = {
    "plan": "Theo kế hoạch",
    "report": "Qua báo cáo",
    "surprise": "Đột xuất",
    "combined": "Kết hợp",
    "self": "Tự kiểm tra",
}
#: Where the system counted it, in short; the whole source stands with the figure.
SOURCE_NAMES = {
    "task": "Theo dõi kế hoạch CCHC",
    "dossier": "Hệ thống thông tin giải quyết TTHC",
    "report": "Theo dõi báo cáo CCHC",
    "inspection": "Sổ theo dõi kiểm tra",
    "communication": "Nhật ký tuyên truyền",
    "training": "Sổ theo dõi đào tạo, bồi dưỡng",
    "appointment": "Sổ theo dõi bổ nhiệm",
    "document": "Sổ đăng ký văn bản",
    "initiative": "Sổ theo dõi sáng kiến",
    "award": "Sổ theo dõi khen thưởng",
    "index": "Hồ sơ chấm điểm Chỉ số CCHC",
    "iso": "Hệ thống quản lý chất lượng",
}
TOTAL = "Tổng cộng"
#: Longest list of tasks or visits; of more, those of the agency itself are listed.
MAX_ROWS = 2_000


class CchcReformReport(models.Model):
    """Tables behind a report: ``_annex_<kind>`` returns a table as
    ``cchc.reform.report.annex`` keeps it."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.reform.report"  # pylint: disable=consider-merging-classes-inherited

    def _collect_annexes(self, by_agency):
        """Make the tables anew.

        :param by_agency: ``{company_id: {key: Figure}}`` of the period
        """
        for annex in unlocked(self.annex_ids):
            annex.table = getattr(self, f"_annex_{annex.kind}")(by_agency)

    def _scope(self):
        """Return what the sources of figures are asked for by this report."""
        metrics = self.env["cchc.reform.metric"].sudo()
        return metrics._scope([], self._companies(), self.date_from, self.date_to)

    def _annex_figures(self, _by_agency):
        rows = []
        for section in self.section_ids:
            if not (figures := section.figure_ids):
                continue
            rows.append([section.display_name])
            rows += [
                [
                    str(position),
                    figure.name,
                    figure.unit_label or ("%" if figure.unit == "share" else ""),
                    figure.shown,
                    figure.detail if figure.has_value and figure.detail else "",
                    figure.shown_previous,
                    figure.shown_last_year,
                    _remark(figure),
                ]
                for position, figure in enumerate(figures, start=1)
            ]
        return {
            "head": [
                *("TT", "Chỉ tiêu", "Đơn vị tính", "Kỳ báo cáo", "Tử số/mẫu số"),
                *("Kỳ trước", "Cùng kỳ năm trước", "Nguồn, ghi chú"),
            ],
            "widths": [9, 74, 22, 22, 26, 20, 24, 60],
            "rows": rows,
            "wide": True,
            "note": self._note_time(),
        }

    def _note_time(self):
        """Say when the figures were counted."""
        moments = [figure.as_of for figure in self.figure_ids if figure.as_of]
        if not moments:
            return ""
        at = self.company_id.sudo()._cchc_local_time(max(moments))
        return f"số liệu tổng hợp lúc {at:%H:%M} ngày {at:%d/%m/%Y}."

    def _task_counts(self, groupby, companies=None):
        """Return how the tasks of the report stand, by a column of the rows that the
        figures count."""
        metrics = self.env["cchc.reform.metric"].sudo()
        self.env.flush_all()
        return metrics._rows(
            SQL(
                """
                SELECT %s, count(*) FILTER (WHERE counted),
                       count(*) FILTER (WHERE counted AND done AND NOT done_late),
                       count(*) FILTER (WHERE counted AND done_late),
                       count(*) FILTER (WHERE counted AND NOT done AND NOT overdue),
                       count(*) FILTER (WHERE overdue),
                       count(*) FILTER (WHERE regular),
                       count(*) FILTER (WHERE left_out)
                  FROM (%s) r WHERE plan_type = 'reform' GROUP BY 1
                """,
                SQL.identifier(groupby),
                metrics._task_rows(self._scope()),
            )
        )

    def _annex_task_area(self, _by_agency):
        found = {key: numbers for key, *numbers in self._task_counts("area_key")}
        rows, total = [], [0] * 7
        for position, (key, name) in enumerate(AREA_NAMES.items(), start=1):
            numbers = found.get(key, [0] * 7)
            total = [sum(pair) for pair in zip(total, numbers, strict=True)]
            rows.append([str(position), name, *_task_cells(numbers)])
        if rest := found.get(None):
            total = [sum(pair) for pair in zip(total, rest, strict=True)]
            rows.append([str(len(rows) + 1), "Khác", *_task_cells(rest)])
        rows.append(["", TOTAL, *_task_cells(total)])
        return {
            "head": [
                *("TT", "Lĩnh vực", "Số nhiệm vụ", "Hoàn thành đúng hạn"),
                *("Hoàn thành quá hạn", "Đang, chưa thực hiện", "Quá hạn"),
                *("Trong đó: thường xuyên", "Không thực hiện, điều chỉnh"),
                "Tỷ lệ hoàn thành",
            ],
            "widths": [9, 64, 18, 22, 22, 24, 16, 26, 28, 22],
            "rows": rows,
            "wide": True,
            "total": True,
            "note": self._note_regular(),
        }

    def _note_regular(self):
        if self.company_id.sudo().cchc_count_regular:
            return (
                "Nhiệm vụ thường xuyên được tính vào số nhiệm vụ và tính là hoàn thành "
                "khi được duy trì thực hiện trong kỳ; nhiệm vụ không thực hiện, điều "
                "chỉnh không tính."
            )
        return (
            "Nhiệm vụ thường xuyên và nhiệm vụ không thực hiện, điều chỉnh không tính "
            "vào tỷ lệ hoàn thành."
        )

    def _annex_task_status(self, _by_agency):
        counts = [numbers for _type, *numbers in self._task_counts("plan_type")]
        total, done, late, running, overdue, _regular, left = (
            counts[0] if counts else [0] * 7
        )
        rows = [
            [str(position), name, number, percent(Figure(number, total).share, 2)]
            for position, (name, number) in enumerate(
                (
                    ("Đã hoàn thành đúng hạn, duy trì thực hiện", done),
                    ("Hoàn thành quá hạn", late),
                    ("Đang thực hiện, chưa thực hiện (trong hạn)", running),
                    ("Quá hạn (chưa hoàn thành)", overdue),
                ),
                start=1,
            )
        ]
        rows.append(["", TOTAL, total, percent(Figure(total, total).share)])
        if left:
            rows.append(["", "Ngoài ra: không thực hiện, điều chỉnh", left, ""])
        return {
            "head": ["TT", "Tình trạng thực hiện", "Số nhiệm vụ", "Tỷ lệ"],
            "widths": [12, 100, 30, 30],
            "rows": rows,
            "note": self._note_regular(),
        }

    def _listed(self, model, domain, order=None):
        """Return the records that an annex lists, and what it does not list, in words.

        They are those that the figures count, of all agencies of the report; where
        these are too many, of the agency itself, and too many of these none.

        :return: ``(records in order, note)``
        """
        records = self.env[model].sudo()
        found = records.search(domain, order=order, limit=MAX_ROWS + 1)
        if len(found) <= MAX_ROWS:
            return found, ""
        own = domain & Domain("company_id", "=", self.company_id.id)
        found = records.search(own, order=order, limit=MAX_ROWS + 1)
        if len(found) > MAX_ROWS:
            return records, "danh sách quá dài, xem tại hệ thống."
        rest = records.search_count(domain) - len(found)
        return found, (
            f"danh sách của riêng {self.company_id.sudo().name}; {rest} dòng của các "
            "cơ quan, đơn vị trực thuộc xem tại hệ thống."
        )

    def _in_order(self, companies):
        """Return the agencies of the report, itself first."""
        return companies.sorted(
            lambda company: (
                company != self.company_id,
                company.cchc_unit_code or "~",
                company.name,
            )
        )

    def _annex_task_list(self, _by_agency):
        """The tasks that the figures count, as they stood on the last day."""
        tasks, note = self._listed(
            "cchc.reform.task",
            Domain(
                self.env["cchc.reform.metric"]._counted_in("task_total", self._scope())
            ),
        )
        rows = []
        standing = self._task_standing(tasks)
        agencies = self._in_order(tasks.company_id)
        for agency in agencies:
            own = tasks.filtered(lambda task, agency=agency: task.company_id == agency)
            for area, group in own.grouped("area_id").items():
                heading = area.display_name or "Nhiệm vụ khác"
                rows.append(
                    [f"{agency.name} – {heading}" if len(agencies) > 1 else heading]
                )
                rows += [self._task_row(task, standing[task.id]) for task in group]
        return {
            "head": [
                *("TT", "Nhiệm vụ", "Cơ quan, bộ phận chủ trì", "Sản phẩm"),
                *("Thời hạn", "Ngày hoàn thành", "Tình trạng"),
            ],
            "widths": [16, 84, 42, 46, 22, 22, 32],
            "rows": rows,
            "wide": True,
            "note": note,
        }

    def _task_standing(self, tasks):
        """Return ``{task id: status}`` on the last day of the period."""
        metrics = self.env["cchc.reform.metric"].sudo()
        found = metrics._rows(
            SQL(
                """SELECT id, CASE WHEN regular THEN
                                   CASE WHEN kept_up THEN 'kept_up' ELSE 'regular' END
                              WHEN done_late THEN 'done_late' WHEN done THEN 'done'
                              WHEN overdue THEN 'overdue' ELSE '' END
                     FROM (%s) r WHERE id = ANY(%s)""",
                metrics._task_rows(self._scope()),
                tasks.ids,
            )
        )
        begun = {
            entry.task_id.id
            for entry in tasks.progress_ids
            if entry.day <= self.date_to and not entry.is_corrected
        }
        return {
            task_id: status or ("in_progress" if task_id in begun else "not_started")
            for task_id, status in found
        }

    def _task_row(self, task, status):
        due = task.date_deadline or (
            task.deadline_type == "quarterly" and task.next_due
        )
        return [
            task.code or "",
            task.name,
            task.lead_department_id.name or "",
            task.product or "",
            short_day(due, "Thường xuyên"),
            short_day(status in ("done", "done_late") and task.date_done),
            STATUS_NAMES.get(status, ""),
        ]

    def _annex_communication(self, _by_agency):
        """What was done on each channel, in its own units, in one statement."""
        self.env.flush_all()
        rows = self.env["cchc.reform.metric"]._rows(
            SQL(
                """
                SELECT c.name, c.unit1, c.unit2, count(*), sum(m.quantity1),
                       sum(m.quantity2)
                  FROM cchc_reform_communication m
                  JOIN cchc_reform_channel c ON c.id = m.channel_id
                 WHERE m.company_id = ANY(%s) AND m.date BETWEEN %s AND %s
                 GROUP BY c.id ORDER BY c.sequence, c.id
                """,
                self._companies().ids,
                self.date_from,
                self.date_to,
            )
        )
        return {
            "head": [
                *("TT", "Hình thức tuyên truyền", "Số lần ghi nhận", "Số lượng"),
                *("Đơn vị", "Khối lượng", "Đơn vị khối lượng"),
            ],
            "widths": [10, 60, 22, 22, 20, 22, 26],
            "rows": [
                [
                    *(str(position), name, count, _whole(first), unit1 or ""),
                    *(_whole(second) if unit2 else "", unit2 or ""),
                ]
                for position, (name, unit1, unit2, count, first, second) in enumerate(
                    rows, start=1
                )
            ],
        }

    def _annex_inspection(self, _by_agency):
        """The visits that the figures count, with their findings.

        Visits that others paid to this agency stand apart; those paid to agencies below
        stand with whoever paid them.
        """
        made = Domain("inspector_type", "in", OWN_INSPECTORS)
        visits, note = self._listed(
            "cchc.reform.inspection.visit",
            Domain("company_id", "in", self._companies().ids)
            & Domain("day", ">=", self.date_from)
            & Domain("day", "<=", self.date_to)
            & (made | Domain("company_id", "=", self.company_id.id)),
            order="day, id",
        )
        own = visits.filtered_domain(made)
        groups = [
            (agency.name, own.filtered_domain([("company_id", "=", agency.id)]))
            for agency in self._in_order(own.company_id)
        ]
        if received := visits - own:
            groups.append(("Cơ quan khác đến kiểm tra", received))
        rows = []
        for name, group in groups:
            if len(groups) > 1:
                rows.append([f"{name}: {len(group)} lượt"])
            rows += [
                [str(position), *self._visit_cells(visit)]
                for position, visit in enumerate(group, start=1)
            ]
        return {
            "head": [
                *("TT", "Cơ quan, đơn vị được kiểm tra", "Ngày", "Nội dung"),
                *("Hình thức", "Số tồn tại", "Đã khắc phục", "Tồn tại, hạn chế"),
            ],
            "widths": [9, 46, 22, 62, 26, 15, 17, 60],
            "rows": rows,
            "wide": True,
            "note": note,
        }

    def _visit_cells(self, visit):
        findings = visit.finding_ids
        return [
            visit.unit or "",
            short_day(visit.day),
            visit.inspection_id.name,
            FORM_NAMES.get(visit.form, ""),
            len(findings),
            len(findings.filtered("remedied_on")),
            "; ".join(findings.mapped("weakness")),
        ]

    def _annex_agencies(self, by_agency):
        """Each agency below with the figures that the outline names."""
        figures = self.figure_ids.filtered(
            lambda figure: figure.in_agencies and figure.metric_id
        )
        companies = self._in_order(self._companies() - self.company_id)
        keys = figures.mapped("key")
        rows = [
            [
                str(position),
                company.name,
                *(_cell(by_agency[company.id][key]) for key in keys),
            ]
            for position, company in enumerate(companies, start=1)
        ]
        if rows:
            sums = [
                _cell(add_up(by_agency[company.id][key] for company in companies))
                for key in keys
            ]
            rows.append(["", TOTAL, *sums])
        width = max(16, 190 // max(1, len(keys)))
        return {
            "head": ["TT", "Cơ quan, đơn vị", *figures.mapped("name")],
            "widths": [10, 50, *[width for _key in keys]],
            "rows": rows,
            "wide": True,
            "total": bool(rows),
        }


def _task_cells(numbers):
    total, done, late, running, overdue, regular, left = numbers
    share = Figure(done + late, total).share
    return [total, done, late, running, overdue, regular, left, percent(share, 2)]


def _whole(number):
    """Return a whole number as such, another one as papers write it."""
    number = number or 0
    return int(number) if number == int(number) else vietnamese(number, 2)


def _cell(figure):
    """Return a figure as a cell: a count as number, a share with both its parts."""
    if figure.denominator is None:
        return _whole(figure.numerator)
    parts = f"{vietnamese(figure.numerator)}/{vietnamese(figure.denominator)}"
    return f"{parts} ({percent(figure.share, 2)})" if figure.denominator else "–"


def _remark(figure):
    """Return where a figure comes from, and what it was before a person changed it."""
    if not figure.is_overridden:
        return SOURCE_NAMES.get(figure.metric_id.topic, figure.source or "")
    name = figure.override_by_id.sudo().name or ""
    return (
        f"Số liệu hệ thống: {figure.shown_measured}; điều chỉnh thành {figure.shown}, "
        f"lý do: {figure.override_reason} ({name})."
    )
