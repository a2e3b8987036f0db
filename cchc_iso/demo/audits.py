"""Internal audits of the demo commune: the programme of the year, an audit that is
closed with its findings, one whose plan is approved."""

from datetime import datetime, time, timedelta

from odoo import Command, fields

from odoo.addons.cchc_onestop.tools.guard import unlocked

from ..models.cchc_iso_audit_programme_line import at_office

#: Conforming answers: number of the clause and what was seen.
SEEN = {
    "7.5.3": "Xem tại quầy: quy trình bản điện tử đúng lần ban hành đang có hiệu lực.",
    "8.2.2": "Đối chiếu niêm yết với quyết định công bố: thành phần hồ sơ, phí khớp.",
    "8.5.2": "Mã hồ sơ và phiếu kiểm soát đầy đủ, truy được người và thời điểm.",
    "8.6": "Kết quả do Chủ tịch, Phó Chủ tịch ký; có phân công bằng văn bản.",
}
SEEN_ELSE = "Đã xem hồ sơ, phỏng vấn người thực hiện: phù hợp."


def tell(env):
    """Tell the audits of the year."""
    story = Story(env)
    programme = story.programme()
    programme.with_user(story.user("vanphong")).action_create_audits()
    audits = programme.audit_ids.sorted("programme_month")
    story.hold(audits[0])
    if len(audits) > 1:
        story.plan(audits[1])
    story.inspect()


class Story:
    """People, departments and days of the story."""

    def __init__(self, env):
        self.env = env
        self.commune = env.ref("cchc_onestop.demo_commune")
        today = fields.Date.context_today(env["mgmtsystem.audit"])
        # the audit was held a month ago, the next one is two months later
        self.held = self.commune._cchc_shift_day(today, -18, "working_day")
        self.later = min(self.held.month + 2, 12)
        self.procedures = (
            env["cchc.dossier"]
            .sudo()
            .search(
                [("company_id", "=", self.commune.id), ("timeliness", "=", "late")],
                order="ended_at desc",
            )
            .filtered(lambda dossier: len(dossier.process_id.step_ids) > 3)
            .procedure_id[:1]
        )

    def user(self, login):
        return self.env.ref(f"cchc_onestop.demo_user_{login}")

    def department(self, name):
        return self.env["hr.department"].search(
            [("company_id", "=", self.commune.id), ("name", "ilike", name)], limit=1
        )

    def clauses(self, *codes):
        edition = self.env.ref("cchc_iso.edition_9001_2015")
        return edition.clause_ids.filtered(lambda clause: clause.code in codes)

    def at(self, day, hour):
        return at_office(self.commune, day, time(hour, 0))

    # --- Programme

    def programme(self):
        """Return the approved programme of the year."""
        auditor, vanxa = self.user("kiemtoan"), self.user("vanxa")
        rows = [
            ("Lãnh đạo", ("4", "5", "6", "9.3"), auditor, (self.held.month,), False),
            (
                "Phục vụ hành chính công",
                ("7.1", "7.5", "8.2", "8.5", "8.7"),
                auditor,
                (self.held.month,),
                False,
            ),
            (
                "Kinh tế",
                ("7.2", "7.3", "8.1", "8.5", "8.6", "10.2"),
                auditor,
                (self.held.month,),
                True,
            ),
            ("Văn phòng", ("7.4", "7.5", "9.1", "9.2", "10"), vanxa, (self.later,), 0),
            ("Văn hóa", ("7.2", "8.1", "8.5", "8.6"), auditor, (self.later,), 0),
            ("Công an", ("8.2", "8.5"), vanxa, (self.later,), 0),
        ]
        programme = (
            self.env["cchc.iso.audit.programme"]
            .with_user(self.user("vanphong"))
            .create(
                {
                    "year": self.held.year,
                    "company_id": self.commune.id,
                    "system_id": self.env.ref("cchc_iso.demo_system").id,
                    "number": "12/CT-UBND",
                    "line_ids": [
                        Command.create(
                            {
                                "sequence": index * 10,
                                "department_id": self.department(name).id,
                                "procedure_id": audited and self.procedures.id,
                                "clause_ids": [Command.set(self.clauses(*codes).ids)],
                                "lead_auditor_id": lead.id,
                                **{f"month_{month}": True for month in months},
                            }
                        )
                        for index, (name, codes, lead, months, audited) in enumerate(
                            rows, 1
                        )
                    ],
                }
            )
        )
        programme.action_submit()
        programme.with_user(self.user("lanhdao")).validate_tier()
        # before the audit also where that was held in the first days of January
        issued = min(self.held.replace(month=1, day=15), self.held - timedelta(days=20))
        unlocked(programme.sudo()).write(
            {"issued_on": issued, "approved_at": self.at(issued, 9)}
        )
        return programme

    # --- Audits

    def plan(self, audit):
        """Have the plan of ``audit`` drawn up and approved."""
        audit = audit.with_user(self.user("vanphong"))
        hour = 8
        for row in audit.plan_line_ids:
            day = self.commune._cchc_local_date(audit.date)
            row.write(
                {
                    "start_at": self.at(day, hour),
                    "end_at": self.at(day, hour + 1),
                    "auditee_ids": [
                        Command.set(row.department_id.manager_id.user_id.ids)
                    ],
                }
            )
            hour += 2 if hour != 10 else 4
        audit.action_suggest_auditors()
        audit.write(
            {
                "plan_number": f"{20 + audit.programme_month}/KH-UBND",
                "decision_number": f"{40 + audit.programme_month}/QĐ-UBND",
                "decision_date": self.commune._cchc_local_date(audit.date)
                - timedelta(days=14),
                "auditee_user_ids": [
                    Command.set(audit.department_ids.manager_id.user_id.ids)
                ],
            }
        )
        audit.action_submit_plan()
        audit.with_user(self.user("lanhdao")).validate_tier()

    def hold(self, audit):
        """Hold ``audit``: questions, findings, report, approval."""
        planned = audit.with_user(self.user("vanphong"))
        planned.write(
            {
                "date": self.at(self.held, 8),
                "date_end": self.at(self.held, 17),
                "period_to": self.held - timedelta(days=1),
                "period_from": self.held - timedelta(days=180),
            }
        )
        self.plan(audit)
        self.env["cchc.iso.checklist.generate"].with_user(
            self.user("kiemtoan")
        )._for_audit(audit).action_generate()
        lead = audit.with_user(audit.lead_auditor_id)
        lead.action_begin()
        self.answer(audit)
        self.sample(lead)
        self.meet(lead)
        lead.write(
            {
                "strong_points": "<p>Bộ phận Một cửa tiếp nhận đúng quy định, hồ sơ "
                "truy xuất được từng bước; lãnh đạo quan tâm chỉ đạo, kiểm tra hằng "
                "tháng.</p>",
                "to_improve_points": "<p>Rà soát thời gian từng bước của thủ tục hay "
                "trễ.</p>",
                "effect": "partly",
                "conclusion": "<p>Hệ thống được duy trì ở các bộ phận được đánh giá; "
                "cần khắc phục việc trễ hạn ở khâu thẩm định trước kỳ xem xét của lãnh "
                "đạo.</p>",
                "report_number": "85/BC-UBND",
            }
        )
        lead.action_submit_report()
        audit.with_user(self.user("lanhdao")).action_approve_report()
        self.date_back(audit)

    def inspect(self):
        """Begin an audit with an auditor from outside, with a sample to answer."""
        lead, outside = self.user("vanxa"), self.env.ref("cchc_iso.demo_user_danhgia")
        today = fields.Date.context_today(self.env["mgmtsystem.audit"])
        department = self.department("Kinh tế")
        audit = (
            self.env["mgmtsystem.audit"]
            .with_user(self.user("vanphong"))
            .create(
                {
                    "name": f"Đánh giá hồ sơ có chuyên gia bên ngoài {today:%m/%Y}",
                    "company_id": self.commune.id,
                    "system_id": self.env.ref("cchc_iso.demo_system").id,
                    "objective": "Xem xét việc giải quyết hồ sơ theo quy trình trước "
                    "kỳ kiểm tra của cơ quan chuyên môn.",
                    "date": self.at(today, 8),
                    "date_end": self.at(today + timedelta(days=7), 17),
                    "period_from": today - timedelta(days=120),
                    "period_to": today,
                    "lead_auditor_id": lead.id,
                    "auditor_user_ids": [Command.link(outside.id)],
                    "department_ids": [Command.set(department.ids)],
                    "plan_line_ids": [
                        Command.create(
                            {
                                "department_id": department.id,
                                "content": "Hồ sơ đã giải quyết trong kỳ",
                                "clause_ids": [Command.set(self.clauses("8.5.1").ids)],
                                "start_at": self.at(today, 8),
                                "end_at": self.at(today, 11),
                                "auditor_ids": [Command.set(outside.ids)],
                            }
                        )
                    ],
                }
            )
        )
        audit.action_submit_plan()
        audit.with_user(self.user("lanhdao")).validate_tier()
        team = audit.with_user(outside)
        team.action_begin()
        sample = team.env["cchc.iso.sample"].create(
            {
                "name": "Hồ sơ của Phòng Kinh tế",
                "audit_id": audit.id,
                "department_ids": [Command.set(department.ids)],
                "size": 5,
            }
        )
        if sample.population_count:
            sample.action_draw()
            sample.line_ids[0].action_confirm_met()
        else:
            sample.unlink()

    def answer(self, audit):
        """Answer every question: two minor findings, an opportunity, an observation."""
        found = self.findings(audit)
        for line in audit.line_ids:
            auditor = line.auditor_id or audit.lead_auditor_id
            line = line.with_user(auditor)
            finding, evidence = found.get(
                line, ("conform", SEEN.get(line.clause_id.code, SEEN_ELSE))
            )
            if line.clause_id.code in ("8.3", "7.1.5"):
                line.write(
                    {
                        "finding": "not_applicable",
                        "reason": "Cơ quan không áp dụng, có lý giải tại Sổ tay.",
                    }
                )
                continue
            line.write({"finding": finding, "evidence": evidence})
            if finding in ("nc_major", "nc_minor"):
                line.action_raise()
            elif finding == "ofi":
                line.action_improve()

    def findings(self, audit):
        """Return ``{line: (finding, evidence)}`` of what is not simply conforming."""
        steps = audit.line_ids.filtered("process_step_id")
        handled = steps.filtered(lambda line: line.process_step_id.role == "handle")
        plain = audit.line_ids - steps
        wanted = [
            (
                handled,
                "8.5.1",
                "observation",
                "Bước thẩm định có hồ sơ vượt thời gian của quy trình: xem các hồ sơ "
                "chọn mẫu.",
            ),
            (
                plain,
                "7.5.3",
                "nc_minor",
                "Một bản quy trình lần ban hành cũ còn treo ở quầy.",
            ),
            (
                plain,
                "6.1",
                "nc_minor",
                "Bảng rủi ro chưa cập nhật sau khi sáp nhập đơn vị hành chính.",
            ),
            (plain, "8.2.1", "ofi", "Đặt mã QR tra cứu thủ tục ngay tại ghế chờ."),
        ]
        found = {}
        for lines, code, finding, evidence in wanted:
            line = lines.filtered(lambda line, code=code: line.clause_id.code == code)[
                :1
            ]
            if line:
                found[line] = (finding, evidence)
        return found

    def sample(self, audit):
        """Draw the late dossiers of the procedure audited and look at each."""
        sample = self.env["cchc.iso.sample"].with_env(audit.env)
        sample = sample.create(
            {
                "name": "Hồ sơ trễ hạn trong kỳ",
                "audit_id": audit.id,
                "period_from": audit.period_from,
                "period_to": audit.period_to,
                "method": "all_late",
                "procedure_ids": [Command.set(self.procedures.ids)],
            }
        )
        if not sample.population_count:
            sample.unlink()
            return
        sample.action_draw()
        for number, line in enumerate(sample.line_ids):
            line.action_confirm_met()
            for check in line.check_ids.filtered(
                lambda check: check.finding == "not_checked"
            ):
                check.write(self.opinion(check, first=not number))
            if not number:
                line.action_raise_nonconformity()

    def opinion(self, check, first):
        """Return what the auditor says where the record does not say “met”."""
        if check.proposal == "unknown":
            return {
                "finding": "conform",
                "evidence": "Đã xem hồ sơ giấy tại bộ phận lưu trữ: phù hợp.",
            }
        if first:
            return {"finding": "nc_major"}
        return {
            "finding": "observation",
            "evidence": "Cùng nguyên nhân với hồ sơ đã lập phiếu không phù hợp.",
        }

    def meet(self, audit):
        """Write the minutes of both meetings."""
        people = audit.auditor_user_ids | audit.sudo().auditee_user_ids
        audit.write(
            {
                "opening_at": self.at(self.held, 8),
                "closing_at": self.at(self.held, 16),
                "opening_place": "Phòng họp UBND xã",
                "closing_place": "Phòng họp UBND xã",
                "attendance_ids": [
                    Command.create({"meeting": meeting, "user_id": user.id})
                    for meeting in ("opening", "closing")
                    for user in people
                ],
            }
        )

    def date_back(self, audit):
        """Let the moments be those of the story."""
        opened = self.held - timedelta(days=7)
        approved = self.held + timedelta(days=5)
        begin = datetime.combine(self.held, time(1, 30))
        for number, line in enumerate(audit.line_ids):
            unlocked(line.sudo()).write(
                {"answered_at": begin + timedelta(minutes=4 * number)}
            )
        for sample in audit.sample_ids.sudo():
            unlocked(sample).drawn_at = self.at(self.held, 9)
        # Papers bear the day on which a nonconformity was raised.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mgmtsystem_nonconformity SET create_date = %s WHERE id = ANY(%s)",
            (self.at(self.held, 15), audit.nonconformity_ids.ids),
        )
        self.env.invalidate_all()
        unlocked(audit.sudo()).write(
            {
                "plan_approved_at": self.at(opened, 9),
                "report_approved_at": self.at(approved, 15),
                "closing_date": self.at(approved, 15),
            }
        )
