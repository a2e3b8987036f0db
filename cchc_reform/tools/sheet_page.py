"""What the workbooks of this addon share: rows that show their whole text and pages
that an office prints without setting anything."""

import textwrap

#: Height of a line and the greatest one of a row that spreadsheets know, in points.
_LINE, _HIGHEST = 16, 409
#: Characters that the name of a sheet may not hold.
_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\", "."))


def row_height(row, widths):
    """Return the height in points that the longest text of a row needs: not every
    program fits rows to wrapped text by itself."""
    lines = max(
        sum(
            len(textwrap.wrap(part, max(4, int(width * 1.1)))) or 1
            for part in str(cell).split("\n")
        )
        for cell, width in zip(row, widths, strict=True)
    )
    return min(_LINE * lines + 2, _HIGHEST)


def set_page(sheet, head, wide=True):
    """Lay a sheet out on A4: as wide as the page, the row ``head`` (counted from
    nought) on every page, pages numbered."""
    if wide:
        sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.4, top=0.5, bottom=0.6)
    sheet.center_horizontally()
    sheet.repeat_rows(head)
    sheet.set_footer("&R&9Trang &P/&N")


def sheet_name(name, names):
    """Return a name for a sheet that no other one has."""
    base = name.translate(_SHEET_NAME)[:28].strip("' ")
    found, number = base, 1
    while found.lower() in names:
        number += 1
        found = f"{base} {number}"
    names.add(found.lower())
    return found
