"""Columns of printed tables."""

#: Width in mm between the margins of a page of A4: upright, on its side.
UPRIGHT, WIDE = 175, 262


def fit_columns(sizes, full=WIDE):
    """Return widths in mm in the proportion of ``sizes`` that fill ``full`` mm, so
    that a table is never wider than its page."""
    total = sum(sizes)
    return [round(size * full / total, 1) for size in sizes]
