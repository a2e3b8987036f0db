"""Names of the parts of a dossier: in file names and on separator sheets (no ORM).

A part is named by its code (mã giấy tờ) where it has one of its own, else by its place
in the dossier: ``TP01``, ``TP02`` … The key never changes while rows are added.
"""

import re

from odoo.addons.cchc_onestop.tools import file_name

#: First field of the text of a separator; the digit is the version of its form.
MARK = "CCHC-TP1"
#: Longest code of a dossier or part that is looked up at all.
LONGEST = 100
#: What a QR field, a file name and a key may not hold.
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f|/\\:*?\"<>]")
_COPY = re.compile(r" ?\(\d{1,3}\)$")
_TOKENS = {"{code}": "code", "{part code}": "part", "{nn}": "number"}
_TOKEN = re.compile(r"(\{code\}|\{part code\}|\{nn\})")


class PatternError(ValueError):
    """A pattern of file names cannot be used; ``args[0]`` names the token."""


def part_keys(parts):
    """Return ``{id: key}`` of the parts of one dossier.

    :param parts: ``(id, code)`` of all its parts; the code may be empty
    """
    parts = sorted(parts)
    codes = {}
    for part_id, code in parts:
        code = file_name.clean(_FORBIDDEN.sub("-", code or ""))
        if code and len(code) <= LONGEST and code.upper() not in codes:
            codes[code.upper()] = (part_id, code)
    keys = {part_id: code for part_id, code in codes.values()}
    for place, (part_id, _code) in enumerate(parts, 1):
        if part_id in keys:
            continue
        key = f"TP{place:02d}"
        while key in codes:
            key += "X"
        codes[key] = (part_id, key)
        keys[part_id] = key
    return keys


def check_pattern(pattern):
    """Raise :class:`PatternError` unless names of the pattern can be read back."""
    for token in _TOKENS:
        if pattern.count(token) != 1:
            raise PatternError(token)
    rest = _TOKEN.sub("", pattern)
    if _FORBIDDEN.search(rest) or "{" in rest or "}" in rest:
        raise PatternError(rest)
    pieces = _TOKEN.split(pattern)[1:-1]
    if any(not between for between in pieces[1::2]):
        # Nothing would tell where one token ends and the next begins.
        raise PatternError("{…}{…}")
    if not pattern.lower().endswith(".pdf"):
        raise PatternError(".pdf")


def build(pattern, code, key, number):
    """Return the file name of a part.

    >>> build("{code}_{part code}_{nn}.pdf", "H50.21-261123-0001", "TP01", 1)
    'H50.21-261123-0001_TP01_01.pdf'
    """
    values = {
        "{code}": file_name.clean(code),
        "{part code}": file_name.clean(key),
        "{nn}": f"{number:02d}",
    }
    return _TOKEN.sub(lambda match: values[match[0]], pattern)


def readings(pattern, name):
    """Return all ways to read a file name: a set of ``(code, key, number)``.

    A code may hold the letters that stand between the tokens, so there may be several;
    whoever knows the dossiers picks the one that exists. The extension is not looked at
    (a scanner may send JPEG), nor is a `` (2)`` that a browser has added.
    """
    stem, _extension = file_name.split(name)
    stem = _COPY.sub("", stem).strip()
    if not stem or len(stem) > 3 * LONGEST:
        return set()
    pieces = _TOKEN.split(file_name.split(pattern)[0])
    found = set()

    def walk(place, at, values):
        if place == len(pieces):
            if at == len(stem):
                found.add((values["code"], values["part"], int(values["number"])))
            return
        piece = pieces[place]
        token = _TOKENS.get(piece)
        if not token:
            if stem[at : at + len(piece)].upper() == piece.upper():
                walk(place + 1, at + len(piece), values)
            return
        for end in range(at + 1, min(len(stem), at + LONGEST) + 1):
            text = stem[at:end]
            if token == "number" and not (text.isascii() and text.isdigit()):
                break
            if token == "number" and len(text) > 4:
                break
            literal = pieces[place + 1]
            if literal and stem[end : end + len(literal)].upper() != literal.upper():
                continue
            if not literal and end != len(stem):
                continue
            walk(place + 1, end, {**values, token: text})

    walk(0, 0, {})
    return found


def separator_text(code, key):
    """Return the text of the QR code of a separator sheet.

    >>> separator_text("H50.21-261123-0001", "TP01")
    'CCHC-TP1|H50.21-261123-0001|TP01'
    """
    return "|".join((MARK, code, key))


def read_separator(text):
    """Return ``(code, key)`` of a separator, ``None`` for any other QR code."""
    fields = text.split("|")
    if len(fields) != 3 or fields[0] != MARK:
        return None
    code, key = (field.strip() for field in fields[1:])
    if not all(
        0 < len(field) <= LONGEST and not _FORBIDDEN.search(field.replace("/", ""))
        for field in (code, key)
    ):
        return None
    return code, key
