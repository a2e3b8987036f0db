"""What a list of rows looks like that people send: its columns, codes and template."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from .search_text import normalise


@dataclass(frozen=True)
class Layout:
    """A list of rows as a workbook or JSON.

    :param title: name of the sheet of the template
    :param columns: column -> headings that are understood, the one of the template
        first
    :param required: columns that a sheet cannot do without
    :param identity: columns that together stand in one row only
    :param codes: column -> ``{number: (key, official words)}``
    :param read_row: function of the number and the cells of a row
    :param json_cells: function of a JSON record that returns its cells
    :param max_rows: rows that are read at most
    :param example: column -> text of the example of the template
    :param hints: lines below the codes of the template
    :param wide: columns that hold long texts
    """

    title: str
    columns: dict
    required: tuple
    identity: tuple
    codes: dict
    read_row: Callable
    json_cells: Callable
    max_rows: int
    example: dict = field(default_factory=dict)
    hints: tuple = ()
    wide: tuple = ()

    @cached_property
    def headings(self):
        """Column -> heading of the template."""
        return {name: wordings[0] for name, wordings in self.columns.items()}

    @cached_property
    def by_heading(self):
        """Normalised heading -> column."""
        return {
            normalise(wording): name
            for name, wordings in self.columns.items()
            for wording in wordings
        }
