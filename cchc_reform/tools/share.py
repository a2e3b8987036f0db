"""A share with its numerator and denominator, as reports print it (plain Python)."""

from decimal import ROUND_HALF_UP, Decimal


def percent(numerator, denominator, digits=2):
    """Return the share in per cent, rounded half up, or ``None`` without denominator.

    ``percent(31, 75) == Decimal("41.33")``
    """
    if not denominator:
        return None
    step = Decimal(1).scaleb(-digits)
    return (Decimal(100 * numerator) / Decimal(denominator)).quantize(
        step, ROUND_HALF_UP
    )


def share_text(numerator, denominator):
    """Return ``31/75 = 41,33%``; ``0/0`` says nothing of a share."""
    share = percent(numerator, denominator)
    text = f"{numerator}/{denominator}"
    if share is None:
        return text
    words = f"{share:f}".rstrip("0").rstrip(".") if share % 1 else str(int(share))
    return f"{text} = {words.replace('.', ',')}%"
