"""Xã Kim Long, 2016: communications, documents of the year, times cut, second
of sixteen in the index."""

from .teller import Teller, on

CODE = "BC.KL"
LETTERS = (63, 101, 102, 220, 339)


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
    teller.plan(
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
    for number in LETTERS:
        teller.document(
            f"{number}/UBND-VP",
            on("31/12/2016"),
            "Văn bản chỉ đạo, điều hành công tác cải cách hành chính năm 2016",
            note="Báo cáo ghi số, ký hiệu văn bản, không ghi ngày; ngày ghi ở đây là "
            "ngày cuối năm báo cáo.",
        )
