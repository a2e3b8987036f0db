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

#: Characters that a cell holds at most.
CELL = 32_767


def _is_plain(texts):
    """Whether nothing in the texts of a row can need more than its letters."""
    joined = f"|{'|'.join(texts)}|"
    return (
        joined.isprintable()
        and "&" not in joined
        and "<" not in joined
        and ">" not in joined
        and "_x" not in joined
        and " |" not in joined
        and "| " not in joined
        and len(joined) <= CELL
    )


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
        self._templates = {}
        self.dim_rowmin = min(line, self.dim_rowmin or 0)

    def write_table_row(self, values):
        """Write the next row: numbers as ``int``, all else as text cut to what fits."""
        self._line = line = self._line + 1
        kinds = "".join(
            [
                "n" if isinstance(value, int) else "t" if value else "e"
                for value in values
            ]
        )
        cells = list(zip(kinds, values, strict=True))
        if _is_plain([value for kind, value in cells if kind == "t"]):
            filled = tuple([value for kind, value in cells if kind != "e"])
            self.fh.write(self._template(kinds).replace("\0", str(line)) % filled)
        else:
            self.fh.write(
                f'<row r="{line}">{"".join(map(self._cell, self._cells, cells))}</row>'
            )

    def _template(self, kinds):
        """Return the markup of rows with these kinds of cells.

        ``\\0`` stands for the number of the line, ``%s`` for each filled cell.
        """
        if kinds not in self._templates:
            bodies = {
                "n": "><v>%s</v></c>",
                "t": ' t="inlineStr"><is><t>%s</t></is></c>',
                "e": "/>",
            }
            cells = [
                f'<c r="{name}\0" s="{style}"{bodies[kind]}'
                for (name, style), kind in zip(self._cells, kinds, strict=True)
            ]
            self._templates[kinds] = f'<row r="\0">{"".join(cells)}</row>'
        return self._templates[kinds]

    def _cell(self, place, cell):
        """Return the markup of one cell, whatever its text holds."""
        (name, style), (kind, value) = place, cell
        start = f'<c r="{name}{self._line}" s="{style}"'
        if kind == "n":
            return f"{start}><v>{value}</v></c>"
        if kind == "e":
            return f"{start}/>"
        value, space = value[:CELL], ""
        if _SPECIAL.search(value):
            value = self._escape_data(self._escape_control_characters(value))
            space = ' xml:space="preserve"'
        return f'{start} t="inlineStr"><is><t{space}>{value}</t></is></c>'

    def end_table(self):
        """End the table; nothing is written below it."""
        self.dim_rowmax = max(self._line - 1, self.dim_rowmax or 0)
        self.dim_colmin = 0
        self.dim_colmax = max(len(self._cells) - 1, self.dim_colmax or 0)
        self.previous_row = self._line
