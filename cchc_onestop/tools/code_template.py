"""Codes made from a template: ``{unit}-{yy}{MM}{dd}-{seq:4}`` → ``H49.12-261122-0001``.

The national rule on dossier codes has changed three times (TT 01/2018/TT-VPCP Đ.19,
QĐ 20/2020/QĐ-TTg, TT 03/2025/TT-VPCP) and will change again, so the pattern is data.
"""

import re
from datetime import date
from functools import cache
from typing import NamedTuple

_TOKEN = re.compile(r"\{([A-Za-z]+)(?::(\d+))?\}")
_STRAY = re.compile(r"[{}]")
_DATE = {"yyyy": "%Y", "yy": "%y", "MM": "%m", "dd": "%d"}
_PERIOD = {"day": "%Y%m%d", "month": "%Y%m", "year": "%Y"}
_FORM = {"unit": ".+?", "seq": r"\d{1,9}", "yyyy": r"\d{4}"}
_FORM |= dict.fromkeys(("yy", "MM", "dd"), r"\d{2}")
#: Date tokens without which two periods would give the same code.
_NEEDED = {"day": ({"yy", "yyyy"}, {"MM"}, {"dd"}), "month": ({"yy", "yyyy"}, {"MM"})}
_NEEDED["year"] = ({"yy", "yyyy"},)


class TemplateError(ValueError):
    """The pattern cannot give unique codes; the text says what to mend."""


class CodeSeries(NamedTuple):
    """The codes of an agency: its id and unit code, and the template in force."""

    agency_id: int
    unit: str
    pattern: str
    reset: str

    def period(self, day):
        """Return the key of the numbering period that holds ``day``."""
        return period(self.reset, day)

    def render(self, day: date, number: int):
        """Return the code of ``number`` on ``day``."""
        return render(self.pattern, self.unit, day, number)


def check(pattern, reset):
    """Raise :class:`TemplateError` when ``pattern`` cannot give unique codes.

    :param str pattern: text with the tokens {unit} {yy} {yyyy} {MM} {dd} {seq:n}
    :param str reset: ``day``, ``month`` or ``year``: when the number starts at 1 again
    """
    tokens = [name for name, _width in _TOKEN.findall(pattern)]
    for name in tokens:
        if name not in {"unit", "seq", *_DATE}:
            raise TemplateError(
                f"Unknown token {{{name}}}: use {{unit}}, {{yy}}, {{yyyy}}, {{MM}}, "
                "{dd} or {seq:4}."
            )
    if _STRAY.search(_TOKEN.sub("", pattern)):
        raise TemplateError("A brace is not closed: write tokens like {seq:4}.")
    if tokens.count("seq") != 1:
        raise TemplateError("The pattern needs exactly one {seq:4}.")
    for alternatives in _NEEDED[reset]:
        if not alternatives & set(tokens):
            wanted = " or ".join(f"{{{name}}}" for name in sorted(alternatives))
            raise TemplateError(
                f"The number starts again every {reset}, so the pattern needs {wanted}."
            )


def period(reset, day):
    """Return the key of the numbering period that holds the date ``day``."""
    return day.strftime(_PERIOD[reset])


def render(pattern, unit, day, number):
    """Return the code of ``number`` on the date ``day``.

    A number with more digits than the pattern foresees widens the code rather than
    being cut: a cut number would be given twice.
    """

    def replace(match):
        name, width = match.groups()
        if name == "unit":
            return unit
        if name == "seq":
            return str(number).zfill(int(width or 0))
        return day.strftime(_DATE[name])

    return _TOKEN.sub(replace, pattern)


def parse(pattern, code):
    """Return ``(unit, date, number)`` when ``code`` could come of ``pattern``.

    The inverse of :func:`render`; ``None`` for a code of another form. Where the
    pattern names no day or month, the first is taken.
    """
    match = _matcher(pattern).fullmatch(code)
    if not match:
        return None
    found = match.groupdict()
    year = int(found.get("yyyy") or f"20{found.get('yy') or '00'}")
    try:
        day = date(year, int(found.get("MM") or 1), int(found.get("dd") or 1))
    except ValueError:
        return None
    unit, number = found.get("unit") or "", int(found["seq"])
    # A number that is too short or padded too far is not of this template.
    if render(pattern, unit, day, number) != code:
        return None
    return unit, day, number


@cache
def _matcher(pattern):
    """Return the regular expression of the codes of ``pattern``."""
    parts, last, named = [], 0, set()
    for token in _TOKEN.finditer(pattern):
        parts.append(re.escape(pattern[last : token.start()]))
        last = token.end()
        name = token[1]
        form = _FORM.get(name, "")
        parts.append(f"(?P={name})" if name in named else f"(?P<{name}>{form})")
        named.add(name)
    parts.append(re.escape(pattern[last:]))
    return re.compile("".join(parts))
