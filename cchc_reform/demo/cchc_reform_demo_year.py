"""What the commune wrote down over the running year: documents, tasks of superiors,
inspections, communications, training, appointments, initiatives and awards.

Days are shares of the time since New Year, so that the year is told at any time of it.
All of it is invented.
"""

from datetime import date, timedelta

from odoo import Command

from .cchc_reform_demo_plan import CENTRE, CULTURE, ECONOMY, OFFICE, Story

#: Share of the year, direction, number, type, issuer, abstract, area.
DOCUMENTS = (
    (
        -0.03,
        "in",
        "282/QĐ-TTg",
        "Thủ tướng Chính phủ",
        "Kế hoạch cải cách hành chính nhà nước trọng tâm giai đoạn 2026 - 2030",
        "direction",
    ),
    (
        -0.05,
        "in",
        "15/KH-UBND",
        "UBND tỉnh Quảng Trị",
        "Kế hoạch cải cách hành chính tỉnh Quảng Trị năm {year}",
        "direction",
    ),
    (
        -0.08,
        "out",
        "05/KH-UBND",
        "",
        "Kế hoạch tuyên truyền cải cách hành chính năm {year}",
        "direction",
    ),
    (
        -0.09,
        "out",
        "06/KH-UBND",
        "",
        "Kế hoạch kiểm tra, tự kiểm tra cải cách hành chính năm {year}",
        "direction",
    ),
    (
        -0.12,
        "in",
        "08-CT/ĐU",
        "Đảng ủy xã Hải Trường",
        "Tăng cường sự lãnh đạo của Đảng đối với công tác cải cách hành chính",
        "direction",
    ),
    (
        -0.2,
        "in",
        "112/SNV-CCHC",
        "Sở Nội vụ tỉnh Quảng Trị",
        "Đôn đốc thực hiện nhiệm vụ cải cách hành chính quý I năm {year}",
        "direction",
    ),
    (
        -0.25,
        "out",
        "21/BC-UBND",
        "",
        "Tình hình tiếp nhận, xử lý phản ánh, kiến nghị của người dân",
        "procedure",
    ),
    (
        -0.3,
        "out",
        "34/QĐ-UBND",
        "",
        "Thành lập Đoàn kiểm tra cải cách hành chính năm {year}",
        "direction",
    ),
    (
        -0.4,
        "in",
        "47/UBND-NC",
        "UBND tỉnh Quảng Trị",
        "Rà soát, niêm yết thủ tục hành chính sau sắp xếp đơn vị hành chính",
        "procedure",
    ),
    (
        -0.5,
        "out",
        "58/TB-UBND",
        "",
        "Phân công công chức trực hướng dẫn nộp hồ sơ trực tuyến",
        "procedure",
    ),
    (
        -0.6,
        "in",
        "73/STC-NS",
        "Sở Tài chính tỉnh Quảng Trị",
        "Công khai dự toán, quyết toán ngân sách cấp xã",
        "finance",
    ),
    (-0.7, "out", "80/CV-UBND", "", "Chấn chỉnh kỷ luật, kỷ cương hành chính", "civil"),
    (
        -0.85,
        "in",
        "156/KH-UBND",
        "UBND tỉnh Quảng Trị",
        "Nâng cao chỉ số cải cách hành chính, chỉ số hài lòng năm {year}",
        "direction",
    ),
    (
        -0.95,
        "in",
        "201/SNV-CCHC",
        "Sở Nội vụ tỉnh Quảng Trị",
        "Tự đánh giá, chấm điểm chỉ số cải cách hành chính năm {year}",
        "direction",
    ),
)
#: Number of the document, task, lead, person, days of the deadline from today, fate.
TASKS = (
    (
        "112/SNV-CCHC",
        "Báo cáo kết quả thực hiện nhiệm vụ quý I",
        OFFICE,
        "vanphong",
        -120,
        "done",
    ),
    (
        "47/UBND-NC",
        "Rà soát, niêm yết lại 100% thủ tục hành chính",
        CENTRE,
        "motcua",
        -60,
        "late",
    ),
    (
        "73/STC-NS",
        "Công khai dự toán, quyết toán ngân sách trên Cổng thông tin",
        ECONOMY,
        "taichinh",
        -9,
        "going",
    ),
    (
        "156/KH-UBND",
        "Xây dựng kế hoạch nâng cao chỉ số cải cách hành chính của xã",
        OFFICE,
        "vanphong",
        6,
        "going",
    ),
    (
        "201/SNV-CCHC",
        "Gửi báo cáo tự chấm điểm kèm tài liệu kiểm chứng",
        OFFICE,
        "vanphong",
        20,
        "",
    ),
)
#: Channel: (planned in both units), ((share, title, first, second, place, person) …)
COMMUNICATIONS = {
    "broadcast": (
        (24, 12),
        (
            (
                -0.1,
                "Lợi ích của dịch vụ công trực tuyến toàn trình",
                2,
                1,
                "Toàn xã",
                "vanxa",
            ),
            (-0.25, "Cấp bản sao trích lục hộ tịch qua mạng", 4, 2, "Toàn xã", "vanxa"),
            (
                -0.4,
                "Thanh toán phí, lệ phí không dùng tiền mặt",
                4,
                2,
                "Thôn Trường Xuân",
                "vanxa",
            ),
            (
                -0.55,
                "Kênh phản ánh, kiến nghị của người dân",
                3,
                1.5,
                "Toàn xã",
                "vanxa",
            ),
            (-0.8, "Chỉ số hài lòng của người dân, tổ chức", 4, 2, "Toàn xã", "vanxa"),
        ),
    ),
    "news": (
        (60, 0),
        (
            (
                -0.2,
                "Tin trên chuyên mục cải cách hành chính quý I",
                16,
                0,
                "",
                "vanphong",
            ),
            (
                -0.5,
                "Tin trên chuyên mục cải cách hành chính quý II",
                21,
                0,
                "",
                "vanphong",
            ),
            (
                -0.8,
                "Tin trên chuyên mục cải cách hành chính quý III",
                26,
                0,
                "",
                "vanphong",
            ),
        ),
    ),
    "article": (
        (8, 0),
        (
            (
                -0.3,
                "Một ngày ở Trung tâm Phục vụ hành chính công",
                1,
                0,
                "",
                "vanphong",
            ),
            (
                -0.6,
                "Tổ công nghệ số cộng đồng giúp dân nộp hồ sơ",
                1,
                0,
                "",
                "vanphong",
            ),
            (-0.75, "Trả kết quả tại nhà cho người cao tuổi", 1, 0, "", "vanphong"),
        ),
    ),
    "banner": (
        (6, 60),
        (
            (
                -0.15,
                "Băng rôn tuyên truyền dịch vụ công trực tuyến",
                4,
                40,
                "Trục đường chính",
                "vanxa",
            ),
            (
                -0.65,
                "Băng rôn tháng cao điểm chuyển đổi số",
                2,
                20,
                "Chợ Trường Xuân",
                "vanxa",
            ),
        ),
    ),
    "panel": (
        (1, 12),
        (
            (
                -0.2,
                "Pa nô quy trình nộp hồ sơ trực tuyến",
                1,
                12,
                "Trung tâm Phục vụ hành chính công",
                "vanxa",
            ),
        ),
    ),
    "meeting": (
        (10, 500),
        (
            (
                -0.22,
                "Lồng ghép tại họp thôn Trường Xuân",
                1,
                85,
                "Thôn Trường Xuân",
                "vanxa",
            ),
            (
                -0.42,
                "Hội nghị đối thoại với hộ kinh doanh",
                1,
                62,
                "Hội trường UBND xã",
                "kinhte",
            ),
            (
                -0.62,
                "Sinh hoạt chi hội phụ nữ: nộp hồ sơ trực tuyến",
                2,
                120,
                "Thôn Hậu Trường",
                "xahoi",
            ),
            (
                -0.9,
                "Lồng ghép tại kỳ họp HĐND xã",
                1,
                48,
                "Hội trường UBND xã",
                "vanphong",
            ),
        ),
    ),
    "leaflet": (
        (500, 0),
        (
            (
                -0.35,
                "Tờ gấp hướng dẫn dùng VNeID nộp hồ sơ",
                400,
                0,
                "Các thôn",
                "motcua",
            ),
        ),
    ),
    "social": (
        (30, 3000),
        (
            (-0.3, "Zalo OA của xã: hướng dẫn nộp hồ sơ", 12, 1850, "", "motcua"),
            (-0.7, "Zalo OA của xã: nhắc lịch trả kết quả", 14, 2100, "", "motcua"),
        ),
    ),
    "portal": (
        (20, 0),
        ((-0.5, "Bài trên Cổng thông tin điện tử xã", 11, 5400, "", "vanphong"),),
    ),
    "display": (
        (0, 0),
        (
            (
                -0.1,
                "Cập nhật niêm yết bảng điện tử",
                12,
                0,
                "Trung tâm Phục vụ hành chính công",
                "motcua",
            ),
        ),
    ),
}
TRAINING = (
    (
        -0.15,
        "Tập huấn ký số và xử lý hồ sơ trên môi trường mạng",
        "signature",
        32,
        0,
        3_200_000,
        "UBND xã Hải Trường",
    ),
    (
        -0.35,
        "Bồi dưỡng nghiệp vụ cải cách hành chính cấp xã",
        "reform",
        4,
        4,
        0,
        "Sở Nội vụ tỉnh Quảng Trị",
    ),
    (
        -0.55,
        "Áp dụng TCVN ISO 9001:2015 tại UBND cấp xã",
        "iso",
        18,
        18,
        8_000_000,
        "Chi cục Tiêu chuẩn Đo lường Chất lượng",
    ),
    (
        -0.75,
        "Kỹ năng giao tiếp, văn hóa công sở tại bộ phận một cửa",
        "onestop",
        12,
        0,
        1_500_000,
        "UBND xã Hải Trường",
    ),
    (
        -0.9,
        "Tổ công nghệ số cộng đồng: hỗ trợ dịch vụ công trực tuyến",
        "digital",
        45,
        0,
        2_000_000,
        "Công an xã",
    ),
)


def tell(env):
    """Tell the year of the demo commune."""
    story = Story(env)
    plans = _plans(story)
    documents = _documents(story, plans)
    _tasks(story, documents)
    _inspections(story, plans["inspection"], documents)
    _communications(story, plans["communication"])
    _people(story)


def _plans(story):
    """The plans of communications and of inspections of the year."""
    year = story.begin.year
    channels = {
        channel.key: channel
        for channel in story.env["cchc.reform.channel"].search([("active", "=", True)])
    }
    plans = {
        "communication": story.plan(
            year,
            year,
            name=f"Kế hoạch tuyên truyền cải cách hành chính năm {year}",
            plan_type="communication",
            number="05/KH-UBND",
            date=story.day(-0.08),
            target_channel_ids=[
                Command.create(
                    {
                        "channel_id": channels[key].id,
                        "planned1": first,
                        "planned2": second,
                    }
                )
                for key, ((first, second), _entries) in COMMUNICATIONS.items()
                if first
            ],
        ),
        "inspection": story.plan(
            year,
            year,
            name=f"Kế hoạch kiểm tra, tự kiểm tra cải cách hành chính năm {year}",
            plan_type="inspection",
            number="06/KH-UBND",
            date=story.day(-0.09),
        ),
    }
    for key, text, product, who in (
        (
            "communication",
            "Phát thanh, đăng tin, bài về cải cách hành chính",
            "Nhật ký tuyên truyền",
            (CULTURE, "vanxa", [OFFICE]),
        ),
        (
            "inspection",
            "Kiểm tra, tự kiểm tra các bộ phận theo kế hoạch",
            "Biên bản, kết luận",
            (OFFICE, "vanphong", [CENTRE]),
        ),
    ):
        story.task(plans[key], "direction", text, product, who, "regular")
        story.approve(plans[key])
    return plans


def _documents(story, plans):
    """Register the documents of the year, and one whose year is misprinted."""
    bodies = story.as_("cchc.issued.document.issuer")
    register = story.as_("cchc.issued.document")
    documents = {}
    year = story.begin.year
    for number, (share, direction, reference, issuer, subject, area) in enumerate(
        DOCUMENTS
    ):
        day = story.day(share)
        incoming = direction == "in"
        kind = register._type_of_symbol(reference.partition("/")[2])
        values = {
            "company_id": story.commune.id,
            "direction": "incoming" if incoming else "outgoing",
            "reference": reference,
            "date": day,
            "subject": subject.format(year=year),
            "type_id": kind.id or story.env.ref("cchc_reform.document_type_letter").id,
            "area_id": story.area[area].id if area in story.area else False,
            "signature_state": "digital",
        }
        if reference.startswith("08-"):
            values["type_id"] = story.env.ref("cchc_reform.document_type_directive").id
        if incoming:
            values |= {
                "issuer_id": bodies._find_or_create(issuer).id,
                "received_on": min(day + timedelta(days=2), story.today),
                "entry_number": str(101 + 7 * number),
                "urgency": "urgent" if number == 5 else "normal",
            }
        else:
            values["signer_name"] = story.leader.name
        if reference in ("05/KH-UBND", "06/KH-UBND"):
            kind = "communication" if reference[:2] == "05" else "inspection"
            values["plan_id"] = plans[kind].id
        documents[reference] = register.create(values)
    register.create(
        {
            "company_id": story.commune.id,
            "reference": "99/KH-UBND",
            "date": date(year - 1, 3, 3),
            "type_id": story.env.ref("cchc_reform.document_type_plan").id,
            "subject": "Kế hoạch khắc phục các tiêu chí bị trừ điểm chỉ số cải cách "
            f"hành chính năm {year - 1}",
        }
    )
    return documents


def _tasks(story, documents):
    """Assign what superiors asked for; one of it is overdue."""
    for reference, text, lead, person, days, fate in TASKS:
        document = documents[reference]
        due = max(story.today + timedelta(days=days), document.date)
        task = story.as_("cchc.reform.task").create(
            {
                "origin_document_id": document.id,
                "name": text,
                "lead_department_id": story.department(lead).id,
                "lead_user_id": story.user(person).id,
                "date_deadline": due,
            }
        )
        if fate == "done":
            story.done(task, due - timedelta(days=2), "Báo cáo số 18/BC-UBND")
        elif fate == "late":
            story.done(task, due + timedelta(days=6), "Biên bản niêm yết số 02/BB")
        elif fate == "going":
            story.report(task, story.today, "Đang tổng hợp số liệu", percent=50)


def _inspections(story, plan, documents):
    inspections = story.as_("cchc.reform.inspection")
    decision = documents["34/QĐ-UBND"]
    year = story.begin.year
    main = inspections.create(
        {
            "name": f"Kiểm tra công tác cải cách hành chính các bộ phận năm {year}",
            "plan_id": plan.id,
            "decision_id": decision.id,
            "leader_id": story.user("phochutich").id,
            "member_ids": [Command.set([story.officer.id, story.user("tuphap").id])],
            "date_from": story.day(-0.32),
            "period_from": story.begin,
            "period_to": story.day(-0.3),
            "area_ids": [Command.set([area.id for area in story.area.values()])],
        }
    )
    finding = _visit(
        story,
        main,
        -0.33,
        CENTRE,
        "Niêm yết thủ tục hành chính lĩnh vực đất đai chưa kịp thời",
        "motcua",
        -0.5,
    )
    finding.with_user(story.user("motcua")).report_remedy(
        "Đã niêm yết đủ theo quyết định công bố mới", story.day(-0.48)
    )
    finding.with_user(story.leader).action_confirm()
    _visit(story, main, -0.34, ECONOMY)
    finding = _visit(
        story,
        main,
        -0.35,
        CULTURE,
        "Chưa cập nhật kết quả vào Hệ thống thông tin một số hồ sơ bảo trợ xã hội",
        "vanxa",
        -0.95,
    )
    main.write(
        {
            "conclusion_number": "45/KL-UBND",
            "conclusion_date": story.day(-0.38),
            "conclusion": "Các bộ phận cơ bản chấp hành tốt; còn 2 tồn tại phải khắc "
            "phục.",
        }
    )
    main.action_start()
    main.action_conclude()
    own = inspections.create(
        {
            "name": "Tự kiểm tra việc giải quyết hồ sơ tại Trung tâm",
            "form": "self",
            "inspector_type": "internal",
            "plan_id": plan.id,
            "date_from": story.day(-0.6),
        }
    )
    finding = _visit(
        story,
        own,
        -0.6,
        CENTRE,
        "Một số phiếu hẹn chưa ghi số điện thoại liên hệ",
        "motcua",
        -0.7,
    )
    finding.with_user(story.user("motcua")).report_remedy(
        "Đã bổ sung, nhắc lại tại họp giao ban", story.day(-0.68)
    )
    _visit(story, own, -0.61, OFFICE)
    surprise = inspections.create(
        {
            "name": "Kiểm tra đột xuất việc chấp hành giờ giấc làm việc",
            "form": "surprise",
            "plan_id": False,
            "date_from": story.day(-0.8),
        }
    )
    for name in (OFFICE, ECONOMY, CULTURE, CENTRE):
        _visit(story, surprise, -0.8, name)
    surprise.conclusion = "Không phát hiện vi phạm."
    surprise.action_conclude()
    surprise.action_close()
    council = inspections.create(
        {
            "name": "Giám sát việc thực hiện cải cách thủ tục hành chính",
            "inspector_type": "council",
            "inspector_name": "Ban Kinh tế - Xã hội HĐND xã",
            "plan_id": False,
            "date_from": story.day(0.2),
        }
    )
    story.as_("cchc.reform.inspection.visit").create(
        {
            "inspection_id": council.id,
            "department_id": story.department(CENTRE).id,
            "planned_on": story.day(0.2),
        }
    )


def _visit(story, inspection, share, department, weakness="", person="", due=0):
    """Visit a department; returns what was found."""
    department = story.department(department)
    visit = story.as_("cchc.reform.inspection.visit").create(
        {
            "inspection_id": inspection.id,
            "department_id": department.id,
            "day": story.day(share),
            "strengths": "Hồ sơ, sổ sách đầy đủ; thái độ phục vụ đúng mực",
            "weaknesses": weakness,
        }
    )
    findings = story.as_("cchc.reform.inspection.finding")
    if not weakness:
        return findings
    return findings.create(
        {
            "visit_id": visit.id,
            "weakness": weakness,
            "recommendation": "Khắc phục và báo cáo Chủ tịch UBND xã",
            "responsible_department_id": department.id,
            "responsible_id": story.user(person).id,
            "date_due": story.day(due),
        }
    )


def _communications(story, plan):
    log = story.env["cchc.reform.communication"]
    channels = {
        channel.key: channel
        for channel in story.env["cchc.reform.channel"].search([("active", "=", True)])
    }
    entries = log.browse()
    for key, (_planned, rows) in COMMUNICATIONS.items():
        for share, title, first, second, place, person in rows:
            user = story.user(person)
            entries |= log.with_user(user).create(
                {
                    "company_id": story.commune.id,
                    "channel_id": channels[key].id,
                    "name": title,
                    "date": story.day(share),
                    "quantity1": first,
                    "quantity2": second,
                    "location": place,
                    "audience": "Người dân, tổ chức",
                    "user_id": user.id,
                    "plan_id": plan.id,
                }
            )
    early = entries.filtered(lambda entry: entry.date < story.day(-0.5))
    early.with_user(story.leader).action_approve()


def _people(story):
    """Training, appointments, initiatives, awards and the indices of others."""
    year = story.begin.year
    classes = story.as_("cchc.reform.training")
    for share, name, topic, persons, certificates, cost, organiser in TRAINING:
        classes.create(
            {
                "name": name,
                "topic": topic,
                "date_from": story.day(share),
                "persons": persons,
                "certificate_count": certificates,
                "cost": cost,
                "organiser": organiser,
            }
        )
    appointments = story.as_("cchc.reform.appointment")
    appointments.create(
        {
            "is_list": True,
            "name": f"Bổ nhiệm cán bộ quản lý trường học năm {year - 1}",
            "date_from": date(year - 1, 1, 1),
            "date": date(year - 1, 12, 31),
            "total": 9,
            "new_count": 3,
            "again_count": 4,
            "extended_count": 1,
        }
    )
    for share, person, kind, position in (
        (-0.28, "Phan Văn Thọ", "new", "Phó Trưởng phòng Kinh tế"),
        (-0.52, "Nguyễn Thị Thanh", "again", "Hiệu trưởng Trường Tiểu học số 1"),
        (-0.77, "Võ Đình Khoa", "transferred", "Phó Chánh Văn phòng HĐND và UBND"),
    ):
        appointments.create(
            {
                "is_list": False,
                "person": person,
                "kind": kind,
                "position": position,
                "date": story.day(share),
            }
        )
    initiatives = story.as_("cchc.reform.initiative")
    initiatives.create(
        [
            {
                "name": "Mô hình “Ngày thứ Năm không viết, không hẹn”",
                "kind": "model",
                "author_names": "Trung tâm Phục vụ hành chính công",
                "date": story.day(-0.45),
                "area_id": story.area["procedure"].id,
                "level": "commune",
                "decision": "52/QĐ-UBND",
                "effect": "Hơn 300 hồ sơ chứng thực, hộ tịch trả ngay trong buổi.",
            },
            {
                "name": "Trả kết quả tại nhà cho người cao tuổi, người khuyết tật",
                "author_names": story.user("motcua").name,
                "date": story.day(-0.7),
                "area_id": story.area["procedure"].id,
                "level": "province",
                "contest": f"Hội thi sáng kiến cải cách hành chính tỉnh năm {year}",
                "prize": "Giải Ba",
            },
        ]
    )
    awards = story.as_("cchc.reform.award")
    awards.create(
        [
            {
                "name": "Bằng khen của Chủ tịch UBND tỉnh",
                "recipient": story.commune.name,
                "date": story.day(-0.1),
                "decision": "118/QĐ-UBND",
                "reason": f"Thành tích xuất sắc trong CCHC năm {year - 1}",
            },
            {
                "name": "Giấy khen của Chủ tịch UBND xã",
                "recipient": story.user("motcua").name,
                "recipient_type": "individual",
                "level": "commune",
                "date": story.day(-0.5),
                "reason": "Phục vụ người dân tận tình",
            },
        ]
    )
    results = story.as_("cchc.external.index.result")
    for code, rows in {
        "sipas": (
            (year - 3, 84.12, 0, 0),
            (year - 2, 85.4, 0, 0),
            (year - 1, 87.9, 5, 78),
        ),
        "ddci": ((year - 2, 66.3, 14, 78), (year - 1, 69.05, 9, 78)),
    }.items():
        index = story.env.ref(f"cchc_reform.external_index_{code}")
        for result_year, value, rank, rank_of in rows:
            results.create(
                {
                    "index_id": index.id,
                    "year": result_year,
                    "unit": story.commune.name,
                    "value": value,
                    "rank": rank,
                    "rank_of": rank_of,
                    "source": "Quyết định công bố của UBND tỉnh",
                }
            )
