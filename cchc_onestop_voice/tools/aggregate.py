"""Which sums of slips may be shown to who settled the dossiers (plain Python)."""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple


class Cell(NamedTuple):
    """How many slips said what."""

    very_satisfied: int = 0
    satisfied: int = 0
    dissatisfied: int = 0

    @property
    def number(self):
        return sum(self)

    def __add__(self, other):
        return Cell(*(a + b for a, b in zip(self, other, strict=True)))


#: Key of what is too little to be shown by itself.
REST = None


def percent(cell):
    """Return the share of (very) satisfied slips with one decimal, half up.

    ``None`` where nobody answered: not known is not zero.
    """
    if not cell.number:
        return None
    share = Decimal(100 * (cell.very_satisfied + cell.satisfied)) / cell.number
    return float(share.quantize(Decimal("0.1"), ROUND_HALF_UP))


def partition(cells, minimum):
    """Merge what is smaller than ``minimum`` into one rest of at least as much.

    The cells add up to a total that is shown, so a single small cell could be worked
    out by subtraction: it takes the smallest of the others with it.

    :param dict cells: ``{key: Cell}``
    :return: ``{key: Cell}``, the rest under :data:`REST`; empty when all together are
        fewer than ``minimum``
    """
    shown = {key: cell for key, cell in cells.items() if cell.number >= minimum}
    rest = Cell()
    for key, cell in cells.items():
        if key not in shown:
            rest += cell
    for key in sorted(shown, key=lambda key: (shown[key].number, str(key))):
        if not rest.number or rest.number >= minimum:
            break
        rest += shown.pop(key)
    if rest.number >= minimum:
        shown[REST] = rest
    return shown


def separate(cells, minimum):
    """Leave out cells smaller than ``minimum``, which add up to nothing shown."""
    return {key: cell for key, cell in cells.items() if cell.number >= minimum}
