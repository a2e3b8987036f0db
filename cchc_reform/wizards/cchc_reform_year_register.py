from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.paper import short_day

from ..tools.figure import vietnamese

#: Words of the printed registers; official, the same in every interface language.
FORMS = {
    "plan": "Theo kế hoạch",
    "report": "Qua báo cáo",
    "surprise": "Đột xuất",
    "combined": "Lồng ghép",
    "self": "Tự kiểm tra",
}
STATUSES = {
    "open": "Đang khắc phục",
    "overdue": "Quá hạn khắc phục",
    "reported": "Chờ xác nhận",
    "confirmed": "Đã khắc phục",
    "confirmed_late": "Đã khắc phục (quá hạn)",
}


class CchcReformYearRegister(models.TransientModel):
    """Register of a period, to be printed or as a workbook."""

    _name = "cchc.reform.year.register"
    _description = "Register of a Period"

    kind = fields.Selection(
        [
            ("outgoing", "Register of Outgoing Documents"),
            ("incoming", "Register of Incoming Documents"),
            ("communication", "Communications Log"),
            ("inspection", "Inspections with Findings"),
            ("training", "Training"),
        ],
        string="Register or List",
        required=True,
        default="outgoing",
    )
    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        default=lambda self: self.env.company,
    )
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(month=1, day=1),
    )
    date_to = fields.Date(
        "Until",
        required=True,
        default=lambda self: fields.Date.context_today(self),
    )

    def _print(self, report):
        self.ensure_one()
        if self.date_to < self.date_from:
            raise UserError(
                self.env._("The period ends before it begins; correct its dates.")
            )
        if not self._contents()["rows"]:
            raise UserError(self.env._("Nothing is entered in this period."))
        return self.env.ref(f"cchc_reform.{report}").report_action(self)

    def action_pdf(self):
        """Print the register."""
        return self._print("report_year_register_action")

    def action_xlsx(self):
        """Give the register as a workbook."""
        return self._print("report_year_register_xlsx_action")

    # --- What stands in it

    def _contents(self):
        """Return title, headings, widths (in mm) and rows of the register.

        A row is a list of cells; one with a single cell heads those below it.
        """
        self.ensure_one()
        return getattr(
            self.with_context(lang="vi_VN"), f"_contents_{self._contents_kind()}"
        )()

    def _contents_kind(self):
        return "document" if self.kind in ("outgoing", "incoming") else self.kind

    def _domain(self, day):
        return [
            ("company_id", "=", self.company_id.id),
            (day, ">=", self.date_from),
            (day, "<=", self.date_to),
        ]

    def _contents_document(self):
        incoming = self.kind == "incoming"
        documents = self.env["cchc.issued.document"].search(
            [("direction", "=", self.kind), *self._domain("date")],
            order="date, number_order, id",
        )
        head = ["TT", "Số, ký hiệu", "Ngày văn bản", "Tên loại và trích yếu nội dung"]
        widths = [10, 32, 24, 110]
        if incoming:
            head = ["TT", "Ngày đến", "Số đến", "Cơ quan ban hành", *head[1:]]
            widths = [10, 22, 16, 42, 28, 24, 85]
        head += ["Người ký", "Ghi chú"]
        widths += [34, 30]
        rows = []
        for number, document in enumerate(documents, 1):
            kind, subject = document.type_id.name or "", document.subject or ""
            # many write the type into the subject as well
            if not subject.lower().startswith(kind.lower()):
                subject = f"{kind} {subject}".strip()
            row = [document.reference or "", short_day(document.date), subject]
            if incoming:
                row = [
                    short_day(document.received_on),
                    document.entry_number or "",
                    document.issuer_id.name,
                    *row,
                ]
            note = document.confirm_reason or document.note or ""
            rows.append([number, *row, document.signer_name or "", note])
        return {
            "title": "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN" if incoming else "SỔ ĐĂNG KÝ VĂN BẢN ĐI",
            "head": head,
            "widths": widths,
            "rows": rows,
            "summary": [f"Tổng số: {len(documents)} văn bản."],
        }

    def _contents_communication(self):
        entries = self.env["cchc.reform.communication"].search(
            self._domain("date"), order="channel_id, date, id"
        )
        rows, summary, number = [], [], 0
        for channel, group in entries.grouped("channel_id").items():
            total = self._amount(channel, group)
            rows.append([f"{channel.name}: {total}"])
            summary.append(f"{channel.name}: {total}")
            for entry in group.sorted("date"):
                number += 1
                rows.append(
                    [
                        number,
                        short_day(entry.date),
                        entry.name,
                        self._amount(channel, entry),
                        entry.location or "",
                        entry.audience or "",
                        entry.user_id.name or "",
                        entry.url
                        or ", ".join(entry.sudo().attachment_ids.mapped("name")),
                    ]
                )
        return {
            "title": "NHẬT KÝ TUYÊN TRUYỀN CẢI CÁCH HÀNH CHÍNH",
            "head": [
                "TT",
                "Ngày",
                "Nội dung",
                "Số lượng",
                "Địa điểm",
                "Đối tượng",
                "Người thực hiện",
                "Minh chứng",
            ],
            "widths": [10, 22, 75, 34, 34, 30, 32, 33],
            "rows": rows,
            "summary": [f"{'; '.join(summary)}."] if summary else [],
        }

    @api.model
    def _amount(self, channel, entries):
        """Return “89 buổi, 72 giờ” of entries of a channel."""
        second = sum(entries.mapped("quantity2"))
        if channel.is_time:
            second = sum(entries.mapped("minutes")) / 60
        parts = [(sum(entries.mapped("quantity1")), channel.unit1)]
        parts.append((second, channel.unit2))
        return ", ".join(
            f"{vietnamese(amount, 2)} {unit}" for amount, unit in parts if amount
        )

    def _contents_inspection(self):
        inspections = self.env["cchc.reform.inspection"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "!=", "cancelled"),
                ("visit_ids", "any", self._domain("day")),
            ],
            order="date_from, id",
        )
        rows, number, violators = [], 0, 0
        findings = self.env["cchc.reform.inspection.finding"]
        for inspection in inspections:
            head = f"{inspection.name} ({FORMS[inspection.form].lower()})"
            if inspection.conclusion_number:
                day = short_day(inspection.conclusion_date)
                head += f" - Kết luận số {inspection.conclusion_number}"
                head += f" ngày {day}" if day else ""
            rows.append([head])
            visits = inspection.visit_ids.filtered(
                lambda v: v.day and self.date_from <= v.day <= self.date_to
            )
            for visit in visits.sorted("day"):
                number += 1
                found = visit.finding_ids
                findings |= found
                violators += visit.violator_count
                rows += self._visit_rows(number, visit, found)
        done = findings.filtered(lambda finding: finding.state == "confirmed")
        return {
            "title": "DANH SÁCH KIỂM TRA CẢI CÁCH HÀNH CHÍNH, CÔNG VỤ",
            "head": [
                "TT",
                "Ngày",
                "Đơn vị được kiểm tra",
                "Tồn tại, hạn chế",
                "Kiến nghị",
                "Trách nhiệm",
                "Hạn khắc phục",
                "Kết quả khắc phục",
            ],
            "widths": [10, 22, 45, 58, 45, 32, 22, 36],
            "rows": rows,
            "summary": [
                f"Tổng số: {number} lượt kiểm tra; {violators} trường hợp vi phạm; "
                f"đã khắc phục {len(done)}/{len(findings)} tồn tại, hạn chế."
            ],
        }

    @api.model
    def _visit_rows(self, number, visit, findings):
        head = [number, short_day(visit.day), visit.unit or ""]
        if not findings:
            return [[*head, visit.weaknesses or "Không", "", "", "", ""]]
        rows = []
        for finding in findings:
            result = STATUSES[finding.status]
            if finding.remedied_on:
                result += f" ngày {short_day(finding.remedied_on)}"
            rows.append(
                [
                    *head,
                    finding.weakness,
                    finding.recommendation or "",
                    finding.responsible_department_id.name
                    or finding.responsible_id.name
                    or "",
                    short_day(finding.date_due),
                    result,
                ]
            )
            head = ["", "", ""]
        return rows

    def _contents_training(self):
        classes = self.env["cchc.reform.training"].search(
            self._domain("date_from"), order="date_from, id"
        )
        topics = dict(classes._fields["topic"]._description_selection(classes.env))
        rows = [
            [
                number,
                short_day(training.date_from),
                training.name,
                topics[training.topic],
                training.organiser or "",
                training.persons,
                training.certificate_count,
                f"{vietnamese(training.cost)} đồng" if training.cost else "",
            ]
            for number, training in enumerate(classes, 1)
        ]
        persons = sum(classes.mapped("persons"))
        return {
            "title": "DANH SÁCH LỚP ĐÀO TẠO, BỒI DƯỠNG",
            "head": [
                "TT",
                "Ngày",
                "Tên lớp",
                "Lĩnh vực",
                "Đơn vị tổ chức",
                "Số người",
                "Chứng chỉ",
                "Kinh phí",
            ],
            "widths": [10, 22, 90, 40, 45, 18, 18, 27],
            "rows": rows,
            "summary": [
                f"Tổng số: {len(classes)} lớp, {vietnamese(persons)} lượt người."
            ],
        }
