"""Amounts in Vietnamese words, as receipts state them (TT 91/2026/TT-BTC).

num2words leaves the zeros inside a number unread (1.005.000 becomes “một triệu năm
nghìn”, which is wrong), so the reading is worked out here: “không trăm”, “lẻ”, “mốt”
and “lăm” where they belong.
"""

_DIGITS = "không một hai ba bốn năm sáu bảy tám chín".split()
_GROUPS = ((1_000_000, "triệu"), (1_000, "nghìn"), (1, ""))
_BILLION = 1_000_000_000


def number_words(number, zero="lẻ"):
    """Return a whole number in words: 1.005.021 → một triệu không trăm lẻ năm nghìn
    không trăm hai mươi mốt.

    :param zero: how the zero of the tens is read: ``lẻ`` (southern) or ``linh``
    """
    if number < 0:
        return f"âm {number_words(-number, zero)}"
    return " ".join(_read(number, False, zero)) if number else _DIGITS[0]


def amount_words(amount, zero="lẻ"):
    """Return an amount of đồng as a sentence: “Hai mươi mốt nghìn đồng”."""
    words = f"{number_words(amount, zero)} đồng"
    return words[0].upper() + words[1:]


def _read(number, inside, zero):
    """Return the words of ``number``.

    :param inside: something was read before, so that zeros are read as well
    """
    words = []
    if number >= _BILLION:
        words += [*_read(number // _BILLION, inside, zero), "tỷ"]
        number %= _BILLION
    for size, name in _GROUPS:
        group, number = divmod(number, size)
        if group:
            words += _hundreds(group, bool(words) or inside, zero)
            words += [name] if name else []
    return words


def _hundreds(group, inside, zero):
    hundreds, rest = divmod(group, 100)
    words = [_DIGITS[hundreds], "trăm"] if hundreds or inside else []
    tens, units = divmod(rest, 10)
    if tens == 1:
        words.append("mười")
    elif tens:
        words += [_DIGITS[tens], "mươi"]
    elif units and words:
        words.append(zero)
    if units == 1 and tens > 1:
        words.append("mốt")
    elif units == 5 and tens:
        words.append("lăm")
    elif units:
        words.append(_DIGITS[units])
    return words
