"""Long tables for xlsxwriter: rows of plain text and numbers, several times faster.

xlsxwriter looks at each cell by itself, most of the time of a long book. Here a row is
written at once, in the same words, into the file in which ``constant_memory``
keeps rows. Texts are inline strings: none of them is ever a formula.
"""

import re

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

#: Texts that need more than their letters: markup, control characters, outer spaces.
_SPECIAL = re.compile(r"[&<>\x00-\x1f\x7f]|^\s|\s\Z|_x[0-9A-Fa-f]{4}_")


class RowSheet(Worksheet):
    """A worksheet of a workbook with ``constant_memory``, for tables below a head.

    Above the table everything is written as usual; then come only rows of the table.
    """

    def start_table(self, line, formats):
        """Begin the table.

        :param int line: first line of the table, from 0; below all that was written
        :param formats: format of each column
        """
        # What is still in memory goes before the table.
        self._write_single_row(line)
        self._line = line
        self._cells = [
            (xl_col_to_name(index), format_._get_xf_index())
            for index, format_ in enumerate(formats)
        ]
        self.dim_rowmin = min(line, self.dim_rowmin or 0)

    def write_table_row(self, values):
        """Write the next row: numbers as ``int``, all else as text."""
        self._line = line = self._line + 1
        parts = [f'<row r="{line}">']
        for (name, style), value in zip(self._cells, values, strict=True):
            if isinstance(value, int):
                parts.append(f'<c r="{name}{line}" s="{style}"><v>{value}</v></c>')
            elif not value:
                parts.append(f'<c r="{name}{line}" s="{style}"/>')
            else:
                space = ""
                if _SPECIAL.search(value):
                    value = self._escape_data(self._escape_control_characters(value))
                    space = ' xml:space="preserve"'
                parts.append(
                    f'<c r="{name}{line}" s="{style}" t="inlineStr">'
                    f"<is><t{space}>{value}</t></is></c>"
                )
        parts.append("</row>")
        self.fh.write("".join(parts))

    def end_table(self):
        """End the table; nothing is written below it."""
        self.dim_rowmax = max(self._line - 1, self.dim_rowmax or 0)
        self.dim_colmin = 0
        self.dim_colmax = max(len(self._cells) - 1, self.dim_colmax or 0)
        self.previous_row = self._line
