"""Codes of controlled documents (mã hiệu), e.g. ``QT-{number:2}`` → ``QT-07``.

Offices code their documents each in their own way, so the pattern is data. The issue
number is never part of the code. Plain Python.
"""

import re

_TOKEN = re.compile(r"\{([a-z]+)(?::(\d+))?\}")
_STRAY = re.compile(r"[{}]")
#: What a pattern may name beside the running number.
NAMES = ("unit", "sector", "parent")


class PatternError(ValueError):
    """The pattern cannot give codes; the text says what to mend."""


def check(pattern):
    """Raise :class:`PatternError` when ``pattern`` cannot give unique codes."""
    names = [name for name, _width in _TOKEN.findall(pattern)]
    for name in names:
        if name != "number" and name not in NAMES:
            raise PatternError(
                f"Unknown token {{{name}}}: use {{number:2}}, "
                + ", ".join(f"{{{known}}}" for known in NAMES)
            )
    if _STRAY.search(_TOKEN.sub("", pattern)):
        raise PatternError("A brace is not closed: write tokens like {number:2}")
    if names.count("number") > 1:
        raise PatternError("The number stands in the pattern once only")


def has_number(pattern):
    """Return whether codes of ``pattern`` are numbered; else there is one only."""
    return any(name == "number" for name, _width in _TOKEN.findall(pattern))


def render(pattern, values, number):
    """Return the code of ``number``.

    A number with more digits than foreseen widens the code rather than being cut.

    :param values: ``{name: text}`` of the other tokens
    """

    def fill(match):
        name, width = match.groups()
        if name == "number":
            return str(number).zfill(int(width or 1))
        return values.get(name) or ""

    return _TOKEN.sub(fill, pattern)


def number_in(pattern, values, code):
    """Return the number that ``code`` has in the series of ``pattern``, or 0.

    >>> number_in("QT-{number:2}", {}, "QT-07")
    7
    """
    parts, last = [], 0
    for match in _TOKEN.finditer(pattern):
        parts.append(re.escape(pattern[last : match.start()]))
        name = match[1]
        if name == "number":
            parts.append(r"(?P<number>\d{1,9})")
        else:
            parts.append(re.escape(values.get(name) or ""))
        last = match.end()
    parts.append(re.escape(pattern[last:]))
    found = re.fullmatch("".join(parts), code or "")
    return int(found["number"]) if found and "number" in found.re.groupindex else 0


def stem(code):
    """Return what a form takes over from the code of its process: ``QT-07`` → ``07``.

    The letters that name the kind of document go, with the mark behind them.

    >>> stem("QT-HT04"), stem("QT.ISO.02"), stem("STCL")
    ('HT04', 'ISO.02', 'STCL')
    """
    return re.sub(r"^[^\W\d_]+[-.\s]+", "", (code or "").strip()) or (code or "")
