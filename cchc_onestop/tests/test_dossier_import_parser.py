"""Files of old dossiers as plain Python: whatever a file holds, it has a sentence."""

import io
import json
import zipfile
from datetime import date, datetime

import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from odoo.tests import BaseCase, tagged

from ..tools import dossier_import_file as files
from ..tools.catalogue_parser import CatalogueError
from ..tools.code_template import parse, render
from ..tools.dossier_import_row import (
    COLUMNS,
    HEADINGS,
    STATE_WORDS,
    identity_type,
    read_row,
)

#: A row without a fault.
SOUND = {
    "code": "000.00.21.H50-261102-0007",
    "procedure": "9.800001",
    "name": "Nguyễn Thị Hoa",
    "identity": "045190000123",
    "received_at": "02/11/2026 08:15",
    "due_at": "05/11/2026",
    "state": "Đã trả kết quả",
    "ended_at": "04/11/2026 09:00",
    "returned_at": "20261104100000",
}
_SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck)
)
_CELL = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.lists(st.text(max_size=9), max_size=3),
    st.sampled_from(["31/02/2026", "=1+1", "#N/A", "20261399000000", "0", "٣/٣/٢٠٢٦"]),
)
_JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()
    ),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
_CELLS = st.fixed_dictionaries(
    {
        "name": st.text("ăâđêôơư nguyễn", min_size=1).filter(str.strip),
        "note": st.text("=+-@ăâ;'\"<>&_x0041_ \n", max_size=30),
        "fee": st.integers(0, 10**9),
        "due_at": st.datetimes(datetime(2026, 12, 1), datetime(2030, 1, 1)),
    }
)


def workbook(*rows, headings=HEADINGS):
    """Return the bytes of a sheet of dossiers; texts stay texts."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet = book.add_worksheet()
        for index, heading in enumerate(headings.values()):
            sheet.write_string(0, index, heading)
        for line, row in enumerate(rows, 1):
            for index, name in enumerate(headings):
                value = row.get(name)
                if isinstance(value, date):
                    sheet.write_datetime(line, index, value, day)
                elif isinstance(value, int | float):
                    sheet.write_number(line, index, value)
                elif value:
                    sheet.write_string(line, index, value)
    return stream.getvalue()


def archive(**members):
    """Return the bytes of a zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return stream.getvalue()


def read(content, is_xlsx=True):
    return list(files.read_file(io.BytesIO(content), is_xlsx))


@tagged("post_install", "-at_install")
class TestRow(BaseCase):
    def _problem(self, **values):
        row = read_row(2, {**SOUND, **values})
        return [(problem.key, problem.column) for problem in row.problems]

    def test_sound(self):
        row = read_row(2, SOUND)
        self.assertEqual(row.problems, [])
        self.assertEqual(row.values["received_at"], "2026-11-02T08:15:00")
        self.assertEqual(row.values["due_at"], "2026-11-05")
        self.assertEqual(row.values["returned_at"], "2026-11-04T10:00:00")
        self.assertEqual(row.values["state"], "returned")
        self.assertEqual(
            (row.values["kind"], row.values["channel"]), ("citizen", "counter")
        )

    def test_every_kind_of_bad_cell(self):
        for values, problem in (
            ({"code": ""}, ("missing", "code")),
            ({"code": "a/b c;d"}, ("code", "code")),
            ({"procedure": "1 001/193"}, ("procedure", "procedure")),
            ({"name": "=cmd()"}, ("formula", "name")),
            ({"name": "#REF!"}, ("error_cell", "name")),
            ({"name": True}, ("text", "name")),
            ({"address": "x" * 2001}, ("too_long", "address")),
            ({"kind": "Người ngoài hành tinh"}, ("unknown_kind", "kind")),
            ({"channel": "7"}, ("unknown_channel", "channel")),
            ({"state": "11"}, ("unknown_state", "state")),
            ({"state": "3"}, ("not_accepted", "state")),
            ({"identity": "04519000012"}, ("identity", "identity")),
            ({"birth_date": "31/02/1990"}, ("date", "birth_date")),
            ({"received_at": "hôm qua"}, ("date", "received_at")),
            ({"received_at": ""}, ("missing", "received_at")),
            ({"due_at": "01/01/0001"}, ("date", "due_at")),
            ({"email": "hoa"}, ("email", "email")),
            ({"fee": "tám nghìn"}, ("fee", "fee")),
            ({"files": ";".join(map(str, range(60)))}, ("many_files", "files")),
            ({"state": "4"}, ("open_but_ended", "ended_at")),
            ({"ended_at": "", "returned_at": ""}, ("end_missing", "ended_at")),
            ({"state": "9"}, ("done_but_returned", "returned_at")),
            ({"due_at": "01/11/2026"}, ("earlier", "due_at")),
            ({"ended_at": "01/11/2026"}, ("earlier", "ended_at")),
            ({"returned_at": "03/11/2026"}, ("earlier", "returned_at")),
        ):
            with self.subTest(values=values):
                self.assertIn(problem, self._problem(**values))

    def test_what_people_and_excel_write(self):
        row = read_row(
            2,
            {
                **SOUND,
                "identity": 45190000123,
                "phone": 912345678,
                "fee": "8.000 đồng",
                "received_at": datetime(2026, 11, 2, 8, 15),
                "due_at": 46331,
                "channel": "BCCI",
                "kind": "Doanh nghiệp",
                "files": "a.pdf; b.pdf;a.pdf",
            },
        )
        self.assertEqual(row.problems, [])
        self.assertEqual(row.values["identity"], "045190000123")
        self.assertEqual(row.values["phone"], "0912345678")
        self.assertEqual(row.values["fee"], 8000)
        self.assertEqual(row.values["due_at"], "2026-11-05")
        self.assertEqual(row.values["channel"], "post")
        self.assertEqual(row.values["kind"], "enterprise")
        self.assertEqual(row.values["files"], ["a.pdf", "b.pdf"])

    def test_kinds_of_numbers(self):
        for number, kind in (
            ("045190000123", "personal"),
            ("191234567", "old"),
            ("0100233488", "tax"),
            ("C1234567", "passport"),
            ("HC-7", "other"),
        ):
            self.assertEqual(identity_type(number), kind)

    @_SETTINGS
    @given(st.dictionaries(st.sampled_from(list(COLUMNS)), _CELL))
    def test_no_cell_breaks_the_reader(self, cells):
        row = read_row(2, {**SOUND, **cells})
        for problem in row.problems:
            self.assertIn(problem.column, COLUMNS)
        if row.problems:
            self.assertEqual(len(row.source), len(COLUMNS))
        else:
            json.dumps(row.values)
            self.assertIn(row.values["state"], STATE_WORDS)

    @_SETTINGS
    @given(
        st.sampled_from(["{unit}-{yy}{MM}{dd}-{seq:4}", "{unit}/{yyyy}-{seq:7}"]),
        st.sampled_from(["H50.21", "000.00.21.H50"]),
        st.dates(date(2000, 1, 1), date(2099, 12, 31)),
        st.integers(1, 10**8),
    )
    def test_codes_of_a_template_are_recognised(self, pattern, unit, day, number):
        code = render(pattern, unit, day, number)
        found = parse(pattern, code)
        self.assertEqual((found[0], found[2]), (unit, number))
        self.assertEqual(render(pattern, *found), code)


@tagged("post_install", "-at_install")
class TestFiles(BaseCase):
    def _refused(self, key, content, is_xlsx=True):
        with self.assertRaises(CatalogueError) as caught:
            read(content, is_xlsx)
        self.assertEqual(caught.exception.key, key)

    def test_workbook(self):
        headings = dict(reversed(HEADINGS.items()))
        rows = read(workbook(SOUND, {}, {**SOUND, "code": "X-2"}, headings=headings))
        self.assertEqual([row.number for row in rows], [2, 4])
        self.assertEqual([row.problems for row in rows], [[], []])

    def test_template_is_a_list_without_rows(self):
        stream = io.BytesIO()
        files.write_template(stream)
        self._refused("no_dossiers", stream.getvalue())
        book = load_workbook(io.BytesIO(stream.getvalue()))
        self.assertEqual(book.sheetnames, ["Hồ sơ", "Mã"])

    def test_example_of_the_template_would_be_sound(self):
        row = read_row(2, {**files._EXAMPLE_ROW, "code": "X-1"})
        self.assertEqual(row.problems, [])

    def test_double_code(self):
        first, second = read(workbook(SOUND, SOUND))
        self.assertEqual(first.problems, [])
        self.assertEqual(second.problems[0].key, "duplicate")
        self.assertEqual(second.problems[0].other, "2")

    def test_what_is_no_workbook(self):
        self._refused("xlsx", b"PK\x03\x04 but no zip")
        self._refused("template", workbook(SOUND, headings={"code": "Mã hồ sơ"}))
        self._refused("no_dossiers", workbook())

    def test_json(self):
        record = {
            "MaHoSo": "X-1",
            "MaTTHC": "9.800001",
            "ChuHoSo": "Nguyễn Thị Hoa",
            "LoaiDoiTuong": 1,
            "MaDoiTuong": "045190000123",
            "KenhThucHien": "2",
            "NgayTiepNhan": "20261102081500",
            "NgayHenTra": "20261105170000",
            "TrangThaiHoSo": 4,
            "TaiLieuNop": [
                {"TenTepDinhKem": "a.pdf"},
                {"DuongDanTaiTepTin": "/x/b.pdf"},
            ],
            "DanhSachLePhi": [{"Gia": 8000}, {"Gia": "500"}],
        }
        for text in (
            json.dumps([record]),
            json.dumps({"session": "s", "data": [record]}, ensure_ascii=False),
        ):
            (row,) = read(text.encode(), is_xlsx=False)
            self.assertEqual(row.problems, [])
            self.assertEqual(row.values["channel"], "online")
            self.assertEqual(row.values["fee"], 8500)
            self.assertEqual(row.values["files"], ["a.pdf", "b.pdf"])

    def test_json_is_read_through_a_window(self):
        records = [{**{"MaHoSo": f"X-{n}"}, "GhiChu": "đ" * 900} for n in range(3000)]
        rows = read(json.dumps(records, ensure_ascii=False).encode(), is_xlsx=False)
        self.assertEqual(
            [row.values["code"] for row in rows[-2:]], ["X-2998", "X-2999"]
        )

    def test_what_is_no_json(self):
        for text in (
            *(b"", b"{}", b"[", b"[1", b"[{]", b"[{}{}]", b'{"data"', b"[1,"),
            *(b'["' + b"x" * 3_000_000, b"[" * 50_000, b"\xff\xfe", b"[NaN]", b"[{},]"),
        ):
            with self.subTest(text=text[:20]), self.assertRaises(CatalogueError):
                read(text, is_xlsx=False)

    @_SETTINGS
    @given(_JSON)
    def test_no_json_breaks_the_reader(self, value):
        try:
            read(json.dumps(value).encode(), is_xlsx=False)
        except CatalogueError as error:
            self.assertTrue(error.key)

    @_SETTINGS
    @given(st.lists(_CELLS, min_size=1, max_size=4))
    def test_round_trip_through_a_workbook(self, cells):
        rows = [
            {
                **SOUND,
                **row,
                "code": f"X-{number}",
                "due_at": row["due_at"].replace(microsecond=0),
            }
            for number, row in enumerate(cells)
        ]
        direct = [read_row(number, row) for number, row in enumerate(rows, 2)]
        through = read(workbook(*rows))
        self.assertEqual([r.problems for r in through], [r.problems for r in direct])
        for one, other in zip(direct, through, strict=True):
            self.assertEqual(one.values, other.values)

    # -- documents
    def _documents(self, content):
        return files.Documents(io.BytesIO(content))

    def test_documents(self):
        found = self._documents(
            archive(**{"a/Tờ khai.pdf": b"1", "b/x.pdf": b"2", "c/x.pdf": b"3"})
        )
        self.assertEqual(found.content("tờ khai.pdf"), b"1")
        self.assertEqual(found.content("b/x.pdf"), b"2")
        self.assertEqual(found.check("x.pdf"), "file_double")
        self.assertEqual(found.check("y.pdf"), "file_missing")

    def test_archives_made_to_do_harm(self):
        for name in ("../x", "/etc/x", "a/../../x", "C:/x"):
            with self.subTest(name=name), self.assertRaises(CatalogueError) as caught:
                self._documents(archive(**{name: b"1"}))
            self.assertEqual(caught.exception.key, "zip_slip")
        with self.assertRaises(CatalogueError) as caught:
            self._documents(archive(**{"x": b"0" * 30_000_000}))
        self.assertEqual(caught.exception.key, "zip_bomb")
        with self.assertRaises(CatalogueError) as caught:
            self._documents(b"no zip")
        self.assertEqual(caught.exception.key, "zip")

    def test_link_in_an_archive(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as target:
            link = zipfile.ZipInfo("x")
            link.external_attr = 0o120777 << 16
            target.writestr(link, "/etc/passwd")
        with self.assertRaises(CatalogueError) as caught:
            self._documents(stream.getvalue())
        self.assertEqual(caught.exception.key, "zip_slip")

    def test_damaged_document(self):
        content = bytearray(archive(**{"x.pdf": b"0123456789" * 50}))
        content[45] ^= 255
        with self.assertRaises(CatalogueError) as caught:
            self._documents(bytes(content)).content("x.pdf")
        self.assertEqual(caught.exception.key, "file_broken")

    # -- error sheet
    def test_cells_of_the_error_sheet_are_texts(self):
        stream = io.BytesIO()
        sheet = files.ErrorSheet(stream, "Cần sửa")
        sheet.add(["=1+1", "+1", "-1", "@x"], "=2")
        sheet.close()
        book = load_workbook(io.BytesIO(stream.getvalue()))
        cells = list(book.active.iter_rows(min_row=2))[0]
        self.assertEqual([cell.value for cell in cells[:4]], ["=1+1", "+1", "-1", "@x"])
        self.assertNotIn(
            b"<f>", zipfile.ZipFile(stream).read("xl/worksheets/sheet1.xml")
        )
