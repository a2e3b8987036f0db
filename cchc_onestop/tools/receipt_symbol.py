"""Symbols and numbers of receipts: the arithmetic of what a receipt rule says.

The rule writes a symbol as a pattern: ``{yy}`` or ``{yyyy}`` for the year and
``{letters:2}`` for so many of its letters; the rest stands as it is. The number has at
most so many digits, starts at 1 on 1 January or on the first use and ends on 31
December.
"""

import re

_PLACE = re.compile(r"\{(yy|yyyy|letters:([1-9]))\}")


def _pieces(pattern):
    """Return the pieces of a pattern: ``(kind, length or text)``.

    :raises ValueError: when braces hold something else
    """
    pieces, last = [], 0
    for match in _PLACE.finditer(pattern):
        pieces.append(("text", pattern[last : match.start()]))
        if match[2]:
            pieces.append(("letters", int(match[2])))
        else:
            pieces.append(("year", len(match[1])))
        last = match.end()
    pieces.append(("text", pattern[last:]))
    if any(kind == "text" and set("{}") & set(value) for kind, value in pieces):
        raise ValueError(f"{pattern!r} is no pattern of a receipt symbol.")
    return pieces


def _match(symbol, pattern):
    """Return ``(years, letters)`` of a symbol, or ``None`` when it does not fit."""
    expression = "".join(
        re.escape(value)
        if kind == "text"
        else f"(?P<{kind}{index}>{'[0-9]' if kind == 'year' else '[A-Z]'}{{{value}}})"
        for index, (kind, value) in enumerate(_pieces(pattern))
    )
    match = re.fullmatch(expression, symbol or "")
    if not match:
        return None
    found = match.groupdict()
    return (
        [text for name, text in found.items() if name.startswith("year")],
        "".join(text for name, text in found.items() if name.startswith("letters")),
    )


def problem(symbol, year, pattern, alphabet):
    """Return what is wrong with the symbol of a receipt, or ``None``.

    :return: ``form`` (not like the pattern), ``letter`` (a letter that is not
        allowed) or ``year`` (another year)
    """
    parts = _match(symbol, pattern)
    if not parts:
        return "form"
    years, letters = parts
    if not set(letters) <= set(alphabet):
        return "letter"
    if any(int(text) != year % 10 ** len(text) for text in years):
        return "year"
    return None


def example(year, pattern, alphabet):
    """Return a symbol by the pattern, as an example: 26TAB."""
    letters = iter(alphabet * 9 or "A" * 9)
    return "".join(
        value
        if kind == "text"
        else str(year % 10**value).zfill(value)
        if kind == "year"
        else "".join(next(letters) for _index in range(value))
        for kind, value in _pieces(pattern)
    )


def next_year(symbol, year, pattern):
    """Return the symbol with the same letters in the year after ``year``: 26TAB →
    27TAB. A symbol that does not fit the pattern stays as it is."""
    parts = _match(symbol, pattern)
    if not parts:
        return symbol
    return example(year + 1, pattern, parts[1])


def render(number, digits):
    """Return the number as printed, with leading zeros.

    :raises ValueError: when the number has more digits than the rule allows
    """
    if not 0 < number < 10**digits:
        raise ValueError(f"The number {number} has more than {digits} digits.")
    return str(number).zfill(digits)
