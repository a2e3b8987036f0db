"""File names of filed documents: readable, unique in a folder, safe on every disk."""

import os
import re

#: Longest name in bytes that common file systems accept is 255; room for a suffix.
MAX_BYTES = 200
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_BLANKS = re.compile(r"\s+")


def clean(text):
    """``text`` without what a file system refuses, on one line, no dots at the ends."""
    return _BLANKS.sub(" ", _FORBIDDEN.sub("-", text or "")).strip(" .-")


def shorten(text, limit):
    """``text`` cut to at most ``limit`` bytes of UTF-8, never inside a letter."""
    return text.encode()[:limit].decode(errors="ignore").rstrip(" .-")


def build(code, label, title, extension):
    """Name of a filed document: ``{dossier code}_{label} {title}.{extension}``.

    >>> build("H49.12-261122-0001", "TP01", "Tờ khai", "pdf")
    'H49.12-261122-0001_TP01 Tờ khai.pdf'
    """
    stem = f"{clean(code)}_{clean(label)} {clean(title)}".strip()
    suffix = f".{clean(extension)}" if clean(extension) else ""
    return shorten(stem, MAX_BYTES - len(suffix.encode())) + suffix


def split(name):
    """Stem and extension (lower case, without dot) of a file name."""
    stem, extension = os.path.splitext(name or "")
    extension = extension[1:]
    if not extension.isalnum() or len(extension) > 8:
        return name or "", ""
    return stem, extension.lower()


def unique(name, taken):
    """``name``, or with `` (2)``, `` (3)`` … before the extension when it is taken."""
    if name not in taken:
        return name
    stem, extension = split(name)
    suffix = f".{extension}" if extension else ""
    number = 2
    while f"{stem} ({number}){suffix}" in taken:
        number += 1
    return f"{stem} ({number}){suffix}"
