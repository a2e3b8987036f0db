"""Objectives, findings, risks and the management review of the demo commune."""

import random
from datetime import timedelta

from odoo import Command, fields

#: What citizens said, the more frequent the more often it stands here.
_LEVELS = ("very_satisfied",) * 5 + ("satisfied",) * 8 + ("dissatisfied",)
_COMMENTS = {
    "very_satisfied": ("Cán bộ nhiệt tình, trả kết quả sớm", ""),
    "satisfied": ("", "", "Đúng hẹn"),
    "dissatisfied": ("Phải đi lại nhiều lần", "Chờ lâu hơn giấy hẹn"),
}
_OBJECTIVES = (
    {
        "name": "Tỷ lệ hồ sơ giải quyết đúng hạn đạt từ 98% trở lên",
        "metric": "on_time_share",
        "target": 98,
        "period": "month",
        "plan": (
            ("Giao ban hằng tuần, rà soát hồ sơ sắp đến hạn", "Màn hình cảnh báo"),
            ("Phân công người thay thế khi vắng mặt", "Danh sách thay thế"),
        ),
    },
    {
        "name": "Hồ sơ trễ hạn của từng phòng không quá 2%",
        "metric": "late_share",
        "target": 2,
        "period": "month",
        "split": "department",
        "consequence": "nonconformity",
        "category": "minor",
        "plan": (("Rà soát các bước chậm trong quy trình", "Hồ sơ quá trình"),),
    },
    {
        "name": "Mức độ hài lòng của người dân đạt từ 90% trở lên",
        "metric": "satisfaction",
        "target": 90,
        "period": "quarter",
        "plan": (("Phát phiếu khi trả kết quả, xem hằng tháng", "Phiếu đánh giá"),),
    },
    {
        "name": "Thời gian giải quyết bình quân không quá 90% thời gian đã cam kết",
        "metric": "mean_time",
        "target": 90,
        "period": "month",
        "plan": (("Cắt giảm thời gian chờ giữa các bước", "Quy trình nội bộ"),),
    },
    {
        "name": "Hồ sơ nộp trực tuyến đạt từ 40% trở lên",
        "metric": "online_share",
        "target": 40,
        "period": "month",
        "plan": (("Tổ công nghệ số cộng đồng hướng dẫn", "Máy tính tại quầy"),),
    },
    {
        "name": "100% công chức được tập huấn về hệ thống quản lý chất lượng",
        "metric": "manual",
        "target": 100,
        "period": "year",
        "plan": (("Tập huấn TCVN ISO 9001 cho công chức", "Kinh phí CCHC"),),
    },
)
_RISKS = (
    {
        "name": "Hồ sơ dồn khi người thụ lý nghỉ phép",
        "cause": "Mỗi lĩnh vực chỉ một người thụ lý",
        "consequence": "Hồ sơ trễ hạn, phải xin lỗi",
        "treatment": "reduce",
        "treatment_text": "Phân công người thay thế trước kỳ nghỉ",
        "action": "Lập danh sách người thay thế của từng lĩnh vực",
        "ratings": ((4, 4), (2, 4)),
    },
    {
        "name": "Phần mềm liên thông gián đoạn",
        "cause": "Hệ thống của cơ quan khác ngừng hoạt động",
        "consequence": "Không gửi, nhận được hồ sơ liên thông",
        "treatment": "share",
        "treatment_text": "Ghi nhận sự cố, tạm dừng tính hạn, phối hợp đơn vị vận hành",
        "action": "Thống nhất đầu mối báo sự cố với đơn vị vận hành",
        "ratings": ((4, 3), (3, 2)),
    },
    {
        "name": "Quy trình không được cập nhật khi thủ tục thay đổi",
        "cause": "Quyết định công bố đến chậm",
        "consequence": "Giải quyết theo quy định cũ",
        "treatment": "reduce",
        "treatment_text": "Theo dõi việc cập nhật tài liệu, nhắc trước hạn",
        "ratings": ((3, 5), (1, 5)),
    },
    {
        "name": "Công chức mới chưa nắm quy trình",
        "cause": "Luân chuyển, sắp xếp tổ chức",
        "consequence": "Sai bước, sai biểu mẫu",
        "treatment": "reduce",
        "treatment_text": "Kèm cặp trong tháng đầu, đọc và xác nhận tài liệu",
        "ratings": ((3, 3), (2, 2)),
    },
    {
        "name": "Số hóa kết quả giúp tái sử dụng dữ liệu",
        "kind": "opportunity",
        "cause": "Kho dữ liệu điện tử của người dân",
        "consequence": "Người dân không phải nộp lại giấy tờ",
        "treatment": "seize",
        "treatment_text": "Số hóa 100% kết quả khi trả",
        "action": "Trang bị thêm máy quét cho Trung tâm",
        "ratings": ((4, 3),),
    },
)
_ASSESSMENTS = {
    "a": "Các hành động của kỳ trước cơ bản đã thực hiện; việc còn lại chuyển kỳ này.",
    "c1": "Mức hài lòng giữ vững; cần giảm số lần người dân phải đi lại.",
    "c2": "Còn mục tiêu chưa đạt, đã mở hành động khắc phục.",
    "c3": "Hồ sơ trễ tập trung ở bước thụ lý.",
    "c4": "Sự không phù hợp được xử lý, có kiểm tra hiệu lực.",
    "d": "Nhân lực kiêm nhiệm, cần bổ sung trang thiết bị.",
    "e": "Các rủi ro mức cao đã có biện pháp xử lý.",
}
_CONCLUSION = (
    "<p>Hệ thống quản lý chất lượng được duy trì, phù hợp và có hiệu lực; cần tiếp tục "
    "giảm hồ sơ trễ hạn và hoàn thiện hạ tầng số hóa.</p>"
)


class Quality:
    """Tells the part as its people: secretary, chairman, vice-chairman, departments."""

    def __init__(self, env):
        self.env = env
        self.company = env.company
        self.today = self.company._cchc_local_date(fields.Datetime.now())
        # the last month that is over: its year is that of the story
        self.last = self.today.replace(day=1) - timedelta(days=1)
        self.system = env["mgmtsystem.system"]._cchc_for(self.company)
        self.secretary = self._user("vanphong")
        self.chairman = self._user("lanhdao")
        self.deputy = self._user("phochutich")

    def _user(self, login):
        return self.env.ref(f"cchc_onestop.demo_user_{login}")

    def _as(self, user, records):
        """Return records in the hands of a person of the story."""
        return records.with_user(user).with_context(
            allowed_company_ids=self.company.ids, cchc_no_mail=True
        )

    # -- what citizens say
    def evaluate(self):
        """Slips of about two in three returned dossiers, entered by the desk."""
        chance = random.Random(9001)
        desk = self._user("motcua")
        now = fields.Datetime.now()
        dossiers = self.env["cchc.dossier"].search(
            [
                ("company_id", "=", self.company.id),
                ("returned_at", "!=", False),
                ("parent_id", "=", False),
            ],
            order="id",
        )
        rows = []
        criteria = self.env["cchc.evaluation.criterion"]._on(self.today)
        told = self.env["cchc.evaluation"].sudo().search([]).dossier_id
        for dossier in dossiers:
            if chance.random() > 0.65 or dossier in told:
                continue
            level = chance.choice(_LEVELS)
            at = dossier.returned_at + timedelta(minutes=chance.randint(5, 600))
            rows.append(
                {
                    "dossier_id": dossier.id,
                    "level": level,
                    "comment": chance.choice(_COMMENTS[level]) or False,
                    "source": "online" if dossier.channel == "online" else "counter",
                    "evaluated_at": min(at, now),
                    "answer_ids": [
                        Command.create({"criterion_id": criterion.id, "level": level})
                        for criterion in criteria[:5]
                    ],
                }
            )
        self._as(desk, self.env["cchc.evaluation"]).create(rows)

    # -- objectives and what they open
    def aim(self):
        """The objectives of the year, approved, measured and one entered by hand."""
        objectives = self._as(self.secretary, self.env["cchc.iso.objective"])
        made = objectives
        for number, values in enumerate(_OBJECTIVES):
            values = dict(values)
            plan = values.pop("plan")
            objective = objectives.create(
                {
                    "year": self.last.year,
                    "sequence": (number + 1) * 10,
                    "company_id": self.company.id,
                    "system_id": self.system.id,
                    "responsible_id": self.secretary.id,
                    "clause_ids": [
                        Command.link(self.env.ref("cchc_iso.clause_9001_2015_8_5_1").id)
                    ],
                    "plan_ids": [
                        Command.create(
                            {
                                "name": name,
                                "resources": resources,
                                "user_id": self.secretary.id,
                                "date_deadline": f"{self.last.year}-12-15",
                                "evaluation": "Số liệu đo hằng kỳ",
                            }
                        )
                        for name, resources in plan
                    ],
                    **values,
                }
            )
            objective.request_validation()
            self._as(self.chairman, objective).validate_tier()
            made |= objective
        made.plan_ids[:2].done_on = self.today
        made.sudo()._measure()
        self.env["cchc.iso.objective.entry"].with_user(self.secretary).create(
            {
                "objective_id": made[-1].id,
                "day": self.last,
                "numerator": 21,
                "denominator": 22,
                "source": "Danh sách ký tên lớp tập huấn",
            }
        ).action_enter()

    def correct(self):
        """One of the findings opened by rule goes to its verified effect."""
        found = self.env["mgmtsystem.nonconformity"].search(
            [("rule_key", "!=", False), ("company_id", "=", self.company.id)],
            order="id",
        )
        if not found:
            return
        done = found[:1]
        self._plan(done)
        self._as(self.chairman, done).action_approve_plan()
        action = self._as(self.secretary, done.action_ids)
        action.write(
            {
                "progress": 100,
                "result": "Đã ban hành bảng phân công người thay thế của từng lĩnh vực",
                "evidence": "Thông báo phân công; lịch trực tháng",
            }
        )
        self._as(self.chairman, action).action_close()
        self._as(self.deputy, done)._cchc_verify(
            "effective", "Xem 20 hồ sơ của kỳ sau: không hồ sơ nào chậm ở bước thụ lý."
        )
        if len(found) > 1:
            self._plan(found[1])

    def _plan(self, finding):
        """Accept, state the cause and plan, as who answers for the department."""
        nc = self._as(finding.responsible_user_id, finding)
        nc.action_accept()
        nc.write(
            {
                "analysis": "Một người thụ lý nhiều lĩnh vực; khi vắng không ai thay.",
                "correction": "Gửi thư xin lỗi, ưu tiên giải quyết hồ sơ trễ còn lại.",
            }
        )
        nc.action_state_cause()
        nc._cchc_add_action(
            {
                "name": "Phân công người thay thế khi người thụ lý vắng mặt",
                "user_id": self.secretary.id,
                "date_deadline": finding.due_date,
            }
        )

    # -- risks
    def weigh(self):
        """The register of risks and opportunities with its assessments."""
        risks = self._as(self.secretary, self.env["cchc.iso.risk"])
        department = self.env.ref("cchc_onestop.demo_department_centre")
        for values in _RISKS:
            values = dict(values)
            ratings, action = values.pop("ratings"), values.pop("action", None)
            risk = risks.create(
                {
                    "company_id": self.company.id,
                    "system_id": self.system.id,
                    "department_id": department.id,
                    "responsible_id": self.secretary.id,
                    "review_date": f"{self.today.year}-12-15",
                    **values,
                }
            )
            for stage, rating in zip(("before", "after"), ratings, strict=False):
                risk._cchc_assess(stage, *rating)
            if action:
                new = self.env["cchc.iso.action.new"]
                self._as(self.secretary, new).create(
                    {
                        "risk_id": risk.id,
                        "name": action,
                        "type_action": "prevention",
                        "user_id": self.secretary.id,
                        "date_deadline": f"{self.today.year}-12-20",
                    }
                ).action_add()
            if len(ratings) > 1:
                risk.action_treated()

    # -- the review
    def review(self):
        """The review of the year before, and this year's with its decisions."""
        moment = fields.Datetime.now() - timedelta(hours=2)
        earlier = self._review(
            moment - timedelta(days=330),
            (
                ("Ban hành lại quy trình của lĩnh vực hộ tịch", "change", -200),
                ("Mua máy quét cho Trung tâm", "resource", -30),
            ),
        )
        self._as(self.chairman, earlier).button_close()
        first = earlier.line_ids[:1].action_id
        self._as(self.secretary, first).write({"result": "Đã ban hành lần 02"})
        self._as(self.chairman, first).action_close()
        present = self._review(
            moment,
            (
                ("Bố trí người thay thế ở mọi lĩnh vực", "improvement", 30),
                ("Cập nhật quy trình sau khi thủ tục thay đổi", "change", 45),
                ("Bổ sung một máy quét, một màn hình tra cứu", "resource", 60),
            ),
        )
        for row in present.input_ids:
            if text := _ASSESSMENTS.get(row.key):
                row.assessment = text
        self._as(self.chairman, present).button_close()

    def _review(self, moment, decisions):
        day = self.company._cchc_local_date(moment)
        members = self.secretary | self.chairman | self.deputy
        review = self._as(self.secretary, self.env["mgmtsystem.review"]).create(
            {
                "name": f"Xem xét của lãnh đạo năm {day.year}",
                "date": moment,
                "place": "Phòng họp số 1",
                "company_id": self.company.id,
                "system_id": self.system.id,
                "period_from": day.replace(month=1, day=1),
                "period_to": day,
                "chair_id": self.chairman.id,
                "secretary_id": self.secretary.id,
                "notice_number": "15/TB-UBND",
                "user_ids": [Command.set(members.ids)],
            }
        )
        review.action_measure()
        for name, output, days in decisions:
            review._cchc_decide_action(
                {
                    "name": name,
                    "user_id": self.secretary.id,
                    "date_deadline": self.today + timedelta(days=days),
                },
                output,
            )
        review.write(
            {
                "minutes": "<p>Thư ký ISO trình bày số liệu; các thành viên thảo luận, "
                "thống nhất các quyết định.</p>",
                "conclusion": _CONCLUSION,
            }
        )
        return review


def tell(env):
    """Tell objectives, slips, findings and risks."""
    story = Quality(env)
    story.evaluate()
    story.aim()
    story.correct()
    story.weigh()


def review(env):
    """Tell the management review, the last part of a year."""
    Quality(env).review()
