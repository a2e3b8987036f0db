"""Xã Hải Trường, 2021-2023: plans with numbers and days, remedies of the index, two
initiatives, awards of the district. Report of 02/11/2023."""

from odoo import Command

from .teller import Teller, on

CODE = "BC.HT"
PRODUCT = {"product_text": "Biên bản tự kiểm tra"}
KEPT_UP = "Duy trì thực hiện thường xuyên trong năm"
DIFFICULTIES = (
    "Phần mềm liên thông chưa kết nối với phần mềm một cửa của tỉnh, hồ sơ trùng lặp.\n"
    "Phần mềm chưa gộp được biên lai khi thanh toán trực tuyến.\n"
    "Dịch vụ 037 tra cứu thông tin công dân trả kết quả cũ.\n"
    "Cán bộ, công chức kiêm nhiệm nhiều việc; kinh phí chưa rõ ràng."
)
#: Tasks of the remedy plan for the index of 2022 (07/07 kept up); what each one says is
#: invented, the report gives their number.
REMEDIES = (
    ("direction", "Gửi báo cáo CCHC định kỳ đúng thời hạn"),
    ("direction", "Đa dạng hình thức tuyên truyền CCHC"),
    ("institution", "Rà soát, xử lý kết quả rà soát văn bản"),
    ("procedure", "Cập nhật, niêm yết TTHC khi có thay đổi"),
    ("procedure", "Không để hồ sơ trễ hẹn"),
    ("civil_service", "Bồi dưỡng cán bộ, công chức theo kế hoạch"),
    ("digital", "Tăng tỷ lệ hồ sơ trực tuyến, thanh toán trực tuyến"),
)


def tell(env):
    """Make the agency with what its report tells."""
    district = Teller(
        env,
        f"{CODE}.H",
        "UBND huyện Hải Lăng",
        cchc_level="other",
        cchc_unit_type="huyen",
        cchc_unit_to=on("30/06/2025"),
    ).company
    teller = Teller(
        env,
        CODE,
        "UBND xã Hải Trường (2021-2023)",
        parent_id=district.id,
        cchc_unit_type="xa",
        cchc_unit_to=on("30/06/2025"),
    )
    if not teller.is_new:
        return
    teller.people(
        "haitruong23",
        ("Cáp Thị Thu Hiền", "Công chức Văn phòng - Thống kê"),
        ("Văn Đức Quang", "Chủ tịch UBND xã"),
        {"office": "Văn phòng - Thống kê", "culture": "Văn hóa - Xã hội"},
    )
    period = teller.plan(
        "Kế hoạch cải cách hành chính giai đoạn 2021-2025",
        on("01/01/2021"),
        on("31/12/2025"),
        [
            {"area": key, "name": name}
            for key, name in (
                ("institution", "Cải cách thể chế"),
                ("procedure", "Cải cách thủ tục hành chính"),
                ("organisation", "Cải cách tổ chức bộ máy hành chính nhà nước"),
                ("civil_service", "Cải cách chế độ công vụ"),
                ("finance", "Cải cách tài chính công"),
                (
                    "digital",
                    "Xây dựng chính quyền điện tử, chính quyền số",
                ),
            )
        ],
        level="period",
        number="34/KH-UBND",
        date=on("25/01/2022"),
    )
    _remedies(teller)
    _communications(teller, period)
    teller.plan(
        "Kế hoạch tự kiểm tra công tác cải cách hành chính năm 2022",
        on("01/01/2022"),
        on("31/12/2022"),
        [
            {
                "area": "direction",
                "name": "Tự kiểm tra công tác CCHC tại UBND xã",
                "deadline_type": "fixed",
                "date_deadline": on("31/12/2022"),
                "done": [(on("20/10/2022"), "Đã tự kiểm tra theo kế hoạch", PRODUCT)],
            }
        ],
        plan_type="inspection",
        number="324/KH-UBND",
        date=on("22/07/2022"),
    )
    _committee(teller)
    teller.document(
        "97/QĐ-UBND",
        on("11/09/2023"),
        "Quyết định phân công nhiệm vụ cán bộ, công chức",
    )
    for year in (2022, 2023):
        teller.enter(
            "cchc.reform.initiative",
            name=f"Mô hình sáng kiến cải cách hành chính năm {year}",
            kind="model",
            date=on(f"30/09/{year}"),
            level="district",
            contest="Hội thi sáng kiến",
            prize="Đạt giải",
            author_names="Tập thể UBND xã",
        )
    for year in (2021, 2022):
        teller.enter(
            "cchc.reform.award",
            name="Giấy khen",
            level="district",
            recipient_type="collective",
            recipient="UBND xã Hải Trường",
            date=on(f"31/12/{year}"),
            reason=f"Thành tích trong công tác CCHC năm {year}",
        )
    teller.report(
        "report_rule_topic",
        on("01/01/2021"),
        on("02/11/2023"),
        topic="Báo cáo kết quả công tác cải cách hành chính 2021-2023",
        date=on("02/11/2023"),
        texts={"Đánh giá chung": DIFFICULTIES},
    )


def _committee(teller):
    """The steering committee, by a decision of the Party."""
    teller.document(
        "19-QĐ/ĐU",
        on("03/06/2021"),
        "Quyết định thành lập Ban Chỉ đạo cải cách hành chính xã",
        issuer="Đảng ủy xã Hải Trường",
    )
    committee = teller.enter(
        "cchc.reform.committee", name="Ban Chỉ đạo cải cách hành chính xã"
    )
    teller.env["cchc.reform.committee.term"].create(
        {
            "committee_id": committee.id,
            "number": "19-QĐ/ĐU",
            "date": on("03/06/2021"),
            "issuer": "Đảng ủy xã Hải Trường",
            "member_ids": [
                Command.create({"role": role, "user_id": user.id, "name": user.name})
                for role, user in (
                    ("head", teller.leader),
                    ("member", teller.officer),
                )
            ],
        }
    )


def _remedies(teller):
    """The remedy plans for the index of 2021 and of 2022."""
    teller.plan(
        "Kế hoạch khắc phục các tiêu chí bị trừ điểm của Chỉ số CCHC năm 2021",
        on("01/01/2022"),
        on("31/12/2022"),
        [
            {
                "area": "direction",
                "name": "Khắc phục các tiêu chí bị trừ điểm năm 2021",
                "done": [(on("15/12/2022"), "Duy trì thực hiện thường xuyên")],
            }
        ],
        plan_type="remedy",
        number="17/KH-UBND",
        date=on("23/03/2022"),
    )
    plan = teller.plan(
        "Kế hoạch khắc phục các tiêu chí bị trừ điểm của Chỉ số CCHC năm 2022",
        on("01/01/2023"),
        on("31/12/2023"),
        [
            {
                "area": area,
                "name": name,
                "done": [(on("31/10/2023"), KEPT_UP)],
            }
            for area, name in REMEDIES
        ],
        plan_type="remedy",
        number="99/KH-UBND",
        date=on("03/03/2022"),
    )
    document = teller.env["cchc.issued.document"].search([("plan_id", "=", plan.id)])
    document.accept_dates(
        "Báo cáo in ngày 03/3/2022 cho chỉ số năm 2022; giữ nguyên như đã in, "
        "nhiều khả năng là năm 2023"
    )


def _communications(teller, period):
    """The communications plans of 2023."""
    for number, day, name in (
        (
            "47/KH-UBND",
            "10/02/2023",
            "Kế hoạch tuyên truyền cải cách hành chính năm 2023",
        ),
        (
            "96/KH-UBND",
            "03/03/2023",
            "Kế hoạch tuyên truyền cải cách hành chính trên địa bàn xã năm 2023",
        ),
    ):
        teller.plan(
            name,
            on("01/01/2023"),
            on("31/12/2023"),
            [
                {
                    "area": "direction",
                    "name": "Tuyên truyền CCHC trên hệ thống truyền thanh, hội nghị",
                    "lead": "culture",
                    "done": [(on("31/10/2023"), "Thực hiện thường xuyên trong năm")],
                }
            ],
            plan_type="communication",
            number=number,
            date=on(day),
            parent_id=period.id,
        )
