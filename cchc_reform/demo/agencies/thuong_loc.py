"""Xã Thượng Lộ, 2016-2020: the period plan and the yearly ones, in the six areas of the
programme 2011-2020. The report has no figures."""

from .teller import Teller, on

CODE = "BC.TL"
AREAS = {
    "institution": "Rà soát văn bản, thực hiện cải cách thể chế",
    "procedure": "Rà soát, niêm yết thủ tục hành chính; giải quyết hồ sơ tại Bộ phận "
    "Tiếp nhận và Trả kết quả",
    "organisation": "Sắp xếp, kiện toàn tổ chức bộ máy",
    "civil_service": "Nâng cao chất lượng đội ngũ cán bộ, công chức",
    "finance": "Cải cách tài chính công",
    "digital": "Hiện đại hóa hành chính: mạng CPNet, phần mềm một cửa",
}
DIFFICULTIES = (
    "Cán bộ, công chức phụ trách CCHC đều kiêm nhiệm",
    "Chưa có thiết bị truyền thanh nên công tác tuyên truyền còn hạn chế",
    "Mạng CPNet chậm, không ổn định; phần mềm một cửa có lúc bị lỗi",
)


def tell(env):
    """Make the agency with what its report tells."""
    teller = Teller(
        env,
        CODE,
        "UBND xã Thượng Lộ",
        cchc_unit_type="xa",
        cchc_unit_to=on("30/06/2025"),
    )
    if not teller.is_new:
        return
    teller.people(
        "thuonglo",
        ("Nguyễn Thị Mai Hương", "Công chức Văn phòng - Thống kê (kiêm nhiệm)"),
        ("Hồ Văn Thái", "Chủ tịch UBND xã"),
        {"office": "Văn phòng - Thống kê", "land": "Địa chính - Xây dựng"},
    )
    period = teller.plan(
        "Kế hoạch cải cách hành chính giai đoạn 2016-2020",
        on("01/01/2016"),
        on("31/12/2020"),
        [
            {
                "area": key,
                "name": name,
                "done": [(on("31/12/2020"), "Duy trì thực hiện trong cả giai đoạn")],
            }
            for key, name in AREAS.items()
        ],
        level="period",
        organisation="<p>Đảng ủy lãnh đạo; HĐND xã kiểm tra, giám sát; Chủ tịch UBND "
        "xã điều hành.</p>",
        funding="<p>Đề nghị cấp trên hỗ trợ kinh phí và tập huấn nghiệp vụ CCHC.</p>",
        note="\n".join(f"- {line}." for line in DIFFICULTIES),
    )
    for year in range(2016, 2021):
        teller.plan(
            f"Kế hoạch cải cách hành chính năm {year}",
            on(f"01/01/{year}"),
            on(f"31/12/{year}"),
            [
                {
                    "area": key,
                    "name": name,
                    "done": [(on(f"15/12/{year}"), f"Đã thực hiện trong năm {year}")],
                }
                for key, name in AREAS.items()
            ],
            parent_id=period.id,
        )
    teller.report(
        "report_rule_topic",
        on("01/01/2016"),
        on("31/12/2020"),
        topic="Báo cáo kết quả công tác cải cách hành chính giai đoạn 2016-2020",
        texts={
            "Đánh giá chung": "\n".join(f"{line}." for line in DIFFICULTIES),
            "Kiến nghị": "Đề nghị cấp trên hỗ trợ kinh phí và tập huấn nghiệp vụ CCHC.",
        },
    )
