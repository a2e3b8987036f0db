"""Differences between two texts in HTML, in rows that people can read.

Compared are paragraphs, items and rows of tables, each below its heading. Plain Python
with lxml; nothing is fetched.
"""

from difflib import SequenceMatcher
from typing import NamedTuple

import lxml.html

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_LEAVES = {"p", "li", "tr", "pre", "blockquote", *_HEADINGS}


class Line(NamedTuple):
    """A piece of text and the heading that it stands under."""

    heading: str
    text: str


class Change(NamedTuple):
    """What stood under a heading before and what stands there now."""

    heading: str
    before: str
    after: str


def lines(html):
    """Return the :class:`Line` list of a text; cells of a row are joined by bars."""
    if not (html or "").strip():
        return []
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    found, heading = [], ""
    for element in _leaves(root):
        if element.tag == "tr":
            cells = [_text(cell) for cell in element if cell.tag in ("td", "th")]
            text = " | ".join(cells).strip(" |")
        else:
            text = _text(element)
        if not text:
            continue
        if element.tag in _HEADINGS:
            heading = text
        found.append(Line(heading, text))
    return found


def changes(before, after):
    """Return the :class:`Change` list between two texts in HTML."""
    old, new = lines(before), lines(after)
    matcher = SequenceMatcher(
        None, [line.text for line in old], [line.text for line in new], autojunk=False
    )
    result = []
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            continue
        left, right = old[old_from:old_to], new[new_from:new_to]
        if len(left) == len(right):
            pairs = [([one], [other]) for one, other in zip(left, right, strict=True)]
        else:
            pairs = [(left, right)]
        for gone, come in pairs:
            result.append(
                Change(
                    (come or gone)[0].heading,
                    "\n".join(line.text for line in gone),
                    "\n".join(line.text for line in come),
                )
            )
    return result


def _leaves(element):
    """Yield the elements that hold one line each, in order."""
    if not isinstance(element.tag, str):
        return
    if element.tag in _LEAVES and not _has_leaf(element):
        yield element
        return
    if _is_text_block(element):
        yield element
        return
    for child in element:
        yield from _leaves(child)


def _has_leaf(element):
    if element.tag == "tr":
        return False
    return any(child.tag in _LEAVES for child in element.iterdescendants())


def _is_text_block(element):
    """Return whether the element itself holds text, outside of any paragraph."""
    own = (element.text or "") + "".join(child.tail or "" for child in element)
    return bool(own.strip()) and not _has_leaf(element)


def _text(element):
    return " ".join(element.text_content().split())
