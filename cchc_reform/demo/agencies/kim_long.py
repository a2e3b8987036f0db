"""Xã Kim Long, 2016: communications, documents of the year, times cut, second
of sixteen in the index."""

from .teller import Teller, on

CODE = "BC.KL"
LETTERS = (63, 101, 102, 220, 339)
#: Channel, quantity, second quantity.
COMMUNICATIONS = (
    ("article", 30, 0),
    ("news", 263, 0),
    ("broadcast", 89, 72),
    ("banner", 0, 50),
    ("panel", 0, 20),
)


def tell(env):
    """Make the agency with what its report tells."""
    teller = Teller(
        env,
        CODE,
        "UBND xã Kim Long",
        cchc_unit_type="xa",
        cchc_unit_to=on("30/06/2025"),
    )
    if not teller.is_new:
        return
    teller.people(
        "kimlong",
        ("Phạm Thị Kim Oanh", "Công chức Văn phòng - Thống kê"),
        ("Nguyễn Hữu Lâm", "Chủ tịch UBND xã"),
        {"office": "Văn phòng - Thống kê", "culture": "Văn hóa - Xã hội"},
    )
    first, last = on("01/01/2016"), on("31/12/2016")
    plan = teller.plan(
        "Kế hoạch cải cách hành chính năm 2016",
        first,
        last,
        [
            {
                "area": "procedure",
                "name": "Rút ngắn thời gian giải quyết thủ tục hành chính",
                "deadline_type": "fixed",
                "date_deadline": on("31/12/2016"),
                "done": [
                    (
                        on("24/08/2016"),
                        "Đã ban hành quyết định: 36 TTHC thuộc 12 lĩnh vực",
                        {"product_text": "291/QĐ-UBND ngày 24/8/2016"},
                    )
                ],
            },
            {
                "area": "procedure",
                "name": "Tiếp nhận, giải quyết hồ sơ trên phần mềm eGate",
                "done": [(on("15/12/2016"), "100% hồ sơ giải quyết đúng hạn")],
            },
            {
                "area": "digital",
                "name": "Kiểm tra thiết bị của Bộ phận một cửa hằng tháng",
                "done": [
                    (on(f"25/{month:02d}/2016"), "Đã kiểm tra")
                    for month in range(1, 13)
                ],
            },
            {
                "area": "digital",
                "name": "Xử lý văn bản trên phần mềm Eoffice",
                "done": [(on("15/12/2016"), "Văn bản đi, đến xử lý trên Eoffice")],
            },
            {
                "area": "direction",
                "name": "Tuyên truyền cải cách hành chính",
                "lead": "culture",
                "done": [(on("15/12/2016"), "Thực hiện thường xuyên")],
            },
        ],
    )
    teller.document(
        "291/QĐ-UBND",
        on("24/08/2016"),
        "Quyết định rút ngắn thời gian giải quyết 36 TTHC thuộc 12 lĩnh vực",
    )
    _communications(teller, plan, first, last)
    teller.enter(
        "cchc.external.index.result",
        index_id=env.ref("cchc_reform.external_index_par_index").id,
        year=2016,
        unit=teller.company.name,
        rank=2,
        rank_of=16,
        source="Xếp hạng của cấp trên trong 16 xã, thị trấn",
    )
    teller.report(
        "report_rule_year",
        on("15/12/2015"),
        on("14/12/2016"),
        {"dossier_on_time_settled": 100},
        typed=(
            ("TTHC được rút ngắn thời gian giải quyết", 36, None),
            ("Lĩnh vực có TTHC được rút ngắn", 12, None),
            ("TTHC áp dụng tại xã", 123, None),
            ("Lĩnh vực của các TTHC áp dụng tại xã", 24, None),
        ),
    )
    for number in LETTERS:
        teller.document(
            f"{number}/UBND-VP",
            on("31/12/2016"),
            "Văn bản chỉ đạo, điều hành công tác cải cách hành chính năm 2016",
            note="Báo cáo ghi số, ký hiệu văn bản, không ghi ngày; ngày 31/12/2016 "
            "(ngày cuối năm báo cáo) là giả định của dữ liệu mẫu.",
        )


def _communications(teller, plan, first, last):
    """What was told in the year, by channel."""
    for key, quantity, second in COMMUNICATIONS:
        channel = teller.root.ref(f"cchc_reform.channel_{key}")
        teller.enter(
            "cchc.reform.communication",
            name=f"{channel.name} về CCHC năm 2016",
            channel_id=channel.id,
            date_from=first,
            date=last,
            quantity1=quantity,
            quantity2=second,
            plan_id=plan.id,
        )
