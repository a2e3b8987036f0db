"""A share with its numerator and denominator, as reports print it (plain Python)."""

from fractions import Fraction

from .figure import percent


def share_text(numerator, denominator):
    """Return ``31/75 = 41,33%``; ``0/0`` says nothing of a share."""
    text = f"{numerator}/{denominator}"
    if not denominator:
        return text
    return f"{text} = {percent(Fraction(numerator, denominator), 2)}"
