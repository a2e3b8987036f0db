import io

import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from odoo.tests import BaseCase, tagged

from ..tools.xlsx_rows import CELL, RowSheet

_TEXT = st.one_of(
    st.sampled_from(("", "100 %", "%s", "a & b", " a", "b ", "=1+1", "_x000D_", "<t>")),
    # A workbook is XML: it cannot hold halves of a pair of code units.
    st.text(st.characters(exclude_categories=("Cs", "Cn")), max_size=12),
)
_ROWS = st.lists(
    st.tuples(st.integers(0, 10**9) | st.just(""), _TEXT, _TEXT | st.none()), max_size=6
)


@tagged("post_install", "-at_install")
class TestXlsxRows(BaseCase):
    """Rows written at once are those that xlsxwriter writes cell by cell."""

    def _read(self, rows, write):
        content = io.BytesIO()
        workbook = xlsxwriter.Workbook(
            content, {"constant_memory": True, "in_memory": False}
        )
        write(workbook, rows)
        workbook.close()
        return [
            [(cell.value, cell.data_type) for cell in row]
            for row in load_workbook(content).active.iter_rows()
        ]

    def _at_once(self, workbook, rows):
        sheet = workbook.add_worksheet(worksheet_class=RowSheet)
        sheet.write_row(0, 0, ("a", "b", "c"))
        sheet.start_table(1, [workbook.add_format()] * 3)
        for row in rows:
            sheet.write_table_row(row)
        sheet.end_table()

    def _cell_by_cell(self, workbook, rows):
        sheet = workbook.add_worksheet()
        style = workbook.add_format()
        sheet.write_row(0, 0, ("a", "b", "c"))
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(line, column, value, style)
                elif value:
                    sheet.write_string(line, column, value[:CELL], style)
                else:
                    sheet.write_blank(line, column, None, style)

    @settings(deadline=None, max_examples=60)
    @given(_ROWS)
    def test_same_cells(self, rows):
        self.assertEqual(
            self._read(rows, self._at_once), self._read(rows, self._cell_by_cell)
        )

    def test_a_text_too_long_is_cut(self):
        rows = [(1, "x" * (CELL + 5), "")]
        self.assertEqual(
            self._read(rows, self._at_once), self._read(rows, self._cell_by_cell)
        )
