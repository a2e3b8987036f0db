"""Thị xã Bến Cát, first half of 2019: what its one-stop shop settled, and what it plans
for the rest of the year."""

from .teller import Teller, on

CODE = "BC.BC"
PRODUCT = {"product_text": "Danh sách lớp tập huấn"}


def tell(env):
    """Make the agency with what its report tells."""
    teller = Teller(
        env,
        CODE,
        "UBND thị xã Bến Cát",
        cchc_level="other",
        cchc_unit_type="thi_xa",
        cchc_unit_to=on("30/06/2025"),
    )
    if not teller.is_new:
        return
    teller.people(
        "bencat",
        ("Lê Thị Ngọc Bích", "Chuyên viên Phòng Nội vụ"),
        ("Võ Thành Trung", "Phó Chủ tịch UBND thị xã"),
        {
            "interior": "Phòng Nội vụ",
            "office": "Văn phòng HĐND và UBND",
            "culture": "Phòng Văn hóa và Thông tin",
        },
    )
    teller.document(
        "05-ĐA/TU",
        on("28/08/2018"),
        "Đề án tinh gọn tổ chức bộ máy, biên chế",
        issuer="Tỉnh ủy Bình Dương",
    )
    plan = teller.plan(
        "Kế hoạch cải cách hành chính năm 2019",
        on("01/01/2019"),
        on("31/12/2019"),
        [
            {
                "area": "direction",
                "name": "Tuyên truyền CCHC qua hội nghị, chuyên mục, đài truyền thanh, "
                "cổng thông tin điện tử",
                "lead": "culture",
                "done": [(on("14/06/2019"), "Duy trì trong 6 tháng đầu năm")],
            },
            {
                "area": "procedure",
                "name": "Kiểm tra chuyên đề công tác kiểm soát TTHC và việc áp dụng "
                "các tiêu chuẩn ISO trong CCHC",
                "lead": "office",
                "deadline_type": "fixed",
                "date_deadline": on("31/12/2019"),
            },
            {
                "area": "procedure",
                "name": "Giải quyết hồ sơ theo cơ chế một cửa, một cửa liên thông; trả "
                "kết quả qua bưu chính công ích và trực tuyến",
                "lead": "office",
                "done": [(on("14/06/2019"), "Cấp xã, phường không có hồ sơ trễ hạn")],
            },
            {
                "area": "civil_service",
                "name": "Tập huấn nghiệp vụ công tác thi đua, khen thưởng",
                "deadline_type": "fixed",
                "date_deadline": on("30/06/2019"),
                "done": [(on("10/06/2019"), "210 cán bộ, công chức tham gia", PRODUCT)],
            },
            {
                "area": "digital",
                "name": "Tập huấn sử dụng chữ ký số, thư điện tử công vụ",
                "lead": "culture",
                "deadline_type": "fixed",
                "date_deadline": on("31/12/2019"),
            },
        ],
    )
    teller.enter(
        "cchc.reform.training",
        name="Tập huấn nghiệp vụ công tác thi đua, khen thưởng",
        topic="emulation",
        date_from=on("10/06/2019"),
        persons=210,
        plan_id=plan.id,
    )
    teller.enter(
        "cchc.reform.inspection",
        name="Kiểm tra chuyên đề công tác kiểm soát TTHC và áp dụng các tiêu chuẩn ISO",
        form="plan",
        date_from=on("01/07/2019"),
        criteria="Công tác kiểm soát TTHC; việc áp dụng các tiêu chuẩn ISO trong CCHC",
        plan_id=plan.id,
        task_id=plan.task_ids[1].id,
    )
    teller.report(
        "report_rule_half",
        on("15/12/2018"),
        on("14/06/2019"),
        {
            "dossier_received": 31000,
            "dossier_open": 1110,
            "dossier_settled": 29000,
            "dossier_late_received": 100 * 336 / 31000,
        },
        typed=(("Hồ sơ trễ hạn trên số tiếp nhận", 336, 31000),),
        texts={
            "Tồn tại, hạn chế": "Hồ sơ trễ hạn chủ yếu về đất đai, xây dựng: "
            "hồ sơ chuyển nhượng đất tăng, nhân sự giảm khi thực hiện Đề án 05-ĐA/TU "
            "ngày 28/8/2018.\nSố hồ sơ là số làm tròn nên không cộng khớp.",
            "Phương hướng": "Tập huấn chữ ký số, thư điện tử công vụ; mở rộng dịch vụ "
            "trực tuyến; kiểm tra chuyên đề công tác kiểm soát TTHC và việc áp dụng "
            "các tiêu chuẩn ISO trong CCHC.",
        },
    )
