"""Thị xã Nghĩa Lộ, 2023: indices, inspections of discipline, appointments, ISO 9001."""

from .teller import Teller, on

CODE = "BC.NL"
#: Whom the team visited, one visit each; the report gives their number.
VISITED = (
    *("Phường Pú Trạng", "Phường Trung Tâm", "Phường Tân An", "Phường Cầu Thia"),
    *("Xã Nghĩa Lợi", "Xã Nghĩa Phúc", "Xã Nghĩa An", "Xã Nghĩa Lộ", "Xã Sơn A"),
    *("Xã Phù Nham", "Xã Thanh Lương", "Xã Hạnh Sơn", "Xã Phúc Sơn", "Xã Thạch Lương"),
    *("Phòng Nội vụ", "Phòng Tư pháp", "Phòng Quản lý đô thị", "Phòng Kinh tế"),
)
REPORT = {"product_text": "Báo cáo kết quả kiểm tra"}
DECISIONS = {"product_text": "Quyết định của UBND thị xã"}


def tell(env):
    """Make the agency with what its report tells."""
    teller = Teller(
        env,
        CODE,
        "UBND thị xã Nghĩa Lộ",
        cchc_level="other",
        cchc_unit_type="thi_xa",
        cchc_unit_to=on("30/06/2025"),
    )
    if not teller.is_new:
        return
    teller.people(
        "nghialo",
        ("Hoàng Thị Minh Nguyệt", "Chuyên viên Phòng Nội vụ"),
        ("Đinh Anh Tuấn", "Chủ tịch UBND thị xã"),
        {
            "interior": "Phòng Nội vụ",
            "office": "Văn phòng HĐND và UBND",
            "culture": "Phòng Văn hóa và Thông tin",
        },
    )
    first, last = on("01/01/2023"), on("31/12/2023")
    teller.plan(
        "Kế hoạch nâng cao Chỉ số CCHC, Chỉ số hài lòng, Chỉ số PAPI năm 2023 và những "
        "năm tiếp theo",
        first,
        last,
        [
            {
                "area": "direction",
                "name": "Văn bản đề nghị các xã, phường tự đánh giá, chấm điểm Chỉ số "
                "CCHC",
                "done": [(on("15/11/2023"), "Đã ban hành văn bản")],
            },
        ],
        plan_type="index",
        number="156/KH-UBND",
        date=on("20/06/2023"),
        note="Báo cáo ghi số 156/KH-UBND, không ghi ngày ký; ngày 20/06/2023 là giả "
        "định của dữ liệu mẫu.",
    )
    teller.plan(
        "Kế hoạch tuyên truyền cải cách hành chính năm 2023",
        first,
        last,
        [
            {
                "area": "direction",
                "name": "Tuyên truyền CCHC trên hệ thống truyền thanh, trang thông tin",
                "lead": "culture",
                "done": [(on("15/11/2023"), "Duy trì thường xuyên")],
            }
        ],
        plan_type="communication",
    )
    teller.plan(
        "Kế hoạch áp dụng HTQLCL theo TCVN ISO 9001:2015",
        first,
        last,
        [
            {
                "area": "digital",
                "name": f"{verb} HTQLCL theo TCVN ISO 9001:2015 tại cơ quan, đơn vị, "
                "xã, phường",
                "lead": "culture",
                "iso_phase": phase,
            }
            for phase, verb in (
                ("convert", "Chuyển đổi"),
                ("apply", "Áp dụng"),
                ("maintain", "Duy trì"),
                ("improve", "Cải tiến"),
            )
        ],
        plan_type="iso",
    )
    plan = teller.plan(
        "Kế hoạch kiểm tra việc thực hiện kỷ luật, kỷ cương hành chính năm 2023",
        first,
        last,
        [
            {
                "area": "civil_service",
                "name": "Kiểm tra theo Chỉ thị số 26/CT-TTg",
                "deadline_type": "fixed",
                "date_deadline": on("31/12/2023"),
                "done": [(on("10/12/2023"), "18 lượt, không có vi phạm", REPORT)],
            },
            {
                "area": "organisation",
                "name": "Quy định chức năng, nhiệm vụ của 3 phòng chuyên môn",
                "deadline_type": "fixed",
                "date_deadline": on("31/12/2023"),
                "done": [(on("10/12/2023"), "Đã quy định cho 3 phòng", DECISIONS)],
            },
        ],
        plan_type="inspection",
    )
    directive = teller.document(
        "26/CT-TTg",
        on("05/09/2016"),
        "Chỉ thị tăng cường kỷ luật, kỷ cương trong các cơ quan hành chính nhà nước "
        "các cấp",
        issuer="Thủ tướng Chính phủ",
    )
    inspection = teller.enter(
        "cchc.reform.inspection",
        name="Kiểm tra việc thực hiện Chỉ thị số 26/CT-TTg",
        form="plan",
        date_from=on("01/03/2023"),
        date_to=on("30/11/2023"),
        criteria=directive.display_name,
        conclusion="18 lượt kiểm tra; không có cán bộ, công chức vi phạm.",
        plan_id=plan.id,
        task_id=plan.task_ids[0].id,
    )
    for number, unit in enumerate(VISITED):
        teller.env["cchc.reform.inspection.visit"].create(
            {
                "inspection_id": inspection.id,
                "unit_name": unit,
                "day": on(f"{10 + number:02d}/{3 + number // 2:02d}/2023"),
            }
        )
    inspection.action_conclude()
    teller.enter(
        "cchc.reform.appointment",
        is_list=True,
        date_from=first,
        date=on("15/11/2023"),
        total=28,
        new_count=7,
        again_count=18,
        extended_count=2,
        rotated_count=1,
    )
    teller.report(
        "report_rule_year",
        on("15/12/2022"),
        on("14/12/2023"),
        typed=(("Phòng được quy định chức năng, nhiệm vụ", 3, None),),
        texts={
            "Phương hướng": "Chuyển đổi, áp dụng, duy trì và cải tiến HTQLCL theo TCVN "
            "ISO 9001:2015 tại các cơ quan, đơn vị, xã, phường.",
        },
    )
