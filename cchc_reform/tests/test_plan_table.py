import io
import zipfile
from datetime import date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import TransactionCase, tagged

from odoo.addons.cchc_onestop.tools.catalogue_parser import CatalogueError

from ..tools.plan_deadline import Deadline, read_deadline
from ..tools.plan_file import read_tables
from ..tools.plan_table import area_key, find_columns, read_money, read_plan
from .plan_files import HEADING, Cell, docx, xlsx


def _plan(content, year=2026):
    return read_plan(read_tables(io.BytesIO(content)), year)


# printable text of the Vietnamese alphabet and whatever else
_TEXT = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=30
)


@tagged("post_install", "-at_install")
class TestPlanTable(TransactionCase):
    """The annex of a plan as it stands in files of offices (domain text 4.2)."""

    def test_deadlines(self):
        for text, kind, day in (
            ("30/6/2026", "fixed", "2026-06-30"),
            ("Trước ngày 30/6", "fixed", "2026-06-30"),
            ("Ngày 15 tháng 6 năm 2027", "fixed", "2027-06-15"),
            ("31.12.2026", "fixed", "2026-12-31"),
            ("Quý II", "fixed", "2026-06-30"),
            ("Quý II/2027", "fixed", "2027-06-30"),
            ("Quý I, III", "fixed", "2026-09-30"),
            ("Quý III - IV", "fixed", "2026-12-31"),
            ("Quý I, II, III, IV", "quarterly", None),
            ("Hằng quý", "quarterly", None),
            ("Hàng quý", "quarterly", None),
            ("Trước ngày 20 tháng cuối quý", "quarterly", None),
            ("Thường xuyên trong năm", "regular", None),
            ("Hằng tháng", "regular", None),
            ("Tháng 9", "fixed", "2026-09-30"),
            ("T2/2028", "fixed", "2028-02-29"),
            ("Tháng 6 và tháng 11", "fixed", "2026-11-30"),
            ("Tháng 3, 6, 9, 12", "quarterly", None),
            ("Trong năm", "yearly", None),
            ("Năm 2026", "yearly", None),
            ("2026 - 2030", "fixed", "2030-12-31"),
            ("6 tháng đầu năm", "fixed", "2026-06-30"),
        ):
            with self.subTest(text=text):
                expected = Deadline(kind, day and date.fromisoformat(day))
                self.assertEqual(read_deadline(text, 2026), expected)
        for text in ("", "abc", "31/2/2026", "Tháng 13"):
            self.assertIsNone(read_deadline(text, 2026), text)
        self.assertEqual(
            read_deadline(datetime(2026, 3, 1), 2026),
            Deadline("fixed", date(2026, 3, 1)),
        )

    def test_headings(self):
        columns = find_columns(
            ["STT", "Nhiệm vụ", "Kết quả, sản phẩm", "Chủ trì", "Đơn vị phối hợp"]
        )
        self.assertEqual(
            columns,
            {"code": 0, "name": 1, "product": 2, "lead": 3, "coordinating": 4},
        )
        # a heading in two rows
        columns = find_columns(
            ["TT", "Nội dung", "Cơ quan thực hiện", "", "Thời gian"],
            ["", "", "Chủ trì", "Phối hợp", ""],
        )
        self.assertEqual(
            columns,
            {"code": 0, "name": 1, "lead": 2, "coordinating": 3, "deadline": 4},
        )

    def test_areas_and_parts(self):
        rows = _plan(
            docx(
                [["Nơi nhận", "Chữ ký"]],
                [
                    HEADING,
                    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
                    ["I", Cell("CẢI CÁCH THỂ CHẾ", span=6)],
                    ["1", "Rà soát", "Báo cáo", "Văn phòng", "", "Quý II", "5 triệu"],
                    ["2", "Sắp xếp", "", "", "", "", ""],
                    ["2.1", "Đề án", "Đề án", "Văn phòng", "", "30/6/2026", ""],
                    ["", "- Trình duyệt", "Tờ trình", "Văn phòng", "", "Quý IV", ""],
                    [Cell("II. Cải cách thủ tục hành chính", span=7)],
                    ["1", "Niêm yết", "", "Trung tâm", "", "Thường xuyên", ""],
                    ["a)", "Tại xã", "", "Trung tâm", "", "Thường xuyên", ""],
                    ["", "Tổng cộng", "", "", "", "", "5.000.000"],
                ],
            )
        )
        found = [
            (row.kind, row.code, row.area, row.values["name"], row.above)
            for row in rows
        ]
        numbers = {row.values["name"]: row.number for row in rows}
        self.assertEqual(
            found,
            [
                ("area", "I", "institution", "CẢI CÁCH THỂ CHẾ", None),
                ("task", "1", "institution", "Rà soát", None),
                ("task", "2", "institution", "Sắp xếp", None),
                ("task", "2.1", "institution", "Đề án", numbers["Sắp xếp"]),
                ("task", "", "institution", "Trình duyệt", numbers["Sắp xếp"]),
                ("area", "II", "procedure", "Cải cách thủ tục hành chính", None),
                ("task", "1", "procedure", "Niêm yết", None),
                ("task", "a", "procedure", "Tại xã", numbers["Niêm yết"]),
            ],
        )
        self.assertEqual(rows[1].values["budget"], 5_000_000)

    def test_merged_cells(self):
        rows = _plan(
            docx(
                [
                    HEADING,
                    ["I", Cell("Cải cách thể chế", span=6)],
                    ["1", "Một", "", Cell("Văn phòng", begins=True), "", "Quý I", ""],
                    ["2", "Hai", "", Cell(goes_on=True), "", "Quý II", ""],
                ]
            )
        )
        self.assertEqual(
            [row.values["lead"] for row in rows[1:]], ["Văn phòng", "Văn phòng"]
        )
        rows = _plan(
            xlsx(
                [
                    ["PHỤ LỤC"],
                    HEADING,
                    ["I", "Cải cách thể chế"],
                    ["1", "Một", "", "Văn phòng", "", datetime(2026, 5, 3), 7_000_000],
                    ["2", "Hai", "", "", "", "Quý II", ""],
                ],
                merged=[(3, 3, 4, 3)],
            )
        )
        self.assertEqual(rows[2].values["lead"], "Văn phòng")
        self.assertEqual(rows[1].values["date_deadline"], "2026-05-03")
        self.assertEqual(rows[1].values["budget"], 7_000_000)

    def test_money(self):
        for value, factor, amount in (
            ("185.000.000", 1, 185_000_000),
            ("185 triệu", 1, 185_000_000),
            ("1,5 tỷ", 1, 1_500_000_000),
            (20, 10**6, 20_000_000),
            ("12,5", 10**6, 12_500_000),
            ("Không", 1, 0),
        ):
            self.assertEqual(read_money(value, factor), (amount, ""), value)
        self.assertEqual(read_money("Ngân sách xã"), (0, "Ngân sách xã"))

    def test_what_is_no_plan(self):
        self.assertIsNone(_plan(docx([["Họ tên", "Ngày sinh"], ["A", "1990"]])))
        for content in (b"", b"PK\x03\x04abc", b"%PDF-1.4"):
            with self.assertRaises(CatalogueError):
                _plan(content)

    def test_entities_and_bombs_are_refused(self):
        head = '<!DOCTYPE w:document [<!ENTITY a "aaaa">]>'
        with self.assertRaises(CatalogueError) as caught:
            _plan(docx([HEADING], head=head))
        self.assertEqual(caught.exception.key, "doctype")
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", b" " * 120_000_000)
        with self.assertRaises(CatalogueError) as caught:
            _plan(stream.getvalue())
        self.assertEqual(caught.exception.key, "bomb")

    # --- Whatever is in the cells

    @settings(max_examples=200, deadline=None)
    @given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
    def _days(self, day):
        expected = Deadline("fixed", day)
        for text in (
            f"{day:%d/%m/%Y}",
            f"trước ngày {day.day}/{day.month}/{day.year}",
            f"Ngày {day.day} tháng {day.month} năm {day.year}",
        ):
            self.assertEqual(read_deadline(text, 2026), expected)
        self.assertEqual(read_deadline(f"{day.day}/{day.month}", day.year), expected)

    def test_every_day_is_read(self):
        self._days()

    @settings(max_examples=300, deadline=None)
    @given(_TEXT, st.integers(2000, 2099))
    def _any_text(self, text, year):
        found = read_deadline(text, year)
        if found:
            self.assertEqual(found.kind == "fixed", bool(found.day))
        amount, _rest = read_money(text)
        self.assertGreaterEqual(amount, 0)
        self.assertIn(
            area_key(text),
            (
                None,
                "direction",
                "procedure",
                "institution",
                "organisation",
                "civil_service",
                "finance",
                "digital",
            ),
        )

    def test_no_text_stops_the_reader(self):
        self._any_text()

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.lists(_TEXT, min_size=1, max_size=9), max_size=8))
    def _any_table(self, rows):
        content = docx([HEADING, *rows])
        cells = read_tables(io.BytesIO(content))[0]
        self.assertEqual(
            [[cell.strip() for cell in row] for row in cells[1:]],
            [[cell.strip() for cell in row] for row in rows],
        )
        for row in _plan(content):
            self.assertTrue(row.values["name"])
            self.assertIn(row.kind, ("area", "task"))

    def test_no_table_stops_the_reader(self):
        self._any_table()
