import json
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import catalogue_json, catalogue_merge, catalogue_parser, catalogue_xlsx
from ..tools.catalogue_parser import CatalogueError
from ..tools.search_text import normalise, words
from . import catalogue_data as sample


def _brief(limits):
    return [
        (limit["amount"], limit["unit"]) if limit["is_stated"] else None
        for limit in limits
    ]


@tagged("post_install", "-at_install")
class TestCatalogueWordings(BaseCase):
    """How officials write times, fees and legal texts."""

    def test_times(self):
        for text, expected in (
            ("03 ngày làm việc", [(3, "working_day")]),
            ("3 NGÀY LÀM VIỆC", [(3, "working_day")]),
            ("03 ngay lam viec", [(3, "working_day")]),
            ("15 ngày", [(15, "calendar_day")]),
            ("Trong ngày", [(1, "same_day")]),
            ("Ngay trong ngày làm việc", [(1, "same_day")]),
            ("0,5 ngày", [(0.5, "working_day")]),
            ("0.5 ngày làm việc", [(0.5, "working_day")]),
            ("08 giờ", [(8, "working_hour")]),
            ("08 giờ làm việc", [(8, "working_hour")]),
            ("30 phút", [(0.5, "working_hour")]),
            ("2 tuần", [(14, "calendar_day")]),
            ("01 (một) tháng", [(1, "month")]),
            ("10-15 ngày làm việc", [(15, "working_day")]),
            ("Không quá 05 ngày làm việc kể từ ngày nhận", [(5, "working_day")]),
            (
                "03 ngày làm việc; trường hợp phải xác minh: 08 ngày làm việc",
                [(3, "working_day"), (8, "working_day")],
            ),
            (
                "Ngay sau khi nhận đủ hồ sơ; nhận sau 15 giờ thì trả vào ngày sau",
                [(1, "same_day")],
            ),
            ("", [None]),
            ("Không quy định", [None]),
            ("Theo Luật Khiếu nại", [None]),
        ):
            with self.subTest(text=text):
                limits = catalogue_parser.parse_time(text)
                self.assertEqual(_brief(limits), expected)

    def test_time_of_a_case(self):
        limits = catalogue_parser.parse_time(
            "- Trường hợp không xác minh: 3 ngày làm việc\n"
            "- Trường hợp phải xác minh: 8 ngày làm việc"
        )
        self.assertEqual(
            [limit["case"] for limit in limits],
            ["Trường hợp không xác minh", "Trường hợp phải xác minh"],
        )

    def test_times_that_cannot_be_meant(self):
        for text, key in (
            ("15", "time_unit"),
            ("ngày 15 hàng tháng", "time_unit"),
            ("0 ngày làm việc", "time_zero"),
            ("0,5 tháng", "time_fraction"),
        ):
            with self.subTest(text=text), self.assertRaises(CatalogueError) as caught:
                catalogue_parser.parse_time(text)
            self.assertEqual(caught.exception.key, key)

    def test_fees(self):
        for text, stated, amount, unit in (
            ("8.000 đồng/bản", True, 8000, "bản"),
            ("8,000 đồng/bản sao trích lục", True, 8000, "bản sao trích lục"),
            ("10.000 đ/trường hợp", True, 10000, "trường hợp"),
            ("400.000 VNĐ", True, 400000, ""),
            ("1,5 triệu đồng/hồ sơ", True, 1500000, "hồ sơ"),
            ("20 nghìn đồng", True, 20000, ""),
            ("0 đồng", True, 0, ""),
            ("Không", True, 0, ""),
            ("Miễn phí", True, 0, ""),
            ("Không thu lệ phí", True, 0, ""),
            ("", False, 0, ""),
            ("Theo Nghị quyết của HĐND tỉnh", False, 0, ""),
            ("0 đồng (mức do Hội đồng nhân dân quyết định)", False, 0, ""),
            ("Chưa quy định", False, 0, ""),
        ):
            with self.subTest(text=text):
                (fee,) = catalogue_parser.parse_fee(text)
                self.assertEqual(
                    (fee["is_stated"], fee["amount"], fee["unit_text"]),
                    (stated, amount, unit),
                )
                self.assertEqual(fee["legal_text"], text)

    def test_tier_and_cap_belong_to_the_first_amount(self):
        for text in (
            "2.000 đồng/trang; từ trang thứ 3: 1.000 đồng/trang, tối đa 200.000 đồng",
            "2.000 đ/trang, từ trang thứ ba trở lên 1.000 đ/trang, không quá 200.000 đ",
        ):
            with self.subTest(text=text):
                (fee,) = catalogue_parser.parse_fee(text)
                self.assertEqual(fee["amount"], 2000)
                self.assertEqual(fee["tier_from"], 3)
                self.assertEqual(fee["tier_amount"], 1000)
                self.assertEqual(fee["cap_amount"], 200000)

    def test_several_fees(self):
        fees = catalogue_parser.parse_fee(
            "Phí thẩm định: 100.000 đồng/hồ sơ; Lệ phí cấp giấy: 35.000 đồng/giấy"
        )
        self.assertEqual([fee["amount"] for fee in fees], [100000, 35000])
        self.assertEqual([fee["kind"] for fee in fees], ["fee", "charge"])

    def test_legal_texts(self):
        bases = catalogue_parser.parse_legal_bases(
            "Luật Hộ tịch số 60/2014/QH13;\n- Nghị định số 123/2015/NĐ-CP; "
            "Quyết định 1234/QĐ-UBND; 34/2025/NQ-HĐND và 23/2026/NQ-HĐND"
        )
        self.assertEqual(
            [row["number"] for row in bases],
            [
                "60/2014/QH13",
                "123/2015/NĐ-CP",
                "1234/QĐ-UBND",
                "34/2025/NQ-HĐND",
                "23/2026/NQ-HĐND",
            ],
        )

    def test_codes(self):
        check = catalogue_parser.check_code
        for text in ("1.001193", " 2.000815.000.00.00.h55 ", "1.012753.H19"):
            self.assertTrue(check(text))
        self.assertEqual(
            catalogue_parser.code_key(check("2.000815.000.00.00.H55")), "2.000815"
        )
        for text in ("", "1001193", "x.001193", "1.00119", "1.001193;DROP", "=1+1"):
            with self.subTest(text=text), self.assertRaises(CatalogueError):
                check(text)

    def test_other_cells(self):
        self.assertEqual(catalogue_parser.parse_online_level("DVC toàn trình"), "full")
        self.assertEqual(catalogue_parser.parse_online_level("MOT PHAN"), "partial")
        self.assertEqual(catalogue_parser.parse_level("Cấp Xã"), "commune")
        self.assertEqual(catalogue_parser.parse_level("Bộ"), "ministry")
        self.assertEqual(catalogue_parser.parse_change("Bị bãi bỏ"), "repealed")
        self.assertEqual(catalogue_parser.parse_change("Sửa đổi, bổ sung"), "amended")
        self.assertEqual(
            catalogue_parser.parse_channels("Bưu chính công ích; trực tiếp"),
            ["counter", "post"],
        )

    def test_accents_and_case_do_not_count(self):
        text = "Đăng ký KHAI SINH"
        self.assertEqual(normalise(text), "dang ky khai sinh")
        decomposed = unicodedata.normalize("NFD", text)
        self.assertEqual(normalise(decomposed), normalise(text))
        self.assertEqual(words("khai  sinh khai"), ["khai", "sinh"])


@tagged("post_install", "-at_install")
class TestCatalogueParserProperties(BaseCase):
    """Whatever people send: an answer or a named problem, never a crash."""

    @settings(max_examples=300, deadline=None)
    @given(st.text(max_size=200))
    def test_any_text(self, text):
        for parse in (catalogue_parser.parse_time, catalogue_parser.check_code):
            try:
                parse(text)
            except CatalogueError as error:
                self.assertTrue(error.key)
        for fee in catalogue_parser.parse_fee(text):
            self.assertGreaterEqual(fee["amount"], 0)
        catalogue_parser.parse_legal_bases(text)
        self.assertEqual(normalise(normalise(text)), normalise(text))

    @settings(max_examples=200, deadline=None)
    @given(
        st.integers(1, 999),
        st.sampled_from(
            [
                ("ngày làm việc", "working_day"),
                ("ngày", "calendar_day"),
                ("giờ", "working_hour"),
                ("tháng", "month"),
            ]
        ),
        st.sampled_from(["{} {}", "Không quá {} {} kể từ ngày nhận", "{:02} {}"]),
        st.booleans(),
    )
    def test_written_time_is_read_back(self, amount, unit, pattern, upper):
        text = pattern.format(amount, unit[0])
        (limit,) = catalogue_parser.parse_time(text.upper() if upper else text)
        self.assertEqual((limit["amount"], limit["unit"]), (amount, unit[1]))

    @settings(max_examples=200, deadline=None)
    @given(st.integers(1, 10**9), st.sampled_from(["đồng", "đ", "VNĐ", "Đồng"]))
    def test_written_amount_is_read_back(self, amount, currency):
        text = f"{amount:,}".replace(",", ".") + f" {currency}/bản"
        (fee,) = catalogue_parser.parse_fee(text)
        self.assertEqual(fee["amount"], amount)
        self.assertTrue(fee["is_stated"])

    @settings(max_examples=200, deadline=None)
    @given(
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
            lambda inner: (
                st.lists(inner, max_size=4)
                | st.dictionaries(
                    st.sampled_from(
                        [*sample.record("1.000001"), "KENH", "THOIGIAN", "GIAYTO", "x"]
                    ),
                    inner,
                    max_size=5,
                )
            ),
            max_leaves=20,
        )
    )
    def test_any_json(self, value):
        data = json.dumps([{**sample.record("1.000001"), "THANHPHANHOSO": value}])
        for payload in (json.dumps(value), data):
            try:
                items = catalogue_json.parse_json(payload.encode())
            except CatalogueError as error:
                self.assertTrue(error.key)
            else:
                self.assertTrue(all(item.error or item.content for item in items))

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(
            st.one_of(
                st.none(),
                st.integers(-(10**6), 10**6),
                st.floats(allow_nan=False, allow_infinity=False),
                st.text(
                    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")),
                    max_size=30,
                ).filter(lambda text: text.isprintable()),
            ),
            min_size=12,
            max_size=12,
        )
    )
    def test_any_cells(self, cells):
        data = sample.xlsx([cells, sample.row("1.000001")])
        items = catalogue_xlsx.parse_xlsx(data)
        self.assertTrue(all(item.error or item.facts for item in items))

    @settings(max_examples=100, deadline=None)
    @given(st.binary(max_size=500))
    def test_any_bytes(self, data):
        for parse in (catalogue_xlsx.parse_xlsx, catalogue_json.parse_json):
            for payload in (data, b"PK\x03\x04" + data):
                with self.assertRaises(CatalogueError):
                    parse(payload)


@tagged("post_install", "-at_install")
class TestCatalogueFiles(BaseCase):
    """Spreadsheets and JSON as offices and other software send them."""

    def _assert_refused(self, key, parse, data):
        with self.assertRaises(CatalogueError) as caught:
            parse(data)
        self.assertEqual(caught.exception.key, key)

    def test_list_with_titles_above_and_sections_between(self):
        above = [["DANH MỤC THỦ TỤC HÀNH CHÍNH"], ["Kèm theo Quyết định số 12/QĐ"], []]
        rows = [
            ["I", None, "LĨNH VỰC HỘ TỊCH"],
            sample.row("1.001193", sector=None),
            [],
            sample.row("1.000894.H49", sector=None),
            ["II", None, "Lĩnh vực: Chứng thực"],
            sample.row("2.000815", sector=None),
        ]
        items = catalogue_xlsx.parse_xlsx(sample.xlsx(rows, above=above))
        self.assertEqual([item.error for item in items], [None] * 3)
        self.assertEqual(
            [item.identity["sector"] for item in items],
            ["Hộ tịch", "Hộ tịch", "Chứng thực"],
        )
        self.assertEqual([item.number for item in items], [6, 8, 10])

    def test_headings_without_accents_in_another_order(self):
        headings = ["Ten thu tuc", "LINH VUC", "MA SO TTHC", "thoi han giai quyet"]
        data = sample.xlsx(
            [["Đăng ký kết hôn", "Hộ tịch", "1.000894", "5 ngày"]], headings
        )
        (item,) = catalogue_xlsx.parse_xlsx(data)
        self.assertIsNone(item.error)
        self.assertEqual(item.identity["code"], "1.000894")
        self.assertEqual(_brief(item.facts["limits"]), [(5, "calendar_day")])

    def test_faulty_rows_say_why(self):
        items = catalogue_xlsx.parse_xlsx(
            sample.xlsx(
                [
                    sample.row("1.000001"),
                    sample.row("1.000001.H49"),
                    sample.row(""),
                    sample.row("ABC"),
                    sample.row("1.000002", name=""),
                    sample.row("1.000003", time="15"),
                    sample.row("1.000004", fee='=HYPERLINK("http://x","y")'),
                    sample.row("1.000005", name="=1+1"),
                ]
            )
        )
        self.assertEqual(
            [item.error.key if item.error else "" for item in items],
            [
                "",
                "duplicate",
                "code_missing",
                "code_pattern",
                "name_missing",
                "time_unit",
                "formula",
                "formula",
            ],
        )

    def test_code_typed_as_a_number(self):
        (item,) = catalogue_xlsx.parse_xlsx(sample.xlsx([sample.row(2.00081)]))
        self.assertEqual(item.identity["code"], "2.000810")

    def test_files_that_are_refused(self):
        good = sample.xlsx([sample.row("1.000001")])
        read = catalogue_xlsx.parse_xlsx
        self._assert_refused("headings", read, sample.xlsx([[1, 2]], ["A", "B"]))
        self._assert_refused("empty", read, sample.xlsx([]))
        self._assert_refused("xlsx", read, good[: len(good) // 2])
        self._assert_refused("xlsx", read, b"not a workbook")
        self._assert_refused("doctype", read, sample.with_entities(good))
        self._assert_refused("bomb", read, sample.bomb())
        read = catalogue_json.parse_json
        self._assert_refused("json", read, b"{")
        self._assert_refused("json", read, b"\xff\xfe")
        self._assert_refused("json", read, b"[" * 200_000)
        self._assert_refused("json", read, b'[{"MATTHC": NaN}]')
        self._assert_refused("json_empty", read, b"{}")
        self._assert_refused("json_empty", read, b"[]")
        self._assert_refused("too_big", read, b" " * (catalogue_parser.MAX_BYTES + 1))

    def test_records_of_the_national_service(self):
        records = [
            sample.record("1.001193.000.00.00.G15"),
            sample.record("1.000001", TENTTHC=""),
            sample.record("1.000002", CACHTHUCTHUCHIEN="x"),
            sample.record("1.000003", CACHTHUCTHUCHIEN=[{"KENH": "9"}]),
            "x",
        ]
        items = catalogue_json.parse_json(sample.to_json(records))
        self.assertEqual(
            [item.error.key if item.error else "" for item in items],
            ["", "name_missing", "json_list", "channel", "json_object"],
        )
        content = items[0].content
        self.assertEqual(
            [row["channel"] for row in content["channels"]], ["counter", "online"]
        )
        limit = content["channels"][0]["limits"][0]
        self.assertEqual((limit["amount"], limit["unit"]), (3, "working_day"))
        self.assertEqual(limit["fees"][0]["amount"], 8000)
        self.assertEqual(content["results"][0]["result_type"], "certificate")
        self.assertEqual(content["steps_text"], "Nộp hồ sơ tại bộ phận")

    def test_zero_set_elsewhere_is_not_free(self):
        def read(amount, text):
            fees = [{"SOTIEN": amount, "MOTA": text}]
            time = {"THOIGIANGIAIQUYET": "1", "DONVITINH": "Ngày", "PHILEPHI": fees}
            channels = [{"KENH": "1", "THOIGIAN": [time]}]
            data = sample.to_json(
                [sample.record("1.000001", CACHTHUCTHUCHIEN=channels)]
            )
            (item,) = catalogue_json.parse_json(data)
            return item.content["channels"][0]["limits"][0]["fees"][0]

        self.assertFalse(read("0", "Mức do HĐND quyết định")["is_stated"])
        self.assertFalse(read("0", "")["is_stated"])
        self.assertFalse(read("", "")["is_stated"])
        self.assertTrue(read("0", "Không thu lệ phí")["is_stated"])
        self.assertEqual(read("8.000", "")["amount"], 8000)

    def test_sheet_keeps_what_it_does_not_tell(self):
        (item,) = catalogue_json.parse_json(sample.to_json([sample.record("1.000001")]))
        current = item.content
        (row,) = catalogue_xlsx.parse_xlsx(
            sample.xlsx([sample.row("1.000001", time="02 ngày làm việc")])
        )
        merged = catalogue_merge.merge_sheet(current, row.facts)
        self.assertEqual(merged["documents"], current["documents"])
        self.assertEqual(
            [row["channel"] for row in merged["channels"]],
            ["counter", "online", "post"],
        )
        for channel in merged["channels"]:
            self.assertEqual(channel["limits"][0]["amount"], 2)

    def test_error_file_holds_no_formula(self):
        data = catalogue_xlsx.write_errors(
            [(3, ["1", '=cmd|"/c calc"!A1', "+1", "@x", "-2"], "Lý do")], "Lý do"
        )
        book = catalogue_xlsx.load_workbook(catalogue_xlsx.io.BytesIO(data))
        cells = [cell for line in book.active.iter_rows() for cell in line]
        self.assertNotIn("f", {cell.data_type for cell in cells})
        self.assertIn('=cmd|"/c calc"!A1', [cell.value for cell in cells])
