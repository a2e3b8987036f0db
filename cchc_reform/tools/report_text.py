"""Sentences of a report, filled from figures, beside what a person wrote (no ORM).

A template is lines of text; each line becomes one paragraph. ``{key}`` is the value of
a figure, ``{key.of}`` what a share is counted over, ``{key.part}`` what is counted. A
line is left out when all its figures are zero or missing, unless it begins with
``{?key}`` (only when that figure is not zero) or ``{!key}`` (only when it is zero).
"""

import re
from typing import NamedTuple

_PLACE = re.compile(r"\{([?!]?)(\w+)(?:\.(of|part))?\}")


class Value(NamedTuple):
    """A figure as a sentence prints it.

    :param text: the value
    :param number: what decides whether it is zero; ``None`` when it is not known
    :param part: numerator of a share
    :param of: denominator of a share
    """

    text: str
    number: float | None
    part: str = ""
    of: str = ""


def keys(template):
    """Return the keys of the figures that a template names."""
    return {match[2] for match in _PLACE.finditer(template or "")}


def fill(template, values):
    """Return the paragraphs of a template.

    :param values: ``{key: Value}``
    :return: ``{line of the template: paragraph}``
    """
    lines = [line.strip() for line in (template or "").splitlines()]
    filled = {line: _line(line, values) for line in lines if line}
    return {line: text for line, text in filled.items() if text}


def _line(line, values):
    places = list(_PLACE.finditer(line))
    if not places:
        return line
    conditions = [match for match in places if match[1]]
    for match in conditions:
        value = values.get(match[2])
        if value is None or value.number is None:
            return ""
        if bool(value.number) != (match[1] == "?"):
            return ""
    named = [values.get(match[2]) for match in places if not match[1]]
    if any(value is None or value.number is None for value in named):
        return ""
    if named and not conditions and not any(value.number for value in named):
        return ""
    return _PLACE.sub(lambda match: _printed(match, values), line).strip()


def _printed(match, values):
    if match[1]:
        return ""
    value = values[match[2]]
    return {"of": value.of, "part": value.part}.get(match[3], value.text)


class Merged(NamedTuple):
    """What became of a text that was filled again.

    :param text: the new text
    :param open: sentences with newer figures that found no place, because a person
        changed or removed the paragraph they would replace
    """

    text: str
    open: list


def merge(text, before, after):
    """Fill a text again without losing what a person wrote.

    A paragraph that stands as it was filled gets the new sentence; one that a person
    changed stays, and the new sentence is offered beside. New sentences come after the
    last one before them that stands, so the order of the template is kept.

    :param text: the text as it is now
    :param before: ``{line of the template: sentence}`` of the last filling
    :param after: ``{line of the template: sentence}`` of this one
    """
    paragraphs = (text or "").split("\n") if text else []
    offered, position = [], 0
    for line, sentence in after.items():
        old = before.get(line)
        if sentence in paragraphs:
            position = paragraphs.index(sentence) + 1
        elif old in paragraphs:
            position = paragraphs.index(old)
            paragraphs[position] = sentence
            position += 1
        elif old is None:
            paragraphs.insert(position, sentence)
            position += 1
        elif old != sentence:
            offered.append(sentence)
    for line, old in before.items():
        if line not in after and old in paragraphs:
            paragraphs.remove(old)
    return Merged("\n".join(paragraphs), offered)
