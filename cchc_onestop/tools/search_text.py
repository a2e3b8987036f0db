"""Vietnamese text made comparable: no case, no accents, single spaces."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
# Letters that Unicode does not decompose into a base letter and marks.
_PLAIN = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"})


def normalise(text):
    """Return ``text`` lower-cased, without accents, with single spaces.

    ``normalise("Đăng ký KHAI SINH") == "dang ky khai sinh"``; composed and
    decomposed Unicode give the same answer, and so does text already normalised.
    """
    if not text:
        return ""
    decomposed = unicodedata.normalize("NFKD", str(text).translate(_PLAIN))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _SPACES.sub(" ", bare.casefold()).strip()


def words(text):
    """Return the words of ``text`` in normal form, each once, in order."""
    return list(dict.fromkeys(normalise(text).split()))
