"""A share with its numerator and denominator, as reports print it (plain Python)."""

from fractions import Fraction

from .figure import percent, vietnamese


def share_text(numerator, denominator):
    """Return ``31/75 = 41,33%``; ``0/0`` says nothing of a share."""
    text = f"{_part(numerator)}/{_part(denominator)}"
    if not denominator:
        return text
    return f"{text} = {percent(Fraction(numerator, denominator), 2)}"


def _part(number):
    """Return a count as it is, points as a decimal: 51,25 and not 205/4."""
    return vietnamese(number, 4) if isinstance(number, Fraction) else number
