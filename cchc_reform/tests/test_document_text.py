from datetime import date

from odoo.tests import BaseCase

from ..tools.document_text import (
    body_key,
    read_day,
    read_document,
    read_reference,
    reported_period,
    split_documents,
    write_reference,
)

TYPES = {
    "KH": "Kế hoạch",
    "QĐ": "Quyết định",
    "CV": "Công văn",
    "CT": "Chỉ thị",
    "ĐA": "Đề án",
    "NĐ": "Nghị định",
    "BC": "Báo cáo",
}


class TestDocumentText(BaseCase):
    """Texts of the five reports and of legal texts, as they are printed."""

    def test_plan_of_a_town(self):
        # 002_efdf774528209ba3.txt (TX. Nghĩa Lộ)
        found = read_document(
            "Kế hoạch số 156/KH-UBND ngày 5/7/2023 của UBND thị xã về nâng cao chỉ số "
            "cải cách hành chính, chỉ số hài lòng",
            TYPES,
        )
        self.assertEqual((found.number, found.symbol), ("156", "KH-UBND"))
        self.assertEqual(found.day, date(2023, 7, 5))
        self.assertEqual(found.type_key, "KH")
        self.assertEqual(found.issuer, "UBND thị xã")
        self.assertEqual(
            found.subject, "nâng cao chỉ số cải cách hành chính, chỉ số hài lòng"
        )

    def test_decision_of_a_party_committee(self):
        # 003_b55b15e027c9510e.txt (xã Hải Trường)
        found = read_document(
            "Quyết định số 19-QĐ/ĐU ngày 03 tháng 6 năm 2021 của Đảng ủy xã Hải Trường "
            "về việc kiện toàn Ban Chỉ đạo",
            TYPES,
        )
        self.assertEqual(found.symbol, "QĐ/ĐU")
        self.assertEqual(write_reference(found.number, found.symbol), "19-QĐ/ĐU")
        self.assertEqual(found.day, date(2021, 6, 3))
        self.assertEqual(found.issuer, "Đảng ủy xã Hải Trường")
        self.assertEqual(found.subject, "kiện toàn Ban Chỉ đạo")

    def test_other_ways_of_writing(self):
        cases = {
            "Đề án 05-ĐA/TU 28-8-2018": ("05-ĐA/TU", date(2018, 8, 28), "ĐA"),
            "Chỉ thị 26/CT-TTg (05/9/2016)": ("26/CT-TTg", date(2016, 9, 5), "CT"),
            "63/UBND-VP": ("63/UBND-VP", None, "CV"),
            "Nghị định số 118/2025/NĐ-CP ngày 09/6/2025 của Chính phủ": (
                "118/2025/NĐ-CP",
                date(2025, 6, 9),
                "NĐ",
            ),
            "QĐ 291/QĐ-UBND (24/8/2016)": ("291/QĐ-UBND", date(2016, 8, 24), "QĐ"),
        }
        for text, (reference, day, key) in cases.items():
            with self.subTest(text):
                found = read_document(text, TYPES)
                self.assertEqual(write_reference(found.number, found.symbol), reference)
                self.assertEqual(found.day, day)
                self.assertEqual(found.type_key, key)

    def test_no_document(self):
        self.assertIsNone(read_reference("họp ngày 5/7/2023 lúc 8 giờ"))
        self.assertIsNone(read_day("ngày 31/02/2023"))
        self.assertEqual(read_day("5/7/2023"), read_day("05/07/2023"))

    def test_a_list_of_documents(self):
        pieces = split_documents(
            "Kế hoạch 96/KH-UBND ngày 03/03/2023\nvề tuyên truyền; 47/KH-UBND\n\n"
        )
        self.assertEqual(
            pieces,
            ["Kế hoạch 96/KH-UBND ngày 03/03/2023 về tuyên truyền", "47/KH-UBND"],
        )

    def test_bodies_with_short_names(self):
        self.assertEqual(
            body_key("UBND xã Hải Trường"),
            body_key("Ủy ban nhân dân  Xã Hải Trường"),
        )
        self.assertNotEqual(body_key("HĐND xã"), body_key("UBND xã"))

    def test_what_a_document_looks_back_on(self):
        remedy = "khắc phục các tiêu chí bị trừ điểm chỉ số CCHC năm 2022"
        self.assertEqual(
            reported_period(remedy), (date(2022, 1, 1), date(2022, 12, 31))
        )
        self.assertEqual(
            reported_period("công tác CCHC quý I năm 2026", is_report=True),
            (date(2025, 12, 15), date(2026, 3, 14)),
        )
        self.assertEqual(
            reported_period("Báo cáo CCHC 6 tháng đầu năm 2019"),
            (date(2018, 12, 15), date(2019, 6, 14)),
        )
        self.assertIsNone(reported_period("nâng cao chỉ số CCHC năm 2023"))
        self.assertIsNone(reported_period("Kế hoạch CCHC năm 2026"))
