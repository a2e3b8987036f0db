"""The commune's plan of the running year under that of the period of years.

Days lie before and after the day of installation, so that every state of a task is
there at any time of the year. All of it is invented.
"""

from datetime import date, timedelta

from odoo import Command, fields

#: Departments of the demo commune.
OFFICE, ECONOMY, CULTURE, CENTRE, POLICE = (
    "office",
    "economy",
    "culture",
    "centre",
    "police",
)
#: Area, tasks: text, product, lead, person, coordinating, deadline, how it goes on.
#: Deadlines: share of the time since New Year (negative) or left of the year.
TASKS = (
    (
        "institution",
        (
            (
                "Ban hành Kế hoạch kiểm tra, rà soát, hệ thống hóa văn bản quy phạm "
                "pháp luật",
                "Kế hoạch của UBND xã",
                (OFFICE, "tuphap", [ECONOMY, CULTURE]),
                -0.2,
                ("done", "Kế hoạch số 08/KH-UBND"),
            ),
            (
                "Rà soát, xử lý văn bản quy phạm pháp luật chồng chéo, hết hiệu lực",
                "Báo cáo kết quả rà soát",
                (OFFICE, "tuphap", [ECONOMY]),
                -0.7,
                ("late", "Báo cáo số 61/BC-UBND"),
            ),
            (
                "Theo dõi tình hình thi hành pháp luật trên địa bàn",
                "Báo cáo quý",
                (OFFICE, "tuphap", [POLICE]),
                "quarterly",
                ("quarters", "Báo cáo theo dõi thi hành pháp luật"),
            ),
        ),
    ),
    (
        "procedure",
        (
            (
                "Niêm yết công khai đầy đủ, kịp thời 100% TTHC thuộc thẩm quyền",
                "TTHC được niêm yết tại Trung tâm và Cổng thông tin điện tử",
                (CENTRE, "vanphong", [OFFICE]),
                "regular",
                ("kept", "Ảnh chụp bảng niêm yết, liên kết Cổng thông tin"),
            ),
            (
                "Rà soát, đơn giản hóa TTHC; kiến nghị cắt giảm thời gian giải quyết",
                "Quyết định thông qua phương án đơn giản hóa",
                (OFFICE, "vanphong", [ECONOMY, CULTURE]),
                -0.85,
                ("overdue", 60, "Đã trình dự thảo phương án, đang lấy ý kiến"),
            ),
            (
                "Nâng tỷ lệ hồ sơ nộp trực tuyến",
                "Tỷ lệ hồ sơ trực tuyến từ 70% trở lên",
                (CENTRE, "motcua", [OFFICE, ECONOMY, CULTURE]),
                0.8,
                ("going", 72, "Tỷ lệ hồ sơ trực tuyến đạt 68%"),
            ),
            (
                "Số hóa hồ sơ, kết quả giải quyết TTHC còn hiệu lực",
                "Kho dữ liệu kết quả số hóa",
                (CENTRE, "motcua", [OFFICE]),
                0.9,
                ("going", 45, "Đã số hóa kết quả lĩnh vực hộ tịch 2016 - 2025"),
            ),
            (
                "Công khai xin lỗi khi giải quyết hồ sơ quá hạn",
                "100% hồ sơ quá hạn có văn bản xin lỗi",
                (CENTRE, "vanphong", []),
                "regular",
                ("kept", "Sổ theo dõi văn bản xin lỗi"),
            ),
        ),
    ),
    (
        "organisation",
        (
            (
                "Kiện toàn chức năng, nhiệm vụ các phòng chuyên môn sau sắp xếp",
                "Quyết định của UBND xã",
                (OFFICE, "vanphong", [ECONOMY, CULTURE]),
                -0.35,
                ("done", "Quyết định số 97/QĐ-UBND"),
            ),
            (
                "Sắp xếp, bố trí lại các đơn vị sự nghiệp công lập trực thuộc",
                None,
                (CULTURE, "vanxa", [OFFICE]),
                None,
                (
                    (
                        "Xây dựng đề án sắp xếp",
                        "Đề án",
                        -0.6,
                        ("done", "Đề án số 02/ĐA-UBND"),
                    ),
                    (
                        "Trình phê duyệt và tổ chức thực hiện",
                        "Quyết định phê duyệt",
                        0.5,
                        ("going", 30, "Đã trình UBND tỉnh"),
                    ),
                ),
            ),
        ),
    ),
    (
        "civil_service",
        (
            (
                "Cử cán bộ, công chức tham gia đào tạo, bồi dưỡng theo vị trí việc làm",
                "Tối thiểu 30 lượt người",
                (OFFICE, "vanphong", []),
                0.6,
                ("going", 80, "Đã cử 24 lượt người"),
            ),
            (
                "Thực hiện chuyển đổi vị trí công tác theo quy định",
                "Quyết định điều động",
                (OFFICE, "vanphong", []),
                0.4,
                None,
            ),
            (
                "Kiểm tra việc chấp hành kỷ luật, kỷ cương hành chính",
                "Thông báo kết luận kiểm tra",
                (OFFICE, "vanphong", [POLICE]),
                "quarterly",
                ("quarters", "Thông báo kết luận kiểm tra"),
            ),
        ),
    ),
    (
        "finance",
        (
            (
                "Công khai dự toán, quyết toán ngân sách",
                "Tài liệu công khai trên Cổng thông tin điện tử",
                (ECONOMY, "taichinh", [OFFICE]),
                -0.9,
                ("done", "Công khai theo TT 343/2016/TT-BTC"),
            ),
            (
                "Thực hiện cơ chế tự chủ đối với đơn vị sự nghiệp công lập",
                "Quyết định giao quyền tự chủ",
                (ECONOMY, "kinhte", [CULTURE]),
                -0.8,
                None,
            ),
            (
                "Quản lý, sử dụng tài sản công đúng quy định",
                "Báo cáo kê khai tài sản công",
                (ECONOMY, "taichinh", []),
                "yearly",
                ("going", 40, "Đã kiểm kê tài sản tại 5 đơn vị"),
            ),
        ),
    ),
    (
        "digital",
        (
            (
                "Bố trí máy tính, máy quét cho Trung tâm Phục vụ hành chính công",
                "Thiết bị được bàn giao",
                (OFFICE, "vanphong", [ECONOMY]),
                -0.5,
                ("done", "Biên bản bàn giao ngày nghiệm thu"),
            ),
            (
                "Vận hành Tổ công nghệ số cộng đồng tại các thôn",
                "Tổ hoạt động thường xuyên, có báo cáo",
                (CULTURE, "vanxa", [POLICE]),
                "regular",
                ("kept", "Báo cáo hoạt động của 10 tổ"),
            ),
            (
                "Duy trì, cải tiến HTQLCL theo TCVN ISO 9001:2015",
                "Bản công bố, biên bản xem xét của lãnh đạo",
                (OFFICE, "vanphong", [ECONOMY, CULTURE, CENTRE]),
                0.7,
                ("going", 50, "Đã đánh giá nội bộ đợt 1"),
            ),
        ),
    ),
    (
        "direction",
        (
            (
                "Ban hành Kế hoạch cải cách hành chính năm",
                "Kế hoạch của UBND xã",
                (OFFICE, "vanphong", []),
                -0.1,
                ("done", "Kế hoạch số 05/KH-UBND"),
            ),
            (
                "Báo cáo kết quả công tác cải cách hành chính",
                "Báo cáo quý, 6 tháng, năm",
                (OFFICE, "vanphong", [ECONOMY, CULTURE, CENTRE, POLICE]),
                "quarterly",
                ("quarters", "Báo cáo CCHC"),
            ),
            (
                "Tuyên truyền cải cách hành chính trên đài truyền thanh, mạng xã hội",
                "Tin, bài, buổi phát thanh",
                (CULTURE, "vanxa", [OFFICE]),
                "regular",
                (),
            ),
            (
                "Tổ chức họp giao ban chuyên đề cải cách hành chính",
                "Thông báo kết luận",
                (OFFICE, "vanphong", []),
                0.3,
                None,
            ),
            (
                "Tổ chức hội thi tìm hiểu cải cách hành chính",
                "Hội thi cấp xã",
                (CULTURE, "vanxa", [OFFICE]),
                0.5,
                None,
            ),
        ),
    ),
)

PURPOSE = """<p>1. Mục đích: tiếp tục triển khai đồng bộ, hiệu quả Chương trình tổng
thể cải cách hành chính nhà nước giai đoạn 2021 - 2030; nâng cao chất lượng phục vụ
người dân, doanh nghiệp trên địa bàn xã.</p><p>2. Yêu cầu: xác định rõ nhiệm vụ, sản
phẩm, cơ quan chủ trì, thời hạn hoàn thành; gắn với trách nhiệm người đứng đầu.</p>"""
GOALS = """<p>Hoàn thành 100% nhiệm vụ đề ra; tỷ lệ hồ sơ giải quyết đúng hạn từ 98%
trở lên; duy trì, nâng hạng Chỉ số cải cách hành chính của xã.</p>"""
FUNDING = """<p>Kinh phí thực hiện được bố trí trong dự toán ngân sách xã năm và các
nguồn hợp pháp khác.</p>"""
ORGANISATION = """<p>1. Văn phòng HĐND và UBND xã là đầu mối theo dõi, đôn đốc, tổng
hợp báo cáo.</p><p>2. Các phòng, đơn vị căn cứ nhiệm vụ được giao tổ chức thực hiện, báo
cáo kết quả trước ngày 10 của tháng cuối quý.</p>"""


class Story:
    """Writes plans and what came of them, as the people of the commune do it."""

    def __init__(self, env):
        self.env = env
        self.commune = env.ref("cchc_onestop.demo_commune")
        self.today = fields.Date.context_today(env.user)
        self.begin = date(self.today.year, 1, 1)
        self.end = date(self.today.year, 12, 31)
        self.officer = self.user("vanphong")
        self.leader = self.user("lanhdao")
        programme = env["cchc.reform.programme"]._in_force(self.begin)
        self.area = {area.key: area for area in programme.area_ids}

    def user(self, login):
        return self.env.ref(f"cchc_onestop.demo_user_{login}")

    def department(self, name):
        return self.env.ref(f"cchc_onestop.demo_department_{name}")

    def as_(self, model, user=None):
        return self.env[model].with_user(user or self.officer)

    def day(self, share):
        """A day of the year: before today for a negative share, else after it."""
        if share < 0:
            return self.begin + (self.today - self.begin) * -share
        return self.today + (self.end - self.today) * share

    def approve(self, record):
        record.with_user(self.officer).action_submit()
        record.with_user(self.leader).validate_tier()

    def plan(self, year, last_year, **values):
        return self.as_("cchc.reform.plan").create(
            {
                "company_id": self.commune.id,
                "date_from": date(year, 1, 1),
                "date_to": date(last_year, 12, 31),
                "signer_id": self.leader.id,
                **values,
            }
        )

    def task(self, plan, area, text, product, who, deadline, **values):
        lead, person, others = who
        kind = deadline if isinstance(deadline, str) else "fixed"
        return self.as_("cchc.reform.task").create(
            {
                "plan_id": plan.id,
                "area_id": self.area[area].id,
                "name": text,
                "product": product,
                "lead_department_id": self.department(lead).id,
                "lead_user_id": self.user(person).id,
                "coordinating_department_ids": [
                    Command.set([self.department(name).id for name in others])
                ],
                "deadline_type": kind,
                "date_deadline": self.day(deadline)
                if kind == "fixed" and deadline is not None
                else False,
                **values,
            }
        )

    def report(self, task, day, text, **values):
        day = min(max(day, self.begin), self.today)
        self.as_("cchc.reform.progress", task.lead_user_id).create(
            {"task_id": task.id, "day": day, "text": text, **values}
        )

    # --- What came of a task

    def tell(self, task, fate):
        """Enter the progress of a task."""
        kind, *rest = fate
        week = timedelta(days=7)
        due = task.date_deadline
        if kind == "done":
            self.report(task, due - 2 * week, "Đã xây dựng dự thảo", percent=50)
            self.done(task, due - timedelta(days=1), rest[0])
        elif kind == "late":
            self.report(task, due - week, "Đang tổng hợp số liệu", percent=70)
            self.done(task, due + week, rest[0])
        elif kind in ("going", "overdue"):
            percent, text = rest
            self.report(
                task, self.day(-0.5), "Đã phân công, triển khai", percent=percent // 2
            )
            self.report(task, self.day(-0.93), text, percent=percent)
        elif kind == "kept":
            self.report(
                task,
                self.day(-0.6),
                "Duy trì thực hiện",
                percent=50,
                product_text=rest[0],
                evidence_kind="picture",
                evidence_place="Thư mục CCHC, Văn phòng",
            )
        elif kind == "quarters":
            for end in task._quarter_ends():
                if end < self.today:
                    self.done(task, end - week, rest[0], period_end=end)

    def done(self, task, day, product, **values):
        self.report(
            task,
            day,
            "Đã hoàn thành",
            outcome="done",
            percent=100,
            product_text=product,
            evidence_kind="report" if product.startswith("Báo cáo") else "decision",
            evidence_form="signed",
            **values,
        )


def tell(env):
    """Tell the plans of the demo commune."""
    story = Story(env)
    committee = _committees(story)
    first = story.today.year - (story.today.year - 1) % 5
    period = story.plan(
        first,
        first + 4,
        name=f"Kế hoạch cải cách hành chính giai đoạn {first} - {first + 4}",
        level="period",
        number="34/KH-UBND",
        date=date(first, 1, 25) if date(first, 1, 25) <= story.today else story.today,
        committee_id=committee.id,
    )
    story.task(
        period,
        "procedure",
        "Tỷ lệ hồ sơ giải quyết đúng hạn đạt từ 98% trở lên hằng năm",
        "Báo cáo hằng năm",
        (CENTRE, "vanphong", [OFFICE]),
        "regular",
    )
    story.task(
        period,
        "digital",
        "Số hóa toàn bộ kết quả giải quyết TTHC còn hiệu lực",
        "Kho dữ liệu số hóa",
        (OFFICE, "vanphong", [CENTRE]),
        None,
        date_deadline=date(first + 4, 10, 31),
    )
    period.with_user(story.officer).action_take_targets()
    story.approve(period)
    if story.today.year > first:
        _last_year(story, period)
    plan = _this_year(story, period, committee)
    _adjustment(story, plan)


def _committees(story):
    committees = story.as_("cchc.reform.committee")
    terms = story.as_("cchc.reform.committee.term")

    def member(login, role, duties=False):
        user = story.user(login)
        employee = story.env["hr.employee"].sudo()
        employee = employee.search([("user_id", "=", user.id)], limit=1)
        return Command.create(
            {"employee_id": employee.id, "role": role, "duties": duties}
        )

    committee = committees.create(
        {
            "name": "Ban Chỉ đạo cải cách hành chính xã Hải Trường",
            "company_id": story.commune.id,
        }
    )
    terms.create(
        {
            "committee_id": committee.id,
            "number": "19-QĐ/ĐU",
            "date": "2021-06-03",
            "issuer": "Đảng ủy xã Hải Trường",
            "member_ids": [
                Command.create(
                    {"name": name, "position": position, "role": role, "sequence": n}
                )
                for n, (name, position, role) in enumerate(
                    (
                        ("Lê Văn Thí", "Bí thư Đảng ủy", "head"),
                        ("Cáp Xuân Tường", "Chủ tịch UBND", "standing_deputy"),
                        ("Võ Thị Nga", "Công chức Văn phòng - Thống kê", "secretary"),
                    )
                )
            ],
        }
    )
    terms.create(
        {
            "committee_id": committee.id,
            "number": "12-QĐ/ĐU",
            "date": "2025-07-15",
            "issuer": "Đảng ủy xã Hải Trường",
            "abstract": "Kiện toàn Ban Chỉ đạo sau sắp xếp đơn vị hành chính",
            "member_ids": [
                member("lanhdao", "head", "Chỉ đạo chung"),
                member("phochutich", "standing_deputy", "Cải cách TTHC, chuyển đổi số"),
                member("vanphong", "secretary", "Thường trực, tổng hợp báo cáo"),
                member("kinhte", "member", "Cải cách tài chính công"),
                member("vanxa", "member", "Cải cách chế độ công vụ, tuyên truyền"),
            ],
        }
    )
    group = committees.create(
        {
            "name": "Tổ giúp việc Ban Chỉ đạo cải cách hành chính",
            "kind": "group",
            "company_id": story.commune.id,
            "parent_id": committee.id,
        }
    )
    terms.create(
        {
            "committee_id": group.id,
            "number": "97/QĐ-UBND",
            "date": "2025-08-01",
            "issuer": "UBND xã Hải Trường",
            "member_ids": [
                member("vanphong", "group_leader"),
                member("tuphap", "group_member"),
                member("taichinh", "group_member"),
            ],
        }
    )
    return committee


def _last_year(story, period):
    """The plan of last year: closed, one task of it unfinished."""
    year = story.today.year - 1
    plan = story.plan(
        year,
        year,
        name=f"Kế hoạch cải cách hành chính năm {year}",
        parent_id=period.id,
        number="03/KH-UBND",
        date=date(year, 1, 12),
    )
    rows = (
        ("procedure", "Công bố, niêm yết TTHC thuộc thẩm quyền", CENTRE, "vanphong", 6),
        ("digital", "Số hóa kết quả giải quyết TTHC", OFFICE, "vanphong", 11),
        ("direction", "Báo cáo năm về cải cách hành chính", OFFICE, "vanphong", 12),
    )
    for area, text, lead, person, month in rows:
        story.task(
            plan,
            area,
            text,
            "Báo cáo",
            (lead, person, []),
            None,
            date_deadline=date(year, month, 15),
        )
    story.approve(plan)
    story.begin = date(year, 1, 1)
    for task in plan.task_ids:
        if task.area_key == "digital":
            story.report(task, date(year, 10, 1), "Mới số hóa 60%", percent=60)
        else:
            story.done(
                task, task.date_deadline - timedelta(days=3), "Báo cáo số 112/BC-UBND"
            )
    story.begin = date(story.today.year, 1, 1)
    plan.with_user(story.officer).action_close()


def _this_year(story, period, committee):
    year = story.today.year
    plan = story.plan(
        year,
        year,
        name=f"Kế hoạch cải cách hành chính năm {year}",
        parent_id=period.id,
        number="05/KH-UBND",
        date=min(date(year, 1, 10), story.today),
        committee_id=committee.id,
        purpose=PURPOSE,
        goals=GOALS,
        funding=FUNDING,
        organisation=ORGANISATION,
    )
    fates = []
    for area, tasks in TASKS:
        for text, product, who, deadline, fate in tasks:
            task = story.task(plan, area, text, product, who, deadline)
            if deadline is not None:
                fates.append((task, fate))
                continue
            for name, outcome, due, part in fate:
                fates.append(
                    (
                        story.task(
                            plan, area, name, outcome, who, due, parent_id=task.id
                        ),
                        part,
                    )
                )
    _budgets_and_targets(story, plan)
    story.approve(plan)
    if (story.today - story.begin).days > 20:
        for task, fate in fates:
            if fate:
                story.tell(task, fate)
    return plan


def _budgets_and_targets(story, plan):
    digital = plan.task_ids.filtered(lambda t: t.area_key == "digital")
    amounts = (185_000_000, 20_000_000, 35_000_000)
    for task, amount in zip(digital, amounts, strict=True):
        task.write({"budget": amount, "budget_source": "Ngân sách xã"})
    online = plan.task_ids.filtered(lambda t: t.name.startswith("Nâng tỷ lệ"))
    online.write(
        {
            "indicator": "Tỷ lệ hồ sơ nộp trực tuyến",
            "indicator_unit": "%",
            "target": 70,
        }
    )
    metric = story.env["cchc.reform.metric"].search(
        [("key", "=", "dossier_on_time_settled")]
    )
    story.as_("cchc.reform.target").create(
        [
            {
                "plan_id": plan.id,
                "area_id": story.area["procedure"].id,
                "name": "Tỷ lệ hồ sơ giải quyết đúng hạn và trước hạn",
                "formula": "Hồ sơ giải quyết đúng hạn, trước hạn / hồ sơ đã giải quyết",
                "target": 98,
                "metric_id": metric.id,
            },
            {
                "plan_id": plan.id,
                "area_id": story.area["procedure"].id,
                "name": "Mức độ hài lòng của người dân, doanh nghiệp",
                "formula": "Lượt đánh giá hài lòng / tổng số lượt đánh giá",
                "target": 95,
            },
        ]
    )


def _adjustment(story, plan):
    """An adjustment after half a year: one task later, one given up, one added."""
    contest = plan.task_ids.filtered(lambda t: t.name.startswith("Tổ chức hội thi"))
    moved = plan.task_ids.filtered(lambda t: t.name.startswith("Thực hiện chuyển đổi"))
    adjustment = story.as_("cchc.reform.plan.adjustment").create(
        {
            "plan_id": plan.id,
            "authority": "48/TB-UBND",
            "authority_date": story.day(-0.7),
            "issuer": "UBND xã Hải Trường",
            "reason": "Điều chỉnh theo tiến độ sắp xếp tổ chức bộ máy của tỉnh",
            "line_ids": [
                Command.create(
                    {
                        "task_id": moved.id,
                        "date_deadline": story.day(0.75),
                        "reason": "Chờ hướng dẫn của Sở Nội vụ",
                    }
                ),
                Command.create(
                    {
                        "action": "drop",
                        "task_id": contest.id,
                        "reason": "Tỉnh tổ chức chung, xã cử đội tham gia",
                    }
                ),
                Command.create(
                    {
                        "action": "add",
                        "name": "Cử đội tham gia hội thi cải cách hành chính của tỉnh",
                        "product": "Quyết định cử đội thi",
                        "area_id": story.area["direction"].id,
                        "lead_department_id": story.department(CULTURE).id,
                        "lead_user_id": story.user("vanxa").id,
                        "date_deadline": story.day(0.6),
                    }
                ),
            ],
        }
    )
    story.approve(adjustment)
