from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import html2plaintext

from odoo.addons.cchc_onestop.tools.paper import long_day

DOTS = "……………………"
DRAFT = "DỰ THẢO"
#: Papers that bear a number.
NUMBERED = ("programme", "team", "plan", "report", "nc", "car")
#: Papers that show findings.
FINDING_PAPERS = ("checklist", "notes", "closing", "report")
FINDING_WORDS = {
    "conform": "PH",
    "nc_major": "KPH nặng",
    "nc_minor": "KPH nhẹ",
    "observation": "Lưu ý",
    "ofi": "KN",
    "not_applicable": "KAD",
    "not_checked": "",
}
CATEGORY_WORDS = {"major": "Nặng", "minor": "Nhẹ"}
EFFECT_WORDS = {
    "effective": "Hệ thống quản lý chất lượng phù hợp và có hiệu lực.",
    "partly": "Hệ thống quản lý chất lượng có hiệu lực, cần khắc phục các điểm không "
    "phù hợp nêu trên.",
    "not_effective": "Hệ thống quản lý chất lượng chưa có hiệu lực.",
}
LEGEND = (
    "PH: phù hợp; KPH nặng, KPH nhẹ: không phù hợp nặng, nhẹ; KN: khuyến nghị cải "
    "tiến; KAD: không áp dụng."
)


def text(label, value):
    """Return a paragraph with its label in bold."""
    return {"kind": "text", "label": label, "text": value or DOTS}


def heading(value):
    """Return a title of a section."""
    return {"kind": "heading", "text": value}


def table(columns, rows):
    """Return a table.

    :param columns: ``(title, weight of the width, alignment, title above or "")``
    :param rows: lists of cells; a row that is a plain text is a title over all columns
    """
    total = sum(column[1] for column in columns)
    return {
        "kind": "table",
        "columns": [
            {
                "title": title,
                "width": round(100 * weight / total, 2),
                "align": align,
                "above": above,
            }
            for title, weight, align, above in columns
        ],
        "rows": [
            {"title": row, "cells": []}
            if isinstance(row, str)
            else {"title": "", "cells": [str(cell or "") for cell in row]}
            for row in rows
        ],
    }


class CchcIsoAuditSheet(models.AbstractModel):
    """What the papers of the internal audit say, apart from how they are drawn.

    A sheet is a plain value (texts, tables, signatures) from which the PDF and the
    spreadsheet are drawn and whose checksum says whether two prints have the same
    content. The wording is official Vietnamese in every interface language.
    """

    _name = "cchc.iso.audit.sheet"
    _description = "Contents of the Audit Papers"

    @api.model
    def _build(self, code, record):
        """Return the sheet of the paper ``code`` of ``record``, as the user reads it.

        :raises AccessError: when the user may not read all that the paper shows
        """
        record.ensure_one()
        record.check_access("read")
        if code in FINDING_PAPERS and not record.sudo().line_ids.with_env(
            self.env
        ).has_access("read"):
            raise AccessError(
                self.env._(
                    "The findings of %s are read by its team until it is closed.",
                    record.display_name,
                )
            )
        # official wording in every interface language
        if self.env["res.lang"]._get_data(code="vi_VN"):
            record = record.with_context(lang="vi_VN")
        # names of people and posts are read in full: the paper names who takes part
        record = record.sudo()
        form = self.env["cchc.iso.audit.form"].sudo().search([("key", "=", code)])[:1]
        company = record.company_id
        sheet = {
            "format": "cchc-audit-paper/1",
            "code": code,
            "agency": company.name,
            "superior": company.cchc_superior_name or "",
            "title": form.name or code,
            "subtitle": "",
            "form_code": form.form_code or "",
            "numbered": code in NUMBERED,
            "number": "",
            "place": company.cchc_place or company.city or "",
            "date": self._long_date(company, False),
            "landscape": False,
            "mark": "",
            "signers": [
                {"title": title, "name": ""}
                for title in (form.signer_left, form.signer_middle, form.signer_right)
                if title
            ],
        }
        blocks = getattr(self, f"_build_{code}")(record, sheet)
        sheet["blocks"] = [block for block in blocks if block]
        return sheet

    # --- Texts

    @api.model
    def _long_date(self, company, day):
        return f"ngày {long_day(day)}"

    @api.model
    def _day(self, day):
        return day.strftime("%d/%m/%Y") if day else ""

    @api.model
    def _moment(self, company, at):
        return company._cchc_local_time(at).strftime("%H:%M %d/%m/%Y") if at else ""

    @api.model
    def _span(self, company, start, end):
        """Return “08:00 – 09:00 19/10/2026”, or both moments in full."""
        if not (start and end):
            return self._moment(company, start or end)
        begin, finish = company._cchc_local_time(start), company._cchc_local_time(end)
        if begin.date() == finish.date():
            return f"{begin:%H:%M} – {finish:%H:%M} {begin:%d/%m/%Y}"
        return f"{begin:%H:%M %d/%m/%Y} – {finish:%H:%M %d/%m/%Y}"

    @api.model
    def _person(self, company, user):
        """Return ``(name, post, department)`` of a person in the agency."""
        employee = (
            self.env["hr.employee"]
            .sudo()
            .search(
                [("user_id", "=", user.id), ("company_id", "=", company.id)], limit=1
            )
        )
        return user.name or "", employee.job_title or "", employee.department_id.name

    @api.model
    def _names(self, users):
        return ", ".join(users.mapped("name"))

    @api.model
    def _codes(self, clauses):
        return "; ".join(clauses.sorted("sort_key").mapped("code"))

    @api.model
    def _plain(self, html):
        return html2plaintext(html or "").strip()

    @api.model
    def _sign(self, sheet, index, user):
        """Put the name of ``user`` under a signature."""
        if user and sheet["signers"]:
            sheet["signers"][index]["name"] = user.name

    def _team_rows(self, audit):
        lead = audit.lead_auditor_id
        members = lead | audit.auditor_user_ids.sorted("name")
        return [
            [
                number,
                *self._person(audit.company_id, user),
                "Trưởng đoàn" if user == lead else "Thành viên",
            ]
            for number, user in enumerate(members, 1)
        ]

    def _team_table(self, audit):
        return table(
            [
                ("TT", 8, "center", ""),
                ("Họ và tên", 30, "", ""),
                ("Chức vụ", 28, "", ""),
                ("Bộ phận", 30, "", ""),
                ("Nhiệm vụ", 18, "", ""),
            ],
            self._team_rows(audit),
        )

    def _frame(self, audit):
        """Return purpose, scope and criteria, as plan and report begin."""
        departments = ", ".join(audit.department_ids.mapped("name"))
        period = ""
        if audit.period_from and audit.period_to:
            period = (
                f"từ {self._day(audit.period_from)} đến {self._day(audit.period_to)}"
            )
        return [
            text("Mục đích", audit.objective),
            text("Phạm vi", audit.scope or departments),
            text("Chuẩn mực đánh giá", audit.criteria),
            text("Kỳ được đánh giá", period),
            text(
                "Thời gian đánh giá",
                self._span(audit.company_id, audit.date, audit.date_end),
            ),
        ]

    # --- Papers

    def _build_programme(self, programme, sheet):
        company = programme.company_id
        sheet.update(
            landscape=True,
            number=programme.number or "",
            subtitle=f"Năm {programme.year}",
            date=self._long_date(company, programme.issued_on),
            mark="" if programme.state != "draft" else DRAFT,
        )
        self._sign(sheet, -1, programme.approved_by_id)
        rows = [
            [
                number,
                line._get_subject(),
                self._codes(line.clause_ids),
                *("×" if line[f"month_{month}"] else "" for month in range(1, 13)),
                line.lead_auditor_id.name,
                line.note,
            ]
            for number, line in enumerate(programme.line_ids, 1)
        ]
        return [
            text("Mục đích", programme.objective),
            text(
                "Chuẩn mực đánh giá",
                f"{programme.edition_id.code}, tài liệu của hệ thống quản lý chất "
                "lượng",
            ),
            table(
                [
                    ("TT", 8, "center", ""),
                    ("Bộ phận/quá trình được đánh giá", 52, "", ""),
                    ("Điều khoản áp dụng", 34, "", ""),
                    *((str(month), 7, "center", "Tháng") for month in range(1, 13)),
                    ("Trưởng đoàn", 28, "", ""),
                    ("Ghi chú", 20, "", ""),
                ],
                rows,
            ),
        ]

    def _build_team(self, audit, sheet):
        sheet.update(
            number=audit.decision_number or "",
            subtitle="Về việc thành lập đoàn đánh giá nội bộ hệ thống quản lý chất "
            "lượng",
            date=self._long_date(audit.company_id, audit.decision_date),
            mark="" if audit.plan_state != "draft" else DRAFT,
        )
        self._sign(sheet, -1, audit.plan_approved_by_id)
        programme = audit.programme_id
        basis = (
            f"Căn cứ {programme.name} ({programme.number or 'đã được phê duyệt'});"
            if programme
            else "Căn cứ yêu cầu duy trì hệ thống quản lý chất lượng;"
        )
        return [
            text("", f"Căn cứ {audit.edition_id.code};"),
            text("", basis),
            text("", "Theo đề nghị của Thư ký Ban Chỉ đạo ISO,"),
            heading("QUYẾT ĐỊNH:"),
            text(
                "Điều 1.",
                "Thành lập đoàn đánh giá nội bộ hệ thống quản lý chất lượng gồm các "
                "ông, bà có tên sau:",
            ),
            self._team_table(audit),
            text(
                "Điều 2.",
                "Đoàn đánh giá thực hiện đánh giá theo kế hoạch được phê duyệt, bảo "
                "đảm khách quan; thành viên không đánh giá bộ phận của mình; báo cáo "
                "kết quả bằng văn bản sau khi kết thúc.",
            ),
            text(
                "Điều 3.",
                "Quyết định có hiệu lực kể từ ngày ký. Các bộ phận được đánh giá và "
                "các ông, bà có tên tại Điều 1 chịu trách nhiệm thi hành.",
            ),
        ]

    def _build_plan(self, audit, sheet):
        company = audit.company_id
        approved = audit.plan_approved_at and company._cchc_local_date(
            audit.plan_approved_at
        )
        sheet.update(
            number=audit.plan_number or "",
            subtitle=audit.name or "",
            landscape=True,
            date=self._long_date(company, approved),
            mark="" if audit.plan_state != "draft" else DRAFT,
        )
        self._sign(sheet, 0, audit.lead_auditor_id)
        self._sign(sheet, -1, audit.plan_approved_by_id)
        rows = []
        for row in audit.plan_line_ids:
            content = [row.content or ""]
            if row.clause_ids:
                content.append(f"Điều khoản: {self._codes(row.clause_ids)}")
            content += [
                process.display_name
                for process in row.process_ids
                if process.name not in (row.content or "")
            ]
            rows.append(
                [
                    self._span(company, row.start_at, row.end_at),
                    row.department_id.name or "",
                    "\n".join(filter(None, content)),
                    self._names(row.auditor_ids),
                    self._names(row.auditee_ids),
                ]
            )
        return [
            *self._frame(audit),
            text("Đoàn đánh giá", " "),
            self._team_table(audit),
            text("Chương trình làm việc", " "),
            table(
                [
                    ("Thời gian", 24, "", ""),
                    ("Bộ phận được đánh giá", 26, "", ""),
                    ("Nội dung/điều khoản, quy trình", 56, "", ""),
                    ("Đánh giá viên", 26, "", ""),
                    ("Người được đánh giá", 26, "", ""),
                ],
                rows,
            ),
        ]

    def _question_groups(self, audit):
        """Yield the questions, with a title before each department and section."""
        last = None
        ordered = audit.line_ids.sorted(
            lambda line: (line.department_id.name or "", line.seq, line.id)
        )
        for number, line in enumerate(ordered, 1):
            place = " – ".join(filter(None, [line.department_id.name, line.section]))
            if place and place != last:
                yield place, 0, line
                last = place
            yield "", number, line

    def _build_checklist(self, audit, sheet):
        sheet.update(
            landscape=True,
            subtitle=audit.name or "",
            date=self._long_date(
                audit.company_id,
                audit.date and audit.company_id._cchc_local_date(audit.date),
            ),
        )
        self._sign(sheet, 0, audit.lead_auditor_id)
        rows = []
        for title, number, line in self._question_groups(audit):
            if title:
                rows.append(title)
                continue
            marks = [
                "×" if line.finding == finding else ""
                for finding in ("conform", "nc_major", "nc_minor", "ofi")
            ]
            note = line.reason or ""
            if line.finding in ("observation", "not_applicable"):
                note = "; ".join(filter(None, [FINDING_WORDS[line.finding], note]))
            question = line.name
            if line.guidance:
                question = f"{question}\n({line.guidance})"
            rows.append(
                [
                    number,
                    line.clause_id.code,
                    question,
                    line.evidence or "",
                    *marks,
                    note,
                ]
            )
        return [
            table(
                [
                    ("TT", 7, "center", ""),
                    ("Điều khoản", 11, "center", ""),
                    ("Nội dung câu hỏi/yêu cầu", 58, "", ""),
                    ("Bằng chứng/ghi nhận", 44, "", ""),
                    ("PH", 7, "center", "Kết quả"),
                    ("KPH nặng", 8, "center", "Kết quả"),
                    ("KPH nhẹ", 8, "center", "Kết quả"),
                    ("KN", 7, "center", "Kết quả"),
                    ("Ghi chú", 20, "", ""),
                ],
                rows,
            ),
            {"kind": "note", "text": LEGEND},
        ]

    def _build_notes(self, audit, sheet):
        company = audit.company_id
        sheet.update(
            landscape=True,
            subtitle=audit.name or "",
            date=self._long_date(
                company, audit.date and company._cchc_local_date(audit.date)
            ),
        )
        self._sign(sheet, 0, audit.lead_auditor_id)
        answered = audit.line_ids.filtered(
            lambda line: line.finding != "not_checked" or line.evidence
        )
        rows = []
        for user, lines in answered.grouped("answered_by_id").items():
            rows.append(f"Đánh giá viên: {user.name or DOTS}")
            for number, line in enumerate(lines.sorted("answered_at"), 1):
                rows.append(
                    [
                        number,
                        self._moment(company, line.answered_at),
                        line.department_id.name,
                        line.clause_id.code,
                        line.name,
                        "\n".join(filter(None, [line.evidence, line.comments])),
                        FINDING_WORDS[line.finding],
                    ]
                )
        return [
            table(
                [
                    ("TT", 7, "center", ""),
                    ("Thời gian", 18, "", ""),
                    ("Bộ phận", 24, "", ""),
                    ("Điều khoản", 11, "center", ""),
                    ("Nội dung", 46, "", ""),
                    ("Ghi nhận, bằng chứng", 52, "", ""),
                    ("Kết quả", 12, "center", ""),
                ],
                rows,
            ),
            *self._sample_blocks(audit),
            {"kind": "note", "text": LEGEND},
        ]

    def _sample_blocks(self, audit):
        """Return the sampled dossiers and what was found at each."""
        samples = audit._cchc_drawn_samples()
        if not samples:
            return []
        rows = []
        for sample in samples:
            rows.append(
                f"{sample.name}: {len(sample.line_ids)} hồ sơ lấy từ "
                f"{sample.drawn_count} hồ sơ; mã lấy mẫu {sample.seed or ''}"
            )
            for line in sample.line_ids:
                found = line.check_ids.filtered(
                    lambda check: check.finding in ("nc_major", "nc_minor")
                )
                rows.append(
                    [
                        line.draw_no,
                        line.code,
                        line.procedure_id.name,
                        self._moment(audit.company_id, line.accepted_at),
                        self._moment(audit.company_id, line.ended_at),
                        "Trễ" if line.is_late else "",
                        "; ".join(found.mapped("name")) or "",
                        FINDING_WORDS.get(line.finding, ""),
                    ]
                )
        return [
            heading("Hồ sơ được chọn mẫu"),
            table(
                [
                    ("TT", 7, "center", ""),
                    ("Mã hồ sơ", 26, "", ""),
                    ("Thủ tục", 46, "", ""),
                    ("Tiếp nhận", 18, "", ""),
                    ("Kết thúc", 18, "", ""),
                    ("Trễ hạn", 9, "center", ""),
                    ("Điểm không phù hợp", 40, "", ""),
                    ("Kết quả", 12, "center", ""),
                ],
                rows,
            ),
        ]

    def _minutes(self, audit, sheet, meeting):
        company = audit.company_id
        at = audit[f"{meeting}_at"]
        sheet.update(
            subtitle=audit.name or "",
            date=self._long_date(company, at and company._cchc_local_date(at)),
        )
        self._sign(sheet, -1, audit.lead_auditor_id)
        people = audit.attendance_ids.filtered(lambda row: row.meeting == meeting)
        rows = [
            [number, row.name, row.post, row.department, ""]
            for number, row in enumerate(people, 1)
        ]
        return [
            text("Thời gian", self._moment(company, at)),
            text("Địa điểm", audit[f"{meeting}_place"] or company.name),
            text("Thành phần tham dự", " "),
            table(
                [
                    ("TT", 8, "center", ""),
                    ("Họ và tên", 32, "", ""),
                    ("Chức vụ", 28, "", ""),
                    ("Bộ phận", 30, "", ""),
                    ("Ký tên", 20, "", ""),
                ],
                rows or [["", "", "", "", ""]] * 5,
            ),
        ]

    def _build_opening(self, audit, sheet):
        return [
            *self._minutes(audit, sheet, "opening"),
            heading("Nội dung"),
            text(
                "",
                audit.opening_note
                or "Trưởng đoàn công bố quyết định thành lập đoàn, nêu mục đích, phạm "
                "vi, chuẩn mực và lịch làm việc; bộ phận được đánh giá thống nhất lịch "
                "và cử người làm việc với đoàn.",
            ),
        ]

    def _build_closing(self, audit, sheet):
        return [
            *self._minutes(audit, sheet, "closing"),
            heading("Kết quả"),
            text(
                "",
                f"Số câu hỏi, yêu cầu đã xem xét: {len(audit.line_ids)}; không phù hợp "
                f"nặng: {audit.nc_major_count}; không phù hợp nhẹ: "
                f"{audit.nc_minor_count}; khuyến nghị cải tiến: {audit.ofi_count}.",
            ),
            heading("Nội dung"),
            text(
                "",
                audit.closing_note
                or "Trưởng đoàn thông báo kết quả đánh giá; đại diện bộ phận được đánh "
                "giá có ý kiến và thống nhất thời hạn khắc phục.",
            ),
        ]

    def _matrix(self, audit):
        """Return the number of nonconformities by department and clause."""
        found = audit.nonconformity_ids
        if not found:
            return text("Điểm không phù hợp", "Không có.")
        clauses = found.clause_ids.sorted("sort_key")
        rows = []
        for department, group in found.grouped("department_id").items():
            counts = [
                len(group.filtered(lambda nc, clause=clause: clause in nc.clause_ids))
                for clause in clauses
            ]
            rows.append(
                [
                    department.name or "Chung",
                    *(count or "" for count in counts),
                    len(group.filtered(lambda nc: nc.category == "major")) or "",
                    len(group.filtered(lambda nc: nc.category != "major")) or "",
                    len(group),
                ]
            )
        return table(
            [
                ("Bộ phận", 40, "", ""),
                *((clause.code, 9, "center", "Điều khoản") for clause in clauses),
                ("Nặng", 9, "center", "Phân loại"),
                ("Nhẹ", 9, "center", "Phân loại"),
                ("Cộng", 9, "center", ""),
            ],
            rows,
        )

    def _build_report(self, audit, sheet):
        company = audit.company_id
        approved = audit.report_approved_at and company._cchc_local_date(
            audit.report_approved_at
        )
        sheet.update(
            number=audit.report_number or "",
            subtitle=audit.name or "",
            date=self._long_date(company, approved),
            mark="" if audit.report_state == "approved" else DRAFT,
        )
        self._sign(sheet, 0, audit.lead_auditor_id)
        self._sign(sheet, -1, audit.report_approved_by_id)
        nonconformities = [
            [
                number,
                nc.ref,
                nc.department_id.name,
                self._codes(nc.clause_ids),
                nc.description,
                CATEGORY_WORDS.get(nc.category, ""),
            ]
            for number, nc in enumerate(audit.nonconformity_ids.sorted("ref"), 1)
        ]
        proposals = [
            f"- {line.evidence or line.name} ({line.department_id.name or 'chung'})"
            for line in audit.line_ids
            if line.finding in ("ofi", "observation")
        ]
        checked = audit.line_ids.filtered(lambda line: line.finding != "not_checked")
        samples = audit._cchc_drawn_samples()
        return [
            heading("1. Thông tin chung"),
            *self._frame(audit),
            heading("2. Thành phần đoàn đánh giá"),
            self._team_table(audit),
            heading("3. Kết quả đánh giá"),
            text(
                "Khối lượng",
                f"đã xem xét {len(checked)} câu hỏi, yêu cầu và "
                f"{len(samples.line_ids)} hồ sơ chọn mẫu.",
            ),
            text("Điểm mạnh", self._plain(audit.strong_points)),
            text("Số điểm không phù hợp theo bộ phận và điều khoản", " "),
            self._matrix(audit),
            nonconformities
            and table(
                [
                    ("TT", 8, "center", ""),
                    ("Số phiếu", 16, "", ""),
                    ("Bộ phận", 26, "", ""),
                    ("Điều khoản", 16, "", ""),
                    ("Mô tả", 60, "", ""),
                    ("Loại", 10, "center", ""),
                ],
                nonconformities,
            ),
            text(
                "Khuyến nghị cải tiến",
                "\n".join(
                    filter(None, [self._plain(audit.to_improve_points), *proposals])
                )
                or "Không có.",
            ),
            heading("4. Kết luận về hiệu lực của hệ thống"),
            text("", EFFECT_WORDS.get(audit.effect, DOTS)),
            text("", self._plain(audit.conclusion)) if audit.conclusion else None,
            heading("5. Phụ lục"),
            text(
                "",
                "Danh mục câu hỏi kiểm tra; phiếu ghi chép đánh giá; phiếu không phù "
                "hợp; biên bản họp khai mạc, bế mạc.",
            ),
        ]

    def _build_nc(self, nonconformity, sheet):
        nc = nonconformity
        company = nc.company_id
        sheet.update(
            number=nc.ref or "",
            date=self._long_date(company, company._cchc_local_date(nc.create_date)),
        )
        self._sign(sheet, 0, nc.user_id)
        self._sign(sheet, 1, nc.accepted_by_id)
        actions = nc._get_all_actions()
        rows = [
            ("Bộ phận", nc.department_id.name),
            ("Cuộc đánh giá", ", ".join(nc.audit_ids.mapped("display_name"))),
            ("Đánh giá viên", nc.user_id.name),
            (
                "Điều khoản/quy trình vi phạm",
                "; ".join(
                    [
                        *nc.clause_ids.mapped("display_name"),
                        *nc.procedure_ids.mapped("display_name"),
                    ]
                ),
            ),
            ("Hồ sơ liên quan", nc.dossier_id.display_name or ""),
            ("Mô tả sự không phù hợp", nc.description),
            ("Bằng chứng", nc.evidence),
            ("Phân loại", CATEGORY_WORDS.get(nc.category, "")),
            (
                "Đại diện bộ phận chấp nhận",
                " – ".join(
                    filter(
                        None,
                        [
                            nc.accepted_by_id.name,
                            self._moment(company, nc.accepted_at),
                        ],
                    )
                ),
            ),
            (
                "Nguyên nhân",
                "\n".join(filter(None, [nc.analysis, *nc.cause_ids.mapped("name")])),
            ),
            ("Hành động khắc phục", "\n".join(actions.mapped("name"))),
            ("Thời hạn", self._day(nc.due_date)),
            ("Người thực hiện", self._names(actions.user_id | nc.responsible_user_id)),
            ("Kết quả kiểm tra khắc phục", nc.evaluation_comments),
            ("Ngày đóng", self._moment(company, nc.closing_date)),
        ]
        return [self._pairs(rows)]

    def _build_car(self, nonconformity, sheet):
        nc = nonconformity
        company = nc.company_id
        sheet.update(
            number=nc.ref or "",
            landscape=True,
            date=self._long_date(company, company._cchc_local_date(nc.create_date)),
        )
        self._sign(sheet, 0, nc.user_id)
        self._sign(sheet, 1, nc.responsible_user_id)
        kinds = dict(
            self.env["mgmtsystem.action"]
            .with_context(lang="vi_VN")
            ._fields["type_action"]
            ._description_selection(self.with_context(lang="vi_VN").env)
        )
        effects = {"effective": "Có hiệu lực", "not_effective": "Không có hiệu lực"}
        rows = [
            [
                number,
                action.name,
                kinds.get(action.type_action, ""),
                action.user_id.name,
                self._day(action.date_deadline),
                action.result or "",
                effects.get(action.effect, ""),
                self._moment(company, action.date_closed),
            ]
            for number, action in enumerate(nc._get_all_actions(), 1)
        ]
        return [
            self._pairs(
                [
                    ("Bộ phận", nc.department_id.name),
                    ("Sự không phù hợp", nc.description),
                    ("Điều khoản", self._codes(nc.clause_ids)),
                    ("Nguyên nhân", nc.analysis),
                ]
            ),
            table(
                [
                    ("TT", 7, "center", ""),
                    ("Hành động", 46, "", ""),
                    ("Loại", 20, "", ""),
                    ("Người thực hiện", 24, "", ""),
                    ("Thời hạn", 15, "", ""),
                    ("Kết quả thực hiện", 36, "", ""),
                    ("Hiệu lực", 16, "", ""),
                    ("Ngày xong", 18, "", ""),
                ],
                rows or [[""] * 8] * 3,
            ),
        ]

    def _pairs(self, rows):
        """Return a table of labels and values."""
        return {
            "kind": "pairs",
            "rows": [{"label": label, "text": value or ""} for label, value in rows],
        }
